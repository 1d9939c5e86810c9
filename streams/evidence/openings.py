"""Open originals: log the opening permanently, then issue a ticket for this user and session, valid five minutes."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from streams.evidence.models import Evidence, EvidenceOpening

OPEN_FOR = timedelta(minutes=5)
SALT = "sidak.evidence.opening"


class TicketError(Exception):
    """The ticket has expired, is forged, or belongs to another user or session."""


def open_original(user: int, session: str, original: Evidence, reason: str, now: datetime) -> str:
    """Log who opens the original and why, and return a ticket for it.

    `user` is the user's id, `session` the session key. Raises ValidationError when the reason is missing or too short.
    """
    opening = EvidenceOpening(evidence=original, user_id=user, at=now, reason=reason)
    opening.full_clean()
    opening.save(force_insert=True)
    return signing.dumps([opening.pk, _session_digest(session)], salt=SALT)


def opening_of(ticket: str, user: int, session: str) -> EvidenceOpening:
    """Return the opening that the ticket was issued for, with its evidence. Raises TicketError."""
    try:
        pk, bound = signing.loads(ticket, salt=SALT, max_age=OPEN_FOR)
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise TicketError from error
    opening = EvidenceOpening.objects.select_related("evidence__counter__kelurahan").filter(pk=pk, user_id=user).first()
    if opening is None or not constant_time_compare(bound, _session_digest(session)):
        raise TicketError
    return opening


def openings(filters: dict[str, Any]) -> QuerySet[EvidenceOpening]:
    """Return the log, newest first. filters: kecamatan (code), since and until (dates in WIB), words."""
    rows = EvidenceOpening.objects.select_related("user", "evidence__counter__kelurahan__kecamatan")
    if filters.get("kecamatan"):
        rows = rows.filter(evidence__kelurahan__kecamatan__code=filters["kecamatan"])
    if filters.get("since"):
        rows = rows.filter(at__date__gte=filters["since"])
    if filters.get("until"):
        rows = rows.filter(at__date__lte=filters["until"])
    for word in filters.get("words", "").split():
        rows = rows.filter(
            Q(reason__icontains=word)
            | Q(user__username__icontains=word)
            | Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(evidence__kelurahan__name__icontains=word)
            | Q(evidence__counter__name__icontains=word)
        )
    return rows


def _session_digest(session: str) -> str:
    """Return a digest that binds a ticket to the session without revealing its key in the address."""
    return salted_hmac(SALT, session).hexdigest()[:16]
