"""The second factor: who must have one, what is closed until then, and that a password alone opens nothing."""

from allauth.mfa.models import Authenticator
from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client, TransactionTestCase, override_settings

from offices.accounts.models import SignIn
from tests.support.base import PASSWORD, OfficeTestCase, World
from tests.support.factors import SECRET, enrol, shown_code
from tests.support.sockets import BOARD, BrowserSocket, signed_in

ENROL = "/akun/langkah-kedua/"


def sign_in(name: str) -> Client:
    client = Client()
    client.post("/masuk/", {"login": name, "password": PASSWORD})
    return client


@override_settings(SECOND_FACTOR_REQUIRED=True)
class Required(OfficeTestCase):
    def leads_to(self, client: Client, path: str) -> str:
        answer = client.get(path)
        return answer.headers.get("Location", str(answer.status_code))

    def test_city_roles_and_the_administration_reach_only_the_enrolment(self) -> None:
        get_user_model().objects.create_superuser("wayan")
        staff = get_user_model().objects.create(username="staf", is_staff=True)
        users = [self.world.walikota, self.world.ani, self.world.intan, staff]
        for user in [*users, get_user_model().objects.get(username="wayan")]:
            client = signed_in(user)
            for path in ("/", "/kantor/16.71.01.1001/", "/indikasi/", "/admin/", "/akun/", "/kamera/", "/pengguna/"):
                with self.subTest(user=user.username, path=path):
                    assert self.leads_to(client, path) == ENROL
            for path in (ENROL, "/healthz", "/sw.js", "/masuk/"):
                assert self.leads_to(client, path) in ("200", "503"), path
            assert client.post("/keluar/").headers["Location"] == "/masuk/"

    def test_kecamatan_and_kelurahan_may_but_need_not(self) -> None:
        for user in (self.world.budi, self.world.dewi):
            client = signed_in(user)
            assert self.leads_to(client, "/") == "200"
            assert self.leads_to(client, ENROL) == "200"

    def test_with_a_factor_everything_opens(self) -> None:
        enrol(self.world.ani)
        assert self.leads_to(signed_in(self.world.ani), "/") == "200"

    def test_recovery_codes_alone_are_no_factor(self) -> None:
        enrol(self.world.ani)
        Authenticator.objects.filter(type=Authenticator.Type.TOTP).delete()
        assert self.leads_to(signed_in(self.world.ani), "/") == ENROL

    def test_nobody_must_in_the_demo(self) -> None:
        with override_settings(SECOND_FACTOR_REQUIRED=False):
            assert self.leads_to(signed_in(self.world.ani), "/") == "200"

    def test_a_first_factor_ends_the_sessions_that_know_the_password_alone(self) -> None:
        thief, owner = sign_in("ani"), sign_in("ani")
        owner.post("/akun/tegaskan/", {"password": PASSWORD})
        secret = owner.get(f"{ENROL}aplikasi/").context["form"].secret
        with self.captureOnCommitCallbacks(execute=True):
            answer = owner.post(f"{ENROL}aplikasi/", {"code": shown_code(secret)})
        assert answer.headers["Location"] == f"{ENROL}kode/"
        assert self.leads_to(owner, "/") == "200"
        assert self.leads_to(thief, "/") == "/masuk/?next=/&sesi=berakhir"


class SecondStep(OfficeTestCase):
    def setUp(self) -> None:
        self.codes = enrol(self.world.ani)

    def enter(self, client: Client, code: str) -> bool:
        """Return whether the code let the client in."""
        return client.post("/masuk/kode/", {"code": code}).headers.get("Location") == "/"

    def test_the_password_alone_opens_nothing(self) -> None:
        client = sign_in("ani")
        assert client.get("/").headers["Location"].startswith("/masuk/?next=/")
        assert SignIn.objects.get().outcome == SignIn.Outcome.PASSWORD
        assert self.enter(client, shown_code())
        assert client.get("/").status_code == 200
        assert SignIn.objects.get().outcome == SignIn.Outcome.SIGNED_IN

    def test_a_code_works_once(self) -> None:
        code, next_code = shown_code(), shown_code(ahead=1)
        assert self.enter(sign_in("ani"), code)
        assert not self.enter(sign_in("ani"), code)
        assert self.enter(sign_in("ani"), next_code)

    def test_a_recovery_code_works_once(self) -> None:
        assert self.enter(sign_in("ani"), self.codes[0])
        assert not self.enter(sign_in("ani"), self.codes[0])
        assert self.enter(sign_in("ani"), self.codes[1])

    def test_codes_cannot_be_guessed_and_the_owner_sees_it(self) -> None:
        client = sign_in("ani")
        assert not any(self.enter(client, "000000") for _ in range(5))
        assert "Terlalu banyak kode salah" in client.post("/masuk/kode/", {"code": shown_code()}).content.decode()
        assert SignIn.objects.filter(user=self.world.ani, outcome=SignIn.Outcome.WRONG_CODE).count() == 5

    def test_secrets_are_sealed_in_the_database(self) -> None:
        stored = "".join(str(row) for row in Authenticator.objects.values_list("data", flat=True))
        assert SECRET not in stored
        assert not any(code in stored for code in self.codes)

    def test_a_factor_is_removed_only_after_the_password(self) -> None:
        client = sign_in("ani")
        self.enter(client, shown_code())
        answer = client.post(f"{ENROL}aplikasi/hapus/")
        assert answer.headers["Location"].startswith("/akun/tegaskan/")
        assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


@override_settings(SECOND_FACTOR_REQUIRED=True)
class Sockets(TransactionTestCase):
    def setUp(self) -> None:
        self.world = World()

    def code_of(self, client: Client) -> int | None:
        """Return the code with which the board's socket closes, None when it stays open."""

        async def ask() -> int | None:
            browser = BrowserSocket(client, BOARD)
            await browser.socket.connect(timeout=30)
            output = await browser.socket.receive_output(timeout=30)
            await browser.socket.disconnect()
            return int(output["code"]) if output["type"] == "websocket.close" else None

        return async_to_sync(ask)()

    def test_sockets_ask_the_same(self) -> None:
        ani = signed_in(self.world.ani)
        assert self.code_of(ani) == 4401
        assert self.code_of(signed_in(self.world.budi)) is None
        enrol(self.world.ani)
        assert self.code_of(ani) is None

    def test_a_session_that_is_over_opens_no_socket(self) -> None:
        client = signed_in(self.world.budi)
        session = client.session
        session["signed_in_at"] -= 12 * 3600
        session.save()
        assert self.code_of(client) == 4401
        assert Session.objects.exists()
