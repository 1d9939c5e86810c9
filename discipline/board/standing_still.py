"""What stands still of Sidak itself, for pages and /healthz."""

from collections.abc import Iterable

from django.db.models import F
from django.db.models.functions import Now

from discipline.core import heartbeats
from discipline.core.heartbeats import Part
from streams.cameras.models import Watcher
from streams.watch.leases import LEASE

WATCH_PARTS = (Part.RECORDER, Part.EVIDENCE, Part.DISK)


def parts_standing_still(*, never: bool = False) -> list[Part]:
    """Return what stands still, in the order of Part, by PostgreSQL's clock. Two queries.

    `never`: also parts that never worked, which before the first start of the programs says nothing new.
    """
    watchers = Watcher.objects.annotate(age=Now() - F("seen_at")).filter(age__lt=LEASE)
    hanging = watch_parts(watchers.values_list("standing_still", "evidence_problem"))
    return [*heartbeats.quiet_parts(heartbeats.beats_ago(), never=never), *hanging]


def watch_parts(watchers: Iterable[tuple[str, str]]) -> list[Part]:
    """Return what stands still in any watch, by its `standing_still` and `evidence_problem`."""
    found: set[str] = set()
    for still, problem in watchers:
        found |= {*still.split(","), *([Part.DISK] if problem else [])}
    return [part for part in WATCH_PARTS if part in found]
