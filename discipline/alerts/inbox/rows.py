"""Rows of the list of indications: what was explained, whether this user may decide, and what a decision refers to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Decision
from discipline.core.wording import day_heading, local
from offices.access.gate import Scope

if TYPE_CHECKING:
    from discipline.alerts.models import ExplainedAlert


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One indication in the list.

    `day` is the heading it stands under. `letter` is the newest explanation, also one of an indication that this one
    superseded. `last_seen` is the id of the newest line of its own history. `choosable`: this user may decide it
    together with others.
    """

    alert: "ExplainedAlert"
    day: str
    letter: Decision | None
    last_seen: int | None
    choosable: bool

    @property
    def key(self) -> str:
        """What the form that decides several sends for this row (decisions.together.chosen)."""
        return f"{self.alert.pk}:{self.last_seen or ''}"


def inbox_rows(alerts: "Iterable[ExplainedAlert]", scope: Scope, now: datetime) -> list[InboxRow]:
    """Return the rows of one page, in the given order. Runs one query more."""
    shown = list(alerts)
    pks = [alert.pk for alert in shown]
    lines = Decision.objects.filter(Q(alert__in=pks) | Q(alert__superseded_by__in=pks)).order_by("pk")
    last_seen: dict[int, int] = {}
    letters: dict[int, Decision] = {}
    earlier: dict[int, Decision] = {}
    for line in lines.select_related("alert"):
        last_seen[line.alert_id] = line.pk
        if line.what == DecisionAct.EXPLAINED:
            letters[line.alert_id] = line
            if later := line.alert.superseded_by_id:
                earlier[later] = line
    today = local(now)
    return [
        InboxRow(
            alert,
            day_heading(local(alert.since), today),
            letters.get(alert.pk) or earlier.get(alert.pk),
            last_seen.get(alert.pk),
            not alert.outcome and scope.grants(alert.counter.office),
        )
        for alert in shown
    ]
