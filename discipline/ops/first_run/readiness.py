"""Read from the database what is set up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from discipline.notices.channels import CHANNELS
from discipline.notices.models import Delivery
from discipline.ops.first_run.readiness_rule import (
    CityFacts,
    DistrictReadiness,
    OfficeReadiness,
    Part,
    Readiness,
    checklist,
)
from discipline.plans.holidays.calendar import year_without_leave
from offices.access import second_factor
from offices.access.models import Membership
from offices.city.loading import read_offices
from offices.hours.models import HoursPlan
from offices.places.models import Counter, Kecamatan, Kelurahan
from streams.cameras.models import Camera, Zone
from streams.cameras.troubles.models import CameraDay

CITY_ROLES = (Membership.Role.OPERATOR, Membership.Role.MAYOR, Membership.Role.INSPECTOR)


@dataclass(slots=True)
class _Accounts:
    """What the memberships say. Keys are a role, or a role and the code of its place: "lurah 16.71.01.1001"."""

    able: set[str] = field(default_factory=set)  # somebody can sign in
    invited: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Watched:
    """What is known of the cameras and counters of one office (ids)."""

    cameras: list[int] = field(default_factory=list)
    tested: bool = False
    counters: int = 0
    unzoned: int = 0
    unseen: int = 0

    def parts(self) -> Iterable[Part]:
        if self.cameras:
            yield Part.CAMERA
        if self.tested:
            yield Part.TESTED
        if self.counters and not self.unzoned:
            yield Part.ZONE
        if self.counters and not self.unseen:
            yield Part.SEEN


def read_readiness(today: date) -> Readiness:
    """Return the checklist of the city as of `today` (WIB). About ten queries, whatever the number of offices."""
    accounts, watched, planned = _read_accounts(), _read_watched(), _offices_with_hours(today)
    by_kecamatan: dict[int, list[OfficeReadiness]] = defaultdict(list)
    for office in Kelurahan.objects.select_related("kecamatan"):
        own = watched.get(office.pk, _Watched())
        done = set(own.parts())
        if f"{Membership.Role.LURAH} {office.code}" in accounts.able:
            done.add(Part.LURAH)
        if office.pk in planned:
            done.add(Part.HOURS)
        camera = own.cameras[0] if own.cameras and own.unzoned else None
        by_kecamatan[office.kecamatan_id].append(
            OfficeReadiness(office.code, office.name, office.kecamatan.code, frozenset(done), camera)
        )
    districts = [
        DistrictReadiness(
            one.code, one.name, f"{Membership.Role.CAMAT} {one.code}" in accounts.able, by_kecamatan[one.pk]
        )
        for one in Kecamatan.objects.all()
    ]
    sent = set(
        Delivery.objects.filter(state=Delivery.State.SENT).order_by().values_list("channel", flat=True).distinct()
    )
    city = CityFacts(
        planned={one.code: one.name for one in read_offices()},
        roles=accounts.able,
        invited=accounts.invited,
        year_without_leave=year_without_leave(today),
        channels=[str(channel.label) for code, channel in CHANNELS.items() if code in sent],
    )
    return checklist(districts, city)


def read_readiness_now() -> Readiness:
    """Return the checklist of today."""
    return read_readiness(timezone.localdate())


def _read_accounts() -> _Accounts:
    """Sort the memberships of active users by whether their owners can sign in. Two queries."""
    found = _Accounts()
    rows = list(
        Membership.objects.filter(user__is_active=True)
        .select_related("user", "kecamatan", "kelurahan")
        .annotate(bound=Exists(SocialAccount.objects.filter(user=OuterRef("user"))))
    )
    factors = second_factor.enrolled({row.user_id for row in rows if row.role in CITY_ROLES})
    for row in rows:
        place = row.kelurahan or row.kecamatan
        key = f"{row.role} {place.code}" if place else row.role
        if not (row.bound or row.user.has_usable_password()):
            found.invited.add(key)
        elif place or row.user_id in factors or not settings.SECOND_FACTOR_REQUIRED:
            found.able.add(key)
    found.invited -= found.able
    return found


def _read_watched() -> Mapping[int, _Watched]:
    """Return what is known of each kelurahan office (id). Two queries.

    A camera is tested once `watch` saw a good picture of it, or its zones were drawn on one.
    """
    offices: dict[int, _Watched] = defaultdict(_Watched)
    good = Exists(CameraDay.objects.filter(camera=OuterRef("pk"), well_s__gt=0))
    cameras = Camera.objects.filter(enabled=True, kelurahan__isnull=False).annotate(
        tested=Q(reference_at__isnull=False) | good
    )
    for office, camera, tested in cameras.order_by("pk").values_list("kelurahan", "pk", "tested"):
        offices[office].cameras.append(camera)
        offices[office].tested |= tested
    counters = Counter.objects.of_kelurahan().filter(active=True)
    zoned = Exists(Zone.objects.filter(subject=OuterRef("subject"), camera__enabled=True))
    for office, has_zone, saw_at in (
        counters.order_by().annotate(zoned=zoned).values_list("kelurahan", "zoned", "standing__saw_at")
    ):
        own = offices[office]
        own.counters += 1
        own.unzoned += not has_zone
        own.unseen += saw_at is None
    return offices


def _offices_with_hours(today: date) -> set[int]:
    """Return the offices (ids) for all of whose active counters a weekly plan is in force. Three queries."""
    in_force = list(
        HoursPlan.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_to=None) | Q(valid_to__gte=today)
        )
    )
    if any(plan.closeness == 0 for plan in in_force):
        return set(Kelurahan.objects.values_list("pk", flat=True))
    without = {
        counter.kelurahan_id
        for counter in Counter.objects.of_kelurahan().filter(active=True).select_related("kelurahan", "place")
        if not any(plan.covers(counter) for plan in in_force)
    }
    return {pk for pk in Kelurahan.objects.values_list("pk", flat=True) if pk not in without}
