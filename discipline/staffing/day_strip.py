"""A counter's day as a strip from opening to closing: turns flips and duty into pieces to draw. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from discipline.staffing.rule import State, StateChange
from discipline.staffing.tally import DaySeconds, Ruling, Segment, tally_day
from offices.hours.duty import Interval

WIDTH = 1000  # of the strip, in SVG units
AHEAD, BREAK, EXCUSED = "ahead", "break", "excused"


@dataclass(frozen=True, slots=True)
class StripPiece:
    """A piece from `start` to `end`: `kind` is a State, "excused", "break" or "ahead" (in the future).

    `x` and `width` are decimal strings in thousandths of the strip.
    """

    x: str
    width: str
    kind: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class StripTick:
    """A full hour: `x` in thousandths, `percent` in hundredths of the strip, both as decimal strings."""

    x: str
    percent: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip from the first opening to the last closing of a day; `now_x` is None when now is outside it."""

    pieces: tuple[StripPiece, ...]
    ticks: tuple[StripTick, ...]
    now_x: str | None
    minutes: DaySeconds

    @property
    def start(self) -> datetime:
        """The first opening."""
        return self.pieces[0].start

    @property
    def end(self) -> datetime:
        """The last closing."""
        return self.pieces[-1].end


def draw_strip(
    flips: Iterable[StateChange],
    duty: Sequence[Interval],
    now: datetime,
    at_start: State,
    rulings: Sequence[Ruling] = (),
) -> Strip | None:
    """Return the strip of one local day, None without duty.

    `flips` are in order of time; `at_start` is the state at the first opening.
    """
    if not duty:
        return None
    start, end = duty[0].start, duty[-1].end
    reached = min(max(now, start), end)
    minutes = tally_day(flips, duty, start, reached, at_start, rulings)
    spans = [(segment.start, segment.end, _kind(segment)) for segment in minutes.segments]
    for interval, following in zip(duty, [*duty[1:], None], strict=True):
        if interval.end > reached:
            spans.append((max(interval.start, reached), interval.end, AHEAD))
        if following and following.start > reached:
            spans.append((max(interval.end, reached), following.start, BREAK))
    length = (end - start).total_seconds()

    def place(at: datetime) -> float:
        return (at - start).total_seconds() / length * WIDTH

    return Strip(
        pieces=tuple(
            StripPiece(f"{place(begin):.1f}", f"{place(finish) - place(begin):.1f}", kind, begin, finish)
            for begin, finish, kind in spans
            if begin < finish
        ),
        ticks=tuple(StripTick(f"{place(at):.1f}", f"{place(at) / 10:.2f}", at) for at in _hours(start, end)),
        now_x=f"{place(now):.1f}" if start <= now <= end else None,
        minutes=minutes,
    )


def _kind(segment: Segment) -> str:
    if segment.excused:
        return EXCUSED
    return BREAK if segment.state is State.CLOSED else str(segment.state)


def _hours(start: datetime, end: datetime) -> list[datetime]:
    """Return the full hours from `start` to `end`: each, every second, third … so that they are nine at most."""
    first = start.replace(minute=0, second=0, microsecond=0)
    hours = int((end - first).total_seconds() // 3600)
    step = -(-hours // 9) or 1
    return [at for n in range(0, hours + 1, step) if start <= (at := first + timedelta(hours=n)) <= end]
