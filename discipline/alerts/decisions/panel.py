"""The decision panel on an indication's page, as one user sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions import rule as decision_rule
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.core.dialogue import UNDO, Side
from discipline.core.wording import calendar, hour, name_of
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.accountable import decider, explainer
from offices.hours.schedule import local_day

DRAFT = "explaining"  # session key of an ExplanationDraft
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
    """Return the history for print, one line per entry, oldest first."""
    lines = []
    for row in decisions.history_of(alert):
        author = name_of(row.by)
        words = " · ".join(filter(None, (row.get_what_display(), row.get_reason_display(), row.text)))
        lines.append(f"{calendar(local_day(row.at))}, {hour(row.at)} WIB, {author}: {words}")
    return lines


class ExplanationDraft(TypedDict):
    """An explanation that was refused, kept in the session; `alert` is the id of the indication."""

    alert: int
    reason: str
    text: str


class ExplainInitial(TypedDict, total=False):
    """Initial values of ExplainForm; `reason` and `text` come from a draft."""

    reason: str
    text: str
    last_seen: int | None


@dataclass(frozen=True, slots=True)
class DecisionPanel:
    """Context of the panel's template.

    - `letters` are the explanations, oldest first, those of superseded indications before its own. `excuse` is the
      reason of the newest, which an excuse takes over. `new_letter`: it came after the decision and is not answered.
    - `decision` is the one in force, `last_seen` the id of the newest line of `history`; None without one.
    - `explained`: this indication or one that it superseded has an explanation. `overdue`: neither explained nor
      decided, and the deadline has passed.
    - `undo_until` is None unless this user may undo the decision now.
    - `initial` is None unless this user may explain. `decides`: this user may decide.
    """

    alert: Alert
    history: list[Decision]
    decision: Decision | None
    last_seen: int | None
    explained: bool
    overdue: bool
    undo_until: datetime | None
    initial: ExplainInitial | None
    decides: bool
    earlier: list[Alert]  # superseded by this one and with a history of their own
    letters: list[Decision]
    excuse: str
    new_letter: bool
    explainer: str  # what sentences call them: "lurah", "camat"
    decider: str
    excuses: tuple[Reason, ...] = OF_EXPLAINING
    mistakes: tuple[Reason, ...] = OF_FALSE_ALARM


def decision_panel(
    alert: Alert, user: decisions.User, now: datetime, draft: ExplanationDraft | None = None
) -> DecisionPanel | None:
    """Return the panel, or None for kinds about a camera, which are not decided. Runs four queries.

    Load the alert with counter__kelurahan and counter__place__kecamatan. `draft` is the session's value under DRAFT; a
    draft for another indication is ignored.
    """
    if alert.kind not in ACCUSATIONS:
        return None
    history = decisions.history_of(alert)
    entries = decisions.entries(history)
    side = decisions.standpoint(user, alert).side
    in_force = decision_rule.standing(entries)
    undoable = decision_rule.undoable(entries, now)
    last_seen = entries[-1].id if entries else None
    is_open = alert.superseded_by_id is None and alert.withdrawn_by_id is None
    earlier = list(alert.supersedes.filter(decisions__isnull=False).distinct().prefetch_related("decisions__by"))
    before = [row for superseded in earlier for row in superseded.decisions.all()]
    letters = [row for row in (*before, *history) if row.what == DecisionAct.EXPLAINED]
    explained = bool(letters)
    initial: ExplainInitial = {"last_seen": last_seen}
    if draft and draft.get("alert") == alert.pk:
        initial |= {"reason": draft["reason"], "text": draft["text"]}
    return DecisionPanel(
        alert=alert,
        history=history,
        decision=next((row for row in history if in_force and row.pk == in_force.id), None),
        last_seen=last_seen,
        explained=explained,
        overdue=bool(not explained and not in_force and alert.explain_by and alert.explain_by < now),
        undo_until=undoable.at + UNDO if undoable and side is Side.DECIDER and is_open else None,
        initial=initial if side is Side.ASKED and is_open else None,
        decides=side is Side.DECIDER and is_open,
        earlier=earlier,
        letters=letters,
        excuse=letters[-1].reason if letters else "",
        new_letter=decision_rule.has_new_letter(entries),
        explainer=explainer(alert.counter.office),
        decider=decider(alert.counter.office),
    )
