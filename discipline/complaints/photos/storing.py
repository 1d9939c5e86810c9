"""Store photos of residents. What a camera writes into a file (place, time, device, thumbnail) is not stored."""

from datetime import datetime, timedelta
from io import BytesIO
from threading import Lock
from uuid import UUID

import numpy as np
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from discipline.complaints.models import Complaint
from discipline.complaints.photos.models import ComplaintPhoto
from discipline.core.attachments import LARGEST, BadFile, media_type
from streams.pixels.jpeg import encode_jpeg

LONGEST_SIDE = 1600  # pixels
QUALITY = 85  # JPEG
DRAFT_KEPT = timedelta(days=1)  # a photo whose report was not sent
_decoding = Lock()  # one picture at a time: each may take some 75 MB


def keep_photo(key: UUID, upload: "UploadedFile[bytes]", now: datetime) -> None:
    """Store the photo of the form with this key, in place of one before. Raises BadFile."""
    jpeg = encoded_anew(upload)
    values = {"jpeg": jpeg, "created_at": now, "again_at": now}
    ComplaintPhoto.objects.filter(key=key, complaint=None).delete()
    ComplaintPhoto.objects.get_or_create(key=key, defaults=values)


def has_photo(key: UUID) -> bool:
    """Return whether the form with this key has a photo."""
    return ComplaintPhoto.objects.filter(key=key, complaint=None).exists()


def attach(complaint: Complaint) -> None:
    """Give the report the photo of its form, if there is one."""
    ComplaintPhoto.objects.filter(key=complaint.key, complaint=None).update(complaint=complaint)


def forget_drafts(now: datetime) -> None:
    """Delete photos whose reports were not sent."""
    ComplaintPhoto.objects.filter(complaint=None, created_at__lt=now - DRAFT_KEPT).delete()


def encoded_anew(upload: "UploadedFile[bytes]") -> bytes:
    """Return the picture upright, at most LONGEST_SIDE wide and high, as a JPEG without metadata. Raises BadFile."""
    if (upload.size or 0) > LARGEST:
        raise BadFile(BadFile.TOO_LARGE)
    data = upload.read()
    if not data:
        raise BadFile(BadFile.EMPTY)
    if not media_type(data).startswith("image/"):
        raise BadFile(BadFile.TYPE)
    try:
        with _decoding, Image.open(BytesIO(data), formats=("JPEG", "PNG")) as picture:
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return encode_jpeg(np.ascontiguousarray(np.asarray(upright)[:, :, ::-1]), QUALITY)
    except (OSError, ValueError, SyntaxError) as error:
        raise BadFile(BadFile.TYPE) from error
