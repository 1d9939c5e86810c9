"""The three sentences at the top of a report and in its mail: plain, short, and consistent with its numbers."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Decision
from discipline.reports.numbers import rollups, summary, tables
from discipline.reports.numbers.figures import Sums, percent
from discipline.reports.numbers.period import Period, parse_period
from discipline.reports.numbers.places import Level, OrgUnit
from offices.hours.models import Closure, HolidayOverride
from tests.support.attendance import MONDAY
from tests.support.clock import wib
from tests.support.reported_week import CITY, EVENING, FRIDAY, WEEK, ReportedWeekCase

HOUR = 3600


@st.composite
def sums(draw: st.DrawFn) -> Sums:
    """The sums of a week in which any kind of data may be missing."""
    parts = draw(st.tuples(*[st.one_of(st.just(0), st.integers(0, 50_000))] * 5))
    counts = draw(st.tuples(*[st.integers(0, 30)] * 5))
    longest = draw(st.integers(0, parts[2]))
    names = ("staffed_s", "grace_s", "absent_s", "excused_s", "unknown_s")
    kinds = ("late_openings", "not_opened", "absences", "early_leaves", "excused")
    numbers = dict(zip(names + kinds, parts + counts, strict=True))
    return Sums.of({"counter_days": 5, "duty_s": sum(parts), "longest_s": longest} | numbers)


def day(of: object) -> Period:
    return parse_period(str(of), FRIDAY)


class Sentences(ReportedWeekCase):
    """Monday: 35 Ilir empty for 18 minutes, 3-4 Ulu blind; Tuesday: 35 Ilir 35 minutes late; no data afterwards."""

    @property
    def kecamatan(self) -> OrgUnit:
        return OrgUnit(Level.KECAMATAN, self.world.kecamatan["16.71.01"])

    def sentences_of(self, place: OrgUnit, period: Period) -> list[str]:
        with translation.override("id"):
            return summary.sentences(tables.build_report(place, period))

    def test_a_day_with_one_absence(self) -> None:
        assert self.sentences_of(self.kecamatan, day(MONDAY)) == [
            "Ada petugas di loket 98,0 % dari jam layanan yang dinilai, dengan cakupan 100,0 %; "
            "tidak ada pembanding dari hari sebelumnya.",
            "Ada indikasi 1 kali loket kosong; kosong terlama 18 menit di Kelurahan 35 Ilir.",
            "1 indikasi menunggu penjelasan.",
        ]

    def test_a_week_of_which_most_was_not_seen_is_not_judged(self) -> None:
        available, stood_out, waits = self.sentences_of(CITY, WEEK)
        assert available == "Tidak cukup data untuk menilai: cakupan 20,0 %, batasnya 60 %."
        assert stood_out == (
            "Ada indikasi 1 kali terlambat buka dan 1 kali loket kosong; "
            "kosong terlama 35 menit di Kecamatan Ilir Barat II; "
            "paling sering di Kecamatan Ilir Barat II (2 kali)."
        )
        assert waits == "2 indikasi menunggu penjelasan; kamera tidak melihat 80,0 % jam layanan."

    def test_what_was_explained_waits_for_the_decision_and_what_was_excused_for_nothing(self) -> None:
        word = decisions.DecisionStatement(DecisionAct.EXPLAINED, None, Decision.Reason.APEL, "Apel di kecamatan")
        decisions.record_decision(self.away, self.world.dewi, word, EVENING)
        assert self.sentences_of(CITY, WEEK)[2].startswith(
            "2 indikasi menunggu keputusan, 1 di antaranya belum dijelaskan; "
        )
        assert self.sentences_of(self.kecamatan, day(MONDAY))[2] == "1 indikasi menunggu keputusan."
        self.decide(self.away, DecisionAct.EXCUSED, Decision.Reason.APEL)
        rollups.recount_marked(EVENING)
        assert self.sentences_of(self.kecamatan, day(MONDAY))[1:] == [
            "Tidak ada indikasi selain yang mendapat izin: 1.",
            "Tidak ada indikasi yang menunggu penjelasan atau keputusan.",
        ]
        assert self.sentences_of(CITY, WEEK)[1].endswith("; 1 mendapat izin.")

    def test_a_day_without_duty_says_why(self) -> None:
        saturday = MONDAY - timedelta(days=2)
        HolidayOverride.objects.create(day=saturday, open=False, name="Hari jadi kota")
        assert self.sentences_of(CITY, day(saturday)) == [
            "Tidak ada jam layanan: Hari jadi kota.",
            "Tidak ada loket yang dinilai.",
            "Tidak ada indikasi yang menunggu penjelasan atau keputusan.",
        ]
        assert self.sentences_of(CITY, day(MONDAY - timedelta(days=3)))[0] == "Belum ada jam layanan yang tercatat."
        assert self.sentences_of(CITY, parse_period("2026-09", FRIDAY))[0] == "Tidak ada jam layanan yang tercatat."
        christmas = Period(WEEK.kind.DAY, *[MONDAY.replace(month=12, day=25)] * 2)
        assert self.sentences_of(CITY, christmas)[0].startswith("Tidak ada jam layanan: ")

    def test_a_closed_office_has_no_duty(self) -> None:
        start, end = wib("00:00", MONDAY), wib("23:59", MONDAY)
        office = self.world.ilir35
        Closure.objects.create(kelurahan=office, starts_at=start, ends_at=end, reason="Posyandu")
        rollups.bring_up_to_date(EVENING)
        rollups.rebuild_days(MONDAY, MONDAY, EVENING)
        assert self.sentences_of(OrgUnit(Level.COUNTER, self.one), day(MONDAY))[0] == "Tidak ada jam layanan."

    def compared(self, **now: int) -> str:
        shown = tables.build_report(self.kecamatan, day(MONDAY))
        before = Sums(1, 1000, staffed_s=900, absent_s=100)
        total = Sums.of({"counter_days": 1, "duty_s": 1000} | now)
        with translation.override("id"):
            return summary.sentences(replace(shown, total=total, before=before))[0].partition("; ")[2]

    def test_better_worse_and_the_same_as_it_is_shown(self) -> None:
        assert self.compared(staffed_s=912, absent_s=88) == "naik 1,2 poin persen dari hari sebelumnya (90,0 %)."
        assert self.compared(staffed_s=888, absent_s=112) == "turun 1,2 poin persen dari hari sebelumnya (90,0 %)."
        assert self.compared(staffed_s=900, grace_s=100) == "sama dengan hari sebelumnya."
        assert self.compared(excused_s=1000) == "tidak ada yang dinilai."

    def test_the_numbers_are_those_of_the_report(self) -> None:
        seconds = (30 * 60 * HOUR, 1_700 * HOUR, 20 * HOUR, 9 * HOUR)
        sums = Sums(40, *seconds, unknown_s=71 * HOUR, longest_s=4711, counts={"absences": 1234})
        shown = tables.build_report(CITY, WEEK)
        report = replace(shown, total=sums, before=replace(sums, staffed_s=0, absent_s=1_709 * HOUR))
        with translation.override("en"):
            available, stood_out, waits = summary.sentences(report)
        assert re.findall(r"[\d.]+", available.rstrip(".")) == [
            str(percent(sums.availability)),
            str(percent(sums.coverage)),
            str(percent(sums.availability)),
            "0.0",
        ]
        assert "1,234 unstaffed counters" in stood_out
        assert "1 hour 19 minutes" in stood_out
        assert f"{Decimal(100) - (percent(sums.coverage) or 0)} %" in waits

    def test_a_year_takes_no_more_questions_than_a_day(self) -> None:
        report = tables.build_report(CITY, parse_period("2026", FRIDAY))
        with self.assertNumQueries(1):
            summary.sentences(report)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(total=sums(), before=sums())
def test_whatever_the_numbers_are_the_words_fit_them(total: Sums, before: Sums) -> None:
    shown = replace(tables.build_report(CITY, WEEK), total=total, before=before)
    with translation.override("id"):
        sentences_of = summary.sentences(shown)
    assert len(sentences_of) == 3
    assert all(one.endswith(".") and "None" not in one and "%(" not in one for one in sentences_of)
    now, then = percent(total.availability), percent(before.availability)
    judged = total.enough(shown.floor)
    assert ("Ada petugas" in sentences_of[0]) == judged
    assert ("naik" in sentences_of[0]) == bool(
        judged and before.enough(shown.floor) and now and then is not None and now > then
    )
    assert ("turun" in sentences_of[0]) == bool(
        judged and before.enough(shown.floor) and then and now is not None and now < then
    )
    for number, word in (
        (total.counts["late_openings"], "terlambat buka"),
        (total.counts["not_opened"], "tidak buka"),
        (total.counts["absences"], "loket kosong"),
        (total.counts["early_leaves"], "pulang sebelum waktunya"),
    ):
        assert (f"{number} kali {word}" in sentences_of[1]) == bool(number)
