"""Hold back what is blocked, and make, lift and forget blocks. The only writer of ComplaintBlock.

Addresses are stored as hashes with a key made from SECRET_KEY: nobody reads them from a row, and a leaked database
without the key does not give them away. Another SECRET_KEY ends the blocks of senders.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from discipline.complaints import steps
from discipline.complaints.blocks.block_rule import (
    MOST_DAYS,
    SHORTEST_PHRASE,
    UNKNOWN_SENDER,
    BlockKind,
    SenderHashes,
    folded,
    own_network,
    wide_network,
)
from discipline.complaints.blocks.models import ComplaintBlock
from discipline.complaints.models import Complaint
from discipline.complaints.state_rule import ComplaintEvent
from offices.access.gate import User

SALT = "discipline.complaints.blocks"
SENDER_KEPT = timedelta(days=14)  # of a report: how long its sender can be blocked by address


class BlockRefused(ValueError):
    """A block is not possible. The argument says why."""

    UNKNOWN, PHRASE, DAYS = "unknown", "phrase", "days"


@dataclass(frozen=True, slots=True)
class BlockWanted:
    """A block that somebody wants. phrase: of PHRASE only."""

    kind: BlockKind
    days: int
    reason: str
    phrase: str = ""


def sender_hashes(address: str | None) -> SenderHashes:
    """Return what is stored of where something was sent from; empty for no IP address."""
    if address is None:
        return UNKNOWN_SENDER
    own, wide = own_network(address), wide_network(address)
    return SenderHashes(_hash(BlockKind.ADDRESS, own), _hash(BlockKind.NETWORK, wide))


def is_held_back(sender: SenderHashes, mail: str, text: str, now: datetime, *, private: bool = False) -> bool:
    """Return whether a block holds this back, and count it. mail, text: "" for none.

    private: a report to the inspectorate, which only its own blocks hold back.
    """
    known = Q(kind=BlockKind.ADDRESS.value, value=sender.address) | Q(
        kind=BlockKind.NETWORK.value, value=sender.network
    )
    if mail:
        known |= Q(kind=BlockKind.MAIL.value, value=_hash(BlockKind.MAIL, mail.strip().casefold()))
    active = ComplaintBlock.objects.filter(until__gt=now, private=private)
    hit = list(active.filter(known).values_list("pk", flat=True))
    if text:
        said = folded(text)
        hit += [pk for pk, phrase in active.filter(kind="phrase").values_list("pk", "value") if phrase in said]
    if not hit:
        return False
    ComplaintBlock.objects.filter(pk__in=hit).update(hits=F("hits") + 1, last_hit_at=now)
    return True


def block(complaint: Complaint, wanted: BlockWanted, by: User, now: datetime) -> ComplaintBlock:
    """Block what the report shows, or go on with a block of the same; a line of its history says who did and why.

    Raises BlockRefused.
    """
    value = _value(complaint, wanted)
    if not 1 <= wanted.days <= MOST_DAYS[wanted.kind]:
        raise BlockRefused(BlockRefused.DAYS)
    until = now + timedelta(days=wanted.days)
    changed = {"reason": wanted.reason, "complaint": complaint, "by_id": by.pk, "created_at": now, "until": until}
    with transaction.atomic():
        row = ComplaintBlock.objects.update_or_create(
            kind=wanted.kind.value, value=value, private=complaint.private, defaults=changed
        )[0]
        words = {"what": wanted.kind.label, "days": wanted.days, "why": wanted.reason}
        steps.note(complaint, ComplaintEvent.BLOCKED, by, now, _("%(what)s, %(days)s hari: %(why)s") % words)
    return row


def lift(row: ComplaintBlock, by: User, now: datetime) -> None:
    """End a block before its time; a line of the report's history says who did."""
    with transaction.atomic():
        words = {"what": row.get_kind_display(), "hits": row.hits}
        text = _("%(what)s; menahan %(hits)s kiriman") % words
        if ComplaintBlock.objects.filter(pk=row.pk).delete()[0]:
            steps.note(row.complaint, ComplaintEvent.UNBLOCKED, by, now, text)


def blockable(complaint: Complaint) -> list[BlockKind]:
    """Return what can be blocked from the report."""
    known = {
        BlockKind.ADDRESS: complaint.sender_address,
        BlockKind.NETWORK: complaint.sender_network,
        BlockKind.MAIL: complaint.mail,
        BlockKind.PHRASE: True,
    }
    return [kind for kind in BlockKind if known[kind]]


def forget(now: datetime) -> None:
    """Delete blocks that have ended, and from where reports were sent some days ago."""
    ComplaintBlock.objects.filter(until__lte=now).delete()
    old = Complaint.objects.filter(created_at__lt=now - SENDER_KEPT).exclude(sender_address="", sender_network="")
    old.update(sender_address="", sender_network="")


def _value(complaint: Complaint, wanted: BlockWanted) -> str:
    if wanted.kind is BlockKind.PHRASE:
        phrase = folded(wanted.phrase)
        if len(phrase) < SHORTEST_PHRASE:
            raise BlockRefused(BlockRefused.PHRASE)
        return phrase
    if wanted.kind not in blockable(complaint):
        raise BlockRefused(BlockRefused.UNKNOWN)
    if wanted.kind is BlockKind.MAIL:
        return _hash(BlockKind.MAIL, complaint.mail.reveal().strip().casefold())
    return complaint.sender_address if wanted.kind is BlockKind.ADDRESS else complaint.sender_network


def _hash(kind: BlockKind, value: str) -> str:
    return salted_hmac(SALT, f"{kind.value}:{value}", algorithm="sha256").hexdigest()
