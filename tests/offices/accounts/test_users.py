"""*Pengguna*: what an operator may change of accounts, what nobody may, and what is recorded."""

import asyncio
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, TransactionTestCase, override_settings
from django.utils import timezone

from offices.access.gate import scope_of
from offices.access.models import Membership
from offices.access.rights_models import RightsChange
from offices.access.sockets import NOT_LOGGED_IN
from offices.accounts.users import changes
from offices.places.models import Agency
from tests.support.base import OfficeTestCase, World, member
from tests.support.factors import enrol
from tests.support.mail_server import mail_server
from tests.support.password_links import path_in, set_password
from tests.support.sockets import in_a_thread, office_names, open_socket

PAGE = "/pengguna/"
SUCCESSOR = {"username": "lurah.baru", "name": "Lurah 35 Ilir"}


def changes_of(name: str) -> list[tuple[list[str], list[str]]]:
    """Return what was given and taken of the account, oldest first."""
    return [(row.given, row.taken) for row in RightsChange.objects.filter(user_name=name).order_by("pk")]


class UsersCase(OfficeTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.world.ani)

    def act(self, user: User, name: str) -> str:
        """Do one of ACTS to the user; return the page that follows."""
        return self.client.post(f"{PAGE}{user.pk}/{name}/", follow=True).content.decode()

    def change(self, user: User, **values: Any) -> HttpResponse:
        form = {"name": user.username, "email": "", "role": "", "kecamatan": "", "kelurahan": ""}
        return self.client.post(f"{PAGE}{user.pk}/", form | values)  # type: ignore[return-value]

    def listed(self, **query: str) -> set[str]:
        page = self.client.get(PAGE, query)
        return {line["account"].username for line in page.context["lines"]}


class Lists(UsersCase):
    def test_by_words_role_and_state(self) -> None:
        invited = get_user_model().objects.create_user("lurah.kemang", first_name="Lurah Kemang Manis")
        Membership.objects.create(user=invited, role="lurah", kelurahan=self.world.kemang)
        get_user_model().objects.filter(pk=self.world.eko.pk).update(is_active=False)
        everybody = {"walikota", "ani", "budi", "citra", "dewi", "eko", "tamu", "lurah.kemang"}
        assert self.listed() == everybody  # not the inspectorate
        assert self.listed(q="kemang manis") == {"lurah.kemang"}
        assert self.listed(q="35 ilir") == {"dewi"}
        assert self.listed(peran="lurah") == {"dewi", "eko", "lurah.kemang"}
        assert self.listed(peran="-") == {"tamu"}
        assert self.listed(keadaan="blokir") == {"eko"}
        assert self.listed(keadaan="undangan") == {"lurah.kemang"}
        assert self.listed(keadaan="aktif", peran="lurah") == {"dewi"}
        assert self.listed(q="' OR 1", peran="x", keadaan="x") == set()


class Agencies(UsersCase):
    def test_somebody_of_an_agency_is_invited_found_and_handed_over(self) -> None:
        dishub = Agency.objects.create(code="dishub", name="Dinas Perhubungan")
        form = {"username": "gita", "name": "Gita", "role": "agency"}
        assert self.client.post(f"{PAGE}tambah/", form).status_code == 422, "without an agency"
        assert self.client.post(f"{PAGE}tambah/", form | {"agency": dishub.pk}).status_code == 200
        gita = get_user_model().objects.get(username="gita")
        scope = scope_of(gita)
        assert (scope.agencies, scope.empty, scope.only_points) == ({dishub.pk}, True, True)
        assert self.listed(q="perhubungan") == {"gita"}
        self.client.post(f"{PAGE}{gita.pk}/serah-terima/", SUCCESSOR | {"old": "blokir"})
        assert changes_of("lurah.baru")[0][0][-1] == "role:agency:Dinas Perhubungan"


