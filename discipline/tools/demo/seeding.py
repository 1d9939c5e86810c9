"""The demo's data: accounts, one camera and counter per kelurahan, hours around the clock with short graces.

Rows like any other: nothing in the code knows that this is a demo. The accounts have a password that everybody
knows, so seeding refuses a database that is somebody's own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from discipline.notices.models import NoticeRule
from discipline.staffing.models import StaffingRule
from offices.access.models import Membership
from offices.city.loading import COUNTER
from offices.hours.models import Closure, HoursPlan
from offices.hours.schedule import local_day
from offices.places.models import Counter, Kecamatan, Kelurahan
from streams.cameras.models import Camera, Zone
from streams.setup import references
from streams.setup.probe import CameraSnapshot

PASSWORD = "sidak-demo"  # noqa: S105 printed at each start, for demo accounts only
MARK = "manage.py demo"  # HoursPlan.source: this database is the demo's
PREPARING_REASON = "Demo disiapkan"
AROUND_THE_CLOCK = "00:00-24:00"
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
    """The database holds somebody's own cameras or accounts."""


@dataclass(frozen=True, slots=True)
class Account:
    username: str
    title: str
    role: Membership.Role
    kecamatan: str = ""
    kelurahan: str = ""


def accounts() -> list[Account]:
    """Mayor, operator, inspectorate, two camat, and the lurah of the first office of the first camat."""
    office = Kelurahan.objects.filter(kecamatan__name="Ilir Barat I").first()
    return [
        Account("walikota", "Wali Kota", Membership.Role.MAYOR),
        Account("operator", "Operator Kominfo", Membership.Role.OPERATOR),
        Account("inspektorat", "Inspektorat", Membership.Role.INSPECTOR),
        Account("camat.ib1", "Camat Ilir Barat I", Membership.Role.CAMAT, kecamatan="Ilir Barat I"),
        Account("camat.su1", "Camat Seberang Ulu I", Membership.Role.CAMAT, kecamatan="Seberang Ulu I"),
        *(
            [Account(f"lurah.{slugify(office.name)}", f"Lurah {office}", Membership.Role.LURAH, kelurahan=office.code)]
            if office
            else []
        ),
    ]


@dataclass(frozen=True, slots=True)
class DemoView:
    """What one demo camera shows: the staff side of its counter, and the room that it was drawn on."""

    polygon: Sequence[tuple[float, float]]
    seen: CameraSnapshot


@transaction.atomic
def seed_demo(address: Callable[[int], str], view: Callable[[int], DemoView], now: datetime, settle_s: float) -> int:
    """Make or mend the demo's rows; returns how many cameras there are. What somebody edited since stays edited.

    `address(n)` is the RTSP address of camera n (from 1), `view(n)` what it shows. All counters count as closed from
    local midnight until `settle_s` from now, so that they open together on a running system.
    """
    if not HoursPlan.objects.filter(source=MARK).exists():
        if Camera.objects.exists() or get_user_model().objects.exists():
            raise NotADemo(
                "This database holds cameras or accounts of your own, and the demo's accounts have a known password: "
                "name another one by DATABASE_URL, or start the programs of the Procfile instead."
            )
        _open_around_the_clock(local_day(now))
    _accounts()
    cameras = _cameras(address)
    _zones(cameras, view)
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    Closure.objects.filter(reason=PREPARING_REASON).delete()
    Closure.objects.create(reason=PREPARING_REASON, starts_at=midnight, ends_at=now + timedelta(seconds=settle_s))
    return len(cameras)


def _open_around_the_clock(today: date) -> None:
    """From today on: the days before are those of discipline.tools.demo.make_history."""
    HoursPlan.objects.create(
        name="Demo: buka sepanjang hari",
        **dict.fromkeys(HoursPlan.DAYS, AROUND_THE_CLOCK),
        on_holidays=True,
        priority=100,
        valid_from=today,
        source=MARK,
    )
    defaults = GRACES | {"valid_from": today}
    StaffingRule.objects.update_or_create(**CITY, valid_from=None, valid_to=None, defaults=defaults)


def _accounts() -> None:
    for account in accounts():
        user, made = get_user_model().objects.get_or_create(username=account.username)
        if not made:
            continue
        user.first_name = account.title
        user.set_password(PASSWORD)
        user.save()
        Membership.objects.create(
            user=user,
            role=account.role,
            kecamatan=Kecamatan.objects.get(name=account.kecamatan) if account.kecamatan else None,
            kelurahan=Kelurahan.objects.get(code=account.kelurahan) if account.kelurahan else None,
        )
        NoticeRule.objects.create(user=user)  # no quiet hours: the demo's offices are open at night, too


def _cameras(address: Callable[[int], str]) -> list[Camera]:
    """Camera n of the city stands in the nth office, by code."""
    known = {camera.kelurahan_id: camera for camera in Camera.objects.filter(name__regex=r"^cam\d{3}$")}
    cameras = []
    for number, office in enumerate(Kelurahan.objects.all(), start=1):
        camera = known.get(office.pk) or Camera(kelurahan=office, name=f"cam{number:03d}")
        if camera.url != address(number):
            camera.url = address(number)
            camera.save()
        cameras.append(camera)
    return cameras


def _zones(cameras: list[Camera], view: Callable[[int], DemoView]) -> None:
    drawn = set(Zone.objects.values_list("camera_id", flat=True))
    counters: dict[int, Counter] = {}
    for counter in Counter.objects.of_kelurahan().filter(subject__zone=None):
        counters.setdefault(counter.place_id, counter)
    for number, camera in enumerate(cameras, start=1):
        if camera.pk in drawn:
            if camera.reference_at is None:  # drawn before pictures were kept
                references.keep_reference(camera, view(number).seen)
            continue
        counter = counters.get(camera.place_id) or Counter.objects.create(place=camera.place, name=COUNTER)
        shown = view(number)
        zone = Zone(camera=camera, subject=counter.subject, polygon=[list(point) for point in shown.polygon])
        zone.clean()
        zone.save()
        references.keep_reference(camera, shown.seen)
