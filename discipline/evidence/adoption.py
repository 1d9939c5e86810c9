"""Adopts pending evidence: files that an indication needs become rows of the evidence chain, others are deleted.

Files are matched by time, so a watch also adopts what a killed one left. Adoption is idempotent: a file becomes one
row even when several watches adopt it. A run's files are deleted only after the ledger has judged past them and every
indication has the evidence that it needs.
"""

import errno
import logging
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic

from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import timezone

from discipline.alerts.models import NEAR, Alert
from discipline.staffing import ledger
from discipline.staffing.alert_kinds import ACCUSATIONS, AlertKind
from discipline.staffing.effective_rules import EffectiveRules
from discipline.staffing.models import Flip, Standing, StandingState
from offices.hours.schedule import local_day
from offices.places.models import Counter
from streams.cameras.models import Camera, Zone
from streams.evidence import pending, store
from streams.evidence.disk import DiskState, disk_room
from streams.evidence.models import Evidence
from streams.evidence.pending import PendingFile
from streams.evidence.policy import REMEMBERED, ResumedRun, WitnessBrief, WitnessTerms
from streams.evidence.recorder import Recording
from streams.servers.locks import Lock, lock_until_commit
from streams.watch.leases import BEAT_S

log = logging.getLogger(__name__)

ABANDONED = timedelta(hours=24)  # runs this old are deleted even if not judged
BRIEF_FOR = timedelta(seconds=15)  # how often witnesses get new briefs
Kind = Evidence.Kind
KINDS_ONCE_A_RUN = (Kind.FIRST_EMPTY, Kind.EMPTIED_CLIP)
KINDS_AT_DEADLINE = (Kind.DEADLINE, Kind.DEADLINE_CLIP)
Runs = Mapping[datetime, Sequence[PendingFile]]


def expected_kinds(alert: Alert) -> tuple[Evidence.Kind, ...]:
    """Return the kinds of evidence that an indication should have; pages list those that are missing."""
    before = (Kind.LAST_STAFFED,) if AlertKind(alert.kind).row.was_staffed else ()
    after = (Kind.END,) if alert.ended_at and alert.superseded_by_id is None else ()  # else it went on as another
    return (*before, *KINDS_ONCE_A_RUN, *KINDS_AT_DEADLINE, *after)


def missing_kinds(alert: Alert) -> list[Evidence.Kind]:
    """Return the expected kinds that are not there, since camera or watch were down, or the disk was full.

    An END that an interruption left is not that of the indication, which went on after it.
    """
    rows = alert.evidence.filter(form=Evidence.Form.ORIGINAL).values_list("kind", "at")
    present = {kind for kind, at in rows if kind != Kind.END or alert.ends_near(at)}
    return [kind for kind in expected_kinds(alert) if kind not in present]


def files_for(alert: Alert, runs: Runs) -> list[PendingFile]:
    """Return the files of a counter's runs that belong to an indication, as far as they exist."""
    until = alert.ended_at or datetime.max.replace(tzinfo=alert.since.tzinfo)
    own = [run for run, pieces in runs.items() if pieces and run <= until and pieces[-1].moment >= alert.since]
    raised = [run for run in own if run <= alert.raised_at]
    pieces = [piece for run in own for piece in runs[run]]
    # No run was raised when the one before an interruption was adopted long ago.
    begun = runs[min(raised, key=lambda run: abs(run - alert.since))] if raised else ()
    files = [
        p
        for p in begun
        if p.kind in KINDS_ONCE_A_RUN or (p.kind == Kind.LAST_STAFFED and p.kind in expected_kinds(alert))
    ]
    files += [p for p in pieces if p.kind == Kind.DURING and alert.since <= p.moment <= until]
    # A look at or after the deadline confirms it. Only closing is by time alone, so the last look comes before it.
    earliest = alert.raised_at - NEAR if alert.ended_at == alert.raised_at else alert.raised_at
    for kind in KINDS_AT_DEADLINE:
        files += _nearest([piece for piece in pieces if piece.moment >= earliest], kind, alert.raised_at)
    confirmed = {piece.moment for piece in files if piece.kind == Kind.DEADLINE}
    files += [piece for piece in pieces if piece.kind == Kind.CONTROLS and piece.moment in confirmed]
    if alert.ended_at:
        files += _nearest(pieces, Kind.END, alert.ended_at)
    return files


