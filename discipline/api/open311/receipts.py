"""The token of a report that waits for its resident to confirm it, by which its number is asked for later."""

from django.core import signing

from discipline.complaints.mailing.links import CONFIRM_WITHIN, OPENS_FOR
from discipline.complaints.models import Complaint
from discipline.complaints.state_rule import ComplaintState

SALT = "discipline.api.open311"
KEPT = CONFIRM_WITHIN + OPENS_FOR


def receipt_of(complaint: Complaint) -> str:
    """Return the token of a report."""
    return signing.dumps(complaint.pk, salt=SALT)


def confirmed(receipt: str) -> Complaint | None:
    """Return the report of a token once it is confirmed; None before, and for a token that is wrong or too old."""
    try:
        pk = int(signing.loads(receipt, salt=SALT, max_age=KEPT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Complaint.objects.exclude(state=ComplaintState.UNCONFIRMED.value).filter(pk=pk).first()
