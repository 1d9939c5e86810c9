"""Hide visitors' heads in the clips, and the strips that name the place. Imported by the Celery worker only.

Films without `shown` are the queue, so the next run finds those at which an earlier one crashed.
"""

import logging
from datetime import datetime

from django.db import DatabaseError

from discipline.spotchecks.sample.models import ClipFilm
from streams.detect import faces
from streams.detect.model_files import ModelError
from streams.evidence.redaction.claiming import claimed
from streams.evidence.redaction.clip import blur_clip
from streams.evidence.redaction.rule import Head, visitor_heads
from streams.pixels.shapes import Box, DrawnZone

BATCH_SIZE = 1  # one takes many seconds, and the sweep shares this worker
STRIP = 0.08  # of the height, at the top and the bottom: where cameras write their name and the time
STRIPS = tuple(Head(box, box) for box in (Box(0.0, 0.0, 1.0, STRIP), Box(0.0, 1.0 - STRIP, 1.0, 1.0)))

log = logging.getLogger(__name__)


def hide_in_clips(now: datetime) -> int:
    """Make up to BATCH_SIZE shown films and delete their originals; return how many. A bad film does not stop others.

    Raises ModelError or DatabaseError, which are not the film's fault; its next try is then already scheduled.
    """
    made = 0
    for film in claimed(
        ClipFilm.objects.filter(shown=None, again_at__lte=now).order_by("again_at", "clip"), now, BATCH_SIZE
    ):
        try:
            shown = shown_film(bytes(film.original or b""), film.zones)
            made += ClipFilm.objects.filter(pk=film.pk, shown=None).update(shown=shown, original=None, why="")
        except (DatabaseError, ModelError):  # not this film's fault
            raise
        except Exception as error:
            log.exception("could not hide the heads in the clip %s", film.pk)
            ClipFilm.objects.filter(pk=film.pk).update(why=f"{type(error).__name__}: {error}"[:200])
    return made


def shown_film(original: bytes, polygons: list[list[list[float]]]) -> bytes:
    """Return the film with the heads outside the staff sides hidden, and both strips. Raises UnreadableOriginal."""
    zones = [DrawnZone(0, 0, tuple((float(x), float(y)) for x, y in polygon)) for polygon in polygons]
    shown, _ = blur_clip(original, zones, lambda image: (*visitor_heads(*faces.loaded().find(image), *zones), *STRIPS))
    return shown
