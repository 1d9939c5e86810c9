"""Seed the demo's data: accounts, a camera and counter in each kelurahan office and in two kecamatan offices, street
points with a camera each, hours around the clock with short graces.

They are rows like any other; no code of the product treats a demo differently. The accounts' password is public, so
seeding refuses a database with other cameras or accounts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from discipline.alerts.models import Alert
from discipline.incidents.shifts.models import Shift
from discipline.incidents.tasks.models import Task
from discipline.notices.models import NoticeRule
from discipline.ops import demo_data
from discipline.staffing.models import Flip, StaffingRule, Standing
from discipline.tools.demo.city import (
    calls,
    cast,
    complaints,
    conduct,
    hint_places,
    incidents,
    points,
    public_view,
    recordings,
    stories,
)
from offices.access.models import Membership
from offices.city.loading import COUNTER
from offices.hours.models import Closure, HoursPlan
from offices.hours.schedule import local_day
from offices.places.models import Agency, Counter, Kecamatan, Kelurahan, Place
from streams.cameras.models import Camera, Zone
from streams.setup import references
from streams.setup.probe import CameraSnapshot
from streams.simulator.scripts import DEMO_CAMERAS

PREPARING_REASON = "Demo disiapkan"
AROUND_THE_CLOCK = "00:00-24:00"
KECAMATAN_OFFICES = ("Ilir Barat I", "Sukarami")  # those with a counter; the first has a demo account for its camat
FIRST_AGENCIES = ("dishub", "satpolpp")  # whose officers came with the first tasks; the others came later
CITY = {"kecamatan": None, "kelurahan": None, "counter": None}
GRACES = {
    "absence_grace_s": 20,
    "opening_grace_s": 20,
    "not_opened_s": 60,
    "exit_looks": 2,
    "stale_s": 12,
    "blinded_s": 15,
    "camera_fault_s": 30,
}


class NotADemo(Exception):
    """Raised when the database holds cameras or accounts that are not the demo's."""


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account. kecamatan: a name; kelurahan, agency: codes; "" where the role has no such scope."""

    username: str
    title: str
    role: Membership.Role
    kecamatan: str = ""
    kelurahan: str = ""
    agency: str = ""


def accounts() -> list[Account]:
    """Return mayor, operator, a shift's chief, inspectorate, two camat, the lurah of the first camat's first office, if
    loaded, and an officer of each of four agencies, named like its code.
    """
    office = Kelurahan.objects.filter(kecamatan__name="Ilir Barat I").first()
    return [
        Account("walikota", "Wali Kota", Membership.Role.MAYOR),
        Account(cast.OPERATOR, "Operator Kominfo", Membership.Role.OPERATOR),
        Account(cast.CHIEF, "Kepala Jaga Ruang Kendali", Membership.Role.OPERATOR),
        Account("inspektorat", "Inspektorat", Membership.Role.INSPECTOR),
        Account("camat.ib1", "Camat Ilir Barat I", Membership.Role.CAMAT, kecamatan="Ilir Barat I"),
        Account("camat.su1", "Camat Seberang Ulu I", Membership.Role.CAMAT, kecamatan="Seberang Ulu I"),
        *(
            [Account(f"lurah.{slugify(office.name)}", f"Lurah {office}", Membership.Role.LURAH, kelurahan=office.code)]
            if office
            else []
        ),
        Account("dishub", "Petugas Dishub", Membership.Role.AGENCY, agency="dishub"),
        Account("satpolpp", "Petugas Satpol PP", Membership.Role.AGENCY, agency="satpolpp"),
        Account("bpbd", "Petugas BPBD", Membership.Role.AGENCY, agency="bpbd"),
        Account("dpupr", "Petugas PUPR", Membership.Role.AGENCY, agency="dpupr"),
    ]


def credentials() -> list[str]:
    """Return a line to print for each demo account that is there: its name, its password and whose it is.

    The last is the resident's: the number and secret of a report.
    """
    known = set(get_user_model().objects.values_list("username", flat=True))
    lines = [f"{one.username:<20} {demo_data.PASSWORD}   {one.title}" for one in accounts() if one.username in known]
    if report := complaints.followed():
        lines.append(f"{report.number:<20} {complaints.SECRET}   warga, tanpa akun: {reverse('aspiration-track')}")
    return lines


@dataclass(frozen=True, slots=True)
class DemoView:
    """What a demo camera shows: the staff zone, in fractions of the picture, and the picture it is drawn on."""

    polygon: Sequence[tuple[float, float]]
    seen: CameraSnapshot


@transaction.atomic
def seed_demo(
    address: Callable[[int], str],
    view: Callable[[int], DemoView],
    now: datetime,
    settle_s: float,
    most_cameras: int | None = None,
    turning: Mapping[int, int] | None = None,
    street: Callable[[str], CameraSnapshot | None] = lambda _street: None,
) -> int:
    """Create missing rows, update the cameras' addresses and return the number of cameras; other edits stay.

    Each account is created once: one that was renamed or deleted does not come back.

    `address(n)` is the RTSP address of camera n (from 1), `view(n)` what an office's shows, `street(name)` a street by
    day, if there is footage; offices, and after them points, beyond `most_cameras` get none; `turning`: the ONVIF ports
    of those that turn, by number. All counters count as closed until `settle_s` seconds from now, so that they open
    together on a running system: from local midnight, or else from where today's records of an earlier run end.
    Raises NotADemo.
    """
    if not demo_data.is_demo_database():
        require_no_own_data()
        _open_around_the_clock(local_day(now))
        incidents.seed_agencies()
        _create_accounts(accounts())
    elif not calls.were_seeded():
        incidents.seed_agencies()
        _create_accounts(_accounts_since())
    cameras = _cameras(address, most_cameras)
    _zones(cameras, view)
    # Closures of earlier runs stay: their days are judged again by the hours that were in force then.
    Closure.objects.create(
        reason=PREPARING_REASON, starts_at=_records_end(now), ends_at=now + timedelta(seconds=settle_s)
    )
    streets = points.seed_points(address, local_day(now), points.shown_points(most_cameras or DEMO_CAMERAS))
    points.seed_turning(streets, turning or {})
    public_view.publish_points(streets, now)
    recordings.record_hotspots(local_day(now))
    hint_places.switch_on(streets, street, now)
    stories.seed(now)
    conduct.seed_conduct(now)
    return len(cameras) + len(streets)


def require_no_own_data() -> None:
    """Raise NotADemo when the database holds cameras or accounts. For a database without the demo's mark."""
    if Camera.objects.exists() or get_user_model().objects.exists():
        raise NotADemo(
            "This database holds cameras or accounts of your own, and the demo's accounts have a known password: "
            "name another database by DATABASE_URL, or start the programs of the Procfile instead."
        )


