"""One's own account: passwords that somebody else set, the address, links tried at random, forgotten passwords."""

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client, override_settings

from offices.access.session_rule import SEEN_AT, SIGNED_IN_AT
from offices.accounts.links import make_link
from offices.accounts.models import GivenPassword, SignIn
from tests.support.base import PASSWORD, OfficeTestCase
from tests.support.mail_server import mail_server
from tests.support.password_links import NEW, set_password
from tests.support.waiting import wait_until

LOGIN = "/masuk/"
FORGOTTEN = "/masuk/lupa-sandi/"


def signed_in(name: str, password: str = PASSWORD) -> Client:
    """Return a client that signed in at the login page."""
    client = Client()
    assert client.post(LOGIN, {"login": name, "password": password}).status_code == 302
    return client


def path_of(user: User) -> str:
    """Return the path of a new link for the user."""
    return make_link(user).url.removeprefix(settings.SITE_URL)


@override_settings(DEMO=False)
class GivenPasswords(OfficeTestCase):
    def setUp(self) -> None:
        self.world.budi.set_password("dari-orang-lain")  # as manage.py changepassword does
        self.world.budi.save()

    def test_its_owner_chooses_another_one_before_anything_else(self) -> None:
        budi = signed_in("budi", "dari-orang-lain")
        for path in ("/", "/akun/", "/pemberitahuan/"):
            assert budi.get(path).headers["Location"] == "/akun/sandi/"
        page = budi.get("/akun/sandi/").content.decode()
        assert "dibuat orang lain" in page
        assert 'class="places"' not in page  # the menu leads nowhere yet
        form = {"oldpassword": "dari-orang-lain", "password1": NEW, "password2": NEW}
        assert budi.post("/akun/sandi/", form).status_code == 302
        assert budi.get("/").status_code == 200
        assert signed_in("budi", NEW).get("/").status_code == 200

    def test_a_link_makes_it_ones_own(self) -> None:
        assert "Sandi disimpan" in set_password(path_of(self.world.budi))
        assert not GivenPassword.objects.exists()

    def test_the_demo_s_passwords_are_known_to_all(self) -> None:
        with override_settings(DEMO=True):
            assert signed_in("budi", "dari-orang-lain").get("/").status_code == 200


class LinksAtRandom(OfficeTestCase):
    def test_tries_wait_like_those_of_a_password(self) -> None:
        guessed = path_of(self.world.budi).rsplit("-", 1)[0]
        client = Client()
        answers = [client.get(f"{guessed}-{n:032x}/", follow=True) for n in range(7)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
        assert "Coba lagi dalam" in answers[-1].content.decode()
        assert "sudah dipakai" in answers[0].content.decode()
        assert signed_in("budi")  # nobody is kept from signing in by it
        assert SignIn.objects.exclude(user=None).count() == 1

    def test_a_right_one_leaves_no_try(self) -> None:
        assert "Sandi disimpan" in set_password(path_of(self.world.budi))
        assert not SignIn.objects.exists()


class Forgotten(OfficeTestCase):
    def setUp(self) -> None:
        cache.clear()  # what tests before asked
        User.objects.filter(pk=self.world.budi.pk).update(email="Budi@x.id")

    def test_without_mail_it_says_whom_to_call(self) -> None:
        with override_settings(HELP_CONTACT="Bidang E-Government, 0711-123456"):
            assert "0711-123456" in self.client.get(FORGOTTEN).content.decode()
        page = self.client.post(FORGOTTEN, {"login": "budi"}).content.decode()
        assert "Hubungi operator Sidak" in page
        assert "<form" not in page.partition('class="login-form"')[2]

    def test_a_link_goes_to_the_address_and_the_answer_tells_nothing(self) -> None:
        with mail_server() as server, override_settings(EMAIL_URL="smtp://city", **server.settings()):
            pages = [self.client.post(FORGOTTEN, {"login": name}).content for name in ("tidak.ada", "budi", "dewi")]
            wait_until(lambda: server.got)
            assert len({page.partition(b"<main")[2] for page in pages}) == 1
            self.client.post(FORGOTTEN, {"login": "budi@X.id"})
            wait_until(lambda: len(server.got) == 2)
        link = server.got[0].get_content().partition(settings.SITE_URL)[2].split()[0]
        assert server.got[0]["To"] == "Budi@x.id"
        assert signed_in("budi")  # the old password goes on until the link is used; signing in voids the link
        assert "sudah dipakai" in set_password(link)

    def test_a_blocked_account_gets_none_and_many_are_refused(self) -> None:
        User.objects.filter(pk=self.world.budi.pk).update(is_active=False)
        with mail_server() as server, override_settings(EMAIL_URL="smtp://city", **server.settings()):
            answers = [self.client.post(FORGOTTEN, {"login": "budi"}).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]
        assert server.got == []


class OwnAddress(OfficeTestCase):
    def test_it_is_changed_once_the_password_was_confirmed(self) -> None:
        self.client.force_login(self.world.budi)
        assert self.client.post("/akun/e-mail/", {"email": "b@x.id"}).headers["Location"].startswith("/akun/tegaskan/")
        budi = signed_in("budi")
        budi.post("/akun/tegaskan/", {"password": PASSWORD, "next": "/akun/e-mail/"})
        assert budi.post("/akun/e-mail/", {"email": "kosong"}).status_code == 422
        assert budi.post("/akun/e-mail/", {"email": "b@x.id"}).headers["Location"] == "/akun/"
        assert "b@x.id" in budi.get("/akun/").content.decode()


class WhySessionsEnd(OfficeTestCase):
    def words_after(self, name: str, hours: float) -> str:
        client = signed_in(name)
        session = client.session
        session[SIGNED_IN_AT] -= hours * 3600
        session[SEEN_AT] -= hours * 3600
        session.save()
        return client.get("/", follow=True).content.decode()

    def test_the_login_says_it(self) -> None:
        assert "12 jam sejak Anda masuk" in self.words_after("budi", 13)
        assert "2 jam tidak dipakai" in self.words_after("intan", 3)
        here, elsewhere = signed_in("budi"), signed_in("budi")
        here.post("/akun/keluar-lain/")
        assert "dikeluarkan dari perangkat lain" in elsewhere.get("/akun/", follow=True).content.decode()

    def test_who_signed_out_or_never_was_in_is_told_nothing(self) -> None:
        client = signed_in("budi")
        client.post("/keluar/")
        for one in (client, Client()):
            assert "Sesi Anda berakhir" not in one.get("/", follow=True).content.decode()
