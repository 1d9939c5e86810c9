"""The cards of a report: who is lowest, who changed, who is praised, and that nobody unseen is named."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from discipline.reports.numbers import tables
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import Period, parse_period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.pages.standouts import Standouts, standouts
from offices.hours.schedule import ZONE
from offices.places.models import Counter, Kelurahan
from tests.support.base import OfficeTestCase
from tests.support.reading import Page

CITY = OrgUnit(Level.CITY)
TODAY = date(2026, 11, 30)
NOVEMBER = parse_period("2026-11", TODAY)
DUTY = 10_000  # seconds a day


def tally(counter: Counter, day: date, staffed: int, unknown: int = 0, absences: int = 0) -> DayTally:
    """Return the unsaved row of a day with DUTY seconds, `staffed` and `unknown` of them; the others are absent."""
    absent = DUTY - staffed - unknown
    return DayTally(
        counter=counter,
        day=day,
        duty_s=DUTY,
        staffed_s=staffed,
        grace_s=0,
        absent_s=absent,
        excused_s=0,
        unknown_s=unknown,
        late_s=0,
        early_s=0,
        longest_s=absent,
        absences=absences,
        excused=0,
        staffed_by_hour=[0] * 8 + [3600] + [0] * 15,
        counted_by_hour=[0] * 8 + [3600] + [0] * 15,
        why="",
        until=datetime(day.year, day.month, day.day, 16, tzinfo=ZONE),
    )


class Cards(OfficeTestCase):
    """Offices A to H in a month, by staffed seconds in October and November.

    C was blind in November, D in October, E is flawless, F began in the middle of November.
    """

    MONTHS = {"A": (9000, 8000), "B": (8000, 9500), "C": (9900, None), "D": (None, 9700), "E": (10_000, 10_000)}

    counters: ClassVar[dict[str, Counter]]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        kecamatan = cls.world.kecamatan["16.71.02"]
        rows: list[DayTally] = []
        cls.counters = {}
        for name in "ABCDEF":
            office = Kelurahan.objects.create(
                code=f"16.71.02.300{ord(name) - ord('A')}",
                kecamatan=kecamatan,
                name=name,
                latitude=-3,
                longitude=104.7,
            )
            cls.counters[name] = office.counters.create(name="Loket 1")
        day = date(2026, 10, 1)
        while day < date(2026, 12, 1):
            for name, months in cls.MONTHS.items():
                seconds = months[day.month - 10]
                seen = (100, 9900) if seconds is None else (seconds, 0)
                rows.append(tally(cls.counters[name], day, *seen, absences=int(name == "A")))
            if day.month == 11 and day.day > 14:
                rows.append(tally(cls.counters["F"], day, 9800))
            day += timedelta(days=1)
        DayTally.objects.bulk_create(rows)

    def found(self, period: Period = NOVEMBER) -> Standouts:
        found = standouts(tables.build_report(CITY, period))
        assert found
        return found

    def test_the_lowest_are_those_that_were_seen(self) -> None:
        found = self.found()
        assert [(one.line.name, one.availability) for one in found.lowest] == [("A", 80), ("B", 95)]
        offices = Kelurahan.objects.count()
        assert (found.judged, found.unjudged) == (5, offices - 5)

    def test_changes_are_against_a_month_in_which_the_office_was_seen_too(self) -> None:
        found = self.found()
        assert [(one.line.name, one.change) for one in found.improved] == [("B", 15)]
        assert [(one.line.name, one.change) for one in found.worsened] == [("A", -10)]
        assert found.compared == 3

    def test_praise_needs_thirty_days_of_coverage(self) -> None:
        praise = self.found().praise
        assert [line.name for line in praise.offices] == ["E", "D"]  # B is among the lowest
        assert (praise.judged, praise.period.days, praise.period.last) == (4, 30, date(2026, 11, 30))
        DayTally.objects.filter(counter=self.counters["E"], day=TODAY).update(absences=1)
        assert [line.name for line in self.found().praise.offices] == ["D"]
        DayTally.objects.filter(counter=self.counters["D"], day__gte=date(2026, 11, 20)).delete()
        assert self.found().praise.offices == []

    def test_a_day_and_a_single_office_have_no_cards(self) -> None:
        office = OrgUnit(Level.KELURAHAN, self.counters["A"].kelurahan)
        assert standouts(tables.build_report(office, NOVEMBER)) is None
        assert standouts(tables.build_report(CITY, parse_period("2026-11-30", TODAY))) is None
        assert standouts(tables.build_report(CITY, parse_period("2026-09", TODAY))) is None

    def test_the_page_names_them_and_asks_no_more_for_more_offices(self) -> None:
        self.client.force_login(self.world.walikota)
        address = reverse("report", args=["kota", NOVEMBER.key])
        with CaptureQueriesContext(connection) as asked:
            page = Page(self.client.get(address))
        assert page.numbers["praised"] == "2"
        names = {row.attributes["data-standout"][-1] for row in page.rows("standout")}
        assert names == {"0", "1"}
        more = Kelurahan.objects.create(
            code="16.71.02.3999",
            kecamatan=self.world.kecamatan["16.71.02"],
            name="Z",
            latitude=-3,
            longitude=104.7,
        ).counters.create(name="Loket 1")
        DayTally.objects.bulk_create(tally(more, date(2026, 11, 1) + timedelta(n), 5000) for n in range(30))
        with self.assertNumQueries(len(asked)):
            assert "Z" in Page(self.client.get(address)).text
