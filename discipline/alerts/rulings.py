"""What decisions about indications change in the strips and sums of a day: excused time, and false alarms."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.staffing.rule import State
from discipline.staffing.tally import Ruling


def rulings_by_counter(
    counters: Iterable[int], start: datetime, end: datetime, now: datetime
) -> dict[int, list[Ruling]]:
    """Return the rulings on absences in this time by counter, in the order of their indications."""
    decided = Alert.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=start),
        counter__in=list(counters),
        since__lt=end,
        kind__in=ACCUSATIONS,
        superseded_by=None,
        withdrawn_by=None,
        outcome__in=[DecisionAct.EXCUSED, DecisionAct.FALSE_ALARM],
    )
    false = Decision.objects.filter(alert__in=decided, what=DecisionAct.FALSE_ALARM, undone_by=None).order_by("pk")
    reasons = dict(false.values_list("alert", "reason"))
    found: dict[int, list[Ruling]] = defaultdict(list)
    rows = decided.order_by("since", "pk").values_list("pk", "counter", "since", "ended_at", "outcome")
    for pk, counter, since, ended_at, outcome in rows:
        found[counter].append(_ruling(since, ended_at or now, outcome, reasons.get(pk, "")))
    return found


def _ruling(start: datetime, end: datetime, outcome: str, reason: str) -> Ruling:
    """Return how a decision changes an absence.

    EXCUSED: it stays absent, but excused. FALSE_ALARM: staffed if the reason is STAFF_THERE; otherwise unknown, as the
    camera was wrong.
    """
    if outcome == DecisionAct.EXCUSED:
        return Ruling(start, end, State.ABSENT, excused=True)
    return Ruling(start, end, State.STAFFED if reason == Decision.Reason.STAFF_THERE else State.UNKNOWN)
