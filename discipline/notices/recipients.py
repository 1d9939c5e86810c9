"""Users who can be notified: what they may see, their roles over an office, their preferences and addresses."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Prefetch

from discipline.notices import rule as notice_rule
from discipline.notices.channels import CHANNELS
from discipline.notices.models import Device, NoticeRule
from discipline.notices.senders import Address, sender_of
from offices.access.accountable import who_decides, who_explains
from offices.access.gate import Scope, scope_from
from offices.access.models import Membership
from offices.accounts.languages import language_of
from offices.places.models import Office

CITY_ROLES = (Membership.Role.MAYOR, Membership.Role.OPERATOR, Membership.Role.INSPECTOR)


@dataclass(frozen=True, slots=True)
class Person:
    """An active user with scope, preferences and the addresses that reach them now.

    `area` is the ids of kecamatan and of kelurahan that notices are limited to; both empty for the whole scope.
    `devices` are by id. `mail` and `phone` are empty when absent or turned off. Messages are in `language`.
    """

    pk: int
    scope: Scope
    memberships: tuple[Membership, ...]
    wish: notice_rule.NoticePreferences
    area: tuple[frozenset[int], frozenset[int]]
    devices: dict[int, Device]
    mail: str
    phone: str
    language: str

    def roles(self, office: Office | None) -> frozenset[str]:
        """Return the roles that cover this office; for None, the whole city, all the user's roles.

        Who explains for the office is notice_rule.ASKED, who decides about it DECIDER, whichever role that is.
        """
        if self.scope.operates and not self.memberships:
            return frozenset({notice_rule.OPERATOR})  # a superuser
        if office is None:
            return frozenset(str(row.role) for row in self.memberships)
        duties = {who_explains(office): notice_rule.ASKED, who_decides(office): notice_rule.DECIDER}
        held = [Membership.Role(row.role) for row in self.memberships if _covers(row, office)]
        return frozenset(duties.get(role, role.value) for role in held)

    def sees(self, office: Office | None) -> bool:
        """Return whether the office is in scope; for None, whether anything is: an office, or an agency's points."""
        return self.scope.sees(office) if office else not self.scope.empty or self.scope.sees_points

    def wants_from(self, office: Office | None) -> bool:
        """Return whether the user's area contains the office; news of the whole city (None) is always wanted."""
        kecamatan, kelurahan = self.area
        if office is None or not (kecamatan or kelurahan):
            return True
        return office.kecamatan_id in kecamatan or office.office_id in kelurahan

    def addresses(self) -> dict[tuple[str, int | None], Address]:
        """Return the addresses that reach the user now, by channel code and device id (None without a device)."""
        addresses = (address for code in CHANNELS for address in sender_of(code).addresses(self))
        return {(address.channel, address.device): address for address in addresses}


def active_people(pks: Iterable[int] | None = None) -> dict[int, Person]:
    """Return active users by id, all or those of `pks`. Six queries, whatever their number."""
    users = get_user_model().objects.filter(is_active=True)
    if pks is not None:
        users = users.filter(pk__in=list(pks))
    active_devices = Prefetch("devices", Device.objects.filter(ended_at=None))
    loaded = users.select_related("notice_rule", "chosen_language").prefetch_related(
        "memberships", active_devices, "notice_rule__kecamatan", "notice_rule__kelurahan"
    )
    return {user.pk: _person(user) for user in loaded}


def _person(user: User) -> Person:
    memberships = tuple(user.memberships.all())
    rule: NoticeRule | None = getattr(user, "notice_rule", None)
    return Person(
        pk=user.pk,
        scope=scope_from(user, memberships),
        memberships=memberships,
        wish=rule.wish() if rule else notice_rule.default_preferences({row.role for row in memberships}),
        area=(
            frozenset(kecamatan.pk for kecamatan in rule.kecamatan.all()) if rule else frozenset(),
            frozenset(kelurahan.pk for kelurahan in rule.kelurahan.all()) if rule else frozenset(),
        ),
        devices={device.pk: device for device in user.devices.all()},
        mail=user.email if rule is None or rule.by_mail else "",
        phone=rule.phone if rule else "",
        language=language_of(user),
    )


def _covers(membership: Membership, office: Office) -> bool:
    return (
        membership.role in CITY_ROLES
        or membership.kelurahan_id == office.office_id
        or (membership.kecamatan_id is not None and membership.kecamatan_id == office.kecamatan_id)
    )
