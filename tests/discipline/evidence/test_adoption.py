"""Adopting pending files as an indication's evidence: none twice, none lost, none left over."""

import errno
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection

from discipline.alerts.models import Alert
from discipline.evidence import adoption
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import Flip, StandingState
from streams.cameras.models import Camera
from streams.evidence import pending, store, verify
from streams.evidence.models import Evidence
from streams.evidence.recorder import Recording
from tests.support.base import MORNING, OfficeTestCase, World
from tests.support.database import connections_refused, session_pids
from tests.support.pictures import grey_jpeg
from tests.support.proof import date_file
from tests.support.waiting import wait_until

Kind = Evidence.Kind
MINUTE = timedelta(minutes=1)
LEFT = MORNING - 18 * MINUTE  # the first empty look
DUE = LEFT + 10 * MINUTE


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR = tmp_path


def lay(counter: int, kind: Evidence.Kind, moment: datetime, run: datetime = LEFT) -> None:
    """Write a pending file as the recorder does."""
    film = kind in store.CLIPS
    facts: dict[str, Any] = {"look": "empty"}
    if film:
        facts = {"at": (moment - timedelta(seconds=20)).isoformat(), "duration_s": 40.0}

    def write(path: Path) -> dict[str, Any]:
        path.write_bytes(b"mp4" if film else grey_jpeg())
        return facts

    pending.add_file(counter, run, kind, moment, write)


def lay_absence(counter: int, end: datetime | None = None) -> None:
    lay(counter, Kind.LAST_STAFFED, LEFT - timedelta(seconds=5))
    lay(counter, Kind.FIRST_EMPTY, LEFT)
    lay(counter, Kind.EMPTIED_CLIP, LEFT)
    lay(counter, Kind.DURING, LEFT + MINUTE)
    lay(counter, Kind.DEADLINE, LEFT + 5 * MINUTE)  # for the opening grace, which does not apply
    lay(counter, Kind.DEADLINE, DUE)
    lay(counter, Kind.DEADLINE_CLIP, DUE)
    if end:
        lay(counter, Kind.END, end)


def forget_all() -> None:
    for pk in list(pending.pending_counters()):
        for run in pending.pending_runs(pk):
            pending.remove_run(pk, run)


def kinds(alert: Alert) -> list[str]:
    return sorted(alert.evidence.values_list("kind", flat=True))


ALL = [Kind.DEADLINE, Kind.DEADLINE_CLIP, Kind.DURING, Kind.EMPTIED_CLIP, Kind.FIRST_EMPTY, Kind.LAST_STAFFED]


