"""Make the redacted copy of each snapshot, with visitors' heads blurred. Imported by the Celery worker only.

Snapshots without a copy are the queue, so the next run finds those at which an earlier one crashed.
"""

import hashlib
import logging
from datetime import datetime

from django.db import DatabaseError

from discipline.spotchecks import snapshots
from discipline.spotchecks.models import SpotPicture
from streams.detect import faces
from streams.detect.model_files import ModelError
from streams.evidence import disk
from streams.evidence.redaction.claiming import claimed
from streams.evidence.redaction.rule import visitor_heads
from streams.evidence.redaction.still import blur_heads, decode_picture, encode_picture
from streams.pixels.shapes import DrawnZone

BATCH_SIZE = 20

log = logging.getLogger(__name__)


def blur_snapshots(now: datetime) -> int:
    """Make up to BATCH_SIZE missing copies and return how many. A bad picture does not stop the others.

    Raises ModelError or DatabaseError, which are not the picture's fault; its next try is then already scheduled.
    """
    made = 0
    waiting = SpotPicture.objects.filter(shown_path="", destroyed_at=None, again_at__lte=now)
    for picture in claimed(waiting, now, BATCH_SIZE):
        try:
            _blur_snapshot(picture, now)
            made += 1
        except (DatabaseError, ModelError):  # not this picture's fault
            raise
        except Exception as error:
            log.exception("could not blur the faces in snapshot %s", picture.pk)
            SpotPicture.objects.filter(pk=picture.pk).update(why=f"{type(error).__name__}: {error}"[:200])
    return made


def _blur_snapshot(picture: SpotPicture, now: datetime) -> None:
    image = decode_picture(snapshots.read_verified(picture.path, picture.sha256))
    zones = [DrawnZone(0, 0, tuple((float(x), float(y)) for x, y in polygon)) for polygon in picture.zones]
    heads = visitor_heads(*faces.loaded().find(image), *zones)
    jpeg = encode_picture(blur_heads(image, heads, *zones))
    path = snapshots.new_path(now)
    disk.write_atomically(snapshots.path_of(path), jpeg)
    made = SpotPicture.objects.filter(pk=picture.pk, shown_path="", destroyed_at=None)
    if not made.update(shown_path=path, shown_sha256=hashlib.sha256(jpeg).hexdigest(), why=""):
        snapshots.remove_file(path)  # destroyed or made by another worker meanwhile
