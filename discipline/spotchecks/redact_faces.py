"""Makes of each snapshot the form that may be shown: the heads of visitors hidden. Loaded by the Celery worker alone.

A snapshot without its shown form is the queue: whatever crashed is found again by the next run.
"""

import hashlib
import logging
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import F

from discipline.spotchecks import snapshots
from discipline.spotchecks.models import SpotPicture
from streams.detect import faces
from streams.detect.model_files import ModelError
from streams.evidence import atomic_write
from streams.evidence.redaction.rule import visitor_heads
from streams.evidence.redaction.still import blur_heads, decode_picture, encode_picture
from streams.pixels.shapes import DrawnZone

BATCH_SIZE = 20
CLAIMED = timedelta(minutes=2)  # far longer than one takes
LAST_AGAIN = timedelta(hours=6)

log = logging.getLogger(__name__)


def blur_snapshots(now: datetime) -> int:
    """Make the shown forms that are missing; how many were made. A bad picture stops no other."""
    made = 0
    for picture in SpotPicture.objects.filter(shown_path="", destroyed_at=None, again_at__lte=now)[:BATCH_SIZE]:
        wait = min(LAST_AGAIN, CLAIMED * 2 ** min(picture.tries, 10))
        free = SpotPicture.objects.filter(pk=picture.pk, shown_path="", tries=picture.tries)
        if not free.update(tries=F("tries") + 1, again_at=now + wait):
            continue  # another worker's
        try:
            _blur_snapshot(picture, now)
            made += 1
        except (DatabaseError, ModelError):  # nothing is wrong with this picture
            raise
        except Exception as error:
            log.exception("snapshot %s can't be shown", picture.pk)
            SpotPicture.objects.filter(pk=picture.pk).update(why=f"{type(error).__name__}: {error}"[:200])
    return made


def _blur_snapshot(picture: SpotPicture, now: datetime) -> None:
    image = decode_picture(snapshots.read_verified(picture.path, picture.sha256))
    zones = [DrawnZone(0, 0, tuple((float(x), float(y)) for x, y in polygon)) for polygon in picture.zones]
    heads = visitor_heads(*faces.loaded().find(image), *zones)
    jpeg = encode_picture(blur_heads(image, heads, *zones))
    path = snapshots.new_path(now)
    atomic_write.write_atomically(snapshots.path_of(path), jpeg)
    made = SpotPicture.objects.filter(pk=picture.pk, shown_path="", destroyed_at=None)
    if not made.update(shown_path=path, shown_sha256=hashlib.sha256(jpeg).hexdigest(), why=""):
        snapshots.remove_file(path)  # destroyed meanwhile
