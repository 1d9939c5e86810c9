"""Find the heads in the pictures of requested copies. Imported by the Celery worker only, which has the models.

Pictures without marks are the queue, so the next run finds those at which an earlier one crashed.
"""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import F

from discipline.disclosure.footage import marks_rule
from discipline.disclosure.footage.models import FootagePicture
from discipline.disclosure.footage.requests import MOST_TRIES
from streams.detect import faces
from streams.detect.model_files import ModelError
from streams.evidence import store
from streams.evidence.redaction.still import decode_picture

BATCH_SIZE = 20
CLAIMED = timedelta(minutes=2)  # far longer than one picture takes

log = logging.getLogger(__name__)


def find_heads(now: datetime) -> int:
    """Mark the heads in up to BATCH_SIZE pictures and return of how many. A bad picture does not stop the others.

    Raises ModelError or DatabaseError, which are not the picture's fault.
    """
    found = 0
    waiting = FootagePicture.objects.filter(marks__isnull=True, again_at__lte=now, tries__lt=MOST_TRIES)
    for picture in waiting.select_related("original").order_by("pk")[:BATCH_SIZE]:
        free = FootagePicture.objects.filter(pk=picture.pk, marks__isnull=True, tries=picture.tries)
        if not free.update(tries=F("tries") + 1, again_at=now + CLAIMED):
            continue  # another worker has claimed it
        try:
            image = decode_picture(store.read_verified(picture.original))
            marks = marks_rule.dump(marks_rule.marks_of(*faces.loaded().find(image)))
        except (DatabaseError, ModelError):
            FootagePicture.objects.filter(pk=picture.pk).update(tries=F("tries") - 1)
            raise
        except Exception:
            log.exception("could not find the heads in evidence %s", picture.original_id)
        else:
            FootagePicture.objects.filter(pk=picture.pk).update(marks=marks)
            found += 1
    return found
