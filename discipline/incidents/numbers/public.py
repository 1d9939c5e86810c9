"""What the public sees of a month's numbers: counts and times without persons, none of fewer than five."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from discipline.incidents.numbers.counting import MonthNumbers, TimesLine
from discipline.incidents.numbers.statistics_rule import FEWEST, hidden_for_public


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A row; hidden: its count is not shown, nor its times."""

    line: TimesLine
    hidden: bool


@dataclass(frozen=True, slots=True)
class PublicNumbers:
    """The total, None if it is not shown, and the rows by type and kecamatan."""

    total: TimesLine | None
    kinds: list[PublicLine]
    kecamatan: list[PublicLine]


def for_public(numbers: MonthNumbers) -> PublicNumbers:
    """Return what the public sees."""
    total = numbers.total
    shown = _shown(total) if total.number == 0 or total.number >= FEWEST else None
    return PublicNumbers(shown, _lines(numbers.kinds), _lines(numbers.kecamatan))


def _lines(lines: Sequence[TimesLine]) -> list[PublicLine]:
    hidden = hidden_for_public({line.name: line.number for line in lines})
    return [PublicLine(_shown(line), line.name in hidden) for line in sorted(lines, key=lambda line: line.name)]


def _shown(line: TimesLine) -> TimesLine:
    acknowledge, arrive, close = (one.for_public() for one in (line.acknowledge, line.arrive, line.close))
    return replace(line, acknowledge=acknowledge, arrive=arrive, close=close)
