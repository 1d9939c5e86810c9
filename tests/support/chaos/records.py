"""What the database of a RunningCity says: who was accused, what was recorded, whether the flips agree."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, connection
from django.db.models import F, Max, Q
from django.utils import timezone

from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Flip, StaffingRule, Standing
from streams.cameras.models import Camera, OccupancySpan

# Seconds; as short as looks every 2 to 4 s allow on a busy machine.
GRACES = {"absence_grace_s": 12, "opening_grace_s": 12, "closing_window_s": 12, "stale_s": 11, "camera_fault_s": 20}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RecordMark:
    """The newest indication and the time at a moment."""

    alert: int
    at: datetime


def use_database_in(folder: Path) -> None:
    """Let Django's models read the database of the embedded server in this folder."""
    connection.close()
    connection.settings_dict.update(HOST=str(folder), PORT="", USER="postgres", PASSWORD="", NAME="sidak")
    connection.settings_dict["OPTIONS"] = {"connect_timeout": 5, "options": "-c statement_timeout=10s"}


def ask(query: Callable[[], T], otherwise: T) -> T:
    """Return the query's result over a new connection, or `otherwise` while the database does not answer."""
    connection.close()
    try:
        return query()
    except (DatabaseError, InterfaceError):
        return otherwise


def hurry() -> None:
    """Set the graces of the whole city to GRACES."""
    StaffingRule.objects.update(**GRACES)


def mark_records() -> RecordMark:
    """Return where the records end now."""
    return RecordMark(Alert.objects.aggregate(newest=Max("pk"))["newest"] or 0, timezone.now())


def counter_of(camera: int) -> int:
    """Return the pk of the counter that this camera, counted from 1, watches."""
    return Camera.objects.values_list("zones__subject", flat=True).get(name=f"cam{camera:03d}")


def unstaffed(apart_from: Collection[int]) -> list[str]:
    """Return counters with a camera that are not staffed, as "pk state"."""
    watched = Standing.objects.filter(counter__subject__zone__isnull=False).exclude(pk__in=apart_from)
    return [f"{pk} {state}" for pk, state in watched.exclude(state="staffed").values_list("pk", "state")]


def not_looked_at(since: datetime) -> int:
    """Return how many of the watched counters have no usable look since then."""
    watched = Standing.objects.filter(counter__subject__zone__isnull=False)
    return watched.filter(Q(saw_at=None) | Q(saw_at__lt=since)).count()


def open_incidents() -> list[str]:
    """Return the kinds of the open system incidents."""
    return list(SystemIncident.objects.filter(ended_at=None).values_list("kind", flat=True))


def recorded_absence(counter: int, since: RecordMark) -> datetime | None:
    """Return from when on the counter is indicated as unstaffed, by an indication that counts; None without one."""
    found = Alert.objects.counted().filter(counter=counter, kind__in=ACCUSATIONS, pk__gt=since.alert)
    return found.order_by("pk").values_list("since", flat=True).first()


def count_absences(since: RecordMark) -> int:
    """Return how many absences were indicated since then and count."""
    return Alert.objects.counted().filter(kind__in=ACCUSATIONS, pk__gt=since.alert).count()


def wrong_records(was_away: Callable[[int, datetime], bool], since: RecordMark) -> list[str]:
    """Return what must never be recorded, as sentences. `was_away`: whether a counter's clerk really was, at a time.

    An accusation of anybody else, withdrawn ones too; a flip that doesn't follow its predecessor, or one twice; looks
    of two processes at one counter at once.
    """
    accused = Alert.objects.filter(pk__gt=since.alert, kind__in=ACCUSATIONS)
    wrong = [
        f"accused: {alert.kind} of counter {alert.counter_id} since {alert.since}"
        for alert in accused
        if not was_away(alert.counter_id, alert.since)
    ]
    last: dict[int, str] = {}
    seen: set[tuple[object, ...]] = set()
    for flip in Flip.objects.order_by("pk").values_list("counter", "at", "old", "new", "reason"):
        counter, _, old, new, _ = flip
        if last.setdefault(counter, old) != old:
            wrong.append(f"a flip of counter {counter} from {old} follows one to {last[counter]}")
        if flip in seen:
            wrong.append(f"twice the same flip of counter {counter}")
        seen.add(flip)
        last[counter] = new
    ends: dict[int, datetime] = {}
    spans = OccupancySpan.objects.filter(ended_at__gte=since.at).order_by("subject", "started_at")
    for subject, started_at, ended_at in spans.values_list("subject", "started_at", "ended_at"):
        if started_at < ends.get(subject, started_at):
            wrong.append(f"spans of counter {subject} overlap")
        ends[subject] = ended_at
    return wrong


def held_by(watcher: str) -> set[int]:
    """Return the counters whose cameras this watch holds."""
    held = Camera.objects.filter(lease_holder=watcher, zones__isnull=False)
    return set(held.values_list("zones__subject", flat=True))


def later_incidents(watcher: str, since: datetime) -> list[SystemIncident]:
    """Return the incidents of this watch that were reported since then."""
    return list(SystemIncident.objects.filter(watcher=watcher, raised_at__gte=since).order_by("pk"))


def withdrawn(counter: int) -> int:
    """Return how many accusations of this counter a system incident has taken back."""
    return Alert.objects.filter(counter=counter, kind__in=ACCUSATIONS).exclude(withdrawn_by=None).count()


def flips_of_the_system(since: datetime) -> set[int]:
    """Return the counters that a system incident made unknown since then."""
    flips = Flip.objects.filter(noticed_at__gte=since, reason="system").exclude(old=F("new"))
    return set(flips.values_list("counter", flat=True))
