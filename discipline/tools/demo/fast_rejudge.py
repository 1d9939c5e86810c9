"""A generated day → runs of equal looks → flips, by the rule that judges real ones, in few of its steps. Pure."""

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
BEFORE = timedelta(minutes=8)  # cameras are looked at before the opening too, and the last of these looks counts
AFTER = timedelta(minutes=1)


def spans_of_day(generated: GeneratedDay, duty: Sequence[Interval]) -> list[Span]:
    """Return the runs of equal looks, one look every 5 s, during each duty interval and shortly before and after it.

    In order of time.
    """
    spans: list[Span] = []
    free = None
    for number, interval in enumerate(duty):
        begin = interval.start - BEFORE if free is None else max(interval.start - BEFORE, free)
        free = interval.end + AFTER
        if number + 1 < len(duty):
            free = min(free, duty[number + 1].start)
        cuts = {begin, interval.start, interval.end, free}
        moments = [at for absence in generated.gone for at in (absence.begin, absence.end)]
        moments += [at for dark in generated.dark for at in (dark.begin, dark.end)]
        cuts |= {at for at in moments if begin < at < free}
        edges = sorted(cuts)
        for since, until in pairwise(edges):
            look, reason = _look(generated, since)
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
    """Return the flips that rejudge.rejudge() would find, in a fraction of its steps.

    Of each run only the looks that the rule counts and the last one are judged; for those in between
    `standing.last_look_at` is moved on. That is right because nothing else changes within a run of spans_of_day().
    """
    standing, flips = initial_standing(begin), []
    counted = max(rule.exit_looks, rule.enter_looks)
    for span in spans:
        for number, sample in enumerate(_deciding_samples(span, counted)):
            if number == counted:
                standing = replace(standing, last_look_at=sample.at - TICK)
            standing, changes = step(standing, rule, duty, sample.at, sample)
            flips += changes
    return flips + step(standing, rule, duty, until)[1]


def _deciding_samples(span: Span, counted: int) -> Iterator[Sample]:
    """Yield the first `counted` looks of a run, and its last one where there are more."""
    people = int(span.look is Look.STAFFED)
    for number in range(min(span.looks, counted)):
        yield Sample(0, span.started_at + number * LOOK, span.look, people, span.reason)
    if span.looks > counted:
        yield Sample(0, span.ended_at, span.look, people, span.reason)


def _look(generated: GeneratedDay, at: datetime) -> tuple[Look, str]:
    for dark in generated.dark:
        if dark.begin <= at < dark.end:
            return Look.BLIND, dark.reason.value
    away = any(absence.begin <= at < absence.end for absence in generated.gone)
    return (Look.EMPTY if away else Look.STAFFED), ""


def _span(look: Look, reason: str, since: datetime, until: datetime) -> Span:
    """Return a run of looks, the first at `since`, the last before `until`."""
    looks = (until - since - TICK) // LOOK + 1
    return Span(look, reason, since, since + (looks - 1) * LOOK, looks)
