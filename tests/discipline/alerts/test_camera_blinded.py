"""A covered or turned camera during duty hours: reported to the superiors, never as an accusation."""

from datetime import timedelta

import pytest

from discipline.alerts import camera_blinded, from_flips
from discipline.alerts.models import Alert
from discipline.board import rows as board_rows
from discipline.staffing import ledger
from discipline.staffing.alert_kinds import ABOUT_CAMERAS, ACCUSATIONS, AlertKind
from discipline.staffing.models import StaffingRule, Standing, StandingState
from offices.hours.models import Closure
from offices.places.models import Counter
from streams.cameras import words as cameras_words
from streams.pixels.occupancy import Blind, Look, Sample
from tests.support.base import OfficeTestCase
from tests.support.clock import wib

pytestmark = pytest.mark.once


class Blinded(OfficeTestCase):
    def setUp(self) -> None:
        ledger.schedule.forget()
        self.loket: Counter = self.world.counter(self.world.ilir35)

    def look(self, look: Look, since: str, until: str, reason: str = "") -> None:
        """Record a look every 5 s, with the sweeps that come in between."""
        at = wib(since)
        while at < wib(until):
            sample = Sample(self.loket.pk, at, look, int(look is Look.STAFFED), reason)
            ledger.record_samples([sample], at)
            if at.second % 15 == 0:
                ledger.sweep_deadlines(at)
            at += timedelta(seconds=5)

    def kinds(self, **which: object) -> set[str]:
        return set(Alert.objects.filter(counter=self.loket, **which).values_list("kind", flat=True))

    def test_a_covered_camera_is_raised_after_a_minute_and_ends_when_it_sees_again(self) -> None:
        self.look(Look.STAFFED, "08:59", "09:00")
        self.look(Look.BLIND, "09:00", "09:00:55", Blind.COVERED)
        assert self.kinds() == set()
        self.look(Look.BLIND, "09:00:55", "09:03", Blind.COVERED)
        note = Alert.objects.get(counter=self.loket)
        assert (note.kind, note.detail, note.since) == (AlertKind.BLINDED, "covered", wib("09:00"))
        assert note.raised_at == wib("09:01")
        self.look(Look.STAFFED, "09:03", "09:04")
        note.refresh_from_db()
        assert (note.ended_at, note.ended_by) == (wib("09:03"), "staffed")

    def test_the_operators_ticket_comes_as_before_and_both_end_together(self) -> None:
        self.look(Look.STAFFED, "08:59", "09:00")
        self.look(Look.BLIND, "09:00", "09:06", Blind.MOVED)
        assert self.kinds(ended_at=None) == {AlertKind.BLINDED, AlertKind.CAMERA_FAULT}
        self.look(Look.EMPTY, "09:06", "09:07")
        assert self.kinds(ended_at=None) == set()
        assert not self.kinds() & set(ACCUSATIONS)

    def test_a_camera_that_is_steered_for_long_is_no_fault_and_what_follows_counts_from_then(self) -> None:
        self.look(Look.STAFFED, "08:59", "09:00")
        self.look(Look.BLIND, "09:00", "09:20", Blind.STEERED)
        assert self.kinds() == set()
        self.look(Look.BLIND, "09:20", "09:24", Blind.DARK)
        assert self.kinds() == set()
        self.look(Look.BLIND, "09:24", "09:26", Blind.DARK)
        assert Alert.objects.get(counter=self.loket).since == wib("09:20")

    def test_a_closure_entered_later_raises_nothing_of_the_time_in_it(self) -> None:
        self.look(Look.STAFFED, "08:59", "09:00")
        self.look(Look.BLIND, "09:00", "09:00:20", Blind.COVERED)
        Closure.objects.create(reason="Banjir", starts_at=wib("09:00:40"), ends_at=wib("11:00"))
        ledger.sweep_deadlines(wib("09:00:35"))  # this process has read the hours before
        from_flips.raise_camera_faults(wib("09:20"))
        camera_blinded.raise_blinded_alerts(wib("09:20"))
        assert self.kinds() == set()
        ledger.sweep_deadlines(wib("09:20"))
        assert self.kinds() == set()
        standing = Standing.objects.get(counter=self.loket)
        assert (standing.state, standing.since) == (StandingState.CLOSED, wib("09:00:40"))

    def test_one_note_however_often_the_reason_changes(self) -> None:
        self.look(Look.STAFFED, "08:59", "09:00")
        self.look(Look.BLIND, "09:00", "09:02", Blind.COVERED)
        self.look(Look.BLIND, "09:02", "09:04", Blind.SCENE)
        self.look(Look.BLIND, "09:04", "09:05", Blind.OFFLINE)
        assert Alert.objects.filter(counter=self.loket, kind=AlertKind.BLINDED).count() == 1
        assert self.kinds(ended_at=None) >= {AlertKind.BLINDED}

    def test_being_offline_before_does_not_count_towards_it(self) -> None:
        self.look(Look.STAFFED, "08:59", "09:00")
        self.look(Look.BLIND, "09:00", "09:30", Blind.OFFLINE)
        self.look(Look.BLIND, "09:30", "09:30:55", Blind.COVERED)
        self.look(Look.BLIND, "09:30:55", "09:31:30", Blind.SCENE)
        note = Alert.objects.get(counter=self.loket, kind=AlertKind.BLINDED)
        assert (note.since, note.raised_at, note.detail) == (wib("09:30"), wib("09:31"), "scene")

    def test_what_no_hand_does_is_left_to_the_operator(self) -> None:
        for reason in sorted(set(Blind) - set(AlertKind.BLINDED.row.blind)):
            self.look(Look.STAFFED, "08:59", "09:00")
            self.look(Look.BLIND, "09:00", "09:03", reason)
            assert AlertKind.BLINDED not in self.kinds(), reason
            Standing.objects.all().delete()

    def test_outside_duty_nothing_is_raised(self) -> None:
        self.look(Look.BLIND, "12:10", "12:15", Blind.COVERED)
        assert self.kinds() == set()

    def test_the_time_it_takes_is_a_rule_like_the_others(self) -> None:
        StaffingRule.objects.create(kelurahan=self.world.ilir35, blinded_s=180)
        self.look(Look.STAFFED, "08:59", "09:00")
        self.look(Look.BLIND, "09:00", "09:02:30", Blind.COVERED)
        assert self.kinds() == set()
        self.look(Look.BLIND, "09:02:30", "09:03:30", Blind.COVERED)
        assert self.kinds() == {AlertKind.BLINDED}

    def test_no_note_is_ever_an_accusation(self) -> None:
        assert AlertKind.BLINDED in ABOUT_CAMERAS
        assert AlertKind.BLINDED not in ACCUSATIONS

    def test_camat_and_lurah_see_it_in_words_and_the_board_counts_a_camera(self) -> None:
        self.look(Look.STAFFED, "08:59", "09:00")
        self.look(Look.BLIND, "09:00", "09:02", Blind.COVERED)
        for user in (self.world.budi, self.world.dewi, self.world.walikota):
            (indication,) = board_rows.recent_indications(user)
            assert (indication["kind_label"], indication["about_camera"]) == ("Kamera tertutup", True)
            rows = board_rows.rows(user)
            (row,) = [row for row in rows if row["id"] == self.world.ilir35.pk]
            assert row["camera_trouble"]
            assert row["counters"][0]["alert"] == AlertKind.BLINDED
            assert row["group"] == "unknown"  # which the summary counts as a camera
            assert board_rows.count_by_group(rows)["absent"] == 0
        assert board_rows.recent_indications(self.world.citra) == []
        self.client.force_login(self.world.dewi)
        page = self.client.get("/").content.decode()
        assert "Kamera tertutup" in page
        assert "Mohon periksa kamera" in page

    def test_a_turned_camera_has_words_of_its_own(self) -> None:
        for detail, words in ((Blind.MOVED, "bergeser"), (Blind.SCENE, "menghadap ke tempat lain")):
            Alert.objects.all().delete()
            Alert.objects.create(
                counter=self.loket, kind=AlertKind.BLINDED, since=wib("09:00"), raised_at=wib("09:01"), detail=detail
            )
            assert words in board_rows.recent_indications(self.world.budi)[0]["kind_label"]


@pytest.mark.parametrize("reason", list(Blind))
def test_every_reason_has_words_and_those_of_a_picture_have_advice(reason: Blind) -> None:
    assert cameras_words.BLIND[reason]
    assert reason in (Blind.OFFLINE, Blind.STALE, Blind.SYSTEM) or cameras_words.BLIND_ADVICE[reason]
