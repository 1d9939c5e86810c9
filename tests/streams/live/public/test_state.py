"""The one true state of a point."""

import os
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from streams.cameras.troubles.models import CameraTrouble
from streams.live.public import closures, plan, seats
from streams.live.public.models import PublicChange, PublicClosure, PublicLimits, PublicPoint
from streams.live.public.seen import public_state
from streams.live.public.state_rule import ClosedNow, PublicState, Seen, state_of
from tests.support.base import MORNING, OfficeTestCase
from tests.support.public_points import public_point

NOW = MORNING
CAUSE = PublicClosure.Cause


def ago(**some: float) -> datetime:
    return NOW - timedelta(**some)


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (Seen(live=True, playlist_at=ago(seconds=5), picture_at=ago(seconds=8)), PublicState.LIVE),
        (Seen(live=True, playlist_at=ago(seconds=5), full=True), PublicState.FULL),
        (Seen(live=False, playlist_at=ago(seconds=5), picture_at=ago(seconds=8)), PublicState.PICTURE),
        (Seen(live=True, playlist_at=ago(seconds=45), picture_at=ago(seconds=45)), PublicState.PICTURE),
        (Seen(live=True, playlist_at=ago(hours=2), picture_at=ago(hours=2)), PublicState.BROKEN),
        (Seen(), PublicState.BROKEN),
        (Seen(live=True, playlist_at=ago(seconds=5), trouble=7, trouble_since=ago(hours=1)), PublicState.BROKEN),
    ],
)
def test_what_is_seen_gives_one_state(seen: Seen, state: PublicState) -> None:
    shown = state_of([], seen, NOW)
    assert shown.state == state
    assert shown.plays == (state == PublicState.LIVE)
    closed = state_of([ClosedNow("operator", "Pohon tumbang", None)], seen, NOW)
    assert closed.state == PublicState.CLOSED
    assert closed.picture_at is None


def test_the_closure_that_lasts_longest_is_said() -> None:
    short, long = (
        ClosedNow("steering", "Diarahkan", NOW + timedelta(minutes=5)),
        ClosedNow("incident", "Kejadian", None),
    )
    later = ClosedNow("operator", "Perbaikan", NOW + timedelta(hours=1))
    assert state_of([short, long, later], Seen(), NOW).closed == long
    assert state_of([short, later], Seen(), NOW).closed == later


class Points(OfficeTestCase):
    def setUp(self) -> None:
        self.point = public_point()
        self.folder = plan.folder().make_point("T-001")
        self.addCleanup(plan.folder().remove, "T-001")
        self.addCleanup(plan.folder().reopen, "T-001")
        for name in ("index.m3u8", "gambar.jpg"):
            (self.folder / name).write_text("#")
            os.utime(self.folder / name, (NOW.timestamp() - 5,) * 2)

    def state(self, now: datetime = NOW) -> PublicState:
        return public_state(self.point, now).state

    def test_live_full_and_broken_with_the_ticket(self) -> None:
        assert self.state() == PublicState.LIVE
        PublicPoint.objects.update(most_viewers=1)
        self.point.refresh_from_db()
        self.addCleanup(seats.leave_seat, "T-001", "a" * 16)
        assert seats.take_seat("T-001", "a" * 16, NOW.timestamp(), 1, 10)
        assert not seats.take_seat("T-001", "b" * 16, NOW.timestamp(), 1, 10)
        assert seats.take_seat("T-001", "a" * 16, NOW.timestamp(), 1, 1), "who has a seat keeps it"
        assert not seats.take_seat("T-002", "c" * 16, NOW.timestamp(), 9, 1), "the city's seats are all taken"
        assert self.state() == PublicState.FULL
        assert self.point.camera
        trouble = CameraTrouble.objects.create(camera=self.point.camera, cause="timeout", since=ago(hours=1))
        shown = public_state(self.point, NOW)
        assert (shown.state, shown.ticket, shown.since) == (PublicState.BROKEN, trouble.pk, ago(hours=1))

    def test_a_closure_holds_until_its_end_and_takes_the_pictures_at_once(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            closures.close_point(
                self.point, CAUSE.OPERATOR, "Kecelakaan", NOW, self.world.ani, NOW + timedelta(hours=1)
            )
        assert not self.folder.exists()
        assert plan.folder().is_closed("T-001")
        shown = public_state(self.point, NOW)
        assert shown.closed == ClosedNow("operator", "Kecelakaan", NOW + timedelta(hours=1))
        assert plan.shown_streams(NOW) == {}
        assert self.state(NOW + timedelta(hours=1)) != PublicState.CLOSED
        assert list(plan.shown_streams(NOW + timedelta(hours=1))) == [self.point.camera_id]

    def test_each_cause_ends_by_itself_and_all_of_it_is_logged(self) -> None:
        closures.close_point(self.point, CAUSE.OPERATOR, "Perbaikan", NOW, self.world.ani)
        closures.close_point(self.point, CAUSE.STEERING, "Sedang diarahkan", NOW)
        closures.close_point(self.point, CAUSE.STEERING, "Diarahkan lagi", NOW + timedelta(minutes=1))
        with self.captureOnCommitCallbacks(execute=True):
            assert closures.reopen(self.point, CAUSE.OPERATOR, NOW + timedelta(minutes=2), self.world.ani)
        assert not closures.reopen(self.point, CAUSE.OPERATOR, NOW + timedelta(minutes=2), self.world.ani)
        assert self.state(NOW + timedelta(minutes=2)) == PublicState.CLOSED
        assert closures.reopen(self.point, CAUSE.STEERING, NOW + timedelta(minutes=3))
        assert self.state(NOW + timedelta(minutes=3)) != PublicState.CLOSED
        lines = list(PublicChange.objects.order_by("pk").values_list("what", "by"))
        ani = self.world.ani.pk
        assert lines == [
            ("closed", ani), ("closed", None), ("closed", None), ("reopened", ani), ("reopened", None)
        ]  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicChange.objects.all().delete()

    def test_a_closure_needs_a_reason_and_an_end_to_come(self) -> None:
        for reason, until in ((" \0 ", None), ("Perbaikan", NOW)):
            with pytest.raises(ValidationError):
                closures.close_point(self.point, CAUSE.OPERATOR, reason, NOW, until=until)
        again = PublicClosure(point=self.point, cause="operator", reason="x", started_at=NOW)
        closures.close_point(self.point, CAUSE.OPERATOR, "Perbaikan", NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()

    def test_unpublishing_removes_the_pictures_and_limits_are_one_row(self) -> None:
        self.point.live = False
        with self.captureOnCommitCallbacks(execute=True):
            closures.save_point(self.point, NOW, self.world.ani)
        assert [path.name for path in self.folder.iterdir()] == ["gambar.jpg"]
        self.point.shown = False
        with self.captureOnCommitCallbacks(execute=True):
            closures.save_point(self.point, NOW, self.world.ani)
        assert not self.folder.exists()
        closures.save_limits(PublicLimits(most_viewers=5), NOW, self.world.ani)
        assert closures.limits().most_viewers == 5
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicLimits.objects.create(id=2)