class Adopting(OfficeTestCase):
    def setUp(self) -> None:
        self.loket = self.world.counter(self.world.ilir35)
        self.addCleanup(forget_all)

    def adopt(self, busy: bool = False, now: datetime = MORNING, run: datetime = LEFT) -> None:
        adoption.adopt_pending({self.loket.pk}, {(self.loket.pk, run)} if busy else set(), now)

    def return_at(self, alert: Alert, at: datetime, by: StandingState = StandingState.STAFFED) -> None:
        Alert.objects.filter(pk=alert.pk).update(ended_at=at, ended_by=by)
        self.world.stand(self.loket, by, at, last_look_at=at, empty_since=None)
        alert.refresh_from_db()

    def test_an_open_indication_gets_what_is_there_and_nothing_else(self) -> None:
        alert = self.world.accuse(self.loket)
        lay_absence(self.loket.pk)
        self.adopt(busy=True)
        assert kinds(alert) == ALL
        assert alert.evidence.get(kind=Kind.DEADLINE).at == DUE
        assert alert.evidence.get(kind=Kind.EMPTIED_CLIP).at == LEFT - timedelta(seconds=20)
        assert store.path_of(alert.evidence.get(kind=Kind.DEADLINE)).read_bytes() == grey_jpeg()
        assert adoption.missing_kinds(alert) == []
        assert pending.pending_runs(self.loket.pk) == [LEFT]

    def test_the_end_comes_with_the_return_and_then_nothing_is_pending(self) -> None:
        alert = self.world.accuse(self.loket)
        lay_absence(self.loket.pk)
        self.adopt(busy=True)
        lay(self.loket.pk, Kind.END, MORNING)
        self.return_at(alert, MORNING)
        assert adoption.missing_kinds(alert) == [Kind.END]
        self.adopt()
        assert kinds(alert) == sorted([*ALL, Kind.END])
        assert (adoption.missing_kinds(alert), list(pending.pending_counters())) == ([], [])

    def test_an_indication_that_goes_on_after_an_interruption_gets_its_end(self) -> None:
        alert = self.world.accuse(self.loket)
        lay_absence(self.loket.pk, MORNING)
        self.return_at(alert, MORNING, StandingState.UNKNOWN)
        self.adopt()
        assert adoption.missing_kinds(alert) == []
        again, back = MORNING + MINUTE, MORNING + 20 * MINUTE
        lay(self.loket.pk, Kind.DURING, again + MINUTE, again)
        self.return_at(alert, back)
        assert adoption.missing_kinds(alert) == [Kind.END], "the one that is there shows the interruption"
        lay(self.loket.pk, Kind.END, back, again)
        self.adopt(now=back, run=again)
        ends = alert.evidence.filter(kind=Kind.END).order_by("at")
        assert [row.at for row in ends] == [MORNING, back]
        assert adoption.missing_kinds(alert) == []
        assert alert.evidence.filter(kind=Kind.DURING).count() == 2
        assert list(pending.pending_counters()) == []

    def test_adopting_again_and_again_makes_nothing_twice(self) -> None:
        alert = self.world.accuse(self.loket)
        lay_absence(self.loket.pk)
        for _ in range(3):
            self.adopt(busy=True)
        assert Evidence.objects.count() == alert.evidence.count() == len(ALL)

    def test_an_emptiness_without_an_indication_leaves_nothing(self) -> None:
        lay_absence(self.loket.pk, end=LEFT + 9 * MINUTE)
        self.world.stand(self.loket, StandingState.STAFFED, LEFT + 9 * MINUTE, last_look_at=MORNING)
        self.adopt()
        assert (list(pending.pending_counters()), Evidence.objects.count()) == ([], 0)

    def test_nothing_is_thrown_away_before_the_ledger_has_judged_it(self) -> None:
        lay_absence(self.loket.pk, end=MORNING)
        standing = {"last_look_at": LEFT - timedelta(seconds=5)}  # PostgreSQL was down: the looks are still queued
        self.world.stand(self.loket, StandingState.STAFFED, LEFT - 5 * MINUTE, **standing)
        self.adopt()
        assert pending.pending_runs(self.loket.pk) == [LEFT]
        self.world.stand(self.loket, StandingState.GRACE, LEFT, last_look_at=MORNING, empty_since=LEFT)
        self.adopt()
        assert pending.pending_runs(self.loket.pk) == [LEFT]
        self.world.stand(self.loket, StandingState.STAFFED, MORNING, last_look_at=MORNING)
        Flip.objects.create(counter=self.loket, at=DUE, old="grace", new="absent", since=LEFT, noticed_at=DUE)
        self.adopt()  # the flip is still in the outbox
        assert pending.pending_runs(self.loket.pk) == [LEFT]

    def test_a_run_whose_first_look_is_newer_than_the_ledger_stays(self) -> None:
        self.world.stand(self.loket, StandingState.STAFFED, MORNING, last_look_at=LEFT - timedelta(seconds=5))
        lay(self.loket.pk, Kind.LAST_STAFFED, LEFT - timedelta(seconds=5))  # the first empty look is being written
        self.adopt()
        assert pending.pending_runs(self.loket.pk) == [LEFT]

    def test_what_nobody_ever_judged_goes_after_a_day(self) -> None:
        lay_absence(self.loket.pk)
        self.adopt(now=DUE + timedelta(hours=23))
        assert pending.pending_runs(self.loket.pk) == [LEFT]
        self.adopt(now=DUE + timedelta(hours=25))
        assert list(pending.pending_counters()) == []

    def test_a_counter_whose_camera_was_taken_away_is_not_forgotten(self) -> None:
        lay_absence(self.loket.pk)
        lay(self.world.counter(self.world.ulu5).pk, Kind.FIRST_EMPTY, LEFT)
        assert adoption.unwatched_counters() == set()
        Camera.objects.filter(kelurahan=self.world.ilir35).update(enabled=False)
        assert adoption.unwatched_counters() == {self.loket.pk}

    def test_files_that_a_power_cut_left_empty_are_passed_over(self) -> None:
        alert = self.world.accuse(self.loket)
        lay_absence(self.loket.pk)
        pieces = {piece.kind: piece for piece in pending.files_of_run(self.loket.pk, LEFT)}
        pieces[Kind.FIRST_EMPTY].path.write_bytes(b"")
        pieces[Kind.EMPTIED_CLIP].path.with_suffix(".json").write_text("")
        (pending.run_folder(self.loket.pk, LEFT) / "notes.jpg").write_bytes(b"somebody else's")
        for _ in range(2):
            self.adopt(busy=True)
        assert adoption.missing_kinds(alert) == [Kind.FIRST_EMPTY, Kind.EMPTIED_CLIP]

    def test_an_absence_that_lasts_until_closing_shares_its_pieces_with_the_early_leave(self) -> None:
        closing = MORNING
        absence = self.world.accuse(self.loket)
        lay_absence(self.loket.pk)
        self.adopt(busy=True)
        before_closing = closing - timedelta(seconds=3)
        lay(self.loket.pk, Kind.DEADLINE, before_closing)
        lay(self.loket.pk, Kind.DEADLINE_CLIP, closing)
        lay(self.loket.pk, Kind.END, before_closing)
        early = Alert.objects.create(
            counter=self.loket, kind=AlertKind.EARLY_LEAVE, since=LEFT, raised_at=closing, ended_at=closing
        )
        self.return_at(absence, closing, StandingState.CLOSED)
        self.adopt()
        assert kinds(absence) == kinds(early) == sorted([*ALL, Kind.END])
        shared = set(absence.evidence.values_list("pk", flat=True)) & set(early.evidence.values_list("pk", flat=True))
        assert len(shared) == 5
        assert absence.evidence.get(kind=Kind.DEADLINE).at == DUE
        assert early.evidence.get(kind=Kind.DEADLINE).at == before_closing
        assert Evidence.objects.count() == len(ALL) + 3

    def test_a_late_opening_that_becomes_not_opened_shares_its_beginning_and_has_no_end(self) -> None:
        late = self.world.accuse(self.loket, kind=AlertKind.LATE_OPENING, raised_at=LEFT + 5 * MINUTE)
        lay_absence(self.loket.pk)
        never = self.world.accuse(self.loket, kind=AlertKind.NOT_OPENED, raised_at=DUE)
        Alert.objects.filter(pk=late.pk).update(ended_at=DUE, ended_by=StandingState.ABSENT, superseded_by=never)
        late.refresh_from_db()
        self.adopt(busy=True)
        assert late.evidence.get(kind=Kind.DEADLINE).at == late.raised_at
        assert never.evidence.get(kind=Kind.DEADLINE).at == DUE
        assert late.evidence.get(kind=Kind.FIRST_EMPTY) == never.evidence.get(kind=Kind.FIRST_EMPTY)
        assert (adoption.missing_kinds(late), adoption.missing_kinds(never)) == ([Kind.DEADLINE_CLIP], [])

    def test_the_look_before_the_deadline_is_not_taken_for_the_one_that_confirmed_it(self) -> None:
        alert = self.world.accuse(self.loket)
        lay(self.loket.pk, Kind.FIRST_EMPTY, LEFT)
        lay(self.loket.pk, Kind.DEADLINE, DUE - timedelta(seconds=40))  # from a shorter grace
        self.adopt(busy=True)
        assert kinds(alert) == [Kind.FIRST_EMPTY]
        lay(self.loket.pk, Kind.DEADLINE, DUE + timedelta(seconds=4))
        self.adopt(busy=True)
        assert alert.evidence.get(kind=Kind.DEADLINE).at == DUE + timedelta(seconds=4)

    def test_control_pictures_come_with_the_look_that_confirmed_it_and_may_be_missing(self) -> None:
        alert = self.world.accuse(self.loket)
        lay_absence(self.loket.pk)
        lay(self.loket.pk, Kind.CONTROLS, LEFT + 5 * MINUTE)  # for the opening grace, which does not apply
        self.adopt(busy=True)
        assert (kinds(alert), adoption.missing_kinds(alert)) == (ALL, [])
        lay(self.loket.pk, Kind.CONTROLS, DUE)
        self.adopt(busy=True)
        row = alert.evidence.get(kind=Kind.CONTROLS)
        assert (row.at, row.form, row.path[-4:]) == (DUE, Evidence.Form.ORIGINAL, ".zip")
        assert verify.verify_evidence(MORNING, [self.world.ilir35.place]).faults == []

    def test_a_late_opening_has_no_last_staffed_look(self) -> None:
        opening = LEFT - timedelta(seconds=2)
        alert = self.world.accuse(self.loket, kind=AlertKind.LATE_OPENING, since=opening, raised_at=DUE)
        lay_absence(self.loket.pk)
        self.adopt(busy=True)
        assert kinds(alert) == [kind for kind in ALL if kind != Kind.LAST_STAFFED]
        assert adoption.missing_kinds(alert) == []

    def test_the_pieces_of_an_earlier_walk_are_not_taken(self) -> None:
        walk = LEFT - 30 * MINUTE
        lay(self.loket.pk, Kind.FIRST_EMPTY, walk, run=walk)
        lay(self.loket.pk, Kind.END, walk + 9 * MINUTE, run=walk)
        alert = self.world.accuse(self.loket)
        self.adopt(busy=True)
        assert kinds(alert) == []
        assert adoption.missing_kinds(alert) == [
            Kind.LAST_STAFFED, Kind.FIRST_EMPTY, Kind.EMPTIED_CLIP, Kind.DEADLINE, Kind.DEADLINE_CLIP
        ]  # fmt: skip

    def test_a_full_disk_keeps_everything_pending_until_there_is_room(self) -> None:
        alert = self.world.accuse(self.loket)
        lay_absence(self.loket.pk, end=MORNING)
        self.return_at(alert, MORNING)
        full = patch("os.fsync", side_effect=OSError(errno.ENOSPC, "No space left on device"))
        with full, pytest.raises(OSError, match="No space"):
            self.adopt()
        assert (pending.pending_runs(self.loket.pk), Evidence.objects.count()) == ([LEFT], 0)
        self.adopt()
        assert kinds(alert) == sorted([*ALL, Kind.END])

    def test_a_crash_between_file_and_row_leaves_a_listed_orphan_and_no_gap(self) -> None:
        alert = self.world.accuse(self.loket)
        lay(self.loket.pk, Kind.FIRST_EMPTY, LEFT)
        killed = patch("streams.evidence.store._append", side_effect=SystemExit)
        kept = patch("pathlib.Path.unlink")  # a killed process cleans nothing up
        with killed, kept, pytest.raises(SystemExit):
            self.adopt(busy=True)
        assert Evidence.objects.count() == 0
        self.adopt(busy=True)
        [stored] = alert.evidence.all()
        [orphan] = {path for path in store.path_of(stored).parent.iterdir() if path != store.path_of(stored)}
        date_file(orphan, MORNING)
        report = verify.verify_evidence(MORNING, [self.world.ilir35.place])
        assert (stored.kind, report.faults) == (Kind.FIRST_EMPTY, [])
        assert report.unknown_files == [orphan.relative_to(settings.EVIDENCE_DIR).as_posix()]


