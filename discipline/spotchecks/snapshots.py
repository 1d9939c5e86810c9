"""Pictures taken in a spot check: kept as they were seen; people are shown a form that hides visitors' faces.

redact_faces.py makes that form. No page opens the picture as it was seen; it stays on the disk for the time of
retention, so that the shown form can be made anew.
"""

import hashlib
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from PIL import Image, UnidentifiedImageError

from discipline.evidence import retention
from discipline.evidence.models import LegalHold
from discipline.spotchecks.models import Finding, SpotEntry, SpotPicture
from offices.hours.schedule import local_day
from streams.cameras.models import Camera, Zone
from streams.evidence import atomic_write
from streams.source import newest_picture

LARGEST = 4 * 1024 * 1024  # bytes, as sent
SIDES = (64, 4096)  # pixels: neither side shorter or longer
WIDEST = 1920  # pixels, as kept
FOLDER = Path("sidak")
QUALITY = 88  # JPEG
NOW_WITHIN = timedelta(seconds=10)  # so long after it was taken the server's newest picture is still what was seen


class BadPicture(ValueError):
    """What was sent is no JPEG that can be opened, or is too large or too small."""


class NoPicture(BadPicture):
    """Nothing was sent, and the server has none of that moment."""


class SnapshotAltered(Exception):
    """The file is not what was stored, or is not there."""


def reencode(data: bytes) -> np.ndarray:
    """The picture (height × width × 3, uint8, BGR), opened and cut down to WIDEST: nothing else of the file is kept."""
    if not data or len(data) > LARGEST:
        raise BadPicture("size")
    try:
        with Image.open(BytesIO(data), formats=("JPEG",)) as seen:
            sides = seen.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise BadPicture("type") from error
    if not (SIDES[0] <= min(sides) and max(sides) <= SIDES[1]):
        raise BadPicture("sides")
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise BadPicture("type")
    if image.shape[1] > WIDEST:
        size = (WIDEST, round(image.shape[0] * WIDEST / image.shape[1]))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return image


def choose_picture(camera: Camera, sent: bytes, live: bool, said_at: datetime, now: datetime) -> tuple[np.ndarray, str]:
    """The picture that a snapshot is: what the phone showed live, else the server's own newest, while the phone speaks
    of now. BadPicture or NoPicture."""
    if live:
        return reencode(sent), SpotPicture.Source.LIVE
    newest = newest_picture.newest_picture(camera.pk) if abs(now - said_at) <= NOW_WITHIN else None
    if newest is None:
        raise NoPicture
    return reencode(newest[0]), SpotPicture.Source.SERVER


def store_snapshot(entry: SpotEntry, camera: Camera, image: np.ndarray, source: str, now: datetime) -> SpotPicture:
    """Write a picture (height × width × 3, uint8, BGR) and its row. OSError when the disk refuses.

    drop() it when the transaction fails.
    """
    jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
    path = new_path(now)
    atomic_write.write_atomically(path_of(path), jpeg)
    try:
        return SpotPicture.objects.create(
            entry=entry,
            camera=camera,
            source=source,
            zones=list(Zone.objects.filter(camera=camera).values_list("polygon", flat=True)),
            path=path,
            size=len(jpeg),
            sha256=hashlib.sha256(jpeg).hexdigest(),
            height=image.shape[0],
            width=image.shape[1],
            again_at=now,
        )
    except BaseException:
        remove_file(path)
        raise


def delete_file(picture: SpotPicture) -> None:
    """Remove the file of a row that was not committed."""
    remove_file(picture.path)


def read_blurred(picture: SpotPicture) -> bytes:
    """The form that may be shown, as it was stored. Changed."""
    return read_verified(picture.shown_path, picture.shown_sha256)


def apply_snapshot_retention(now: datetime) -> int:
    """Destroy what is due: after the days of other evidence, with a finding those of a case after it was closed.

    What the inspectorate holds of the office stays. Returns how many are gone.
    """
    numbers = retention.current_retention()
    young, case = (now - timedelta(days=days) for days in (numbers.still_days, numbers.case_days))
    of_stop = Finding.objects.filter(stop=OuterRef("entry__stop"))
    open_or_fresh = of_stop.filter(Q(status__in=("waiting", "answered", "returned")) | Q(words__at__gte=case))
    held = LegalHold.objects.filter(
        ended_at=None,
        kelurahan=OuterRef("entry__stop__kelurahan"),
        first_day__lte=OuterRef("day"),
        last_day__gte=OuterRef("day"),
    )
    past: QuerySet[SpotPicture] = SpotPicture.objects.filter(destroyed_at=None, entry__received_at__lt=young)
    past = past.annotate(day=TruncDate("entry__received_at")).exclude(Exists(held)).exclude(Exists(open_or_fresh))
    gone = 0
    for picture in past.exclude(Exists(of_stop), entry__received_at__gte=case):
        SpotPicture.objects.filter(pk=picture.pk).update(destroyed_at=now)
        remove_file(picture.path)
        remove_file(picture.shown_path)
        gone += 1
    return gone


def read_verified(path: str, sha256: str) -> bytes:
    """The file as it was stored. Changed."""
    try:
        data = path_of(path).read_bytes()
    except OSError as error:
        raise SnapshotAltered(path) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SnapshotAltered(path)
    return data


def new_path(now: datetime) -> str:
    """sidak/2026-11-23/….jpg, never the same twice."""
    return str(FOLDER / str(local_day(now)) / f"{secrets.token_hex(16)}.jpg")


def path_of(path: str) -> Path:
    """Where a file lies."""
    return Path(settings.ATTACHMENT_DIR) / path


def remove_file(path: str) -> None:
    """Gone, if it was there; a disk that refuses leaves a file that no row shows."""
    if path:
        with suppress(OSError):
            path_of(path).unlink()
