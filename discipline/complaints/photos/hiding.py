"""Hide the heads on photos of residents. Imported by the Celery worker only.

Photos without a hidden copy are the queue, so the next run finds those at which an earlier one crashed.
"""

import logging
from datetime import datetime

from django.db import DatabaseError

from discipline.complaints.photos.models import ComplaintPhoto
from streams.detect import faces
from streams.detect.model_files import ModelError
from streams.evidence.redaction.claiming import claimed
from streams.evidence.redaction.rule import visitor_heads
from streams.evidence.redaction.still import blur_heads, decode_picture, encode_picture

BATCH_SIZE = 10

log = logging.getLogger(__name__)


def hide_heads(now: datetime) -> int:
    """Make up to BATCH_SIZE missing copies and return how many. A bad photo does not stop the others.

    Raises ModelError or DatabaseError, which are not the photo's fault; its next try is then already scheduled.
    """
    made = 0
    waiting = ComplaintPhoto.objects.filter(hidden=None, complaint__opened_at__isnull=False, again_at__lte=now)
    for photo in claimed(waiting.order_by("again_at", "pk"), now, BATCH_SIZE):
        try:
            image = decode_picture(bytes(photo.jpeg))
            shown = encode_picture(blur_heads(image, visitor_heads(*faces.loaded().find(image))))
            made += ComplaintPhoto.objects.filter(pk=photo.pk, hidden=None).update(hidden=shown)
        except (DatabaseError, ModelError):  # not this photo's fault
            raise
        except Exception:
            log.exception("could not hide the heads on photo %s", photo.pk)
    return made
