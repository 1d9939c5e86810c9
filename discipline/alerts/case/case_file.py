"""Load all stored facts about one indication: its counter's looks and flips of that day, hours and staffing rule."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from discipline.alerts.models import Alert
from discipline.staffing import rule as staffing_rule
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.effective_rules import EffectiveRules
from discipline.staffing.incident_models import IncidentDoubt
from discipline.staffing.incident_rule import Doubt
from discipline.staffing.models import Flip, StaffingRule
from discipline.staffing.rejudge import JudgedIndication, Span, indications_of, rejudge
from offices.hours.duty import DutyDay, Interval
from offices.hours.schedule import HoursBasis, Schedule, local_day
from streams.cameras.models import OccupancySpan
from streams.pixels.occupancy import Look
from streams.servers.repeatable_read import repeatable_read

LOOK_BACK = timedelta(minutes=10)  # load looks before the opening too: the last of them is judged at the opening
SWEPT = timedelta(minutes=1)  # by so long after closing, the sweep has judged the day to its end


@dataclass(frozen=True, slots=True)
class Case:
    """One indication, open or ended at `now`, and the facts it was judged by. `spans` and `flips` in order of time.

    The day was judged from `begin` up to `until`. Both lie in the local day on which the indication began. `rule_row`
    is the stored rule in force, None when the defaults are.
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
    doubts: tuple[Doubt, ...]
    begin: datetime
    until: datetime

    @property
    def day(self) -> date:
        """The local day on which the indication began."""
        return self.hours.day

    @property
    def duty(self) -> tuple[Interval, ...]:
        """The counter's duty intervals of that day, in order."""
        return self.hours.intervals

    @property
    def end(self) -> datetime:
        """When the indication ended, or else the latest time up to which it is known to last."""
        return self.alert.ended_at or max(self.until, self.alert.raised_at)


@dataclass(frozen=True, slots=True)
class Recheck:
    """A stored indication beside a second judgement, from its spans and that day's hours and rule as known now.

    `again` is None when the second judgement has no indication of that kind. `withdrawn`: by a system incident.
    """

    stored: JudgedIndication
    again: JudgedIndication | None
    flips_stored: tuple[staffing_rule.StateChange, ...]
    flips_again: tuple[staffing_rule.StateChange, ...]
    withdrawn: bool = False

    @property
    def same(self) -> bool:
        """Whether the second judgement gives the same indication and the same flips.

        A withdrawn indication is from looks that are discarded by now: only the flips are compared.

        A camera fault may have been raised later than the rule alone says: it waits until it is certain that the camera
        did not go dark together with others (from_flips.raise_camera_faults).
        """
        if self.withdrawn:
            return self.flips_stored == self.flips_again
        again = self.again
        if again and again.kind == AlertKind.CAMERA_FAULT:
            again = replace(again, raised_at=max(again.raised_at, self.stored.raised_at))
        return self.stored == again and self.flips_stored == self.flips_again


def open_case(alert: Alert, now: datetime) -> Case:
    """Load the case with at most thirteen queries; the alert should come with counter__kelurahan loaded.

    The alert's dates are read anew: all that a case holds is what was known at one moment, up to the first flip that
    the alerts do not show yet.
    """
    with repeatable_read():
        alert.refresh_from_db(fields=["since", "raised_at", "ended_at", "ended_by", "withdrawn_by"])
        return _read_case(alert, now)


def _read_case(alert: Alert, now: datetime) -> Case:
    counter, day = alert.counter_id, local_day(alert.since)
    schedule = Schedule([counter], retired=True)
    hours = schedule.day(counter, day)
    rules = EffectiveRules(day, [counter])
    opening, closing = _day_bounds(hours, alert)
    spans = _spans(counter, opening, closing)
    stored = list(Flip.objects.filter(counter=counter, at__gte=opening, at__lte=closing).order_by("at", "pk"))
    pending = next((number for number, flip in enumerate(stored) if flip.alerted_at is None), len(stored))
    flips = tuple(stored[:pending])
    # A counter that is watched at its opening flips there; one that is added or opened later flips then.
    begin = flips[0].at if flips and flips[0].at > opening else opening - LOOK_BACK
    known_doubts = IncidentDoubt.objects.filter(counter=counter, at__gte=begin, since__lte=closing).order_by("at", "pk")
    doubts = tuple(doubt.as_rule_doubt() for doubt in known_doubts)
    ends = [span.ended_at for span in spans[-1:]] + [flip.at for flip in flips[-1:]] + [one.at for one in doubts[-1:]]
    known = max(ends, default=opening)
    until = closing if closing + SWEPT < now else min(known, closing)
    if pending < len(stored):
        until = min(until, stored[pending].at - timedelta.resolution)
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
        doubts=doubts,
        begin=begin,
        until=until,
    )


def recheck(case: Case) -> Recheck:
    """Judge the day again with the same code as the first time; compare with the nearest indication of that kind."""
    alert = case.alert
    stored = JudgedIndication(alert.kind, alert.since, alert.raised_at, alert.ended_at, alert.ended_by)
    again = rejudge(case.spans, case.rule, case.duty, case.begin, case.until, case.doubts)
    alike = [found for found in indications_of(again, case.tolerances.tolerance_s) if found.kind == alert.kind]
    return Recheck(
        stored=stored,
        again=min(alike, key=lambda m: (abs(m.since - alert.since), abs(m.raised_at - alert.raised_at)), default=None),
        flips_stored=tuple(flip.as_rule_flip() for flip in case.flips if alert.since <= flip.at <= case.end),
        flips_again=tuple(flip for flip in again if alert.since <= flip.at <= case.end),
        withdrawn=alert.withdrawn_by_id is not None,
    )


def _day_bounds(hours: DutyDay, alert: Alert) -> tuple[datetime, datetime]:
    """Return the day's first opening and last closing; the indication's own ends if the day has no hours any more."""
    if hours.intervals:
        return hours.intervals[0].start, hours.intervals[-1].end
    return alert.since, alert.ended_at or alert.raised_at


def _spans(counter: int, opening: datetime, closing: datetime) -> tuple[Span, ...]:
    rows = OccupancySpan.objects.filter(subject=counter, ended_at__gte=opening - LOOK_BACK, started_at__lte=closing)
    values = rows.order_by("started_at", "pk").values_list("look", "reason", "started_at", "ended_at", "looks")
    return tuple(Span(Look(look), reason, start, end, looks) for look, reason, start, end, looks in values)
