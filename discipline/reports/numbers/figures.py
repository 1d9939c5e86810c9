"""The arithmetic of reports: sums of counter-days, availability with its coverage, ranking, bands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Generic, Protocol, TypeVar

from discipline.staffing.alert_kinds import COLUMNS


@dataclass(frozen=True, slots=True)
class Sums:
    """Totals of counter-days: whole seconds, and the number of indications that began on those days.

    staffed_s + grace_s + absent_s + excused_s + unknown_s == duty_s. `late_s` and `early_s` are parts of `absent_s`;
    `longest_s` is the longest single absence. `excused` is the number of excused indications.
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
        """Return the sums with these numbers by name (NUMBERS); missing ones are 0."""
        own = {name: number for name, number in numbers.items() if name not in COLUMNS}
        return cls(**own, counts=numbers)

    def numbers(self) -> dict[str, int]:
        """Return all numbers by name, including those in `counts`, in the order of NUMBERS."""
        return {name: self.counts[name] if name in COLUMNS else getattr(self, name) for name in NUMBERS}

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            counter_days=self.counter_days + other.counter_days,
            duty_s=self.duty_s + other.duty_s,
            staffed_s=self.staffed_s + other.staffed_s,
            grace_s=self.grace_s + other.grace_s,
            absent_s=self.absent_s + other.absent_s,
            excused_s=self.excused_s + other.excused_s,
            unknown_s=self.unknown_s + other.unknown_s,
            late_s=self.late_s + other.late_s,
            early_s=self.early_s + other.early_s,
            longest_s=max(self.longest_s, other.longest_s),
            counts={column: number + other.counts[column] for column, number in self.counts.items()},
            excused=self.excused + other.excused,
        )

    @property
    def indications(self) -> int:
        """The number of indications, without excused ones and false alarms."""
        return sum(self.counts.values())

    @property
    def counted_s(self) -> int:
        """The seconds that availability is a share of: duty without excused and unobserved time."""
        return self.duty_s - self.unknown_s - self.excused_s

    @property
    def availability(self) -> float | None:
        """Staffed ÷ (duty − unknown − excused), 0 to 1; None if the divisor is 0. Show it only with `coverage`."""
        return self.staffed_s / self.counted_s if self.counted_s else None

    @property
    def coverage(self) -> float | None:
        """Observed ÷ duty, 0 to 1; None without duty."""
        return (self.duty_s - self.unknown_s) / self.duty_s if self.duty_s else None

    def enough(self, floor_percent: int) -> bool:
        """Return whether coverage reaches the floor (percent) and there is an availability.

        If not, show "not enough data", never a low percentage.
        """
        return self.availability is not None and 100 * (self.duty_s - self.unknown_s) >= floor_percent * self.duty_s


NUMBERS = tuple(
    name for one in fields(Sums) for name in (COLUMNS if one.name == "counts" else (one.name,))
)  # the names of all numbers, in order
OF_A_DAY = NUMBERS[1:]  # the fields of a DayTally: all but counter_days


def percent(share: float | None) -> Decimal | None:
    """Return a share (0 to 1) in percent: 0.98765 → Decimal("98.8"). Pages, files and the API all round here."""
    return None if share is None else (Decimal(str(share)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def minutes(seconds: int) -> Decimal:
    """Return seconds as minutes with one decimal, rounded half up. Pages, files and the API all round here."""
    return (Decimal(seconds) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)


class Summed(Protocol):
    """What can be ranked, such as a ReportLine."""

    @property
    def name(self) -> str:
        """The name that orders equal percentages."""

    @property
    def sums(self) -> Sums:
        """The sums whose availability is ranked."""


T = TypeVar("T", bound=Summed)


@dataclass(frozen=True, slots=True)
class Ranked(Generic[T]):
    """A line and its rank: `place` from 1, equal for equal rounded percentages, None for too little data."""

    place: int | None
    line: T


def ranked(lines: Iterable[T], floor_percent: int) -> list[Ranked[T]]:
    """Rank lines by availability, highest first, ties by name; those with too little data come last without a rank."""
    known: list[T] = []
    unknown: list[T] = []
    for line in lines:
        (known if line.sums.enough(floor_percent) else unknown).append(line)
    shown = {id(line): percent(line.sums.availability) or Decimal(0) for line in known}
    known.sort(key=lambda line: (-shown[id(line)], line.name))
    ranking: list[Ranked[T]] = []
    for number, line in enumerate(known, start=1):
        before = ranking[-1] if ranking else None
        tied = before is not None and shown[id(before.line)] == shown[id(line)]
        ranking.append(Ranked(before.place if before and tied else number, line))
    return ranking + [Ranked(None, line) for line in sorted(unknown, key=lambda line: line.name)]


def whole_minutes(seconds: int) -> int:
    """Return minutes rounded up, as bands count them: 1 s → 1, 1800 s → 30, 1801 s → 31."""
    return -(-seconds // 60)


def band_of(seconds: int, edges: Sequence[tuple[int, int | None]]) -> int | None:
    """Return the index of the band, as (from, to) whole minutes, that contains the length; None if none does.

    `to` is inclusive; None means no upper limit.
    """
    length = whole_minutes(seconds)
    for index, (first, last) in enumerate(edges):
        if first <= length and (last is None or length <= last):
            return index
    return None
