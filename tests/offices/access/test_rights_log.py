"""What the administration changes of rights is recorded, whatever page changed it, and shown to the inspectorate."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices.access.models import Membership
from offices.access.rights_log import recorded_rights, right_words
from offices.access.rights_models import RightsChange
from offices.places.models import Kecamatan
from tests.support.base import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def wayan(world: World) -> Client:
    """The superuser."""
    del world
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("wayan"))
    return client


def changes() -> list[tuple[str, str, list[str], list[str]]]:
    """Return who changed whom, what was given and what was taken, oldest first."""
    rows = RightsChange.objects.order_by("pk")
    return [(row.by_name, row.user_name, row.given, row.taken) for row in rows]


def user_form(user: Any, **changed: Any) -> dict[str, Any]:
    """Return the form of a user in the administration, as it was filled in."""
    form = {name: getattr(user, name) for name in ("username", "first_name", "last_name", "email")}
    flags = {name: "on" for name in ("is_active", "is_staff", "is_superuser") if getattr(user, name)}
    joined = {"date_joined_0": "2027-01-01", "date_joined_1": "00:00:00"}
    form |= {"groups": [group.pk for group in user.groups.all()]}
    form |= {"user_permissions": [permission.pk for permission in user.user_permissions.all()]}
    return form | flags | joined | changed


def change_user(client: Client, user: Any, **changed: Any) -> None:
    address = reverse("admin:auth_user_change", args=[user.pk])
    answer = client.post(address, user_form(user, **changed))
    assert answer.status_code == 302, answer.content.decode()


def test_staff_who_make_themselves_superuser_are_seen_by_the_inspectorate(world: World) -> None:
    joko = get_user_model().objects.create_user("joko", is_staff=True)
    joko.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    client, intan = Client(), Client()
    client.force_login(joko)
    change_user(client, joko, is_superuser="on")
    assert changes() == [("joko", "joko", ["superuser"], [])]
    intan.force_login(world.intan)
    page = intan.get(reverse("rights-log"), {"q": "joko"}).content.decode()
    assert "pengguna super (semua hak)" in page
    assert "Tidak ada perubahan" in intan.get(reverse("rights-log"), {"q": "joko budi"}).content.decode()


def test_flags_groups_and_a_new_name_are_recorded_with_their_removal(wayan: Client, world: World) -> None:
    group = Group.objects.create(name="Pengelola")
    change_user(wayan, world.budi, is_staff="on", groups=[group.pk])
    assert changes() == [("wayan", "budi", ["group:Pengelola", "staff"], [])]
    world.budi.refresh_from_db()
    change_user(wayan, world.budi, username="budi.lama", is_staff="", groups=[])
    who, name, given, taken = changes()[-1]
    assert (who, name, given) == ("wayan", "budi.lama", ["account:budi.lama"])
    assert taken == ["account:budi", "group:Pengelola", "staff"]


def test_permissions_of_a_group_are_changes_of_its_members(wayan: Client, world: World) -> None:
    group = Group.objects.create(name="Pengelola")
    world.budi.groups.add(group)
    permission = Permission.objects.get(codename="change_camera")
    form = {"name": "Pengelola", "permissions": [permission.pk]}
    assert wayan.post(reverse("admin:auth_group_change", args=[group.pk]), form).status_code == 302
    assert changes() == [("wayan", "budi", ["permission:streams.change_camera"], [])]


def test_roles_given_and_taken_are_recorded_from_all_pages(wayan: Client, world: World) -> None:
    form = {"user": world.budi.pk, "role": "inspector", "kecamatan": "", "kelurahan": ""}
    assert wayan.post(reverse("admin:offices_membership_add"), form).status_code == 302
    assert changes() == [("wayan", "budi", ["role:inspector"], [])]
    given = Membership.objects.get(user=world.budi, role="inspector")
    form = {"action": "delete_selected", "_selected_action": [given.pk], "post": "yes"}
    assert wayan.post(reverse("admin:offices_membership_changelist"), form).status_code == 302
    assert changes()[-1] == ("wayan", "budi", [], ["role:inspector"])


def test_a_role_that_goes_with_its_kecamatan_is_recorded(wayan: Client) -> None:
    kecamatan = Kecamatan.objects.create(code="16.71.99", name="Seberang Baru", latitude=-3.0, longitude=104.7)
    ratna = get_user_model().objects.create_user("ratna")
    Membership.objects.create(user=ratna, role=Membership.Role.CAMAT, kecamatan=kecamatan)
    answer = wayan.post(reverse("admin:offices_kecamatan_delete", args=[kecamatan.pk]), {"post": "yes"})
    assert answer.status_code == 302
    assert changes() == [("wayan", "ratna", [], ["role:camat:Seberang Baru"])]


def test_a_password_set_by_another_is_recorded_and_ones_own_is_not(world: World) -> None:
    wayan = get_user_model().objects.create_superuser("wayan")
    for user in (world.budi, wayan):
        with recorded_rights(wayan, timezone.now()):
            user.set_password("kata-Sandi-7731")
            user.save()
    assert changes() == [("wayan", "budi", ["password"], [])]


def test_a_new_and_a_deleted_account_are_recorded(wayan: Client) -> None:
    assert wayan.post(reverse("admin:auth_user_add"), {"username": "sari"}).status_code == 302
    sari = get_user_model().objects.get(username="sari")
    assert wayan.post(reverse("admin:auth_user_delete", args=[sari.pk]), {"post": "yes"}).status_code == 302
    assert changes() == [
        ("wayan", "sari", ["account:sari", "active"], []),
        ("wayan", "sari", [], ["account:sari", "active"]),
    ]


def test_looking_and_refused_forms_record_nothing(wayan: Client, world: World) -> None:
    address = reverse("admin:auth_user_change", args=[world.budi.pk])
    assert wayan.get(address).status_code == 200
    assert wayan.post(address, user_form(world.budi, username="", is_superuser="on")).status_code == 200
    change_user(wayan, world.budi, first_name="Budiman")
    assert changes() == []
    world.budi.refresh_from_db()
    assert (world.budi.first_name, world.budi.is_superuser) == ("Budiman", False)


def test_the_log_can_t_be_changed(wayan: Client, world: World) -> None:
    change_user(wayan, world.budi, is_staff="on")
    with pytest.raises(IntegrityError), transaction.atomic():
        RightsChange.objects.update(by_name="budi")
    with pytest.raises(IntegrityError), transaction.atomic():
        RightsChange.objects.all().delete()
    assert changes() == [("wayan", "budi", ["staff"], [])]


@pytest.mark.parametrize(
    ("right", "words"),
    [
        ("role:camat:Ilir Barat I", "peran Camat Ilir Barat I"),
        ("role:inspector", "peran Inspektorat"),
        ("role:former", "peran former"),
        ("group:100%: a", "kelompok 100%: a"),
        ("permission:auth.change_user", "izin auth.change_user"),
        ("staff", "masuk ke administrasi"),
        ("unknown:x", "unknown:x"),
    ],
)
def test_rights_in_words(right: str, words: str) -> None:
    assert right_words(right) == words