def _nearest(pieces: Iterable[PendingFile], kind: Evidence.Kind, at: datetime) -> list[PendingFile]:
    near = [piece for piece in pieces if piece.kind == kind and abs(piece.moment - at) <= NEAR]
    return [min(near, key=lambda piece: abs(piece.moment - at))] if near else []


def adopt_pending(
    counters: Iterable[int],
    busy: set[tuple[int, datetime]],
    now: datetime,
    turned: Callable[[], object] = lambda: None,
) -> None:
    """Adopt or delete what is pending for these counters (ids). `busy` are runs that are still being written.

    `turned` is called before each counter.

    Raises OSError when reading or writing fails: what was adopted stays, the rest remains pending. Takes a handful of
    queries when nothing is new.
    """
    with_files = set(pending.pending_counters()) & set(counters)
    waiting = {pk: {run: pending.files_of_run(pk, run) for run in pending.pending_runs(pk)} for pk in with_files}
    waiting = {pk: runs for pk, runs in waiting.items() if runs}
    if not waiting:
        return
    # Read before the alerts: a flip in between keeps its run until the next call.
    settled = _settled(waiting)
    oldest = min(run for runs in waiting.values() for run in runs)
    alerts = _alerts(waiting, oldest)
    rows, linked = _rows(waiting, oldest), _links(alerts)
    names = Counter.objects.select_related("place__kelurahan", "place__kecamatan").in_bulk(waiting)
    for pk, runs in waiting.items():
        turned()
        for alert in alerts[pk]:
            for piece in files_for(alert, runs):
                try:
                    row = rows.get((pk, piece.kind, piece.at)) or _ensure_row(names[pk], piece, now)
                except FileNotFoundError:
                    continue  # another watch has adopted it
                except ValueError as error:
                    log.warning("discarded a corrupt evidence file: %s", error)
                    piece.discard()
                    continue
                if (alert.pk, row) not in linked:
                    alert.evidence.add(row)
        for run, pieces in runs.items():
            last, judged = max([run, *(piece.moment for piece in pieces)]), settled[pk]
            open_still = any(alert.ended_at is None and alert.since <= last for alert in alerts[pk])
            over = judged is not None and last <= judged and not open_still
            if (pk, run) not in busy and (over or now - last > ABANDONED):
                pending.remove_run(pk, run)


def _settled(counters: Iterable[int]) -> dict[int, datetime | None]:
    """Return up to when each counter's looks are judged and its indications raised; None while an emptiness lasts."""
    behind = set(Flip.objects.filter(counter__in=counters, alerted_at=None).values_list("counter", flat=True))
    standings = Standing.objects.in_bulk(counters)
    counts = (StandingState.GRACE, StandingState.ABSENT)
    return {
        pk: None
        if pk in behind or (row := standings.get(pk)) is None or row.state in counts or row.empty_since
        else row.last_look_at
        for pk in counters
    }


def _alerts(counters: Iterable[int], since: datetime) -> dict[int, list[Alert]]:
    found: dict[int, list[Alert]] = defaultdict(list)
    lately = Q(ended_at=None) | Q(ended_at__gte=since)
    for alert in Alert.objects.filter(lately, counter__in=counters, kind__in=ACCUSATIONS):
        found[alert.counter_id].append(alert)
    return found


def _rows(counters: Iterable[int], since: datetime) -> dict[tuple[int, str, datetime], int]:
    kept = Evidence.objects.filter(counter__in=counters, form=Evidence.Form.ORIGINAL, at__gte=since - REMEMBERED - NEAR)
    return {(counter, kind, at): pk for counter, kind, at, pk in kept.values_list("counter", "kind", "at", "pk")}


def _links(alerts: Mapping[int, Sequence[Alert]]) -> set[tuple[int, int]]:
    pks = [alert.pk for some in alerts.values() for alert in some]
    return set(Alert.evidence.through.objects.filter(alert__in=pks).values_list("alert", "evidence"))


