"""Make the blurred forms of each original: visitors' faces hidden, and for stills also with zone and boxes drawn.

Originals without their blurred forms are the queue, so work lost in a crash is found again by the next run. A process
does one run at a time; an original is claimed by one worker, and the database allows each form once.
"""

import logging
import threading
from datetime import datetime, timedelta
from time import monotonic

from django.db import DatabaseError
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.formats import date_format

from streams.detect import faces
from streams.detect.model_files import ModelError
from streams.evidence import store
from streams.evidence.models import Evidence, Showing
from streams.evidence.redaction.clip import blur_clip
from streams.evidence.redaction.rule import visitor_heads
from streams.evidence.redaction.still import blur_heads, decode_picture, draw_findings, encode_picture
from streams.pixels.shapes import DrawnZone

RUN_S = 20.0  # no further original is started after this time, as the sweep shares this worker
AT_ONCE = 50
RECENT = timedelta(days=2)  # how far back the frequent runs search
CLAIMED = timedelta(minutes=15)  # longer than the longest clip takes
FIRST_AGAIN, LAST_AGAIN = timedelta(minutes=1), timedelta(hours=6)
Kind, Form = Evidence.Kind, Evidence.Form

log = logging.getLogger(__name__)
_running = threading.Lock()


def make_shown_forms(now: datetime, since: datetime | None = None, run_s: float = RUN_S) -> int:
    """Make missing blurred forms for about run_s seconds and return the number of files made.

    A damaged original does not stop the others. `since` limits the search to evidence stored from then on; searching
    all evidence is slow. Raises DatabaseError, and ModelError when the face model is missing.
    """
    if not _running.acquire(blocking=False):
        return 0
    try:
        made, until = 0, monotonic() + run_s
        for original in waiting_originals(now, since)[:AT_ONCE]:
            if _claim(original, now):
                made += _make_shown_form(original, now)
            if monotonic() > until:
                break
        return made
    finally:
        _running.release()


def make_forms_of(original: Evidence, now: datetime) -> int:
    """Make the missing blurred forms of one original, unless another worker does; return the number of files made.

    Raises as make_shown_forms does.
    """
    return _make_shown_form(original, now) if _claim(original, now) else 0


def waiting_originals(now: datetime, since: datetime | None = None) -> QuerySet[Evidence]:
    """Return originals that lack a blurred form, stills first.

    Destroyed ones, and those claimed or postponed after a failure, are omitted.
    """
    made = Evidence.objects.filter(of=OuterRef("pk"))
    forms = made.filter(form__in=(Form.PLAIN, Form.DRAWN)).order_by().values("of").annotate(n=Count("pk")).values("n")
    originals = Evidence.objects.filter(form=Form.ORIGINAL).exclude(kind__in=store.UNSHOWN)
    if since is not None:
        originals = originals.filter(stored_at__gte=since)
    return (
        originals.annotate(clip=Q(kind__in=store.CLIPS), made=Coalesce(Subquery(forms), 0))
        .filter(Q(made=0) | Q(made=1, clip=False))
        .exclude(Exists(made.filter(kind=Kind.DESTROYED)))
        .exclude(Exists(Showing.objects.filter(pk=OuterRef("pk"), again_at__gt=now)))
        .select_related("counter__kelurahan", "counter__place__kecamatan", "place__kelurahan", "place__kecamatan")
        .order_by("clip", "stored_at", "pk")  # a clip takes a hundred times as long
    )


def _claim(original: Evidence, now: datetime) -> bool:
    """Claim an original; True for one worker only.

    The claim is committed before the work, so that a file that kills its worker is not retried at once.
    """
    until = now + CLAIMED
    _, new = Showing.objects.get_or_create(original=original, defaults={"again_at": until})
    free = Showing.objects.filter(pk=original.pk, again_at__lte=now)
    return new or free.update(again_at=until, tries=F("tries") + 1) == 1


def _make_shown_form(original: Evidence, now: datetime) -> int:
    try:
        data = store.read_verified(original)
        pieces = _clip(original, data) if original.kind in store.CLIPS else _still(original, data)
        done = set(original.derived.values_list("form", flat=True))
        missing = [piece for piece in pieces if piece.form not in done]
        for piece in missing:
            store.store_at(original.place, original.counter, piece, timezone.now())
    except (DatabaseError, ModelError):  # not this file's fault
        raise
    except Exception as error:
        log.exception("evidence %s can't be blurred", original.pk)
        _put_off(original, f"{type(error).__name__}: {error}", now)
        return 0
    Showing.objects.filter(pk=original.pk).delete()
    return len(missing)


def _still(original: Evidence, jpeg: bytes) -> list[store.NewEvidence]:
    image, zones = decode_picture(jpeg), _zones(original)
    heads = visitor_heads(*faces.loaded().find(image), *zones)
    plain = blur_heads(image, heads, *zones)
    drawing = draw_findings(plain, original.facts, _caption(original))
    return [
        _piece(original, form, encode_picture(picture), faces_blurred=len(heads), width=size[1], height=size[0])
        for form, picture, size in ((Form.PLAIN, plain, plain.shape), (Form.DRAWN, drawing, drawing.shape))
    ]


def _clip(original: Evidence, film: bytes) -> list[store.NewEvidence]:
    zones = _zones(original)
    shown, heads = blur_clip(film, zones, lambda image: visitor_heads(*faces.loaded().find(image), *zones))
    return [_piece(original, Form.PLAIN, shown, faces_blurred=heads)]


def _piece(original: Evidence, form: Evidence.Form, data: bytes, **facts: int) -> store.NewEvidence:
    return store.NewEvidence(Kind(original.kind), form, original.at, data, original.facts | facts, original)


def _zones(original: Evidence) -> list[DrawnZone]:
    """Where staff stays to be seen: the counter's zone; nowhere in a picture that shows no counter."""
    if original.counter_id is None:
        return []
    return [DrawnZone(0, original.counter_id, tuple((float(x), float(y)) for x, y in original.facts["polygon"]))]


def _caption(original: Evidence) -> tuple[str, str]:
    """Return place and time for the drawn picture, always in Indonesian as the picture is stored."""
    with translation.override("id"):
        moment = date_format(timezone.localtime(original.at), "j F Y, H.i.s")
    return original.where, f"{moment} WIB"


def _put_off(original: Evidence, why: str, now: datetime) -> None:
    """Postpone the next attempt, doubling the pause: a damaged file stays damaged, a full disk may recover."""
    claim = Showing.objects.get(pk=original.pk)
    claim.why = why[:200]
    claim.again_at = now + min(LAST_AGAIN, FIRST_AGAIN * 2 ** min(claim.tries - 1, 10))
    claim.save()