class Blocking(UsersCase):
    def test_ends_sessions_and_sockets_at_once_and_for_good(self) -> None:
        dewi = Client()
        dewi.force_login(self.world.dewi)
        key = dewi.cookies["sessionid"].value
        link = path_in(self.act(self.world.eko, "sandi"))
        for user in (self.world.dewi, self.world.eko):
            assert "Akun diblokir" in self.act(user, "blokir")
        answer = dewi.get("/")
        assert answer.headers["Location"] == "/masuk/?next=/&sesi=berakhir"
        assert "Sesi Anda berakhir" in dewi.get(answer.headers["Location"]).content.decode()
        assert "sudah dipakai" in set_password(link)
        assert "Blokir dibuka" in self.act(self.world.dewi, "buka")
        dewi.cookies["sessionid"] = key
        assert dewi.get("/").status_code == 302  # the old session stays ended
        assert changes_of("dewi") == [([], ["active"]), (["active"], [])]

    def test_a_blocked_account_gets_no_link(self) -> None:
        self.act(self.world.dewi, "blokir")
        assert "Buka blokirnya lebih dulu" in self.act(self.world.dewi, "sandi")


class Rules(UsersCase):
    def test_nobody_changes_the_own_account_here(self) -> None:
        member("asri", "operator")
        for name in ("blokir", "sandi", "langkah-kedua"):
            assert "Akun sendiri" in self.act(self.world.ani, name)
        assert self.change(self.world.ani, role="mayor").status_code == 200
        assert (
            "Akun sendiri"
            in self.client.post(
                f"{PAGE}{self.world.ani.pk}/serah-terima/", SUCCESSOR | {"old": "blokir"}
            ).content.decode()
        )
        self.world.ani.refresh_from_db()
        assert self.world.ani.is_active
        assert Membership.objects.get(user=self.world.ani).role == "operator"

    def test_the_last_operator_stays(self) -> None:
        self.client.force_login(get_user_model().objects.create_superuser("wayan"))
        assert "operator terakhir" in self.act(self.world.ani, "blokir")
        assert "operator terakhir" in self.change(self.world.ani, role="mayor").content.decode()
        self.world.ani.refresh_from_db()
        assert self.world.ani.is_active
        assert not RightsChange.objects.exists()
        member("asri", "operator")
        assert "Akun diblokir" in self.act(self.world.ani, "blokir")

    def test_nobody_gives_or_takes_a_right_above_the_own(self) -> None:
        root = get_user_model().objects.create_superuser("wayan")
        assert self.change(self.world.dewi, role="inspector").status_code == 422
        for user in (self.world.intan, root):
            for path in ("", "blokir/", "serah-terima/", "langkah-kedua/"):
                assert self.client.post(f"{PAGE}{user.pk}/{path}").status_code == 404
        with pytest.raises(changes.ChangeRefused):
            changes.block(self.world.ani, self.world.intan, timezone.now())
        inspector = Membership(role="inspector")
        with pytest.raises(changes.ChangeRefused):
            changes.change(self.world.ani, self.world.dewi, changes.NewAccount("", "Dewi"), inspector, timezone.now())
        assert not RightsChange.objects.exists()

    def test_an_unknown_act_is_no_page(self) -> None:
        assert self.client.post(f"{PAGE}{self.world.dewi.pk}/hapus/").status_code == 404


class Changing(UsersCase):
    def test_role_and_place_are_changed_and_recorded(self) -> None:
        answer = self.change(
            self.world.dewi, role="camat", kecamatan=self.world.kecamatan["16.71.02"].pk, email="d@x.id"
        )
        assert answer.status_code == 302
        assert changes_of("dewi") == [(["email", "role:camat:Seberang Ulu I"], ["role:lurah:35 Ilir"])]
        assert self.change(self.world.dewi).status_code == 302  # without a role
        assert not Membership.objects.filter(user=self.world.dewi).exists()

    def test_a_place_must_fit_its_role_and_what_was_typed_stays(self) -> None:
        page = self.change(self.world.dewi, role="camat", kelurahan=self.world.kemang.pk, name="Dewi yang baru")
        assert page.status_code == 422
        assert "Camat memerlukan kecamatan" in page.content.decode()
        assert "Dewi yang baru" in page.content.decode()
        assert Membership.objects.get(user=self.world.dewi).kelurahan == self.world.ilir35

    def test_several_roles_are_left_to_the_administration(self) -> None:
        Membership.objects.create(user=self.world.dewi, role="lurah", kelurahan=self.world.kemang)
        assert "beberapa peran" in self.change(self.world.dewi, role="mayor").content.decode()
        assert Membership.objects.filter(user=self.world.dewi, role="lurah").count() == 2

    def test_lost_factors_are_removed_and_recorded(self) -> None:
        enrol(self.world.budi)
        budi = Client()
        budi.force_login(self.world.budi)
        with mail_server() as server, override_settings(EMAIL_URL="smtp://city", **server.settings()):
            get_user_model().objects.filter(pk=self.world.budi.pk).update(email="budi@x.id")
            assert "Langkah kedua dihapus" in self.act(self.world.budi, "langkah-kedua")
            assert "langkah kedua dihapus" in server.got[0]["Subject"]
        assert not Authenticator.objects.filter(user=self.world.budi).exists()
        assert changes_of("budi") == [([], ["factors"])]
        assert budi.get("/").status_code == 302
        assert "tidak mempunyai langkah kedua" in self.act(self.world.budi, "langkah-kedua")


