"""What the ledger publishes after its commits."""

from dataclasses import dataclass
from datetime import datetime

from discipline.core.events import Event


@dataclass(frozen=True, slots=True)
class FlipsCommitted:
    """Flips of these counters were stored. They stay in the outbox (Flip.alerted_at) until alerts are made of them."""

    counters: frozenset[int]


@dataclass(frozen=True, slots=True)
class Swept:
    """Every standing whose deadline had passed was brought up to date, as of `now`."""

    now: datetime


flips_committed: Event[FlipsCommitted] = Event()
swept: Event[Swept] = Event()