def _ensure_row(counter: Counter, piece: PendingFile, now: datetime) -> int:
    """Return the id of a file's row; the row is created if it does not exist."""
    with transaction.atomic():
        lock_until_commit(Lock.ADOPT_EVIDENCE, counter.pk)
        same = Evidence.objects.filter(counter=counter, kind=piece.kind, at=piece.at, form=Evidence.Form.ORIGINAL)
        if existing := same.values_list("pk", flat=True).first():
            return existing
        form = Evidence.Form.ORIGINAL
        return store.store(counter, store.NewEvidence(piece.kind, form, piece.at, piece.read(), piece.facts()), now).pk


class EvidenceAdopter:
    """Connects a watch's recording with the ledger: briefs its witnesses, and adopts pending files in a thread."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._counters: frozenset[int] = frozenset()
        self._briefed_at: datetime | None = None
        self._stopping = threading.Event()
        self._problem = ""
        self.turned_at = monotonic()  # when its thread was last seen to work
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    @property
    def problem(self) -> str:
        """The last error of the disk, at most 200 characters; empty while writing succeeds."""
        return (self.recording.problem or self._problem)[:200]

    def start(self) -> None:
        """Start the recording and the thread."""
        self.recording.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop the recording, and wait up to 5 s for the thread."""
        self.recording.stop()
        self._stopping.set()
        self._thread.join(5)

    def brief(self, cameras: Iterable[Camera], now: datetime) -> None:
        """Brief the witnesses if counters changed or BRIEF_FOR has passed.

        Must be called before looking at the cameras: a first look without a brief is not followed.
        """
        counters = frozenset(zone.subject_id for camera in cameras for zone in camera.zones.all())
        fresh = self._briefed_at and abs(now - self._briefed_at) < BRIEF_FOR
        if counters != self._counters or not fresh:
            self.recording.brief(witness_briefs(counters, now))
            self._counters, self._briefed_at = counters, now

    def _turned(self) -> None:
        self.turned_at = monotonic()

    def _run(self) -> None:
        while not self._stopping.wait(BEAT_S):
            try:
                close_old_connections()
                self._turned()
                counters = self._counters | unwatched_counters()
                adopt_pending(counters, self.recording.busy(), timezone.now(), self._turned)
                self._problem = os.strerror(errno.ENOSPC) if disk_room().state is DiskState.FULL else ""
            except OSError as error:
                if not self._problem:
                    log.error("evidence can't be stored: %s", error)
                self._problem = error.strerror or str(error)
            except (DatabaseError, InterfaceError) as error:
                log.warning("evidence is adopted later, database error: %s", error)
                with suppress(DatabaseError, InterfaceError):
                    connection.close()
            except Exception:
                log.exception("adopting evidence failed")
        with suppress(DatabaseError, InterfaceError):
            connection.close()


def unwatched_counters() -> set[int]:
    """Return ids of counters with pending files that no watch handles, as no enabled camera shows them any more."""
    with_files = set(pending.pending_counters())
    return with_files - set(
        Zone.objects.filter(subject__in=with_files, camera__enabled=True).values_list("subject", flat=True)
    )


def witness_briefs(counters: Iterable[int], now: datetime) -> dict[int, WitnessBrief]:
    """Return each counter's brief by id: its duty, the terms of its rule, and a run of emptiness to resume."""
    schedule, rules = ledger.schedule.get(now), EffectiveRules(local_day(now), counters)
    running = Standing.objects.filter(pk__in=counters).exclude(empty_since=None).in_bulk()
    briefs = {}
    for pk in counters:
        rule = rules.of(pk)
        terms = WitnessTerms(*(getattr(rule, name) for name in WitnessTerms.__dataclass_fields__))
        briefs[pk] = WitnessBrief(schedule.duty(pk, now), terms, _resumed_run(running[pk]) if pk in running else None)
    return briefs


def _resumed_run(standing: Standing) -> ResumedRun | None:
    since, last = standing.empty_since, standing.last_look_at
    if since is None or last is None:
        return None
    runs = [run for run in pending.pending_runs(standing.pk) if since <= run <= last]
    return ResumedRun(since, runs[0], last) if runs else None
