"""The users, offices and counters of most tests.

Ani the operator, Budi the camat, Citra the camat of another kecamatan, the mayor, two lurah and Intan of the
inspectorate; four kelurahan in two kecamatan, two counters each. Built once per test class.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import TestCase

from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import Standing, StandingState
from offices.access.models import Membership
from offices.hours.models import HoursPlan
from offices.places.models import Counter, Kecamatan, Kelurahan
from streams.cameras.models import Camera, Zone

PASSWORD = "loket-yang-ramai"
MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 09.00 WIB
SQUARE = [[0.1, 0.2], [0.5, 0.2], [0.5, 0.9], [0.1, 0.9]]

OFFICES = (  # kecamatan, code, name, official name
    ("16.71.01", "16.71.01.1001", "35 Ilir", "Tiga-puluh-lima Ilir"),
    ("16.71.01", "16.71.01.1007", "Kemang Manis", "Kemangmanis"),
    ("16.71.02", "16.71.02.1004", "3-4 Ulu", "Tiga Empat Ulu"),
    ("16.71.02", "16.71.02.1005", "5 Ulu", "Lima Ulu"),
)


def one_office() -> Kelurahan:
    """Create and return the kelurahan 35 Ilir, without users, cameras or counters."""
    kecamatan = Kecamatan.objects.create(code="16.71.01", name="Ilir Barat II", latitude=-3, longitude=104.7)
    return Kelurahan.objects.create(
        code="16.71.01.1001", kecamatan=kecamatan, name="35 Ilir", latitude=-3, longitude=104.7
    )


class World:
    """Users by name, offices by code, counters and cameras by the office's id; creates all of them."""

    def __init__(self) -> None:
        self.kecamatan = {
            code: Kecamatan.objects.create(code=code, name=name, latitude=-3.0, longitude=104.7)
            for code, name in (("16.71.01", "Ilir Barat II"), ("16.71.02", "Seberang Ulu I"))
        }
        self.offices = {
            code: Kelurahan.objects.create(
                code=code,
                kecamatan=self.kecamatan[kecamatan],
                name=name,
                official_name=official,
                latitude=-3.0,
                longitude=104.7,
            )
            for kecamatan, code, name, official in OFFICES
        }
        self.ilir35, self.kemang, self.ulu34, self.ulu5 = self.offices.values()
        HoursPlan.objects.create(name="Jam layanan", **dict.fromkeys(HoursPlan.DAYS, "07:30-12:00,13:00-16:00"))
        self.counters: dict[int, list[Counter]] = {}
        self.cameras: dict[int, Camera] = {}
        for office in self.offices.values():
            camera = Camera.objects.create(kelurahan=office, name="Ruang pelayanan", url="rtsp://127.0.0.1:1/x")
            self.cameras[office.pk] = camera
            self.counters[office.pk] = [Counter.objects.create(kelurahan=office, name=f"Loket {n}") for n in (1, 2)]
            Zone.objects.create(camera=camera, subject=self.counters[office.pk][0].subject, polygon=SQUARE)
        role = Membership.Role
        self.walikota = member("walikota", role.MAYOR)
        self.ani = member("ani", role.OPERATOR)
        self.budi = member("budi", role.CAMAT, kecamatan=self.kecamatan["16.71.01"])
        self.citra = member("citra", role.CAMAT, kecamatan=self.kecamatan["16.71.02"])
        self.dewi = member("dewi", role.LURAH, kelurahan=self.ilir35)
        self.eko = member("eko", role.LURAH, kelurahan=self.ulu5)
        self.intan = member("intan", role.INSPECTOR)
        self.tamu = get_user_model().objects.create(username="tamu", password=hashed())

    def counter(self, office: Kelurahan, number: int = 1) -> Counter:
        """Return the counter of the office with this number, from 1."""
        return self.counters[office.pk][number - 1]

    def stand(self, counter: Counter, state: StandingState, since: datetime = MORNING, **more: Any) -> Standing:
        """Store the counter's standing as the ledger would have left it, and return it."""
        values = {"state": state, "since": since, "last_look_at": since} | more
        return Standing.objects.update_or_create(counter=counter, defaults=values)[0]

    def accuse(self, counter: Counter, minutes: int = 18, **more: Any) -> Alert:
        """Store an ABSENT standing and its open indication, `minutes` after the first empty look."""
        since = MORNING - timedelta(minutes=minutes)
        raised = since + timedelta(minutes=10)
        self.stand(counter, StandingState.ABSENT, raised, reason="absence", empty_since=since, last_look_at=MORNING)
        return Alert.objects.create(
            **{"counter": counter, "kind": AlertKind.ABSENCE, "since": since, "raised_at": raised} | more
        )


@cache
def hashed() -> str:
    """Return the hash of PASSWORD."""
    return make_password(PASSWORD)


def member(name: str, role: str, **scope: Any) -> User:
    """Create a user with PASSWORD and this role; `scope` names the kecamatan or the kelurahan."""
    user = get_user_model().objects.create(username=name, password=hashed())
    Membership.objects.create(user=user, role=role, **scope)
    return user


class OfficeTestCase(TestCase):
    """A TestCase with a World in `cls.world`, rolled back after each test."""

    world: World

    @classmethod
    def setUpTestData(cls) -> None:
        """Create the world once for the class."""
        cls.world = World()
