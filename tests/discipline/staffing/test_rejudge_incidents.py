"""Rejudging a day on which system incidents discarded looks gives the same flips as the day itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from discipline.staffing.incident_rule import SYSTEM, Doubt, doubt_standing
from discipline.staffing.rejudge import Span, rejudge, starts_new_span
from discipline.staffing.rule import State, StateChange, Tolerances, initial_standing, step
from offices.hours.duty import Interval
from streams.pixels.occupancy import Look, Sample
from tests.support.short_days import DAY_S, duties, histories, many, rules, second

IN_FLIGHT_S = 3
LONGEST_GAP_S = 150


class Incident(NamedTuple):
    """Became known at `at`; covers [since, end)."""

    since: datetime
    at: datetime
    end: datetime

    def covers(self, at: datetime) -> bool:
        return self.since <= at < self.end


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    """An incident that becomes known up to 200 s after its start and lasts for up to 60 s more."""
    at = draw(st.integers(0, 2 * DAY_S))
    return Incident(second(at - draw(st.integers(0, 200))), second(at), second(at + draw(st.sampled_from([1, 10, 60]))))


class Ledger:
    """One counter as discipline.staffing.ledger keeps it, without a database."""

    def __init__(self, rule: Tolerances, duty: Sequence[Interval]) -> None:
        self.rule, self.duty = rule, duty
        self.standing = initial_standing(second(-60))
        self.flips: list[StateChange] = []
        self.spans: list[Span] = []
        self.doubts: list[Doubt] = []
        self.incidents: list[Incident] = []

    def sweep(self, now: datetime) -> None:
        due, until = self.standing.due_at, now - timedelta(seconds=IN_FLIGHT_S)
        if due and due <= until:
            self.standing, moved = step(self.standing, self.rule, self.duty, until)
            self.flips += moved

    def doubt(self, incident: Incident) -> None:
        self.incidents.append(incident)
        since, now = incident.since, incident.at
        due, _ = step(self.standing, self.rule, self.duty, self.standing.since - timedelta.resolution)
        self.doubts.append(Doubt(since, now, self.standing.last_look_at, min(due.due_at or now, now)))
        late = [flip for flip in self.flips if since < flip.at <= now]
        doubted = [flip for flip in late if flip.reason == SYSTEM]
        self.standing, moved = doubt_standing(
            self.standing,
            since,
            now,
            max((flip.at for flip in late), default=None),
            max(doubted, key=lambda flip: flip.at).since if doubted else None,
        )
        self.flips += moved

    def record(self, sample: Sample) -> None:
        if any(incident.covers(sample.at) for incident in self.incidents):
            sample = replace(sample, look=Look.BLIND, people=0, reason=SYSTEM)
        open_since = max((one.since for one in self.incidents if one.end > sample.at), default=sample.at)
        was_doubted = self.standing.reason == SYSTEM
        if self.standing.state is State.UNKNOWN and was_doubted and sample.at < open_since:
            return
        before = self.standing.last_look_at
        self.standing, moved = step(self.standing, self.rule, self.duty, sample.at, sample)
        self.flips += moved
        if not self.standing.last_look_at == sample.at != before:
            return
        begins = was_doubted and sample.reason != SYSTEM
        begins |= before is not None and starts_new_span(before, sample.at, self.rule, self.duty)
        begins |= any(flip.new is State.STAFFED and flip.at == sample.at for flip in moved)
        last = self.spans[-1] if self.spans else None
        same = last and (last.look, last.reason) == (sample.look, sample.reason)
        if last and same and not begins and sample.at - last.ended_at <= timedelta(seconds=LONGEST_GAP_S):
            self.spans[-1] = last._replace(ended_at=sample.at, looks=last.looks + 1)
        else:
            self.spans.append(Span(sample.look, sample.reason, sample.at, sample.at, 1))


@many
@given(rules, duties(), histories(), st.lists(incidents(), max_size=4), st.sampled_from([1, 5, 400]), st.integers(0, 2))
def test_the_spans_and_doubts_of_any_history_give_its_very_flips(
    rule: Tolerances,
    duty: tuple[Interval, ...],
    history: list[Sample],
    found: list[Incident],
    swept_every_s: int,
    delay_s: int,
) -> None:
    day = Ledger(rule, duty)
    events: list[tuple[datetime, int, Sample | Incident | None]] = [
        (sample.at + timedelta(seconds=delay_s), 0, sample) for sample in history if sample.reason != SYSTEM
    ]
    events += [(incident.at, 1, incident) for incident in found]
    events += [(second(at), 2, None) for at in range(-60, 2 * DAY_S, swept_every_s)]
    for now, _, event in sorted(events, key=lambda event: event[:2]):
        if isinstance(event, Sample):
            day.record(event)
        elif event:
            day.doubt(event)
        else:
            day.sweep(now)
    end = second(2 * DAY_S + IN_FLIGHT_S)
    day.sweep(end)
    assert rejudge(day.spans, rule, duty, second(-60), second(2 * DAY_S), day.doubts) == day.flips
