"""Store and read the snapshots of spot checks: the original pictures, and copies that hide visitors' faces.

redact_faces.py makes the copies, the only form that pages show. The originals stay on the disk during retention, so
that a copy can be made again.
"""

import hashlib
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

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
from streams.evidence import disk
from streams.pixels.jpeg import decode_jpeg, encode_jpeg, narrowed
from streams.source import newest_picture

LARGEST = 4 * 1024 * 1024  # bytes, as sent
SIDES = (64, 4096)  # pixels: minimum and maximum of either side
WIDEST = 1920  # pixels, as stored
FOLDER = Path("sidak")
QUALITY = 88  # of the JPEG
NOW_WITHIN = timedelta(seconds=10)  # a snapshot this recent may be the server's newest picture

Picture = np.ndarray[Any, Any]  # height × width × 3, uint8, BGR


class BadPicture(ValueError):
    """What was sent is not a readable JPEG, or is too large or too small."""


class NoPicture(BadPicture):
    """No picture was sent, and the server has none from that time."""


class SnapshotAltered(Exception):
    """The file differs from what was stored, or is missing."""


def reencode(data: bytes) -> Picture:
    """Decode a JPEG and scale it down to WIDEST. Nothing else of the file, such as metadata, is kept.

    Raises BadPicture.
    """
    if not data or len(data) > LARGEST:
        raise BadPicture("size")
    try:
        with Image.open(BytesIO(data), formats=("JPEG",)) as header:
            sides = header.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise BadPicture("type") from error
    if not (SIDES[0] <= min(sides) and max(sides) <= SIDES[1]):
        raise BadPicture("sides")
    image = decode_jpeg(data)
    if image is None:
        raise BadPicture("type")
    return narrowed(image, WIDEST)


def choose_picture(camera: Camera, sent: bytes, live: bool, entered_at: datetime, now: datetime) -> tuple[Picture, str]:
    """Return the picture of a snapshot and its SpotPicture.Source.

    If `live`, it is the one that the phone sent; otherwise the server's newest, if `entered_at` is within NOW_WITHIN of
    `now`. Raises BadPicture, or NoPicture when there is none.
    """
    if live:
        return reencode(sent), SpotPicture.Source.LIVE
    newest = newest_picture.newest_picture(camera.pk) if abs(now - entered_at) <= NOW_WITHIN else None
    if newest is None:
        raise NoPicture
    return reencode(newest[0]), SpotPicture.Source.SERVER


def store_snapshot(entry: SpotEntry, camera: Camera, image: Picture, source: str, now: datetime) -> SpotPicture:
    """Write a picture and its row. Raises OSError when the file can't be written.

    The caller must call delete_file if its transaction fails.
    """
    jpeg = encode_jpeg(image, QUALITY)
    path = new_path(now)
    disk.write_atomically(path_of(path), jpeg)
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
    """Remove the original's file, of a row that was not committed."""
    remove_file(picture.path)


def read_blurred(picture: SpotPicture) -> bytes:
    """Return the copy that may be shown, as a JPEG. Raises SnapshotAltered."""
    return read_verified(picture.shown_path, picture.shown_sha256)


def apply_snapshot_retention(now: datetime) -> int:
    """Destroy the files of snapshots that are past retention, and return how many.

    A snapshot is kept for still_days like other evidence. One with a finding is kept while that is open, and for
    case_days after the last word about it and after the snapshot itself. Those under a legal hold of the office are
    kept.
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
    destroyed = 0
    for picture in past.exclude(Exists(of_stop), entry__received_at__gte=case):
        SpotPicture.objects.filter(pk=picture.pk).update(destroyed_at=now)
        remove_file(picture.path)
        remove_file(picture.shown_path)
        destroyed += 1
    return destroyed


def read_verified(path: str, sha256: str) -> bytes:
    """Return the bytes of a file. Raises SnapshotAltered when it is missing or its SHA-256 differs."""
    try:
        data = path_of(path).read_bytes()
    except OSError as error:
        raise SnapshotAltered(path) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SnapshotAltered(path)
    return data


def new_path(now: datetime) -> str:
    """Return a new, unique path such as sidak/2026-11-23/….jpg."""
    return str(FOLDER / str(local_day(now)) / f"{secrets.token_hex(16)}.jpg")


def path_of(path: str) -> Path:
    """Return the absolute path of a stored file."""
    return Path(settings.ATTACHMENT_DIR) / path


def remove_file(path: str) -> None:
    """Remove a file if it exists. An OSError is ignored: no row serves the file any more."""
    if path:
        with suppress(OSError):
            path_of(path).unlink()
