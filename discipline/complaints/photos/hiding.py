"""Hide the heads on photos of residents. Imported by the Celery worker only.

Photos without a hidden copy are the queue, so the next run finds those at which an earlier one crashed.
"""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import F

from discipline.complaints.photos.models import ComplaintPhoto
from streams.detect import faces
from streams.detect.model_files import ModelError
from streams.evidence.redaction.rule import visitor_heads
from streams.evidence.redaction.still import blur_heads, decode_picture, encode_picture

BATCH_SIZE = 10
CLAIMED = timedelta(minutes=2)  # far longer than one photo takes
LAST_AGAIN = timedelta(hours=6)  # longest wait between two tries

log = logging.getLogger(__name__)


def hide_heads(now: datetime) -> int:
    """Make up to BATCH_SIZE missing copies and return how many. A bad photo does not stop the others.

    Raises ModelError or DatabaseError, which are not the photo's fault; its next try is then already scheduled.
    """
    made = 0
    waiting = ComplaintPhoto.objects.filter(hidden=None, complaint__opened_at__isnull=False, again_at__lte=now)
    for photo in waiting.order_by("again_at", "pk")[:BATCH_SIZE]:
        wait = min(LAST_AGAIN, CLAIMED * 2 ** min(photo.tries, 10))
        free = ComplaintPhoto.objects.filter(pk=photo.pk, hidden=None, tries=photo.tries)
        if not free.update(tries=F("tries") + 1, again_at=now + wait):
            continue  # another worker has claimed it
        try:
            image = decode_picture(bytes(photo.jpeg))
            shown = encode_picture(blur_heads(image, visitor_heads(*faces.loaded().find(image))))
            made += ComplaintPhoto.objects.filter(pk=photo.pk, hidden=None).update(hidden=shown)
        except (DatabaseError, ModelError):  # not this photo's fault
            raise
        except Exception:
            log.exception("could not hide the heads on photo %s", photo.pk)
    return made