class HandingOver(UsersCase):
    def hand_over(self, **values: Any) -> HttpResponse:
        form = SUCCESSOR | {"old": "blokir"} | values
        return self.client.post(f"{PAGE}{self.world.dewi.pk}/serah-terima/", form)  # type: ignore[return-value]

    def test_the_old_account_is_blocked_and_the_new_one_has_the_place(self) -> None:
        page = self.hand_over()
        assert "Sandi disimpan" in set_password(path_in(page.content.decode()))
        self.world.dewi.refresh_from_db()
        assert not self.world.dewi.is_active
        assert not Membership.objects.filter(user=self.world.dewi).exists()
        assert Membership.objects.get(kelurahan=self.world.ilir35).user.username == "lurah.baru"
        assert changes_of("dewi") == [([], ["active", "role:lurah:35 Ilir"])]
        assert changes_of("lurah.baru") == [
            (["account:lurah.baru", "active", "role:lurah:35 Ilir"], []),
            (["link"], []),
        ]

    def test_the_old_account_moves(self) -> None:
        assert self.hand_over(old="pindah").status_code == 422  # where to?
        assert self.hand_over(old="pindah", role="lurah", kelurahan=self.world.kemang.pk).status_code == 200
        self.world.dewi.refresh_from_db()
        assert self.world.dewi.is_active
        assert Membership.objects.get(user=self.world.dewi).kelurahan == self.world.kemang

    def test_all_or_nothing(self) -> None:
        for wrong in ({"username": "eko"}, {"old": "pindah", "role": "lurah"}, {"old": "pindah", "role": "inspector"}):
            assert self.hand_over(**wrong).status_code == 422
        assert Membership.objects.get(user=self.world.dewi).kelurahan == self.world.ilir35
        assert not get_user_model().objects.filter(username="lurah.baru").exists()
        assert not RightsChange.objects.exists()


class Mails(UsersCase):
    def test_the_link_is_also_sent_where_mail_is_set_up(self) -> None:
        form = SUCCESSOR | {"role": "mayor", "email": "baru@x.id"}
        with mail_server() as server, override_settings(EMAIL_URL="smtp://city", **server.settings()):
            page = self.client.post(f"{PAGE}tambah/", form).content.decode()
            assert path_in(page) in server.got[0].get_content()
            assert "dikirim ke baru@x.id" in page
            server.refuse["baru@x.id"] = "550 nobody"
            user = get_user_model().objects.get(username="lurah.baru")
            assert "Tidak dikirim lewat e-mail" in self.act(user, "sandi")


class OpenSockets(TransactionTestCase):
    def setUp(self) -> None:
        self.world = World()

    async def test_a_blocked_user_s_board_closes_at_once_and_others_stay(self) -> None:
        w = self.world
        async with open_socket(w.dewi) as dewi, open_socket(w.budi) as budi:
            await dewi.receive()
            await budi.receive()
            await asyncio.to_thread(in_a_thread, changes.block, w.ani, w.dewi, timezone.now())
            assert await dewi.close_code() == NOT_LOGGED_IN
            assert budi.nothing_came

    async def test_a_new_role_shows_other_offices_at_once(self) -> None:
        w = self.world
        placing = Membership(role="lurah", kelurahan=w.ulu5)
        async with open_socket(w.dewi) as dewi:
            assert office_names(await dewi.receive()) == ["35 Ilir"]
            values = changes.NewAccount("", "Dewi")
            await asyncio.to_thread(in_a_thread, changes.change, w.ani, w.dewi, values, placing, timezone.now())
            assert office_names(await dewi.receive()) == ["5 Ulu"]
