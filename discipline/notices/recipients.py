"""Who can be told something, by which roles over an office, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Prefetch

from discipline.notices import rule as notice_rule
from discipline.notices.channels import CHANNELS
from discipline.notices.models import Device
from discipline.notices.senders import Address, sender_of
from offices.access.gate import Scope, scope_from
from offices.access.models import Membership
from offices.places.models import Kelurahan

CITY_ROLES = (Membership.Role.MAYOR, Membership.Role.OPERATOR, Membership.Role.INSPECTOR)


@dataclass(frozen=True, slots=True)
class Person:
    """An active user with what the one gate says of them, what they wish, and the channels that reach them now.

    `area`: kecamatan and kelurahan to which they want to be limited; both empty: their whole scope.
    """

    pk: int
    scope: Scope
    memberships: tuple[Membership, ...]
    wish: notice_rule.NoticePreferences
    area: tuple[frozenset[int], frozenset[int]]
    devices: dict[int, Device]
    mail: str
    phone: str

    def roles(self, office: Kelurahan | None) -> frozenset[str]:
        """By which they look after an office, or have a say in the city's matters (None)."""
        if self.scope.operates and not self.memberships:
            return frozenset({notice_rule.OPERATOR})  # a superuser
        return frozenset(str(one.role) for one in self.memberships if office is None or _covers(one, office))

    def sees(self, office: Kelurahan | None) -> bool:
        return self.scope.sees(office) if office else not self.scope.empty

    def wants_from(self, office: Kelurahan | None) -> bool:
        kecamatan, kelurahan = self.area
        if office is None or not (kecamatan or kelurahan):
            return True
        return office.kecamatan_id in kecamatan or office.pk in kelurahan

    def addresses(self) -> dict[tuple[str, int | None], Address]:
        """Return the addresses that reach the person now, by channel, and device where it is one."""
        reached = (address for code in CHANNELS for address in sender_of(code).addresses(self))
        return {(address.channel, address.device): address for address in reached}


def active_people(pks: Iterable[int] | None = None) -> dict[int, Person]:
    """The active users (or those of `pks`), six queries however many."""
    users = get_user_model().objects.filter(is_active=True)
    if pks is not None:
        users = users.filter(pk__in=list(pks))
    live = Prefetch("devices", Device.objects.filter(ended_at=None))
    loaded = users.select_related("notice_rule").prefetch_related(
        "memberships", live, "notice_rule__kecamatan", "notice_rule__kelurahan"
    )
    return {user.pk: _person(user) for user in loaded}


def _person(user: Any) -> Person:
    memberships = tuple(user.memberships.all())
    rule = getattr(user, "notice_rule", None)
    return Person(
        pk=user.pk,
        scope=scope_from(user, memberships),
        memberships=memberships,
        wish=rule.wish() if rule else notice_rule.NoticePreferences(),
        area=(
            frozenset(one.pk for one in rule.kecamatan.all()) if rule else frozenset(),
            frozenset(one.pk for one in rule.kelurahan.all()) if rule else frozenset(),
        ),
        devices={device.pk: device for device in user.devices.all()},
        mail=user.email if rule is None or rule.by_mail else "",
        phone=rule.phone if rule else "",
    )


def _covers(one: Membership, office: Kelurahan) -> bool:
    return (
        one.role in CITY_ROLES
        or one.kelurahan_id == office.pk
        or (one.kecamatan_id is not None and one.kecamatan_id == office.kecamatan_id)
    )
