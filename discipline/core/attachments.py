"""Attachments: accepted by their content, stored under a random name, never served as a page."""

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import reduce
from io import BytesIO
from operator import or_
from pathlib import Path, PurePath
from threading import Lock
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from PIL import Image, UnidentifiedImageError

from discipline.core.models import Attachment
from offices.access.gate import Scope, within

if TYPE_CHECKING:  # generic in their stubs only
    Upload = UploadedFile[Any]
else:
    Upload = UploadedFile

LARGEST = 10 * 1024 * 1024  # bytes
TYPES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
LARGEST_PICTURE = 25_000_000  # pixels
MOST_A_DAY = 30  # files of one person in 24 hours
MOST_BYTES_A_DAY = 100 * 1024 * 1024  # of them together
DAY = timedelta(hours=24)
_decoding = Lock()  # one picture at a time: each may take some 75 MB


class BadFile(ValueError):
    """A file is refused. The argument says why: TOO_LARGE, EMPTY, TYPE or TOO_MANY."""

    TOO_LARGE, EMPTY, TYPE, TOO_MANY = "too_large", "empty", "type", "too_many"


_offices: dict[str, tuple[str, str]] = {}
_readers: dict[str, Callable[[Scope], Q]] = {}


def register_office(name: str, kelurahan: str, kecamatan: str) -> None:
    """Grant read access to a room's attachments to those who see their office.

    `kelurahan` leads from Attachment to a kelurahan office's, `kecamatan` to the kecamatan of a kecamatan office.
    Registering a name again replaces its paths.
    """
    _offices[name] = kelurahan, kecamatan


def register_readers(name: str, readable: Callable[[Scope], Q]) -> None:
    """Grant read access to a room's attachments that are about no office: `readable` filters Attachment by a scope."""
    _readers[name] = readable


def readable_within(scope: Scope) -> QuerySet[Attachment]:
    """Return the attachments that any registered room lets this scope read."""
    conditions = [_within(scope, *paths) for paths in _offices.values()]
    conditions += [readable(scope) for readable in _readers.values()]
    return Attachment.objects.filter(reduce(or_, conditions)) if conditions else Attachment.objects.none()


def _within(scope: Scope, kelurahan: str, kecamatan: str) -> Q:
    above = Q(**{f"{kecamatan}__isnull": False}) if scope.city else Q(**{f"{kecamatan}__in": scope.kecamatan})
    return within(scope, kelurahan) | above


def offices_of(attachment: Attachment) -> set[int]:
    """Return the ids of the kelurahan offices that the attachment is about."""
    paths = [kelurahan for kelurahan, _kecamatan in _offices.values()]
    found = Attachment.objects.filter(pk=attachment.pk).values_list(*paths)
    return {office for row in found for office in row if office is not None}


def media_type(data: bytes) -> str:
    """Return the one of TYPES that the content has. Raises BadFile for other types and broken images."""
    try:
        detected = puremagic.from_string(data, mime=True)
    except puremagic.PureError as error:
        raise BadFile(BadFile.TYPE) from error
    if detected not in TYPES:
        raise BadFile(BadFile.TYPE)
    if detected.startswith("image/"):
        _open_picture(data)
    elif not data.startswith(b"%PDF-"):
        raise BadFile(BadFile.TYPE)
    return detected


def shown_name(name: str, kind: str) -> str:
    """Return the name to store: the uploaded one's stem with the ending of its real type.

    Without folders, controls and marks that change the direction of text, which can make an ending look like another.
    """
    kinds = ((one, unicodedata.category(one)) for one in name)
    plain = "".join(one for one, category in kinds if category[0] != "C" and category not in ("Zl", "Zp"))
    stem = PurePath(plain.replace("\\", "/")).stem.strip(" .")
    return (stem or "lampiran")[:100] + TYPES[kind]


def store_attachment(upload: Upload, by: int | None = None) -> Attachment:
    """Write the file under ATTACHMENT_DIR and return its saved row. `by`: the id of the user, whose quota it counts to.

    Raises BadFile, or OSError when writing fails.
    """
    if (upload.size or 0) > LARGEST:
        raise BadFile(BadFile.TOO_LARGE)
    if by is not None:
        _check_quota(by, upload.size or 0)
    data = upload.read()
    if not data:
        raise BadFile(BadFile.EMPTY)
    kind = media_type(data)
    path = Path(secrets.token_hex(16) + TYPES[kind])
    folder = Path(settings.ATTACHMENT_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    with open(folder / path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return Attachment.objects.create(
        path=str(path),
        name=shown_name(upload.name or "", kind),
        by_id=by,
        at=timezone.now(),
        media_type=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


@contextmanager
def kept_with(upload: Upload | None, by: int | None) -> Iterator[Attachment | None]:
    """Store the upload of the user `by` (id), if any, in one transaction with the block.

    If either fails, file and rows are removed.

    Yields the attachment, None without an upload. Raises BadFile, or OSError when writing fails.
    """
    kept = None
    try:
        with transaction.atomic():
            kept = store_attachment(upload, by) if upload else None
            yield kept
    except BaseException:
        if kept:
            delete_file(kept)
        raise


def delete_file(attachment: Attachment) -> None:
    """Remove the file of a deleted or uncommitted row. A missing file is no error."""
    path_of(attachment).unlink(missing_ok=True)


def path_of(attachment: Attachment) -> Path:
    """Return the path of the file, whether or not it exists."""
    return Path(settings.ATTACHMENT_DIR) / attachment.path


def _check_quota(by: int, size: int) -> None:
    """Raise BadFile when the user has attached as much as one person may in a day."""
    lately = Attachment.objects.filter(by=by, at__gt=timezone.now() - DAY).aggregate(n=Count("pk"), bytes=Sum("size"))
    if lately["n"] >= MOST_A_DAY or (lately["bytes"] or 0) + size > MOST_BYTES_A_DAY:
        raise BadFile(BadFile.TOO_MANY)


def _open_picture(data: bytes) -> None:
    """Raise BadFile unless the data is a picture that can be decoded. Its size is read from its header before."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as header:
            width, height = header.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise BadFile(BadFile.TYPE) from error
    if width * height > LARGEST_PICTURE:
        raise BadFile(BadFile.TYPE)
    try:
        with _decoding:
            picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_COLOR_8)
    except cv2.error as error:
        raise BadFile(BadFile.TYPE) from error
    if picture is None:
        raise BadFile(BadFile.TYPE)
