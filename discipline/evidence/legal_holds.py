"""Sets and ends legal holds. The only writer of LegalHold."""

from datetime import date, datetime

from django.db import transaction

from discipline.alerts.models import Alert
from discipline.evidence.models import LegalHold
from discipline.evidence.retention import lock_holds
from offices.places.models import Kelurahan


def hold_indication(alert: Alert, reason: str, user: int, now: datetime) -> LegalHold:
    """Exempt an indication's evidence from destruction. Returns the active hold if there is one already."""
    return _save_hold(LegalHold(alert=alert, reason=reason, by_id=user, since=now))


def hold_office(
    kelurahan: Kelurahan, first_day: date, last_day: date, reason: str, user: int, now: datetime
) -> LegalHold:
    """Exempt all evidence of an office's cameras from these days (WIB), including what is stored later."""
    hold = LegalHold(kelurahan=kelurahan, first_day=first_day, last_day=last_day, reason=reason, by_id=user, since=now)
    return _save_hold(hold)


def end_hold(hold: LegalHold, reason: str, user: int, now: datetime) -> bool:
    """End a hold. Returns False if it had ended already."""
    active = LegalHold.objects.filter(pk=hold.pk, ended_at=None)
    return active.update(ended_at=now, ended_by=user, end_reason=reason) == 1


def hold_of_indication(alert: Alert) -> LegalHold | None:
    """Return the active hold of an indication, or None."""
    return LegalHold.objects.filter(alert=alert, ended_at=None).select_related("by").first()


def _save_hold(hold: LegalHold) -> LegalHold:
    with transaction.atomic():
        lock_holds()
        active = hold_of_indication(hold.alert) if hold.alert else None
        if active is None:
            hold.save(force_insert=True)
    return active or hold
