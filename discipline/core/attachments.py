"""Attachments: accepted by their content, stored under a random name, never served as a page."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet

from discipline.core.models import Attachment
from offices.access.gate import Scope

if TYPE_CHECKING:  # generic in their stubs only
    Upload = UploadedFile[Any]
else:
    Upload = UploadedFile

LARGEST = 10 * 1024 * 1024  # bytes
TYPES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
LARGEST_PICTURE = 50_000_000  # pixels


class BadFile(ValueError):
    """A file is refused. The argument says why: TOO_LARGE, EMPTY or TYPE."""

    TOO_LARGE, EMPTY, TYPE = "too_large", "empty", "type"


_readers: dict[str, Callable[[Scope], Q]] = {}


def register_reader(name: str, readable: Callable[[Scope], Q]) -> None:
    """Grant read access to a room's attachments: `readable(scope)` returns the condition on Attachment.

    Registering a name again replaces its condition.
    """
    _readers[name] = readable


def readable_within(scope: Scope) -> QuerySet[Attachment]:
    """Return the attachments that any registered room lets this scope read."""
    conditions = [readable(scope) for readable in _readers.values()]
    return Attachment.objects.filter(reduce(or_, conditions)) if conditions else Attachment.objects.none()


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


def store_attachment(upload: Upload) -> Attachment:
    """Write the file under ATTACHMENT_DIR and return its saved row. Raises BadFile, or OSError when writing fails."""
    if (upload.size or 0) > LARGEST:
        raise BadFile(BadFile.TOO_LARGE)
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
        name=Path(upload.name or "").name[:120] or str(path),
        media_type=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


@contextmanager
def kept_with(upload: Upload | None) -> Iterator[Attachment | None]:
    """Store the upload, if any, in one transaction with the block; if either fails, file and rows are removed.

    Yields the attachment, None without an upload. Raises BadFile, or OSError when writing fails.
    """
    kept = None
    try:
        with transaction.atomic():
            kept = store_attachment(upload) if upload else None
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


def _open_picture(data: bytes) -> None:
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_COLOR_8)
    except cv2.error as error:
        raise BadFile(BadFile.TYPE) from error
    if picture is None or picture.size // 3 * 64 > LARGEST_PICTURE:
        raise BadFile(BadFile.TYPE)
