"""Store what residents send. The only writer of new rows of Complaint and ComplaintFollower."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from discipline.complaints import steps
from discipline.complaints.blocks.block_rule import UNKNOWN_SENDER, SenderHashes
from discipline.complaints.mailing import links, mails
from discipline.complaints.models import Complaint, ComplaintFollower, ComplaintKind
from discipline.complaints.photos import storing
from discipline.complaints.photos.models import ComplaintPhoto
from discipline.complaints.state_rule import ENDS, ComplaintState
from offices.accounts.link_mails import mail_is_set_up
from offices.places.models import Place

# Letters and digits that nobody takes for another: 32, so 16 of them are 80 bits.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SECRET_LENGTH = 16
SECRET_SHOWN = timedelta(minutes=30)  # after a report was stored, to who sends the same form again
CONTACT_KEPT = timedelta(days=90)  # after the end of a report


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """What a resident sends. language: a code of the site; mail: "" without one; sender: where it came from."""

    key: UUID
    kind: ComplaintKind
    place: Place | None
    latitude: float
    longitude: float
    text: str
    language: str
    address: str = ""
    happened_at: datetime | None = None
    mail: str = ""
    sender: SenderHashes = UNKNOWN_SENDER


@dataclass(frozen=True, slots=True)
class FiledComplaint:
    """A stored report. secret: "" when the same report was stored SECRET_SHOWN ago or longer."""

    complaint: Complaint
    secret: str


def file_complaint(new: NewComplaint, now: datetime, secret: str = "") -> FiledComplaint:
    """Store a report and queue the mail that confirms it; where there is no mail server it is open at once.

    secret: with which its resident follows it, as secret_of returns one; "" for that of the form's key.
    """
    secret = secret or secret_of(new.key)
    with transaction.atomic():
        complaint, created = Complaint.objects.get_or_create(
            key=new.key,
            defaults={
                "kind": new.kind,
                "private": new.kind.private,
                "place": new.place,
                "latitude": new.latitude,
                "longitude": new.longitude,
                "address": new.address,
                "text": new.text,
                "happened_at": new.happened_at,
                "language": new.language,
                "mail": new.mail,
                "secret_hash": hash_of(secret),
                "sender_address": new.sender.address,
                "sender_network": new.sender.network,
                "created_at": now,
                "changed_at": now,
            },
        )
        if not created:
            return _filed_again(complaint, now)
        storing.attach(complaint)
        if mail_is_set_up() and new.mail:
            mails.ask_to_confirm(complaint, secret, now)
        else:
            steps.confirm(complaint, now)
    return FiledComplaint(complaint, secret)


def filed_before(key: UUID | None, now: datetime) -> FiledComplaint | None:
    """Return the report that was stored from the form with this key, None if there is none.

    A phone may lose the answer to what it sent, and with it the secret: so it is shown again for a while.
    """
    found = Complaint.objects.filter(key=key).first() if key else None
    return _filed_again(found, now) if found else None


def _filed_again(complaint: Complaint, now: datetime) -> FiledComplaint:
    secret = secret_of(complaint.key)
    known = secrets.compare_digest(complaint.secret_hash, hash_of(secret))  # not after a change of SECRET_KEY
    return FiledComplaint(complaint, secret if known and now < complaint.created_at + SECRET_SHOWN else "")


def follow(complaint: Complaint, mail: str, language: str, now: datetime) -> None:
    """Store a follower, who gets no news before the link in the mail was opened."""
    with transaction.atomic():
        follower = ComplaintFollower.objects.create(complaint=complaint, mail=mail, language=language, created_at=now)
        mails.ask_to_follow(follower, now)


def confirm_follower(pk: int, now: datetime) -> ComplaintFollower | None:
    """Send this follower news from now on; return it, None if it is gone."""
    ComplaintFollower.objects.filter(pk=pk, confirmed_at=None).update(confirmed_at=now)
    return ComplaintFollower.objects.select_related("complaint").filter(pk=pk).first()


def secret_of(key: UUID) -> str:
    """Return the secret of the report from the form with this key, in four groups of four."""
    digest = salted_hmac("discipline.complaints.secret", key.hex, algorithm="sha256").digest()
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:SECRET_LENGTH])
    return "-".join(letters[start : start + 4] for start in range(0, SECRET_LENGTH, 4))


def hash_of(secret: str) -> str:
    """Return the hash that is stored of a secret, whatever its case and dashes."""
    plain = "".join(letter for letter in secret.upper() if letter in LETTERS)
    return hashlib.sha256(plain.encode()).hexdigest()


def by_secret(number: str, secret: str) -> Complaint | None:
    """Return the report with this number ("RA-12" or "12") and secret, None if there is none."""
    typed = number.upper().strip().removeprefix("RA").lstrip("- ")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 16):
        return None
    found = Complaint.objects.filter(pk=int(typed)).first()
    return found if found and secrets.compare_digest(found.secret_hash, hash_of(secret)) else None


def forget(now: datetime) -> None:
    """Delete reports and followers that nobody confirmed, and contacts and photos of those that ended long ago."""
    storing.forget_drafts(now)
    unconfirmed = now - links.CONFIRM_WITHIN
    Complaint.objects.filter(state=ComplaintState.UNCONFIRMED.value, created_at__lt=unconfirmed).delete()
    ComplaintFollower.objects.filter(confirmed_at=None, created_at__lt=unconfirmed).delete()
    ended = Complaint.objects.filter(state__in=[one.value for one in ENDS], changed_at__lt=now - CONTACT_KEPT)
    ComplaintPhoto.objects.filter(complaint__in=ended).delete()
    ended.exclude(mail="").update(mail="")
    ComplaintFollower.objects.filter(complaint__in=ended).delete()
