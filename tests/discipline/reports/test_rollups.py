"""Daily tallies of counters: stored, recounted when the past changes, and the same when rebuilt from scratch."""

from datetime import timedelta

import pytest
from django.forms import model_to_dict
from django.http import Http404

from discipline.alerts.decisions.rule import DecisionAct
from discipline.reports.numbers import background, rollups, tables
from discipline.reports.numbers.figures import Sums
from discipline.reports.numbers.models import Band, DayTally
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.places import Level, OrgUnit, default_place, place_for
from discipline.staffing.models import Flip, Recount, StandingState
from discipline.staffing.recount import request_recount
from offices.hours.models import Closure
from offices.places.models import Counter
from tests.support.attendance import MONDAY, flip
from tests.support.base import OfficeTestCase
from tests.support.clock import wib
from tests.support.reported_week import CITY, EVENING, FRIDAY, TUESDAY, WEEK, ReportedWeekCase

HOUR = 3600


def kept() -> list[dict[str, object]]:
    rows = DayTally.objects.order_by("counter", "day")
    return [model_to_dict(row, exclude=["id"]) for row in rows]


class Kept(ReportedWeekCase):
    def test_a_day_holds_what_its_flips_add_up_to(self) -> None:
        row = self.row(self.one, MONDAY)
        assert (row.duty_s, row.staffed_s, row.absent_s, row.longest_s) == (7.5 * HOUR, 7.2 * HOUR, 1080, 1080)
        assert (row.counts["absences"], row.counts["late_openings"], row.why) == (1, 0, "Jam layanan")
        assert (row.staffed_by_hour[10], row.counted_by_hour[10], row.counted_by_hour[12]) == (2520, 3600, 0)
        late = self.row(self.one, TUESDAY)
        assert (late.late_s, late.counts["late_openings"]) == (35 * 60, 1)
        assert self.row(self.far, MONDAY).unknown_s == 7.5 * HOUR

    def test_a_day_nobody_watched_is_unknown_and_before_the_first_flip_there_is_none(self) -> None:
        assert self.row(self.two, FRIDAY).unknown_s == 7.5 * HOUR
        assert not DayTally.objects.filter(day__lt=MONDAY).exists()
        assert not DayTally.objects.filter(counter=self.world.counter(self.world.ulu5)).exists()

    def test_rebuilt_from_flips_the_rows_are_the_same(self) -> None:
        before = kept()
        assert rollups.rebuild_days(MONDAY, FRIDAY, EVENING) == 0  # nothing differs
        DayTally.objects.all().delete()
        assert rollups.rebuild_days(MONDAY, FRIDAY, EVENING) == len(before)
        assert kept() == before

    def test_days_kept_one_by_one_are_those_of_a_rebuild(self) -> None:
        before = kept()
        DayTally.objects.all().delete()
        for day in range(5):
            for clock in ("08:00", "10:10", "16:30", "23:59"):
                rollups.bring_up_to_date(wib(clock, MONDAY + timedelta(days=day)))
        assert kept() == before

    def test_a_beat_that_stood_still_makes_up_the_days_it_missed(self) -> None:
        before = kept()
        DayTally.objects.filter(day__gt=MONDAY).delete()
        rollups.bring_up_to_date(EVENING)
        assert kept() == before

    def test_today_is_judged_until_now(self) -> None:
        rollups.rebuild_days(MONDAY, MONDAY, wib("10:12", MONDAY))
        row = self.row(self.one, MONDAY)
        assert (row.duty_s, row.until) == (2.7 * HOUR, wib("10:12", MONDAY))

    def test_a_late_flip_of_yesterday_is_counted_until_the_morning(self) -> None:
        flip(self.two, wib("07:30", FRIDAY), StandingState.CLOSED, StandingState.STAFFED)
        rollups.bring_up_to_date(wib("05:00", FRIDAY + timedelta(days=1)))
        assert self.row(self.two, FRIDAY).staffed_s == 7.5 * HOUR

    def test_a_closure_granted_afterwards_takes_the_duty_away_and_keeps_the_indication(self) -> None:
        Closure.objects.create(
            kelurahan=self.world.ilir35, starts_at=wib("07:00", MONDAY), ends_at=wib("17:00", MONDAY), reason="Apel"
        )
        request_recount(MONDAY, MONDAY, [self.one.pk], "closure")
        rollups.recount_marked(EVENING)
        row = self.row(self.one, MONDAY)
        assert (row.duty_s, row.counts["absences"], row.why) == (0, 1, "Apel")

    def test_marks_of_the_future_are_none_and_done_ones_are_gone(self) -> None:
        request_recount(FRIDAY + timedelta(days=5000), FRIDAY + timedelta(days=6000), None, "plan")
        assert not Recount.objects.exists()
        request_recount(MONDAY, TUESDAY, None, "plan")
        assert tables.is_recounting(CITY, WEEK)
        rollups.recount_marked(EVENING)
        assert not tables.is_recounting(CITY, WEEK)


