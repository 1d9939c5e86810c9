"""A told day → runs of equal looks → flips, by the rule that judges real ones and in few of its steps. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from discipline.staffing.rejudge import Span
from discipline.staffing.rule import StateChange, Tolerances, initial_standing, step
from discipline.tools.demo.generate_days import GeneratedDay
from offices.hours.duty import Interval
from streams.pixels.occupancy import Look, Sample

LOOK = timedelta(seconds=5)
TICK = timedelta(microseconds=1)
BEFORE = timedelta(minutes=8)  # the camera is looked at before the opening, too, and the last of these looks counts
AFTER = timedelta(minutes=1)


def spans_of_day(told: GeneratedDay, duty: Sequence[Interval]) -> list[Span]:
    """What a camera that looks every 5 s would have said, on duty and shortly before and after, in order of time."""
    spans: list[Span] = []
    free = None
    for number, interval in enumerate(duty):
        begin = interval.start - BEFORE if free is None else max(interval.start - BEFORE, free)
        free = interval.end + AFTER
        if number + 1 < len(duty):
            free = min(free, duty[number + 1].start)
        cuts = {begin, interval.start, interval.end, free}
        moments = [at for one in told.gone for at in (one.begin, one.end)]
        moments += [at for one in told.dark for at in (one.begin, one.end)]
        cuts |= {at for at in moments if begin < at < free}
        edges = sorted(cuts)
        for since, until in pairwise(edges):
            look, reason = _look(told, since)
            last = spans[-1] if spans else None
            inside = since not in (interval.start, interval.end)
            if last and inside and (last.look, last.reason) == (look, reason):
                spans[-1] = _span(look, reason, last.started_at, until)
            else:
                spans.append(_span(look, reason, since, until))
    return spans


def retrace(
    spans: Sequence[Span], rule: Tolerances, duty: Sequence[Interval], begin: datetime, until: datetime
) -> list[StateChange]:
    """rejudging.rejudge() of spans between whose looks nothing can change, in a fraction of its steps.

    Of a run only the looks that a judge counts and the last one are judged. In between the standing is told that it
    was looked at all the time.
    """
    standing, flips = initial_standing(begin), []
    enough = max(rule.exit_looks, rule.enter_looks)
    for span in spans:
        for number, sample in enumerate(_deciding_samples(span, enough)):
            if number == enough:
                standing = replace(standing, last_look_at=sample.at - TICK)
            standing, moved = step(standing, rule, duty, sample.at, sample)
            flips += moved
    return flips + step(standing, rule, duty, until)[1]


def _deciding_samples(span: Span, enough: int) -> Iterator[Sample]:
    people = int(span.look is Look.STAFFED)
    for number in range(min(span.looks, enough)):
        yield Sample(0, span.started_at + number * LOOK, span.look, people, span.reason)
    if span.looks > enough:
        yield Sample(0, span.ended_at, span.look, people, span.reason)


def _look(told: GeneratedDay, at: datetime) -> tuple[Look, str]:
    for dark in told.dark:
        if dark.begin <= at < dark.end:
            return Look.BLIND, dark.reason.value
    away = any(gone.begin <= at < gone.end for gone in told.gone)
    return (Look.EMPTY if away else Look.STAFFED), ""


def _span(look: Look, reason: str, since: datetime, until: datetime) -> Span:
    """Looks from `since` on, the last of them before `until`."""
    looks = (until - since - TICK) // LOOK + 1
    return Span(look, reason, since, since + (looks - 1) * LOOK, looks)