def _records_end(now: datetime) -> datetime:
    """Return a second after the last look, flip or alert of today, or else local midnight."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    ends: list[datetime | None] = [
        Standing.objects.filter(last_look_at__lte=now).aggregate(end=Max("last_look_at"))["end"],
        Flip.objects.filter(at__gte=midnight, at__lte=now).aggregate(end=Max("at"))["end"],
        Alert.objects.filter(raised_at__gte=midnight, raised_at__lte=now).aggregate(end=Max("raised_at"))["end"],
    ]
    return max([midnight, *(end + timedelta(seconds=1) for end in ends if end)])


def _open_around_the_clock(today: date) -> None:
    """Open all offices around the clock from today on; the days before belong to make_history."""
    HoursPlan.objects.create(
        name="Buka sepanjang hari (demo)",
        **dict.fromkeys(HoursPlan.DAYS, AROUND_THE_CLOCK),
        on_holidays=True,
        priority=100,
        valid_from=today,
        source=demo_data.MARK,
    )
    defaults = GRACES | {"valid_from": today}
    StaffingRule.objects.update_or_create(**CITY, valid_from=None, valid_to=None, defaults=defaults)


def _accounts_since() -> list[Account]:
    """Return the accounts that a demo of an earlier version never had, judged by what was seeded together with them."""
    known = set(get_user_model().objects.values_list("username", flat=True))
    had = {
        cast.CHIEF: Shift.objects.exists(),
        **dict.fromkeys(FIRST_AGENCIES, Task.objects.exists()),
    }
    new = [one for one in accounts() if one.username == cast.CHIEF or one.agency]
    return [one for one in new if one.username not in known and not had.get(one.username, False)]


def _create_accounts(wanted: Sequence[Account]) -> None:
    for account in wanted:
        user = get_user_model().objects.create_user(
            account.username, password=demo_data.PASSWORD, first_name=account.title
        )
        Membership.objects.create(
            user=user,
            role=account.role,
            kecamatan=Kecamatan.objects.get(name=account.kecamatan) if account.kecamatan else None,
            kelurahan=Kelurahan.objects.get(code=account.kelurahan) if account.kelurahan else None,
            agency=Agency.objects.get(code=account.agency) if account.agency else None,
        )
        NoticeRule.objects.create(user=user)  # no quiet hours: the demo's offices are open at night too


def _cameras(address: Callable[[int], str], most: int | None) -> list[Camera]:
    """Create or update the cameras: number n belongs to the nth office, the kelurahan by code first."""
    known = {camera.place_id: camera for camera in Camera.objects.filter(name__regex=r"^cam\d{3}$")}
    below = Place.objects.filter(kind=Place.Kind.KELURAHAN).order_by("kelurahan__code")
    above = Place.objects.filter(kecamatan__name__in=KECAMATAN_OFFICES).order_by("kecamatan__code")
    cameras = []
    for number, place in enumerate([*below, *above][:most], start=1):
        camera = known.get(place.pk) or Camera(place=place, name=f"cam{number:03d}")
        if camera.url != address(number):
            camera.url = address(number)
            camera.save()
        cameras.append(camera)
    return cameras


def _zones(cameras: list[Camera], view: Callable[[int], DemoView]) -> None:
    """Draw a zone, and create its counter, for each camera without one; keep missing reference pictures."""
    drawn = set(Zone.objects.values_list("camera_id", flat=True))
    counters: dict[int, Counter] = {}
    for counter in Counter.objects.filter(subject__zone=None):
        counters.setdefault(counter.place_id, counter)
    for number, camera in enumerate(cameras, start=1):
        if camera.pk in drawn:
            if camera.reference_at is None:  # drawn before reference pictures were kept
                references.keep_reference(camera, view(number).seen)
            continue
        counter = counters.get(camera.place_id) or Counter.objects.create(place=camera.place, name=COUNTER)
        shown = view(number)
        zone = Zone(camera=camera, subject=counter.subject, polygon=[list(point) for point in shown.polygon])
        zone.clean()
        zone.save()
        references.keep_reference(camera, shown.seen)
