"""Opening an original: a line in the log that stays, then a ticket for this person, this session and five minutes."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from streams.evidence.models import Evidence, EvidenceOpening

OPEN_FOR = timedelta(minutes=5)
SALT = "sidak.evidence.opening"


class TicketError(Exception):
    """The ticket is no more, or not this person's."""


def open_original(user: int, session: str, original: Evidence, reason: str, now: datetime) -> str:
    """Write down who opens it and why; the ticket to it. ValidationError when no reason is given."""
    opening = EvidenceOpening(evidence=original, user_id=user, at=now, reason=reason)
    opening.full_clean()
    opening.save(force_insert=True)
    return signing.dumps([opening.pk, _session_digest(session)], salt=SALT)


def opening_of(ticket: str, user: int, session: str) -> EvidenceOpening:
    """What the ticket opens. TicketError when it has run out, is forged, or was given to somebody else."""
    try:
        pk, bound = signing.loads(ticket, salt=SALT, max_age=OPEN_FOR)
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise TicketError from error
    found = EvidenceOpening.objects.select_related("evidence__counter__kelurahan", "evidence__place").filter(
        pk=pk, user_id=user
    )
    opening = found.first()
    if opening is None or not constant_time_compare(bound, _session_digest(session)):
        raise TicketError
    return opening


def openings(filters: dict[str, Any]) -> QuerySet[EvidenceOpening]:
    """The log, newest first. filters: kecamatan (code), since and until (dates in WIB), words."""
    found = EvidenceOpening.objects.select_related(
        "user",
        "evidence__counter__kelurahan",
        "evidence__counter__place__kecamatan",
        "evidence__place__kelurahan__kecamatan",
        "evidence__place__kecamatan",
    )
    if filters.get("kecamatan"):
        found = found.filter(evidence__kelurahan__kecamatan__code=filters["kecamatan"])
    if filters.get("since"):
        found = found.filter(at__date__gte=filters["since"])
    if filters.get("until"):
        found = found.filter(at__date__lte=filters["until"])
    for word in filters.get("words", "").split():
        found = found.filter(
            Q(reason__icontains=word)
            | Q(user__username__icontains=word)
            | Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(evidence__kelurahan__name__icontains=word)
            | Q(evidence__counter__name__icontains=word)
        )
    return found


def _session_digest(session: str) -> str:
    """The session, so that the address tells nobody its key."""
    return salted_hmac(SALT, session).hexdigest()[:16]
