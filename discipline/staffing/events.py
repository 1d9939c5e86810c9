"""Events that the ledger publishes after its commits."""

from dataclasses import dataclass
from datetime import datetime

from discipline.core.events import Event


@dataclass(frozen=True, slots=True)
class FlipsCommitted:
    """Flips of these counters (ids) were stored. They stay in the outbox until their alerts are made (alerted_at)."""

    counters: frozenset[int]


@dataclass(frozen=True, slots=True)
class Swept:
    """The standings with a deadline before `now` were brought up to date."""

    now: datetime


flips_committed: Event[FlipsCommitted] = Event()
swept: Event[Swept] = Event()
