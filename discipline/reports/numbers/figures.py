"""What a report says in numbers: sums of counter-days, availability with its coverage, ranking, bands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Generic, Protocol, TypeVar

from discipline.staffing.alert_kinds import COLUMNS


@dataclass(frozen=True, slots=True)
class Sums:
    """Counter-days added up: whole seconds, of which staffed + grace + absent + excused + unknown == duty, and how many
    indications began on them. `late_s` and `early_s` are parts of `absent_s`; `longest_s` is the longest of them all.
    """

    counter_days: int = 0
    duty_s: int = 0
    staffed_s: int = 0
    grace_s: int = 0
    absent_s: int = 0
    excused_s: int = 0
    unknown_s: int = 0
    late_s: int = 0
    early_s: int = 0
    longest_s: int = 0
    counts: Mapping[str, int] = field(default_factory=dict, hash=False)  # by alert_kinds.COLUMNS
    excused: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", {column: self.counts.get(column, 0) for column in COLUMNS})

    @classmethod
    def of(cls, numbers: Mapping[str, int]) -> Sums:
        """Make the sums of numbers by name, as in NUMBERS; what is missing is 0."""
        own = {name: number for name, number in numbers.items() if name not in COLUMNS}
        return cls(**own, counts=numbers)

    def numbers(self) -> dict[str, int]:
        """Return all numbers by name, those of `counts` among them, in the order of NUMBERS."""
        return {name: self.counts[name] if name in COLUMNS else getattr(self, name) for name in NUMBERS}

    def __add__(self, other: Sums) -> Sums:
        own, others = self.numbers(), other.numbers()
        added = {name: number + others[name] for name, number in own.items()}
        return Sums.of(added | {"longest_s": max(self.longest_s, other.longest_s)})

    @property
    def indications(self) -> int:
        """Return how many count: neither excused nor a false alarm."""
        return sum(self.counts.values())

    @property
    def counted_s(self) -> int:
        """What availability is a share of. An excused or an unseen minute says nothing of a counter."""
        return self.duty_s - self.unknown_s - self.excused_s

    @property
    def availability(self) -> float | None:
        """Staffed ÷ (duty − unknown − excused), 0 to 1; None where nothing counts. Never shown without `coverage`."""
        return self.staffed_s / self.counted_s if self.counted_s else None

    @property
    def coverage(self) -> float | None:
        """Observed ÷ duty, 0 to 1; None without duty."""
        return (self.duty_s - self.unknown_s) / self.duty_s if self.duty_s else None

    def enough(self, floor_percent: int) -> bool:
        """Whether so much of the duty was seen that availability means something. Else it is too little data, and
        never a low score."""
        return self.availability is not None and 100 * (self.duty_s - self.unknown_s) >= floor_percent * self.duty_s


NUMBERS = tuple(
    name for one in fields(Sums) for name in (COLUMNS if one.name == "counts" else (one.name,))
)  # the names of all numbers, in order
OF_A_DAY = NUMBERS[1:]  # those that a DayTally has: all but counter_days


def percent(share: float | None) -> Decimal | None:
    """0.98765 → Decimal("98.8"). The one rounding of page, sheets, paper and API."""
    return None if share is None else (Decimal(str(share)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def minutes(seconds: int) -> Decimal:
    """Seconds as minutes to a tenth, rounded half up, the same everywhere."""
    return (Decimal(seconds) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)


class Summed(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def sums(self) -> Sums: ...


T = TypeVar("T", bound=Summed)


@dataclass(frozen=True, slots=True)
class Ranked(Generic[T]):
    """`place` from 1, shared by those who show the same percentage; None for too little data."""

    place: int | None
    line: T


def ranked(lines: Iterable[T], floor_percent: int) -> list[Ranked[T]]:
    """The most available first, ties by name; those of which too little is known come last and have no place."""
    known: list[T] = []
    unknown: list[T] = []
    for line in lines:
        (known if line.sums.enough(floor_percent) else unknown).append(line)
    shown = {id(line): percent(line.sums.availability) or Decimal(0) for line in known}
    known.sort(key=lambda line: (-shown[id(line)], line.name))
    found: list[Ranked[T]] = []
    for number, line in enumerate(known, start=1):
        before = found[-1] if found else None
        tied = before is not None and shown[id(before.line)] == shown[id(line)]
        found.append(Ranked(before.place if before and tied else number, line))
    return found + [Ranked(None, line) for line in sorted(unknown, key=lambda line: line.name)]


def whole_minutes(seconds: int) -> int:
    """As bands count them: a minute begun counts. 1 s → 1, 1800 s → 30, 1801 s → 31."""
    return -(-seconds // 60)


def band_of(seconds: int, edges: Sequence[tuple[int, int | None]]) -> int | None:
    """The index of the (from, to) minutes that holds them; `to` None is without end. None for no minute, or no band."""
    length = whole_minutes(seconds)
    for index, (first, last) in enumerate(edges):
        if first <= length and (last is None or length <= last):
            return index
    return None
