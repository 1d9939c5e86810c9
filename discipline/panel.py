"""What the decision panel of an indication shows to one user."""

from dataclasses import dataclass
from datetime import datetime

from discipline import deciding, verdict
from discipline.alerts import ACCUSATIONS
from discipline.decision_forms import OF_EXPLAINING, OF_FALSE_ALARM, ExplainForm
from discipline.models import Alert, Decision
from discipline.verdict import Role


@dataclass(frozen=True, slots=True)
class Panel:
    """`undo_until` is set while this user may take the decision back; `form` while this user may explain."""

    alert: Alert
    history: list[Decision]
    decision: Decision | None
    last_seen: int | None
    explained: bool
    overdue: bool
    undo_until: datetime | None
    form: ExplainForm | None
    decides: bool
    excuses: tuple[Decision.Reason, ...] = OF_EXPLAINING
    mistakes: tuple[Decision.Reason, ...] = OF_FALSE_ALARM


def panel(alert: Alert, user: deciding.User, now: datetime) -> Panel | None:
    """None for camera faults, which nobody decides. Needs alert.counter.kelurahan loaded. Three queries."""
    if alert.kind not in ACCUSATIONS:
        return None
    history = deciding.history_of(alert)
    said = deciding.entries(history)
    role = deciding.role_of(user, alert)
    counts = verdict.standing(said)
    young = verdict.undoable(said, now)
    last_seen = said[-1].id if said else None
    is_open = alert.superseded_by_id is None
    explained = verdict.explained(said)
    return Panel(
        alert=alert,
        history=history,
        decision=next((row for row in history if counts and row.pk == counts.id), None),
        last_seen=last_seen,
        explained=explained,
        overdue=bool(not explained and not counts and alert.explain_by and alert.explain_by < now),
        undo_until=young.at + verdict.UNDO if young and role is Role.CAMAT and is_open else None,
        form=ExplainForm(initial={"last_seen": last_seen}) if role is Role.LURAH and is_open else None,
        decides=role is Role.CAMAT and is_open,
    )
