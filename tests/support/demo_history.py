"""Test cases of the demo with twelve of its offices, without and with a generated history."""

from datetime import UTC, date, datetime
from io import StringIO

from django.core.management import call_command
from django.test import TestCase

from discipline.core.models import DemoHistory
from discipline.tools.demo import make_history, seeding
from offices.hours.models import HolidayOverride
from offices.places.models import Kelurahan
from streams.setup.probe import CameraSnapshot

NOW = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # Monday 11.30 WIB
DAYS = 20  # of the history
SEED = 4  # of its random numbers
HOLIDAY = date(2026, 11, 10)


def quiet(*_: object) -> None:
    """Ignore the lines of progress that writing and deleting a history report."""


class DemoTestCase(TestCase):
    """The demo after its first start, with twelve of its offices."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Create the demo once for the class, with a holiday of the city."""
        call_command("load_offices", verbosity=0, stdout=StringIO())
        Kelurahan.objects.exclude(kecamatan__name__in=["Ilir Barat I", "Kemuning"]).delete()
        seeding.seed_demo(
            address=lambda number: f"rtsp://127.0.0.1:8554/cam{number:03d}",
            view=lambda _number: seeding.DemoView(
                [(0.1, 0.1), (0.9, 0.1), (0.5, 0.9)], CameraSnapshot(b"jpeg", b"seen", NOW)
            ),
            now=NOW,
            settle_s=25,
        )
        HolidayOverride.objects.create(day=HOLIDAY, open=False, name="Hari libur kota")


class DemoHistoryTestCase(DemoTestCase):
    """The demo with a history of DAYS days in `cls.past`."""

    past: DemoHistory

    @classmethod
    def setUpTestData(cls) -> None:
        """Write the history once for the class; that takes about a second."""
        super().setUpTestData()
        cls.past = make_history.create_history(DAYS, SEED, NOW, quiet)[0]
