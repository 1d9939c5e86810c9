"""Open a system incident of the whole city or of the counters that one watch process holds.

`now` is PostgreSQL's time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Min, Q
from django.db.models.functions import Least

from discipline.alerts import from_flips
from discipline.board import rows as board_rows
from discipline.board.kecamatan_offices import rows as kecamatan_rows
from discipline.notices import outbox
from discipline.staffing import ledger
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Standing

Kind = SystemIncident.Kind
KINDS_BY_PRECISION = [str(kind) for kind in Kind]
OF_WATCHES = (Kind.NO_WATCH, Kind.WATCH_STALLED)
CLOCKS_DIFFER = timedelta(seconds=10)  # more than by which a watch's clock may differ from PostgreSQL's


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """A suspected system failure.

    blind and total: cameras; off_s: seconds for which a watch stalled, or by which a clock is wrong; counters: ids of
    those that it is about, None for the whole city; newest_alert: only when PostgreSQL's clock jumped, the newest alert
    (pk) before, which is not in doubt, whatever its date.
    """

    kind: str
    since: datetime
    blind: int = 0
    total: int = 0
    watcher: str = ""
    off_s: float = 0.0
    counters: frozenset[int] | None = None
    newest_alert: int | None = None


def held_counters(watcher: str) -> frozenset[int] | None:
    """Return the ids of the counters whose cameras this watch process holds; None when they are all that are watched.

    Cameras whose leases have passed on are not among them: another process has looked at them since.
    """
    watched = Standing.objects.filter(counter__active=True, counter__subject__zone__camera__enabled=True)
    holders = dict(watched.values_list("pk", "counter__subject__zone__camera__lease_holder"))
    held = frozenset(pk for pk, holder in holders.items() if holder == watcher)
    return None if held and len(held) == len(holders) else held


def open_incident(report: IncidentReport, now: datetime) -> SystemIncident:
    """Open an incident, or extend an open one that explains the same, and return it.

    What was seen at its counters since it began no longer counts, undecided alerts of its time are withdrawn, and open
    boards are updated.
    """
    with transaction.atomic():
        from_flips.lock_outbox()
        ahead_from = None
        if report.kind == Kind.CLOCK_JUMPED:
            ahead_from = _clock_ahead_from(now)
            # Dated by a clock that was ahead, such an incident would cover the future.
            SystemIncident.objects.filter(ended_at__gt=now).update(
                since=Least(F("since"), now), raised_at=Least(F("raised_at"), now), ended_at=now
            )
        known = _explained_by(report)
        incident = _merged(known, report, now)
        if known and not _differs(known, incident):
            return known
        incident.save()
        flips = ledger.doubt_since(incident.since, now, incident.counters)
        if report.newest_alert is None:
            doubtful = Q(dated_at__gte=incident.since, dated_at__lte=now + CLOCKS_DIFFER)
        else:
            doubtful = Q(pk__gt=report.newest_alert)
        if ahead_from:
            doubtful |= Q(dated_at__gte=ahead_from)
        alerts = from_flips.raise_alerts() | from_flips.withdraw_for_incident(incident, doubtful, now)
    kecamatan_rows.announce_changes({flip.counter_id for flip in flips}, alerts)
    board_rows.announce_incident()
    outbox.request_delivery()
    return incident


def _clock_ahead_from(now: datetime) -> datetime | None:
    """Return since when PostgreSQL's clock was ahead, in its time of then; None unless it was put right just now."""
    jumps = SystemIncident.objects.filter(kind=Kind.CLOCK_JUMPED, counters=None, watcher="", off_s__gt=0)
    first: datetime | None = jumps.filter(raised_at__gt=now).aggregate(first=Min("raised_at"))["first"]
    return first


def _explained_by(report: IncidentReport) -> SystemIncident | None:
    """Return the open incident to which the report belongs, None if it is a new one.

    One of the whole city includes a watch's own, when it is that nobody watches, that watches stalled, or that watch's.
    """
    incidents = SystemIncident.objects.filter(ended_at=None)
    whole = incidents.filter(counters=None).first()
    if report.counters is None:
        return whole
    if whole and whole.since <= report.since and (whole.kind in OF_WATCHES or whole.watcher == report.watcher):
        return whole
    return incidents.filter(counters__isnull=False, watcher=report.watcher).first()


def _merged(known: SystemIncident | None, report: IncidentReport, now: datetime) -> SystemIncident:
    """Return the open incident with the report added, unsaved: the earliest start, the more precise kind."""
    since = min(report.since, now)
    counters = None if report.counters is None else sorted(report.counters)
    if known is None:
        return SystemIncident(
            kind=report.kind,
            since=since,
            raised_at=now,
            blind=report.blind,
            total=report.total,
            watcher=report.watcher,
            off_s=report.off_s,
            counters=counters,
        )
    more_precise = max(known.kind, report.kind, key=KINDS_BY_PRECISION.index) == report.kind
    return SystemIncident(
        pk=known.pk,
        kind=report.kind if more_precise else known.kind,
        since=min(known.since, since),
        raised_at=now,
        blind=max(known.blind, report.blind),
        total=max(known.total, report.total),
        watcher=(more_precise and report.watcher) or known.watcher,
        off_s=(more_precise and report.off_s) or known.off_s,
        counters=None if known.counters is None else sorted({*known.counters, *(counters or ())}),
    )


def _differs(one: SystemIncident, other: SystemIncident) -> bool:
    names = ("kind", "since", "blind", "total", "watcher", "off_s", "counters")
    return any(getattr(one, name) != getattr(other, name) for name in names)
