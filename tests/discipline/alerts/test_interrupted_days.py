"""Days on which the watch, or a camera, was away at the opening, in between, or at closing time."""

from datetime import datetime, timedelta

from discipline.alerts.case import case_file
from discipline.alerts.models import Alert
from discipline.board.kecamatan_offices import rows as kecamatan_rows
from discipline.staffing import ledger
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.staffing.models import Flip, StaffingRule, Standing
from offices.hours.duty import WIB
from offices.places.models import Counter
from streams.pixels.occupancy import Look, Sample
from tests.support.base import OfficeTestCase
from tests.support.clock import wib
from tests.support.story import RecordedDay

Found = tuple[str, str, str | None, str]


class InterruptedDay(OfficeTestCase):
    def setUp(self) -> None:
        self.loket: Counter = self.world.counter(self.world.ilir35)
        StaffingRule.objects.create()
        self.day = RecordedDay(self.loket)

    def alerts(self) -> list[Found]:
        """Return (kind, since, end, ended by) of the accusations that count, and check that they come out again."""
        own = Alert.objects.filter(counter=self.loket)
        standing = Standing.objects.get(pk=self.loket.pk)
        now = max(standing.since, standing.last_look_at or standing.since)
        for alert in own:
            assert case_file.recheck(case_file.open_case(alert, now)).same, alert
        counted = own.filter(kind__in=ACCUSATIONS, superseded_by=None).order_by("since", "pk")
        return [(a.kind, _clock(a.since), _clock(a.ended_at) if a.ended_at else None, a.ended_by) for a in counted]

    def flips(self, count: int) -> list[tuple[str, str, str]]:
        last = Flip.objects.filter(counter=self.loket).order_by("-pk")[:count]
        return [(_clock(flip.at), flip.new, flip.reason) for flip in reversed(last)]

    def board_group(self) -> str:
        return kecamatan_rows.office_row(self.world.ilir35)["counters"][0]["group"]


def _clock(at: datetime) -> str:
    return f"{at.astimezone(WIB):%H:%M:%S}"


class Closing(InterruptedDay):
    def setUp(self) -> None:
        super().setUp()
        self.day.sees(Look.STAFFED, "07:29", "15:00")
        self.day.sees(Look.EMPTY, "15:00", "15:50")

    def test_a_watch_that_died_before_closing_leaves_an_absence_until_then_and_a_day_that_ends(self) -> None:
        ledger.sweep_deadlines(wib("07:00", 24))  # everything was down until the next morning
        assert self.flips(2) == [("15:50:55", "unknown", "stale"), ("16:00:00", "closed", "")]
        assert self.alerts() == [("absence", "15:00:00", "15:50:55", "unknown")]
        assert not Alert.objects.filter(ended_at=None).exists()

    def test_a_camera_that_fails_until_after_closing_accuses_nobody_of_leaving_early(self) -> None:
        self.day.sees(Look.BLIND, "15:50", "16:05", "offline")
        self.day.sees(Look.EMPTY, "16:05", "16:10")
        assert self.flips(2) == [("15:50:00", "unknown", "offline"), ("16:00:00", "closed", "")]
        assert self.alerts() == [("absence", "15:00:00", "15:50:00", "unknown")]
        assert not Alert.objects.filter(ended_at=None).exists()

    def test_without_the_whole_closing_window_seen_it_is_no_early_leave(self) -> None:
        self.day.sees(Look.BLIND, "15:50", "15:50:05", "dark")
        self.day.sees(Look.EMPTY, "15:50:05", "16:00:30")
        assert self.alerts() == [("absence", "15:00:00", "15:50:00", "unknown")]

    def test_looks_that_were_written_only_after_closing_still_tell_how_the_day_ended(self) -> None:
        at, looks = wib("15:50"), []
        while at < wib("16:00:10"):
            looks.append(Sample(self.loket.pk, at, Look.EMPTY, 0))
            at += timedelta(seconds=5)
        ledger.record_samples(looks, wib("16:20"))  # the database was away meanwhile
        assert self.alerts() == [("early_leave", "15:00:00", "16:00:00", "closed")]

    def test_a_restart_before_the_closing_window_makes_it_one_early_leave(self) -> None:
        day = RecordedDay(self.world.counter(self.world.kemang))
        self.loket = day.counter
        day.sees(Look.STAFFED, "12:59", "15:00")
        day.sees(Look.EMPTY, "15:00", "15:30")
        day.sweep("15:35")
        day.sees(Look.EMPTY, "15:35", "16:00:30")
        assert self.alerts() == [("early_leave", "15:00:00", "16:00:00", "closed")]


class Opening(InterruptedDay):
    def test_a_restart_within_a_minute_changes_nothing(self) -> None:
        self.day.sees(Look.EMPTY, "07:29", "08:00")
        self.day.sees(Look.EMPTY, "08:00:50", "08:20")
        assert self.alerts() == [("late_opening", "07:30:00", None, "")]
        assert self.board_group() == "late"

    def test_a_late_opening_that_a_restart_interrupted_stays_one_on_page_and_board(self) -> None:
        self.day.sees(Look.EMPTY, "07:29", "08:00")
        self.day.sweep("08:03")
        self.day.sees(Look.EMPTY, "08:03", "08:20")
        assert self.flips(1) == [("08:13:00", "absent", "absence")], "staff may have come and gone meanwhile"
        assert self.alerts() == [("late_opening", "07:30:00", None, "")]
        assert self.board_group() == "late"

    def test_after_more_than_the_grace_unseen_nobody_knows_whether_it_opened_in_time(self) -> None:
        self.day.sees(Look.EMPTY, "07:29", "08:00")
        self.day.sweep("08:15")
        self.day.sees(Look.EMPTY, "08:15", "08:40")
        self.day.sees(Look.STAFFED, "08:40", "08:41")
        assert self.alerts() == [
            ("late_opening", "07:30:00", "08:00:55", "unknown"),
            ("absence", "08:15:00", "08:40:00", "staffed"),
        ]

    def test_a_watch_that_started_after_the_opening_calls_nobody_late(self) -> None:
        ledger.sweep_deadlines(wib("07:29"))
        self.day.sees(Look.EMPTY, "08:15", "08:40")
        self.day.sees(Look.STAFFED, "08:40", "08:41")
        assert self.alerts() == [("absence", "08:15:00", "08:40:00", "staffed")]

    def test_a_counter_without_staff_all_day_did_not_open_once(self) -> None:
        self.day.sees(Look.EMPTY, "07:29", "12:00:30")
        assert self.alerts() == [("not_opened", "07:30:00", "12:00:00", "closed")]
        self.day.sees(Look.EMPTY, "12:59", "16:00:30")
        assert self.alerts() == [("not_opened", "07:30:00", "16:00:00", "closed")]
