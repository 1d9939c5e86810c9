"""What the decision panel of an indication shows to one user."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions import rule as decision_rule
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.core.dialogue import UNDO, Side
from discipline.core.wording import calendar, hour
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.hours.schedule import local_day

DRAFT = "explaining"  # the session's key
Reason = Decision.Reason
OF_EXPLAINING = (
    Reason.APEL,
    Reason.DINAS_LUAR,
    Reason.SAKIT,
    Reason.IZIN,
    Reason.CUTI,
    Reason.GANGGUAN,
    Reason.LAIN,
)
OF_FALSE_ALARM = (Reason.STAFF_THERE, Reason.CAMERA_WRONG, Reason.LAIN)


def history_in_words(alert: Alert) -> list[str]:
    """The history, a line each, for paper."""
    lines = []
    for row in decisions.history_of(alert):
        who = row.by.get_full_name() or row.by.get_username()
        what = " · ".join(filter(None, (row.get_what_display(), row.get_reason_display(), row.text)))
        lines.append(f"{calendar(local_day(row.at))}, {hour(row.at)} WIB, {who}: {what}")
    return lines


@dataclass(frozen=True, slots=True)
class DecisionPanel:
    """`undo_until` is set while this user may take the decision back. `initial` is set while this user may explain: the
    initial values of ExplainForm."""

    alert: Alert
    history: list[Decision]
    decision: Decision | None
    last_seen: int | None
    explained: bool
    overdue: bool
    undo_until: datetime | None
    initial: dict[str, Any] | None
    decides: bool
    earlier: list[Alert]  # what was told of the same matter under another name, with something said to it
    excuses: tuple[Reason, ...] = OF_EXPLAINING
    mistakes: tuple[Reason, ...] = OF_FALSE_ALARM


def decision_panel(
    alert: Alert, user: decisions.User, now: datetime, draft: Mapping[str, Any] | None = None
) -> DecisionPanel | None:
    """None for camera faults, which nobody decides. Needs alert.counter.kelurahan loaded. Four queries.

    draft: what a refused explanation said, as the session keeps it under DRAFT.
    """
    if alert.kind not in ACCUSATIONS:
        return None
    history = decisions.history_of(alert)
    said = decisions.entries(history)
    side = decisions.standpoint(user, alert).side
    counts = decision_rule.standing(said)
    young = decision_rule.undoable(said, now)
    last_seen = said[-1].id if said else None
    is_open = alert.superseded_by_id is None and alert.withdrawn_by_id is None
    earlier = list(alert.supersedes.filter(decisions__isnull=False).distinct().prefetch_related("decisions"))
    explained = decision_rule.explained(said) or any(
        row.what == DecisionAct.EXPLAINED for one in earlier for row in one.decisions.all()
    )
    typed = draft if draft and draft.get("alert") == alert.pk else {}
    return DecisionPanel(
        alert=alert,
        history=history,
        decision=next((row for row in history if counts and row.pk == counts.id), None),
        last_seen=last_seen,
        explained=explained,
        overdue=bool(not explained and not counts and alert.explain_by and alert.explain_by < now),
        undo_until=young.at + UNDO if young and side is Side.DECIDER and is_open else None,
        initial={**typed, "last_seen": last_seen} if side is Side.ASKED and is_open else None,
        decides=side is Side.DECIDER and is_open,
        earlier=earlier,
    )
