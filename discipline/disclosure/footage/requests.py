"""Make, decide and delete requests for copies of stored pictures. With finding.py the only writer of both models."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from discipline.disclosure.footage.models import FootageCopy, FootagePicture
from offices.access.gate import User
from offices.places.models import Counter
from streams.evidence import openings, store
from streams.evidence.models import Evidence, EvidenceOpening, gives_reason
from streams.servers import task_queue

TASK = "discipline.tasks.find_heads"
KEPT = timedelta(days=7)
MOST_PICTURES = 150  # of a copy: it is packed while its maker waits, a tenth of a second for each
MOST_TRIES = 3
Kind = Evidence.Kind


class NothingKept(Exception):
    """No picture of the counter is kept from that time."""


class TooManyPictures(Exception):
    """More than MOST_PICTURES are kept from that time."""


class NotReady(Exception):
    """Some pictures are not decided yet, or the applicant is in none of them."""


def kept_originals(counter: Counter, since: datetime, until: datetime) -> QuerySet[Evidence]:
    """Return the originals of a counter between two moments that are not destroyed: pictures, clips and controls."""
    gone = Evidence.objects.filter(of=OuterRef("pk"), kind=Kind.DESTROYED)
    originals = Evidence.objects.filter(counter=counter, form=Evidence.Form.ORIGINAL, at__gte=since, at__lte=until)
    return originals.exclude(Exists(gone)).order_by("at", "pk")


def request_copy(
    user: User, counter: Counter, since: datetime, until: datetime, reason: str, now: datetime
) -> FootageCopy:
    """Store the request, and have the worker find the heads. No picture is opened yet.

    Raises NothingKept, TooManyPictures, and ValidationError when the reason is too short.
    """
    gives_reason(reason)
    stills = kept_originals(counter, since, until).exclude(kind__in=(*store.CLIPS, Kind.CONTROLS))
    found = list(stills[: MOST_PICTURES + 1])
    if not found:
        raise NothingKept
    if len(found) > MOST_PICTURES:
        raise TooManyPictures
    with transaction.atomic():
        copy = FootageCopy.objects.create(
            by_id=user.pk or 0, counter=counter, since=since, until=until, reason=reason, asked_at=now
        )
        FootagePicture.objects.bulk_create(FootagePicture(copy=copy, original=one, again_at=now) for one in found)
        transaction.on_commit(lambda: task_queue.send_task(TASK))
    return copy


def copies_of(user: User, now: datetime) -> QuerySet[FootageCopy]:
    """Return the user's requests that have not expired."""
    return FootageCopy.objects.filter(by=user.pk, asked_at__gt=now - KEPT).select_related("counter__kelurahan")


def pictures_of(copy: FootageCopy) -> QuerySet[FootagePicture]:
    """Return the pictures of a request that can still be looked at, with their originals."""
    gone = Evidence.objects.filter(of=OuterRef("original"), kind=Kind.DESTROYED)
    return FootagePicture.objects.filter(copy=copy).exclude(Exists(gone)).select_related("original__kelurahan")


def log_opening(picture: FootagePicture, user: User, now: datetime) -> None:
    """Log that the user opens the original, with the request's reason. Call this before showing it.

    As elsewhere an opening counts for openings.OPEN_FOR; who looks longer opens it again.
    """
    copy = picture.copy
    logged = EvidenceOpening.objects.filter(
        evidence=picture.original_id, user=user.pk, at__gt=now - openings.OPEN_FOR, reason=copy.reason
    )
    with transaction.atomic():
        FootagePicture.objects.select_for_update().get(pk=picture.pk)  # a page asks for two forms of it at once
        if not logged.exists():
            openings.open_original(user.pk or 0, "", picture.original, copy.reason, now)


def decide(picture: FootagePicture, chosen: Collection[int]) -> None:
    """Store which numbers are the applicant's; none: the applicant is not in the picture."""
    FootagePicture.objects.filter(pk=picture.pk).update(chosen=sorted(chosen), decided=True)


def delete_old_copies(now: datetime) -> None:
    """Delete requests that are older than KEPT."""
    FootageCopy.objects.filter(asked_at__lte=now - KEPT).delete()


def is_unreadable(picture: FootagePicture) -> bool:
    """Return whether the worker has given up finding heads in the picture."""
    return picture.marks is None and picture.tries >= MOST_TRIES
