"""Files given with an explanation: judged by their content, kept under a name of their own, never served as a page."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from operator import or_
from pathlib import Path

import cv2
import numpy as np
import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet

from discipline.core.models import Attachment
from offices.access.gate import Scope

LARGEST = 10 * 1024 * 1024  # bytes
TYPES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
LARGEST_PICTURE = 50_000_000  # pixels


class BadFile(ValueError):
    """TOO_LARGE, EMPTY or TYPE: why a file is refused."""

    TOO_LARGE, EMPTY, TYPE = "too_large", "empty", "type"


_readers: dict[str, Callable[[Scope], Q]] = {}


def register_reader(name: str, readable: Callable[[Scope], Q]) -> None:
    """Have files that `readable` finds be read within a scope: a condition on Attachment, by a room that keeps files.

    Registering a name again replaces its condition.
    """
    _readers[name] = readable


def readable_within(scope: Scope) -> QuerySet[Attachment]:
    """Return the files that any room lets this scope read."""
    conditions = [readable(scope) for readable in _readers.values()]
    return Attachment.objects.filter(reduce(or_, conditions)) if conditions else Attachment.objects.none()


def media_type(data: bytes) -> str:
    """One of TYPES by what is in it, whatever its name says. BadFile when it is something else or does not open."""
    try:
        found = puremagic.from_string(data, mime=True)
    except puremagic.PureError as error:
        raise BadFile(BadFile.TYPE) from error
    if found not in TYPES:
        raise BadFile(BadFile.TYPE)
    if found.startswith("image/"):
        _open_picture(data)
    elif not data.startswith(b"%PDF-"):
        raise BadFile(BadFile.TYPE)
    return found


def store_attachment(upload: UploadedFile) -> Attachment:
    """Write the file below ATTACHMENT_DIR and return its row, saved. BadFile, or OSError when the disk refuses."""
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
def kept_with(upload: UploadedFile | None) -> Iterator[Attachment | None]:
    """Keep the file (if there is one) in one transaction with what the block writes; if that fails, neither stays.

    Raises BadFile, or OSError when the disk refuses.
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
    """Remove the file of a row that is gone or was never committed."""
    path_of(attachment).unlink(missing_ok=True)


def path_of(attachment: Attachment) -> Path:
    return Path(settings.ATTACHMENT_DIR) / attachment.path


def _open_picture(data: bytes) -> None:
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_COLOR_8)
    except cv2.error as error:
        raise BadFile(BadFile.TYPE) from error
    if picture is None or picture.size // 3 * 64 > LARGEST_PICTURE:
        raise BadFile(BadFile.TYPE)
