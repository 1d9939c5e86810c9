"""Holding evidence for an examination, and ending that. The only writer of LegalHold."""

from datetime import date, datetime

from django.db import transaction

from discipline.alerts.models import Alert
from discipline.evidence.models import LegalHold
from discipline.evidence.retention import lock_holds
from offices.places.models import Kelurahan


def hold_indication(alert: Alert, reason: str, user: int, now: datetime) -> LegalHold:
    """Nothing of it is destroyed from here on. An indication that is held already stays held as it was."""
    return _save_hold(LegalHold(alert=alert, reason=reason, by_id=user, since=now))


def hold_office(
    kelurahan: Kelurahan, first_day: date, last_day: date, reason: str, user: int, now: datetime
) -> LegalHold:
    """Everything that its cameras showed on these days (WIB), also what is stored later."""
    hold = LegalHold(kelurahan=kelurahan, first_day=first_day, last_day=last_day, reason=reason, by_id=user, since=now)
    return _save_hold(hold)


def end_hold(hold: LegalHold, reason: str, user: int, now: datetime) -> bool:
    """False when somebody else has ended it meanwhile."""
    active = LegalHold.objects.filter(pk=hold.pk, ended_at=None)
    return active.update(ended_at=now, ended_by=user, end_reason=reason) == 1


def hold_of_indication(alert: Alert) -> LegalHold | None:
    """The hold that the indication is under now."""
    return LegalHold.objects.filter(alert=alert, ended_at=None).select_related("by").first()


def _save_hold(hold: LegalHold) -> LegalHold:
    with transaction.atomic():
        lock_holds()
        before = hold_of_indication(hold.alert) if hold.alert else None
        if before is None:
            hold.save(force_insert=True)
    return before or hold
