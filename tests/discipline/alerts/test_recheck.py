"""Recomputing an indication from the stored looks."""

import json
from datetime import timedelta
from io import StringIO
from threading import Thread
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from discipline.alerts.case import case_file
from discipline.alerts.models import Alert
from discipline.staffing import ledger
from discipline.staffing.alert_kinds import ACCUSATIONS, AlertKind
from discipline.staffing.models import Flip, StaffingRule
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import OccupancySpan
from streams.pixels.occupancy import Look
from tests.support.base import OfficeTestCase, World
from tests.support.clock import wib
from tests.support.story import RecordedDay, absence_of_eighteen_minutes


def recheck(alert: Alert, clock: str = "17:00") -> case_file.Recheck:
    return case_file.recheck(case_file.open_case(alert, wib(clock)))


class Rechecking(OfficeTestCase):
    def setUp(self) -> None:
        self.loket: Counter = self.world.counter(self.world.ilir35)
        StaffingRule.objects.create()

    def test_an_absence_comes_out_as_it_was(self) -> None:
        found = recheck(absence_of_eighteen_minutes(self.loket), "10:05")
        assert found.same
        assert [flip.new for flip in found.flips_again] == ["grace", "absent", "staffed"]

    def test_an_indication_that_goes_on_is_judged_as_far_as_it_is_known(self) -> None:
        day = RecordedDay(self.loket)
        day.sees(Look.STAFFED, "07:29", "09:00")
        day.sees(Look.EMPTY, "09:00", "09:12")
        found = recheck(Alert.objects.get(), "09:12:01")
        assert found.same
        assert found.again is not None
        assert found.again.ended_at is None

    def test_flips_that_the_alerts_do_not_show_yet_are_left_out(self) -> None:
        day = RecordedDay(self.loket)
        day.sees(Look.STAFFED, "07:29", "09:00")
        day.sees(Look.EMPTY, "09:00", "09:12")
        with patch.object(ledger, "_publish"):  # the ledger has committed, and died before it published
            day.sees(Look.STAFFED, "09:12", "09:13")
        alert = Alert.objects.get()
        assert alert.ended_at is None
        found = recheck(alert, "09:13")
        assert found.same
        assert found.again is not None
        assert found.again.ended_at is None
        ledger.publish_outbox()
        assert recheck(alert, "09:13").stored.ended_at == wib("09:12"), "its dates are read anew"

    def test_every_kind_of_a_bad_day_comes_out_as_it_was(self) -> None:
        day = RecordedDay(self.loket, every_s=10)
        day.sees(Look.EMPTY, "07:29", "10:00")
        day.sees(Look.STAFFED, "10:00", "10:30")
        day.sees(Look.BLIND, "10:30", "10:40", reason="covered")
        day.sweep("10:39")
        day.sees(Look.STAFFED, "10:40", "11:00")
        day.sees(Look.EMPTY, "11:03", "11:30")
        day.sees(Look.STAFFED, "11:30", "15:00")
        day.sees(Look.EMPTY, "15:00", "16:00:30")
        kinds = ["late_opening", "not_opened", "blinded", "camera_fault", "absence", "absence", "early_leave"]
        alerts = Alert.objects.filter(counter=self.loket).order_by("raised_at", "pk")
        assert [alert.kind for alert in alerts] == kinds
        for alert in alerts:
            with self.subTest(alert.kind):
                assert recheck(alert).same

    def test_an_interrupted_emptiness_is_one_indication_and_comes_out_as_it_was(self) -> None:
        day, mine = RecordedDay(self.loket), Alert.objects.filter(counter=self.loket)
        day.sees(Look.STAFFED, "07:29", "10:00")
        day.sees(Look.EMPTY, "10:00", "10:29:05")
        day.sweep("10:30:01")
        day.sees(Look.EMPTY, "10:30:02", "10:41")
        alert = mine.get()
        assert (alert.ended_at, alert.ended_by) == (None, "")
        assert recheck(alert, "10:41").same
        day.sees(Look.STAFFED, "10:41", "14:30")
        day.sees(Look.EMPTY, "14:30", "15:30")
        day.sees(Look.BLIND, "15:30", "15:31", reason="dark")
        day.sees(Look.EMPTY, "15:31", "16:00:30")
        alert.refresh_from_db()
        assert (alert.since, alert.ended_at, alert.unknown_s) == (wib("10:00"), wib("10:41"), 2)
        assert alert.lasting_s(wib("17:00")) == 41 * 60 - 2
        leave = mine.get(kind=AlertKind.EARLY_LEAVE)
        assert (leave.since, leave.unknown_s) == (wib("14:30"), 60)
        assert set(Alert.objects.counted().filter(counter=self.loket, kind__in=ACCUSATIONS)) == {alert, leave}
        for one in mine.all():
            assert recheck(one).same

    def test_a_late_opening_that_was_interrupted_stays_one(self) -> None:
        day = RecordedDay(self.loket)
        day.sees(Look.EMPTY, "07:29", "08:30")
        day.sees(Look.BLIND, "08:30", "08:30:05", reason="dark")
        day.sees(Look.EMPTY, "08:30:05", "09:00")
        day.sees(Look.STAFFED, "09:00", "09:01")
        alert = Alert.objects.get()
        assert (alert.kind, alert.since, alert.ended_at) == (AlertKind.LATE_OPENING, wib("07:30"), wib("09:00"))
        assert recheck(alert).same

    def test_a_counter_not_opened_that_was_interrupted_is_no_early_leave(self) -> None:
        day = RecordedDay(self.loket, every_s=10)
        day.sees(Look.EMPTY, "07:29", "12:00:30")
        Alert.objects.filter(superseded_by=None).get(kind=AlertKind.NOT_OPENED)
        day.sees(Look.EMPTY, "12:59:30", "14:00")
        day.sees(Look.BLIND, "14:00", "14:00:30", reason="dark")
        day.sees(Look.EMPTY, "14:00:30", "16:00:30")
        for one in Alert.objects.all():
            assert recheck(one).same, one.kind
        assert not Alert.objects.counted().filter(ended_by="unknown").exists()

    def test_a_counter_first_watched_in_the_middle_of_the_morning(self) -> None:
        day = RecordedDay(self.loket)
        day.sees(Look.EMPTY, "09:00", "09:15")
        alert = Alert.objects.get()
        assert alert.kind == AlertKind.ABSENCE
        assert recheck(alert, "09:15").same

    def test_a_counter_that_was_watched_before_but_not_at_the_opening(self) -> None:
        yesterday = wib("07:30", 20)
        Flip.objects.create(
            counter=self.loket, at=yesterday, old="closed", new="staffed", since=yesterday, noticed_at=yesterday
        )
        day = RecordedDay(self.loket)
        day.sees(Look.EMPTY, "09:00", "09:15")
        found = recheck(Alert.objects.get(), "09:15")
        assert found.same
        assert found.flips_again[0].at == wib("09:00")

    def test_a_counter_that_is_no_longer_watched(self) -> None:
        alert = absence_of_eighteen_minutes(self.loket)
        Counter.objects.filter(pk=self.loket.pk).update(active=False)
        assert recheck(alert).same

    def test_a_span_taken_away_shows(self) -> None:
        alert = absence_of_eighteen_minutes(self.loket)
        OccupancySpan.objects.filter(look="empty").delete()
        found = recheck(alert)
        assert not found.same
        assert found.again is None

    def test_looks_that_were_moved_show(self) -> None:
        alert = absence_of_eighteen_minutes(self.loket)
        OccupancySpan.objects.filter(look="empty").update(started_at=wib("09:30"))
        assert not recheck(alert).same

    def test_a_flip_that_was_moved_shows(self) -> None:
        alert = absence_of_eighteen_minutes(self.loket)
        flip = Flip.objects.get(new="absent")
        Flip.objects.filter(pk=flip.pk).update(at=flip.at - timedelta(minutes=1))
        assert not recheck(alert).same

    def test_an_indication_backdated_by_a_minute_shows(self) -> None:
        alert = absence_of_eighteen_minutes(self.loket)
        Alert.objects.update(since=alert.since - timedelta(minutes=1))
        alert.refresh_from_db()
        assert not recheck(alert).same

    def test_hours_taken_away_afterwards_show(self) -> None:
        alert = absence_of_eighteen_minutes(self.loket)
        HoursPlan.objects.all().delete()
        found = recheck(alert)
        assert (found.same, found.again, found.flips_again) == (False, None, ())


