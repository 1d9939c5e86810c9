"""Links by which an account gets its first or a new password; whoever makes one never learns it."""

from datetime import timedelta
from io import StringIO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone

from offices.access.models import Membership
from offices.access.rights_models import RightsChange
from tests.support.base import OfficeTestCase
from tests.support.factors import enrol
from tests.support.password_links import NEW, path_in, set_password

PAGE = "/pengguna/"


def may_sign_in(name: str) -> bool:
    return Client().post("/masuk/", {"login": name, "password": NEW}).status_code == 302


class Links(OfficeTestCase):
    def link_for(self, user: User) -> str:
        return path_in(self.client.post(f"{PAGE}{user.pk}/sandi/").content.decode())

    def setUp(self) -> None:
        self.client.force_login(self.world.ani)

    def test_a_new_account_sets_its_own_password(self) -> None:
        lurah = {"username": "lurah.kemang", "name": "Lurah Kemang Manis", "role": "lurah"}
        page = self.client.post(f"{PAGE}tambah/", lurah | {"kelurahan": self.world.kemang.pk})
        user = get_user_model().objects.get(username="lurah.kemang")
        assert not user.has_usable_password()
        assert Membership.objects.get(user=user).kelurahan == self.world.kemang
        assert "Sandi disimpan" in set_password(path_in(page.content.decode()))
        assert may_sign_in("lurah.kemang")
        given = [set(change.given) for change in RightsChange.objects.filter(user_name="lurah.kemang").order_by("pk")]
        assert [("password" in rights, "link" in rights) for rights in given] == [(False, False), (False, True)]

    def test_a_role_needs_its_place(self) -> None:
        for role, place in (("lurah", {}), ("camat", {"kelurahan": self.world.kemang.pk}), ("inspector", {})):
            values = {"username": "baru", "name": "Baru", "role": role, **place}
            assert self.client.post(f"{PAGE}tambah/", values).status_code == 422
        assert not get_user_model().objects.filter(username="baru").exists()

    def test_a_link_works_once_and_ends_old_sessions(self) -> None:
        budi = Client()
        budi.force_login(self.world.budi)
        link = self.link_for(self.world.budi)
        assert "Sandi disimpan" in set_password(link)
        assert "sudah dipakai" in set_password(link)
        assert may_sign_in("budi")
        assert budi.get("/").status_code == 302

    def test_a_link_of_four_days_is_void(self) -> None:
        link = self.link_for(self.world.budi)
        with override_settings(PASSWORD_RESET_TIMEOUT=-1):
            assert "tiga hari" in set_password(link)
        assert timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) == timedelta(days=3)

    def test_a_link_is_void_once_its_owner_has_signed_in(self) -> None:
        link = self.link_for(self.world.budi)
        self.world.budi.last_login = timezone.now()
        self.world.budi.save()
        assert "sudah dipakai" in set_password(link)

    def test_an_operator_opens_no_account_of_the_inspectorate_or_the_administration(self) -> None:
        root = get_user_model().objects.create_superuser("wayan")
        for user in (self.world.intan, root):
            assert self.client.post(f"{PAGE}{user.pk}/sandi/").status_code == 404
            assert user.username not in self.client.get(PAGE).content.decode()
        self.client.force_login(root)
        assert self.link_for(self.world.intan)
        assert RightsChange.objects.get().user_name == "intan"

    def test_the_command_helps_when_nobody_can_sign_in(self) -> None:
        enrol(self.world.intan)
        printed = StringIO()
        call_command("sign_in_link", "intan", without_factors=True, stdout=printed)
        link = printed.getvalue().strip().removeprefix(settings.SITE_URL)
        assert "Sandi disimpan" in set_password(link)
        assert may_sign_in("intan")
        assert RightsChange.objects.get().by_name == "manage.py"

    def test_the_administration_knows_no_passwords(self) -> None:
        self.client.force_login(get_user_model().objects.create_superuser("wayan"))
        values = {"username": "baru", "first_name": "Baru", "email": ""}
        assert self.client.post("/admin/auth/user/add/", values).status_code == 302
        user = get_user_model().objects.get(username="baru")
        assert not user.has_usable_password()
        assert self.client.get(f"/admin/auth/user/{user.pk}/password/").status_code != 200
        assert "password" not in self.client.get(f"/admin/auth/user/{user.pk}/change/").content.decode()
        assert self.client.get("/admin/mfa/authenticator/").status_code == 404
