"""Record explanations and decisions: the only writer of Decision and of Alert.outcome."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from discipline.alerts.decisions import notices as decision_notices
from discipline.alerts.decisions import rule as decision_rule
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.events import DecisionRecorded, decision_recorded
from discipline.alerts.models import Alert, Decision
from discipline.core import dialogue_lines
from discipline.core.dialogue import Entry, NotAllowed, Side, Standpoint
from discipline.core.models import Attachment
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.staffing.recount import request_recount
from offices.access.accountable import who_decides, who_explains
from offices.access.gate import scope_of
from offices.hours.schedule import local_day

User = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class DecisionStatement:
    """What a user wants to add to an indication: a dialogue.Statement with a Decision.Reason."""

    act: DecisionAct
    last_seen: int | None
    reason: str = ""
    text: str = ""
    attachment: Attachment | None = None


def standpoint(user: User, alert: Alert) -> Standpoint:
    """Return the user's side, with the role that decides about its office or explains for it; else reader.

    Load the alert with counter__kelurahan and counter__place__kecamatan.
    """
    scope, office = scope_of(user), alert.counter.office
    if scope.grants(office):
        return Standpoint(Side.DECIDER, who_decides(office).value)
    if scope.asks(office):
        return Standpoint(Side.ASKED, who_explains(office).value)
    return Standpoint(Side.READER)


def history_of(alert: Alert) -> list[Decision]:
    """Return the explanations and decisions, oldest first, with by, attachment and undone_by loaded."""
    return dialogue_lines.read(alert.decisions)


def entries(history: list[Decision]) -> list[Entry[DecisionAct]]:
    """Return the history as the rules of the dialogue read it."""
    return dialogue_lines.entries(DecisionAct, history)


def record_decision(alert: Alert, user: AbstractBaseUser, statement: DecisionStatement, now: datetime) -> Decision:
    """Add one line to the history, update the outcome, request a recount and queue the notice. Raises NotAllowed."""
    side = standpoint(user, alert)
    with transaction.atomic():
        locked = Alert.objects.select_for_update().get(pk=alert.pk)
        if locked.kind not in ACCUSATIONS or locked.superseded_by_id or locked.withdrawn_by_id:
            raise NotAllowed(NotAllowed.ROLE)
        if statement.act is DecisionAct.UPHELD and not locked.new_letter:
            raise NotAllowed(NotAllowed.SAME)
        row: Decision
        row, history = dialogue_lines.append(
            decision_rule.DIALOGUE, locked.decisions, user.pk, side, statement, now, reason=statement.reason
        )
        in_force = decision_rule.standing(history)
        locked.outcome = in_force.what.value if in_force else ""
        locked.new_letter = decision_rule.has_new_letter(history)
        locked.save(update_fields=["outcome", "new_letter"])
        request_recount(local_day(locked.since), local_day(locked.ended_at or now), [locked.counter_id], "decision")
        decision_notices.queue_decision_notice(row, now)
        transaction.on_commit(lambda: decision_recorded.publish(DecisionRecorded(alert.pk)))
    return row