class Command(OfficeTestCase):
    def setUp(self) -> None:
        self.alert = absence_of_eighteen_minutes(self.world.counter(self.world.ilir35))

    def replay(self, **options: Any) -> str:
        out = StringIO()
        call_command("replay", alert=self.alert.pk, stdout=out, **options)
        return out.getvalue()

    def test_the_command_says_sama(self) -> None:
        output = self.replay()
        assert output.startswith(f"indication {self.alert.pk} (Loket kosong: Loket 1, 35 Ilir): sama\n")
        assert "since 2026-11-23 09:42:05.000" in output

    def test_the_command_says_berbeda_and_what_and_fails(self) -> None:
        Flip.objects.filter(new="absent").update(at=wib("09:50"))
        out = StringIO()
        with pytest.raises(SystemExit) as stopped:
            call_command("replay", alert=self.alert.pk, stdout=out)
        assert stopped.value.code == 1
        assert ": berbeda\n" in out.getvalue()
        assert "flip only stored  at 2026-11-23 09:50:00.000" in out.getvalue()
        assert "flip only again   at 2026-11-23 09:52:05.000" in out.getvalue()

    def test_a_program_reads_what_it_stands_on(self) -> None:
        result = json.loads(self.replay(json=True))
        assert (result["alert"], result["same"]) == (self.alert.pk, True)
        assert result["stored"] == result["again"]
        assert result["again"]["since"] == "2026-11-23T02:42:05Z"
        assert result["rule"]["absence_grace_s"] == 600
        assert result["duty"][0] == ["2026-11-23T00:30:00Z", "2026-11-23T05:00:00Z"]
        assert [flip["new"] for flip in result["flips"]["again"]] == ["grace", "absent", "staffed"]

    def test_an_unknown_number_is_an_error(self) -> None:
        with pytest.raises(CommandError, match="there is no indication 999999"):
            call_command("replay", alert=999_999)

    def test_a_file_or_an_indication_but_not_both(self) -> None:
        with pytest.raises(CommandError, match="one of the arguments"):
            call_command("replay")


@pytest.mark.django_db(transaction=True)
def test_what_is_stored_while_a_case_is_read_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    StaffingRule.objects.create()
    day = RecordedDay(world.counter(world.ilir35))
    day.sees(Look.STAFFED, "07:29", "09:00")
    day.sees(Look.EMPTY, "09:00", "09:12")
    read_spans = case_file._spans

    def clerk_returns() -> None:
        day.sees(Look.STAFFED, "09:12", "09:13")
        connection.close()

    def spans_while_the_clerk_returns(*arguments: Any) -> Any:
        spans = read_spans(*arguments)
        other = Thread(target=clerk_returns)
        other.start()
        other.join()
        return spans

    monkeypatch.setattr(case_file, "_spans", spans_while_the_clerk_returns)
    alert = Alert.objects.get()
    found = recheck(alert, "09:13")
    assert found.same
    alert.refresh_from_db()
    assert alert.ended_at == wib("09:12")
    assert found.stored.ended_at is None