class Decided(ReportedWeekCase):
    def test_an_excuse_granted_late_moves_the_minutes_and_the_count(self) -> None:
        self.decide(self.away, DecisionAct.EXCUSED, "apel")
        assert tables.is_recounting(OrgUnit(Level.KELURAHAN, self.world.ilir35), WEEK)
        assert not tables.is_recounting(OrgUnit(Level.KELURAHAN, self.world.kemang), WEEK)
        rollups.recount_marked(EVENING)
        row = self.row(self.one, MONDAY)
        assert (row.absent_s, row.excused_s, row.counts["absences"], row.excused) == (0, 1080, 0, 1)

    def test_a_false_alarm_was_staffed_or_is_unknown(self) -> None:
        self.decide(self.away, DecisionAct.FALSE_ALARM, "staff_there")
        self.decide(self.late, DecisionAct.FALSE_ALARM, "camera_wrong")
        rollups.recount_marked(EVENING)
        assert self.row(self.one, MONDAY).staffed_s == 7.5 * HOUR
        row = self.row(self.one, TUESDAY)
        assert (row.late_s, row.absent_s, row.unknown_s, row.counts["late_openings"]) == (0, 0, 35 * 60, 0)


class Tables(ReportedWeekCase):
    def test_parts_add_up_to_the_whole_at_every_level(self) -> None:
        whole = tables.total_sums(CITY, WEEK)
        assert whole.indications == 2
        for level in (Level.KECAMATAN, Level.KELURAHAN, Level.COUNTER):
            assert tables.add_sums(line.sums for line in tables.part_lines(CITY, WEEK, level)) == whole
        assert tables.add_sums(line.sums for line in tables.day_lines(CITY, WEEK)) == whole
        assert tables.add_sums(line.sums for line in tables.trend_lines(WEEK, tables.day_lines(CITY, WEEK))) == whole
        counted = sum(counted for _, counted in tables.hourly_availability(CITY, WEEK).values())
        assert counted == whole.counted_s

    def test_every_number_has_its_indications(self) -> None:
        for key in ("16.71.01", "16.71.01.1001", f"loket-{self.one.pk}", "16.71.02", "kota"):
            place = place_for(self.world.walikota, key)
            sums = tables.total_sums(place, WEEK)
            assert tables.counted_indications(place, WEEK).count() == sums.indications + sums.excused

    def test_offices_without_a_row_are_in_the_table_too(self) -> None:
        names = {line.name: line.sums for line in tables.part_lines(CITY, WEEK, Level.KELURAHAN)}
        assert set(names) == {"35 Ilir", "Kemang Manis", "3-4 Ulu", "5 Ulu"}
        assert names["5 Ulu"] == Sums()

    def test_a_report_says_what_was_before_and_how_far_it_reaches(self) -> None:
        found = tables.build_report(CITY, parse_period("2026-11-17", FRIDAY))
        assert (found.total.counts["late_openings"], found.before.counts["absences"]) == (1, 1)
        assert found.until == wib("16:00", TUESDAY)
        assert [line.name for line in found.lines] == ["Ilir Barat II", "Seberang Ulu I"]

    def test_bands_count_days_by_the_minutes_and_by_their_validity(self) -> None:
        late = {"kind": "late", "from_minute": 31, "to_minute": 60}
        Band.objects.create(name="TL 2 lama", valid_to=MONDAY, **late)
        Band.objects.create(name="TL 2", valid_from=TUESDAY, **late)
        Band.objects.create(name="TL 1", kind="late", from_minute=1, to_minute=30)
        found = {one.band.name: one.counter_days for one in background.count_bands(CITY, WEEK)}
        assert found == {"TL 1": 0, "TL 2 lama": 0, "TL 2": 1}

    def test_a_retired_counter_stays_in_the_reports_of_its_time(self) -> None:
        Counter.objects.filter(pk=self.one.pk).update(active=False)
        rollups.bring_up_to_date(wib("09:00", FRIDAY + timedelta(days=3)))
        assert tables.total_sums(CITY, WEEK).indications == 2
        next_week = tables.part_lines(CITY, WEEK.after, Level.COUNTER)
        assert f"loket-{self.one.pk}" not in {line.key for line in next_week}


class Scopes(OfficeTestCase):
    def test_a_place_out_of_scope_is_not_found(self) -> None:
        world = self.world
        counter = f"loket-{world.counter(world.ilir35).pk}"
        open_to = {
            "kota": (world.walikota, world.ani, world.intan),
            "16.71.01": (world.walikota, world.ani, world.intan, world.budi),
            "16.71.01.1001": (world.walikota, world.ani, world.intan, world.budi, world.dewi),
            counter: (world.walikota, world.ani, world.intan, world.budi, world.dewi),
            "loket-x": (),
            "99.99": (),
        }
        everybody = (world.walikota, world.ani, world.intan, world.budi, world.citra, world.dewi, world.eko, world.tamu)
        for key, allowed in open_to.items():
            for user in everybody:
                if user in allowed:
                    assert place_for(user, key).key == key
                else:
                    with pytest.raises(Http404):
                        place_for(user, key)

    def test_reports_begin_at_the_widest_place_in_scope(self) -> None:
        world = self.world
        found = [default_place(user) for user in (world.walikota, world.budi, world.dewi, world.tamu)]
        assert [place.key if place else None for place in found] == ["kota", "16.71.01", "16.71.01.1001", None]


class Chain(OfficeTestCase):
    def test_a_day_without_flips_stands_as_the_next_flip_says_it_was(self) -> None:
        counter = self.world.counter(self.world.ilir35)
        flip(counter, wib("07:30", MONDAY), StandingState.CLOSED, StandingState.STAFFED)
        # No flip on Tuesday: hours around the clock, or the same state all day.
        flip(counter, wib("09:00", MONDAY + timedelta(days=2)), StandingState.STAFFED, StandingState.UNKNOWN, "offline")
        assert Flip.objects.count() == 2
        rollups.rebuild_days(MONDAY, TUESDAY, EVENING)
        assert DayTally.objects.get(counter=counter, day=TUESDAY).staffed_s == 7.5 * HOUR
