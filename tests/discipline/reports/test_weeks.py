"""The twelve weeks of an office as a small line: gaps where too little was seen, and the same in words."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from discipline.reports.numbers import rollups
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.pages.weeks import WEEKS, sparkline, sparkline_words, sparklines, weeks_until
from offices.hours.schedule import local_day
from tests.support.attendance import blind
from tests.support.past_week import PastWeekCase
from tests.support.reading import Page


def test_the_weeks_end_with_the_day() -> None:
    period = weeks_until(date(2026, 11, 18))
    assert (period.first, period.last) == (date(2026, 8, 31), date(2026, 11, 18))


def test_a_line_breaks_where_too_little_was_seen() -> None:
    drawn = sparkline([0.9, 1.0, None, 0.95, None, 0.8, 0.8], 0.8)
    assert drawn.lines == ["5.0,12.0 15.0,3.0", "55.0,21.0 65.0,21.0"]
    assert [x for x, _ in drawn.dots] == ["35.0", "65.0"]  # one alone, and the newest
    assert sparkline([None] * WEEKS, 0.9).lines == []


def test_the_words_name_what_is_missing() -> None:
    with override("id"):
        assert sparkline_words([None, None]) == "12 minggu: tidak cukup data"
        assert sparkline_words([0.9, 0.8, 1.0]) == "12 minggu: awal 90,0 %, terendah 80,0 %, terakhir 100,0 %"
        assert sparkline_words([0.9, None]).endswith("; 1 minggu tidak cukup data")


class Lines(PastWeekCase):
    def test_each_level_has_lines_by_the_keys_of_its_parts(self) -> None:
        past = self.past
        blind(past.one, past.monday - timedelta(7))
        rollups.rebuild_days(past.monday - timedelta(7), past.friday, past.evening)
        city, last = OrgUnit(Level.CITY), past.friday
        keys = {level: set(sparklines(city, last, level, 60)) for level in (Level.KECAMATAN, Level.COUNTER)}
        assert keys[Level.KECAMATAN] == {"16.71.01", "16.71.02"}
        assert keys[Level.COUNTER] == {f"loket-{one.pk}" for one in (past.one, past.two, past.twin, past.far)}
        with self.assertNumQueries(1):
            found = sparklines(city, last, Level.KELURAHAN, 60)
        assert found["16.71.01.1001"].words.endswith("; 11 minggu tidak cukup data")

    def test_the_ranking_and_the_offices_page_draw_them(self) -> None:
        self.client.force_login(self.world.walikota)
        today = local_day(timezone.now())
        for address in (
            reverse("report", args=["16.71.01", self.past.week.key]),
            reverse("office", args=["16.71.01.1001"]),
        ):
            page = Page(self.client.get(address))
            lines = [one for one in page.elements if one.attributes.get("class") == "sparkline"]
            assert lines[0].attributes["aria-label"].endswith("; 11 minggu tidak cukup data"), address
        links = [link.attributes["href"] for link in page.links]
        assert f"/laporan/16.71.01.1001/{weeks_until(today).key}/" in links
        assert "weeks-title" not in self.client.get(reverse("office", args=["16.71.02.1005"])).content.decode()
