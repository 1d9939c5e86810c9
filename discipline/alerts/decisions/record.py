"""What people say to an indication: the only writer of Decision and of Alert.outcome."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.db.models import Q

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
from offices.access.gate import Scope, within
from offices.access.models import Membership
from offices.hours.schedule import local_day

User = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class DecisionStatement:
    """What somebody wants to say to an indication: a dialogue.Statement with a Decision.Reason."""

    act: DecisionAct
    last_seen: int | None
    reason: str = ""
    text: str = ""
    attachment: Attachment | None = None


def standpoint(user: User, alert: Alert) -> Standpoint:
    """Return what the user is to it: camat of its kecamatan, lurah of its office, or a reader. Needs
    alert.counter.kelurahan loaded."""
    if not user.is_authenticated or not user.is_active:
        return Standpoint(Side.READER)
    office = alert.counter.kelurahan
    roles = {
        membership.role
        for membership in Membership.objects.filter(user_id=user.pk)
        if membership.kecamatan_id == office.kecamatan_id or membership.kelurahan_id == office.pk
    }
    if Membership.Role.CAMAT in roles:
        return Standpoint(Side.DECIDER, Membership.Role.CAMAT.value)
    if Membership.Role.LURAH in roles:
        return Standpoint(Side.ASKED, Membership.Role.LURAH.value)
    return Standpoint(Side.READER)


def history_of(alert: Alert) -> list[Decision]:
    return dialogue_lines.read(alert.decisions)


def entries(history: list[Decision]) -> list[Entry[DecisionAct]]:
    return dialogue_lines.entries(DecisionAct, history)


def record_decision(alert: Alert, user: AbstractBaseUser, statement: DecisionStatement, now: datetime) -> Decision:
    """Add one line to the history and bring the outcome up to date. Raises NotAllowed."""
    stands = standpoint(user, alert)
    with transaction.atomic():
        locked = Alert.objects.select_for_update().get(pk=alert.pk)
        if locked.kind not in ACCUSATIONS or locked.superseded_by_id or locked.withdrawn_by_id:
            raise NotAllowed(NotAllowed.ROLE)
        row, history = dialogue_lines.append(
            decision_rule.DIALOGUE, locked.decisions, user.pk, stands, statement, now, reason=statement.reason
        )
        counts = decision_rule.standing(history)
        locked.outcome = counts.what.value if counts else ""
        locked.save(update_fields=["outcome"])
        request_recount(local_day(locked.since), local_day(locked.ended_at or now), [locked.counter_id], "decision")
        decision_notices.queue_decision_notice(row, now)
        transaction.on_commit(lambda: decision_recorded.publish(DecisionRecorded(alert.pk)))
    return row


def readable_attachments(scope: Scope) -> Q:
    """Return the condition on Attachment of files given with explanations that this scope may read."""
    return Q(decision__in=Decision.objects.filter(within(scope, "alert__counter__kelurahan")))
