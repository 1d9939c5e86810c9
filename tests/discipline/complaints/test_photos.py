"""Photos of residents: without metadata, with heads hidden, and public only once somebody has looked."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import cv2
import numpy as np
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from discipline.complaints import filing, steps
from discipline.complaints.models import Complaint
from discipline.complaints.photos import hiding, storing
from discipline.complaints.photos.models import ComplaintPhoto
from discipline.complaints.state_rule import ComplaintState
from offices.access.models import FileAccess
from streams.evidence.redaction.still import decode_picture
from tests.support.base import MORNING, OfficeTestCase
from tests.support.complaints import complaint_kind, move, solved
from tests.support.pictures import jpeg
from tests.support.visitors import room

PLACE, DEVICE = 0x8825, 0x0110  # EXIF: GPS, model


def taken(width: int = 640, height: int = 360) -> bytes:
    """A photo of people that lies on its side, with EXIF and a comment."""
    picture = Image.fromarray(cv2.resize(room(), (width, height))[:, :, ::-1])
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    exif[DEVICE] = "Ponsel Siti"
    exif.get_ifd(PLACE)[1] = "S"
    file = BytesIO()
    picture.save(file, "JPEG", exif=exif, comment=b"rahasia", quality=95)
    return file.getvalue()


class Photos(OfficeTestCase):
    def setUp(self) -> None:
        cache.clear()
        self.key = str(uuid4())

    def send(self, photo: bytes | None, **more: object) -> int:
        known = {"kind": complaint_kind("rubbish").code, "latitude": "-3.001", "longitude": "104.701", "key": self.key}
        files = {"photo": SimpleUploadedFile("IMG.jpg", photo)} if photo is not None else {}
        form = known | {"text": "Sampah menumpuk di tepi jalan", "proof": solved()} | files | more
        return self.client.post(reverse("aspiration-write"), form).status_code

    def test_a_photo_loses_what_the_camera_wrote_and_is_upright(self) -> None:
        assert self.send(taken(4000, 2250)) == 200
        stored = bytes(ComplaintPhoto.objects.get(complaint__isnull=False).jpeg)
        with Image.open(BytesIO(stored)) as picture:
            assert picture.size == (900, 1600)
            assert not picture.getexif()
            assert "comment" not in picture.info
        assert not any(word in stored for word in (b"Siti", b"rahasia", b"Exif"))

    def test_a_photo_survives_a_form_that_comes_back(self) -> None:
        assert self.send(taken(), text="x") == 422
        page = self.client.post(reverse("aspiration-write"), {"key": self.key})
        assert "Foto Anda tersimpan" in page.content.decode()
        assert self.send(None) == 200
        assert Complaint.objects.get().photos.count() == 1

    def test_bad_files_are_refused_and_drafts_forgotten(self) -> None:
        for bad in (b"", b"no picture", b"%PDF-1.4\n%%EOF\n", jpeg(room())[:400]):
            assert self.send(bad) == 422, bad
        assert not ComplaintPhoto.objects.exists()
        assert self.send(taken(), text="x") == 422
        draft = ComplaintPhoto.objects.get()
        filing.forget(draft.created_at + storing.DRAFT_KEPT + timedelta(minutes=1))
        assert not ComplaintPhoto.objects.exists()

    def test_the_public_sees_it_with_heads_hidden_and_after_somebody_looked(self) -> None:
        file = BytesIO()
        Image.fromarray(room()[:, :, ::-1]).save(file, "JPEG", quality=95)
        assert self.send(file.getvalue()) == 200
        report, photo = Complaint.objects.get(), ComplaintPhoto.objects.get()
        public, show = (reverse(name, args=[photo.pk]) for name in ("aspiration-photo", "complaint-photo-show"))
        own, hidden = (reverse(name, args=[photo.pk]) for name in ("complaint-photo", "complaint-photo-hidden"))
        move(report, ComplaintState.VERIFIED, self.world)
        steps.publish(report, "Sampah", self.world.ani, MORNING)
        self.client.force_login(self.world.ani)
        self.client.post(show, {"public": "1"})
        assert self.client.get(public).status_code == 404  # nothing is hidden yet
        with pytest.raises(IntegrityError), transaction.atomic():
            ComplaintPhoto.objects.update(public=True)
        assert hiding.hide_heads(photo.again_at) == 1
        assert hiding.hide_heads(photo.again_at + timedelta(days=1)) == 0
        assert self.client.get(public).status_code == 404  # nobody has looked yet
        before, after = (decode_picture(self.client.get(one).content) for one in (own, hidden))
        changed = np.abs(before.astype(int) - after.astype(int)).max(axis=2) > 60
        assert changed.sum() > 100  # heads
        assert changed.mean() < 0.2
        assert FileAccess.objects.filter(user=self.world.ani, title=report.number).count() == 1
        self.client.post(show, {"public": "1"})
        self.client.logout()
        assert self.client.get(public).status_code == 200
        assert public in self.client.get(reverse("aspiration", args=[report.pk])).content.decode()
        steps.publish(report, "", self.world.ani, MORNING)
        assert self.client.get(public).status_code == 404
