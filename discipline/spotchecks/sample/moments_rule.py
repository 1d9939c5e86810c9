"""Draw the moments of a week at which counters are looked at. It can be repeated from its seed. Pure.

Each office gets the same number of moments, each anywhere in the service time of its counters with the same
probability. An office's moments depend on the seed and its own counters only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from discipline.spotchecks.draw import lot

RULE = 1  # version of the rule below; stored with each draw

Span = tuple[int, int]  # Unix seconds: begin and end


@dataclass(frozen=True, slots=True)
class DrawnMoment:
    """A moment of one counter. at, until: Unix seconds; a visitor is waited for no longer than `until`."""

    office: str
    counter: int
    at: int
    until: int


def office_moments(
    seed: str, office: str, counters: Sequence[tuple[int, Sequence[Span]]], count: int, wait_s: int
) -> list[DrawnMoment]:
    """Return `count` moments of an office, by its code, in the order of time; none when it never serves.

    counters: each with its id and the spans in which it serves. Nobody is waited for beyond the end of a span.
    """
    spans = [(counter, begin, end) for counter, own in counters for begin, end in own if begin < end]
    total = sum(end - begin for _, begin, end in spans)
    found = []
    for number in range(1, count + 1) if total else ():
        offset = int(lot(seed, f"{office}:{number}") * total)
        for counter, begin, end in spans:
            if offset < end - begin:
                at = begin + offset
                found.append(DrawnMoment(office, counter, at, min(at + wait_s, end)))
                break
            offset -= end - begin
    return sorted(found, key=lambda one: (one.at, one.counter))


def twice(seed: str, number: int, percent: int) -> bool:
    """Return whether a second checker judges the moment with this number as well."""
    return lot(seed, f"second:{number}") * 100 < percent


def place_in_line(seed: str, checker: int, number: int) -> float:
    """Return where a moment stands in the order that a checker (an id) is shown."""
    return lot(seed, f"order:{checker}:{number}")
