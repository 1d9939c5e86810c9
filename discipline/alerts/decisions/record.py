"""What people say to an indication: the only writer of Decision and of Alert.outcome."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from discipline.alerts.decisions import notices as decision_notices
from discipline.alerts.decisions import rule as decision_rule
from discipline.alerts.decisions.rule import Act, Entry, NotAllowed, Role
from discipline.alerts.events import DecisionRecorded, decision_recorded
from discipline.alerts.from_flips import ACCUSATIONS
from discipline.alerts.models import Alert, Decision
from discipline.core.models import Attachment
from discipline.staffing.recount import request_recount
from offices.access.models import Membership
from offices.hours.schedule import local_day

User = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody wants to say. `last_seen` is the newest line of the history that the page showed."""

    act: Act
    last_seen: int | None
    reason: str = ""
    text: str = ""
    attachment: Attachment | None = None


def role_of(user: User, alert: Alert) -> Role:
    """Camat of its kecamatan, lurah of its office, or somebody who reads. Needs alert.counter.kelurahan loaded."""
    if not user.is_authenticated or not user.is_active:
        return Role.READER
    office = alert.counter.office
    roles = {
        membership.role
        for membership in Membership.objects.filter(user_id=user.pk)
        if membership.kecamatan_id == office.kecamatan_id or membership.kelurahan_id == office.pk
    }
    if Membership.Role.CAMAT in roles:
        return Role.CAMAT
    return Role.LURAH if Membership.Role.LURAH in roles else Role.READER


def history_of(alert: Alert) -> list[Decision]:
    return list(alert.decisions.select_related("by", "attachment", "undone_by").order_by("pk"))


def entries(history: list[Decision]) -> list[Entry]:
    return [Entry(row.pk, row.at, Act(row.what), row.undoes_id) for row in history]


def say(alert: Alert, user: AbstractBaseUser, word: Word, now: datetime) -> Decision:
    """Add one line to the history and bring the outcome up to date. NotAllowed says why not."""
    role = role_of(user, alert)
    with transaction.atomic():
        locked = Alert.objects.select_for_update().get(pk=alert.pk)
        if locked.kind not in ACCUSATIONS or locked.superseded_by_id or locked.withdrawn_by_id:
            raise NotAllowed(NotAllowed.ROLE)
        history = entries(history_of(locked))
        decision_rule.check(history, word.act, role, now, word.last_seen, word.text)
        taken_back = decision_rule.undoable(history, now) if word.act is Act.UNDONE else None
        row = Decision.objects.create(
            alert=locked,
            at=now,
            by_id=user.pk,
            role=role,
            what=word.act,
            reason=word.reason,
            text=word.text.strip(),
            attachment=word.attachment,
            undoes_id=taken_back.id if taken_back else None,
        )
        counts = decision_rule.standing([*history, Entry(row.pk, now, word.act, row.undoes_id)])
        locked.outcome = counts.what if counts else ""
        locked.save(update_fields=["outcome"])
        request_recount(local_day(locked.since), local_day(locked.ended_at or now), [locked.counter_id], "decision")
        decision_notices.queue_decision_notice(row, now)
        transaction.on_commit(lambda: decision_recorded.publish(DecisionRecorded(alert.pk)))
    return row
