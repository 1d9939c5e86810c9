"""Signing in: the brake, which nobody can turn against another, and the log that the owner sees."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db.models import F
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone

from discipline.reports.signing import taking
from discipline.reports.signing.steps import SignStep, StepRefused
from offices.access.session_rule import SEEN_AT, SIGNED_IN_AT
from offices.accounts import passwords
from offices.accounts.models import SignIn
from offices.accounts.visits import Visit, account_key, address_of
from tests.support.base import PASSWORD, OfficeTestCase
from tests.support.months import ilir_barat, last_month

LOGIN = "/masuk/"
WAIT = "Terlalu banyak sandi salah"
Outcome = SignIn.Outcome


def sign_in(client: Client, password: str = PASSWORD, name: str = "budi", address: str = "10.0.0.1") -> HttpResponse:
    form = {"login": name, "password": password}
    return client.post(LOGIN, form, REMOTE_ADDR=address)  # type: ignore[return-value]


def is_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer.headers["Location"] == "/"


class Brake(OfficeTestCase):
    def guess(self, times: int, name: str = "budi", address: str = "10.0.0.1") -> list[bool]:
        """Return for each try whether it was braked. All are tried at once, however slow the machine is."""
        client, braked = Client(), []
        for n in range(times):
            braked.append(WAIT in sign_in(client, f"bukan{n}", name, address).content.decode())
            SignIn.objects.filter(outcome=Outcome.WRONG).update(at=timezone.now())
        return braked

    def test_guessing_waits_after_five_and_the_right_password_too(self) -> None:
        assert self.guess(8) == [False] * 5 + [True] * 3
        assert WAIT in sign_in(Client()).content.decode()
        assert SignIn.objects.filter(outcome=Outcome.WRONG).count() == 5  # braked ones do not lengthen the wait

    def test_the_wait_ends_by_itself(self) -> None:
        self.guess(5)
        SignIn.objects.update(at=F("at") - timedelta(seconds=6))
        assert is_in(sign_in(Client()))

    def test_nobody_makes_the_owner_wait_on_the_owners_device(self) -> None:
        own = Client()
        assert is_in(sign_in(own))
        own.post("/keluar/")
        for n in range(12):  # from many addresses, and from that of the owner
            self.guess(5, address=f"10.0.1.{n}")
        self.guess(5)
        SignIn.objects.filter(outcome=Outcome.WRONG).update(at=timezone.now())  # on a slow machine the wait may be over
        assert WAIT in sign_in(Client(), address="10.0.2.1").content.decode()  # an unknown device waits
        assert is_in(sign_in(own))

    def test_a_device_of_one_account_is_unknown_to_another(self) -> None:
        thief = Client()
        assert is_in(sign_in(thief, name="citra"))
        thief.post("/keluar/")
        answers = [sign_in(thief, f"bukan{n}").content.decode() for n in range(7)]
        assert [WAIT in text for text in answers] == [False] * 5 + [True] * 2
        assert not SignIn.objects.filter(user=self.world.budi).exclude(device="").exists()

    def test_many_accounts_from_one_address_wait_too(self) -> None:
        with patch.object(passwords, "FREE_OF_ADDRESS", 8):
            braked = [self.guess(1, name=f"nama{n}")[0] for n in range(10)]
        assert braked == [False] * 8 + [True] * 2

    def test_an_unknown_name_waits_like_a_known_one_and_is_not_stored(self) -> None:
        assert self.guess(7, name="rahasia-yang-salah-kolom") == self.guess(7, name="budi", address="10.0.0.9")
        assert not any("rahasia" in str(row) for row in SignIn.objects.values_list())

    def test_signing_reports_and_signing_in_share_the_brake(self) -> None:
        month = last_month()
        self.client.force_login(self.world.budi)
        path = f"/laporan/16.71.01/{month.key}/tanda-tangan/langkah/"
        for n in range(5):
            self.client.post(path, {"step": SignStep.SIGNED, "password": f"bukan{n}", "sha256": "0" * 64})
        assert SignIn.objects.filter(user=self.world.budi, outcome=Outcome.WRONG).count() == 5
        self.client.post("/keluar/")
        assert WAIT in sign_in(self.client, address="127.0.0.1").content.decode()

    def test_signing_in_wrongly_brakes_signing_reports(self) -> None:
        self.guess(5)
        place, month = ilir_barat(self.world), last_month()
        visit = Visit(account_key("budi"), "10.0.0.1")
        word = taking.StepRequest(SignStep.SIGNED, None, "", password=PASSWORD, visit=visit)
        with pytest.raises(StepRefused) as refusal:
            taking.take_step(place, month, self.world.budi, word, timezone.now())
        assert refusal.value.why == StepRefused.TRIES

    def test_changing_the_password_asks_for_the_old_one_behind_the_brake(self) -> None:
        self.client.force_login(self.world.budi)
        new = {"password1": "sungai-musi-pasang", "password2": "sungai-musi-pasang"}
        pages = [self.client.post("/akun/sandi/", {"oldpassword": f"bukan{n}"} | new) for n in range(5)]
        assert all("Sandi sekarang salah" in page.content.decode() for page in pages)
        with override_settings(ACCOUNT_RATE_LIMITS={"change_password": None}):
            assert WAIT in self.client.post("/akun/sandi/", {"oldpassword": PASSWORD} | new).content.decode()

    def test_the_administration_has_no_login_of_its_own(self) -> None:
        answer = self.client.post("/admin/login/?next=/admin/auth/user/", {"username": "ani", "password": PASSWORD})
        assert answer.headers["Location"] == "/masuk/?next=/admin/auth/user/"


class OwnLog(OfficeTestCase):
    def test_the_owner_sees_tries_and_sessions(self) -> None:
        android = "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
        phone = Client(headers={"user-agent": android})
        sign_in(Client(), "bukan", address="203.0.113.7")
        assert is_in(sign_in(phone))
        page = phone.get("/akun/").content.decode()
        for words in ("203.0.113.7", "Sandi salah", "Chrome di Android", "perangkat ini"):
            assert words in page
        assert "203.0.113.7" not in self.page_of("citra")

    def page_of(self, name: str) -> str:
        client = Client()
        sign_in(client, name=name)
        return client.get("/akun/").content.decode()

    def test_other_devices_are_signed_out(self) -> None:
        here, elsewhere = Client(), Client()
        for client in (here, elsewhere):
            sign_in(client)
        sign_in(citra := Client(), name="citra")
        assert here.post("/akun/keluar-lain/").status_code == 302
        assert [client.get("/").status_code for client in (here, elsewhere, citra)] == [200, 302, 200]

    def test_a_new_password_keeps_this_session_and_ends_the_others(self) -> None:
        here, elsewhere = Client(), Client()
        for client in (here, elsewhere):
            sign_in(client)
        new = {"oldpassword": PASSWORD, "password1": "sungai-musi-pasang", "password2": "sungai-musi-pasang"}
        assert here.post("/akun/sandi/", new).headers["Location"] == "/akun/"
        assert [client.get("/").status_code for client in (here, elsewhere)] == [200, 302]
        assert "perangkat ini" in here.get("/akun/").content.decode()
        assert not is_in(sign_in(Client()))
        assert is_in(sign_in(Client(), "sungai-musi-pasang"))

    def test_a_short_password_is_refused(self) -> None:
        self.client.force_login(self.world.budi)
        new = {"oldpassword": PASSWORD, "password1": "musi-pasang", "password2": "musi-pasang"}
        assert self.client.post("/akun/sandi/", new).status_code == 200
        assert is_in(sign_in(Client()))


class SessionsEnd(OfficeTestCase):
    def after(self, name: str, hours: float, *, used: bool = False) -> int:
        """Return the status of the board for a session that began, and was last used, so long ago."""
        client = Client()
        sign_in(client, name=name)
        session = client.session
        session[SIGNED_IN_AT] -= hours * 3600
        session[SEEN_AT] -= 0 if used else hours * 3600
        session.save()
        return client.get("/").status_code

    def test_after_twelve_hours(self) -> None:
        assert self.after("budi", 11.9) == 200
        assert self.after("budi", 12) == 302
        assert self.after("budi", 12, used=True) == 302

    def test_of_the_inspectorate_after_two_idle_hours(self) -> None:
        assert self.after("intan", 1.9) == 200
        assert self.after("intan", 2) == 302
        assert self.after("intan", 5, used=True) == 200

    def test_use_is_noted(self) -> None:
        client = Client()
        sign_in(client)
        session = client.session
        session[SEEN_AT] -= 100
        session.save()
        client.get("/")
        assert client.session[SEEN_AT] > session[SEEN_AT] + 50


def test_only_the_proxys_own_word_about_the_address_counts() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "1.2.3.4, 203.0.113.7"})
    with override_settings(BEHIND_TLS=True):
        assert address_of(request) == "203.0.113.7"
    with override_settings(BEHIND_TLS=False):
        assert address_of(request) == "127.0.0.1"
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="")) is None
