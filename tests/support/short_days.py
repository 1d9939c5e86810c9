"""Hypothesis strategies for days at a counter: rules, duties and looks on days of 1,000 s with short graces.

EXAMPLES in the environment: how many days each property is tried on, 500 without it; each run draws others.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise

from hypothesis import settings
from hypothesis import strategies as st

from discipline.staffing.rule import CounterStanding, StateChange, Tolerances, initial_standing, step
from offices.hours.duty import Interval
from streams.pixels.occupancy import Blind, Look, Sample

BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
DAY_S = 1000  # short, so that few looks suffice
STALE_S = 20

many = settings(max_examples=int(os.environ.get("EXAMPLES", "500")), deadline=None)


def second(number: int) -> datetime:
    """Return the time that many seconds after BEGIN."""
    return BEGIN + timedelta(seconds=number)


rules = st.builds(
    Tolerances,
    absence_grace_s=st.integers(25, 90),
    opening_grace_s=st.integers(25, 60),
    not_opened_s=st.integers(61, 300),
    closing_window_s=st.integers(25, 120),
    exit_looks=st.integers(1, 3),
    enter_looks=st.integers(1, 2),
    stale_s=st.just(STALE_S),
)


@st.composite
def duties(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Two days of up to three intervals each; they may touch at midnight."""
    duty: list[Interval] = []
    for day in (0, 1):
        edges = draw(st.lists(st.integers(0, 10), unique=True, min_size=2, max_size=7).map(sorted))
        spans = list(pairwise(edges))[::2]
        duty += [
            Interval(
                second(day * DAY_S + a * DAY_S // 10),
                second(day * DAY_S + b * DAY_S // 10),
                first=n == 0,
                last=n == len(spans) - 1,
            )
            for n, (a, b) in enumerate(spans)
        ]
    return tuple(duty)


looks = st.sampled_from([Look.EMPTY] * 5 + [Look.STAFFED] * 2 + [Look.BLIND])


# Equal looks in a row: the look, their number, seconds between them, seconds before the first.
spells = st.tuples(looks, st.integers(1, 25), st.integers(1, 15), st.sampled_from([1, 4, 10, 19, 20, 21, 70]))


@st.composite
def histories(draw: st.DrawFn, spell: st.SearchStrategy = spells) -> list[Sample]:
    """Looks at one counter in order of time, no two at the same time."""
    samples, at = [], draw(st.integers(-30, 300))
    for look, count, every_s, pause_s in draw(st.lists(spell, min_size=1, max_size=12)):
        reason = draw(st.sampled_from(Blind)) if look is Look.BLIND else ""
        steps = accumulate([at + pause_s] + [every_s] * (count - 1))
        samples += [Sample(1, second(s), look, int(look is Look.STAFFED), reason) for s in steps]
        at = int((samples[-1].at - BEGIN).total_seconds())
    return samples


def run(
    rule: Tolerances,
    duty: Sequence[Interval],
    events: Sequence[Sample | datetime],
    end_s: int = 2 * DAY_S,
) -> list[StateChange]:
    """Return the flips caused by looks and clock ticks, from before the first day until `end_s`."""
    standing, flips = initial_standing(second(-60)), []
    for event in [*events, second(end_s)]:
        standing, more = step_event(standing, rule, duty, event)
        flips += more
    return flips


def step_event(
    standing: CounterStanding, rule: Tolerances, duty: Sequence[Interval], event: Sample | datetime
) -> tuple[CounterStanding, list[StateChange]]:
    """Step the standing by a look or a clock tick."""
    if isinstance(event, Sample):
        return step(standing, rule, duty, event.at, event)
    return step(standing, rule, duty, event)
