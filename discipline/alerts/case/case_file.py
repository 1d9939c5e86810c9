"""Everything stored that bears on one indication: a day's looks and flips of its counter, its hours, its rule."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from discipline.alerts.models import Alert
from discipline.staffing import rule as staffing_rule
from discipline.staffing.effective_rules import EffectiveRules
from discipline.staffing.models import Flip, StaffingRule
from discipline.staffing.rejudge import JudgedIndication, Span, indications_of, rejudge
from offices.hours.duty import DutyDay, Interval
from offices.hours.schedule import HoursBasis, Schedule, local_day
from streams.cameras.models import OccupancySpan
from streams.pixels.occupancy import Look

LOOK_BACK = timedelta(minutes=10)  # looks before the opening: the last of them is judged at the opening
SWEPT = timedelta(minutes=1)  # after its closing a day is judged to its end


@dataclass(frozen=True, slots=True)
class Case:
    """One indication, not yet ended at `now` or ended, and what it stands on. `spans` and `flips` in order of time.

    `begin` is when judging the day began, `until` how far it has been judged. Both lie in the local day of the matter.
    """

    alert: Alert
    now: datetime
    hours: DutyDay
    basis: HoursBasis
    rule_row: StaffingRule | None
    rule: staffing_rule.Tolerances
    tolerances: StaffingRule  # the row, or the defaults
    spans: tuple[Span, ...]
    flips: tuple[Flip, ...]
    begin: datetime
    until: datetime

    @property
    def day(self) -> date:
        return self.hours.day

    @property
    def duty(self) -> tuple[Interval, ...]:
        return self.hours.intervals

    @property
    def end(self) -> datetime:
        """When the matter ended, or how far it is known."""
        return self.alert.ended_at or max(self.until, self.alert.raised_at)


@dataclass(frozen=True, slots=True)
class Recheck:
    """An indication judged again from its spans, with today's rule and hours of that day. None: nothing like it."""

    stored: JudgedIndication
    again: JudgedIndication | None
    flips_stored: tuple[staffing_rule.StateChange, ...]
    flips_again: tuple[staffing_rule.StateChange, ...]

    @property
    def same(self) -> bool:
        return self.stored == self.again and self.flips_stored == self.flips_again


def open_case(alert: Alert, now: datetime) -> Case:
    """Eleven queries at most. The alert's counter and kelurahan are best loaded with it."""
    counter, day = alert.counter_id, local_day(alert.since)
    schedule = Schedule([counter], retired=True)
    hours = schedule.day(counter, day)
    rules = EffectiveRules(day, [counter])
    opening, closing = _day_bounds(hours, alert)
    spans = _spans(counter, opening, closing)
    flips = tuple(Flip.objects.filter(counter=counter, at__gte=opening, at__lte=closing).order_by("at", "pk"))
    known = max([span.ended_at for span in spans[-1:]] + [flip.at for flip in flips[-1:]], default=opening)
    return Case(
        alert=alert,
        now=now,
        hours=hours,
        basis=schedule.basis(counter, day),
        rule_row=rules.row_of(counter),
        rule=rules.of(counter),
        tolerances=rules.tolerances(counter),
        spans=spans,
        flips=flips,
        begin=_judging_start(counter, opening),
        until=closing if closing + SWEPT < now else min(known, closing),
    )


def recheck(case: Case) -> Recheck:
    """Judge the day again, with the rule that judged it the first time."""
    alert = case.alert
    stored = JudgedIndication(alert.kind, alert.since, alert.raised_at, alert.ended_at, alert.ended_by)
    again = rejudge(case.spans, case.rule, case.duty, case.begin, case.until)
    alike = [matter for matter in indications_of(again, case.tolerances.tolerance_s) if matter.kind == alert.kind]
    return Recheck(
        stored=stored,
        again=min(alike, key=lambda m: (abs(m.since - alert.since), abs(m.raised_at - alert.raised_at)), default=None),
        flips_stored=tuple(flip.as_rule_flip() for flip in case.flips if alert.since <= flip.at <= case.end),
        flips_again=tuple(flip for flip in again if alert.since <= flip.at <= case.end),
    )


def _day_bounds(hours: DutyDay, alert: Alert) -> tuple[datetime, datetime]:
    """The day's first opening and last closing; of a day that has lost its hours, the matter's own ends."""
    if hours.intervals:
        return hours.intervals[0].start, hours.intervals[-1].end
    return alert.since, alert.ended_at or alert.raised_at


def _spans(counter: int, opening: datetime, closing: datetime) -> tuple[Span, ...]:
    rows = OccupancySpan.objects.filter(counter=counter, ended_at__gte=opening - LOOK_BACK, started_at__lte=closing)
    values = rows.order_by("started_at", "pk").values_list("look", "reason", "started_at", "ended_at", "looks")
    return tuple(Span(Look(look), reason, start, end, looks) for look, reason, start, end, looks in values)


def _judging_start(counter: int, opening: datetime) -> datetime:
    """Just before the opening, or when the counter was first watched if that was later."""
    first = Flip.objects.filter(counter=counter).order_by("at", "pk").values_list("at", flat=True).first()
    return first if first and first > opening else opening - LOOK_BACK