@pytest.mark.django_db(transaction=True)
def test_two_watchers_adopt_the_same_pieces_once() -> None:
    world = World()
    loket = world.counter(world.ilir35)
    alert = world.accuse(loket)
    lay_absence(loket.pk)

    def adopting() -> None:
        try:
            adoption.adopt_pending({loket.pk}, {(loket.pk, LEFT)}, MORNING)
        finally:
            connection.close()

    slow = _slowly(store.store)
    with patch("streams.evidence.store.store", slow):
        threads = [threading.Thread(target=adopting) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert kinds(alert) == ALL
    assert Evidence.objects.count() == len(ALL)
    assert verify.verify_evidence(MORNING).faults == []
    pending.remove_run(loket.pk, LEFT)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_keeper_outlives_a_database_that_goes_away() -> None:
    world = World()
    loket = world.counter(world.ilir35)
    alert = world.accuse(loket)
    keeper = adoption.EvidenceAdopter(Recording(1 << 20, 1 << 20))
    keeper.brief([world.cameras[world.ilir35.pk]], MORNING)
    others = session_pids()
    with patch("discipline.evidence.adoption.BEAT_S", 0.2):
        keeper.start()
        try:
            with connections_refused(spared=others):
                lay_absence(loket.pk)
                time.sleep(1.5)
            wait_until(lambda: alert.evidence.count() >= len(ALL))
        finally:
            keeper.stop()
    assert kinds(alert) == ALL
    assert verify.verify_evidence(MORNING).faults == []
    pending.remove_run(loket.pk, LEFT)


def _slowly(function: Callable[..., Any]) -> Callable[..., Any]:
    def slow(*arguments: Any) -> Any:
        time.sleep(0.05)
        return function(*arguments)

    return slow
