"""Copies of stored pictures for somebody who was seen: real pictures, real models."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import cv2
import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from discipline import tasks
from discipline.celery import app
from discipline.disclosure.footage import finding, marks_rule, requests
from discipline.disclosure.footage.models import FootageCopy, FootagePicture
from offices.access.models import FileAccess
from streams.evidence import openings, store
from streams.evidence.models import Evidence, EvidenceOpening
from streams.evidence.redaction.still import decode_picture, encode_picture
from tests.support.base import MORNING, OfficeTestCase, member
from tests.support.proof import store_still
from tests.support.visitors import RIGHT, face_of, room

pytestmark = pytest.mark.once

PAGE = "/salinan-gambar/"
REASON = "Surat nomor 7 tanggal 23 November 2026"
FORM = {"day": "2026-11-23", "start": "08:00", "end": "10:00", "reason": REASON}
FACES = {"clerk": (slice(203, 227), slice(310, 330)), "visitor": face_of(RIGHT)}  # rows and columns in `room`
Kind = Evidence.Kind


def sharpness(image: np.ndarray, who: str) -> float:
    """Return how sharp the face of one of FACES is."""
    return float(cv2.Laplacian(image[FACES[who]], cv2.CV_64F).var())


def number_of(picture: FootagePicture, who: str) -> int:
    """Return the number that the head of one of FACES has."""
    rows, columns = FACES[who]
    x, y = (columns.start + columns.stop) / 2 / 640, (rows.start + rows.stop) / 2 / 360
    found = marks_rule.anchors(marks_rule.load(picture.marks)).items()
    (number,) = [number for number, box in found if box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1]
    return number


@pytest.mark.usefixtures("detector")  # it prepares the models
class FootageCopies(OfficeTestCase):
    def setUp(self) -> None:
        self.loket = self.world.counter(self.world.ilir35)
        self.original = store_still(self.loket, data=encode_picture(room()))
        self.client.force_login(self.world.intan)

    def ask(self, **more: Any) -> Any:
        return self.client.post(PAGE, FORM | {"counter": self.loket.pk} | more)

    def asked(self) -> FootageCopy:
        """Request the copy, let the worker find the heads, and return the request."""
        assert self.ask().status_code == 302
        finding.find_heads(timezone.now())
        return FootageCopy.objects.latest("pk")

    def choose(self, picture: FootagePicture, *faces: int) -> Any:
        return self.client.post(f"{PAGE}{picture.copy_id}/{picture.pk}/", {"faces": faces})

    def download(self, copy: FootageCopy) -> ZipFile:
        answer = self.client.post(f"{PAGE}{copy.pk}/unduh/")
        assert answer.status_code == 200
        return ZipFile(BytesIO(answer.getvalue()))  # type: ignore[attr-defined]  # of a FileResponse

    def shown(self, picture: FootagePicture, name: str) -> np.ndarray:
        answer = self.client.get(f"{PAGE}{picture.copy_id}/{picture.pk}/{name}.jpg")
        assert answer.headers["Cache-Control"] == "no-store"
        return decode_picture(answer.content)

    def test_the_applicants_face_is_in_the_copy_and_nobody_elses(self) -> None:
        copy = self.asked()
        picture = copy.pictures.get()
        before, numbers = room(), {who: number_of(picture, who) for who in FACES}
        for who, other in (("visitor", "clerk"), ("clerk", "visitor")):
            self.choose(picture, numbers[who])
            archive = self.download(copy)
            (name,) = [name for name in archive.namelist() if name.startswith("gambar/")]
            assert name == "gambar/001-2026-11-23-090000.jpg"
            after = decode_picture(archive.read(name))
            assert sharpness(after, who) > sharpness(before, who) / 2
            assert sharpness(after, other) < sharpness(before, other) / 10

    def test_at_first_every_head_is_hidden_even_the_clerks_in_the_zone(self) -> None:
        picture = self.asked().pictures.get()
        after, before = self.shown(picture, "hasil"), room()
        for who in FACES:
            assert sharpness(after, who) < sharpness(before, who) / 10

    def test_looking_at_it_is_logged_for_five_minutes_with_the_reason_and_the_copy_in_the_log_of_files(self) -> None:
        copy = self.asked()
        picture = copy.pictures.get()
        assert not EvidenceOpening.objects.exists()
        for _ in range(2):
            self.shown(picture, "asli")
            self.shown(picture, "hasil")
        opening = EvidenceOpening.objects.get()
        assert (opening.evidence, opening.user, opening.reason) == (self.original, self.world.intan, REASON)
        self.choose(picture, number_of(picture, "visitor"))
        self.download(copy)
        requests.log_opening(picture, self.world.intan, opening.at + openings.OPEN_FOR)
        assert EvidenceOpening.objects.count() == 2
        line = FileAccess.objects.get(kind=FileAccess.Kind.COPY)
        assert (line.user, line.offices) == (self.world.intan, [self.world.ilir35.pk])
        assert line.title == f"Salinan gambar {self.loket}, 23 Nov 2026, 08.00 WIB sampai 23 Nov 2026, 10.00 WIB"

    def test_the_worker_looks_for_waiting_pictures_regularly(self) -> None:
        assert app.conf.beat_schedule["find_heads"]["task"] == tasks.find_heads.name == requests.TASK
        self.ask()
        tasks.find_heads()
        assert FootagePicture.objects.get().marks

    def test_the_index_counts_what_is_left_out_and_the_trail_names_nobody(self) -> None:
        self.world.accuse(self.loket)
        store_still(self.loket, Kind.FIRST_EMPTY, data=encode_picture(room(visitor=None)))
        store_still(self.loket, Kind.EMPTIED_CLIP, data=b"film")
        copy = self.asked()
        theirs, empty = copy.pictures.order_by("pk")
        self.choose(empty)
        self.choose(theirs, number_of(theirs, "visitor"))
        self.shown(theirs, "asli")
        archive = self.download(copy)
        index = archive.read("indeks.html").decode()
        assert "Gambar yang tidak memperlihatkan Anda, atau yang masih memperlihatkan orang lain: 1<" in index
        assert "Rekaman, yang tidak dapat dikaburkan per orang: 1<" in index
        assert [name for name in archive.namelist() if name.startswith("gambar/")] == [
            "gambar/001-2026-11-23-090000.jpg"
        ]
        trail = json.loads(archive.read("jejak.json"))
        assert len(trail["bukti_asli_dibuka"]) == 1
        assert trail["indikasi"][0]["sejak"] == "2026-11-23T08:42:00+07:00"
        assert "intan" not in archive.read("jejak.json").decode() + index

    def test_there_is_no_copy_before_all_pictures_are_decided_nor_without_the_applicant(self) -> None:
        copy = self.asked()
        for _ in range(2):
            answer = self.client.post(f"{PAGE}{copy.pk}/unduh/", follow=True)
            self.assertContains(answer, "Periksa dulu semua gambar")
            self.choose(copy.pictures.get())  # not in it
        assert not FileAccess.objects.filter(kind=FileAccess.Kind.COPY).exists()

    def test_a_number_that_is_not_there_is_refused_and_changes_nothing(self) -> None:
        picture = self.asked().pictures.get()
        assert self.choose(picture, 99).status_code == 422
        picture.refresh_from_db()
        assert (picture.chosen, picture.decided) == ([], False)

    def test_what_cannot_be_requested_is_said_and_stores_nothing(self) -> None:
        self.assertContains(self.ask(start="05:00", end="06:00"), "tidak ada gambar loket ini", status_code=422)
        self.assertContains(self.ask(start="11:00"), "Waktu akhir harus sesudah waktu awal", status_code=422)
        self.assertContains(self.ask(reason="surat"), "sedikitnya 10 huruf", status_code=422)
        assert not FootageCopy.objects.exists()

    def test_a_request_is_its_makers_alone_and_goes_after_a_week(self) -> None:
        copy = self.asked()
        picture = copy.pictures.get()
        paths = [f"{PAGE}{copy.pk}/", *(f"{PAGE}{copy.pk}/{picture.pk}/{end}" for end in ("", "asli.jpg", "hasil.jpg"))]
        other = Client()
        other.force_login(member("ira", "inspector"))
        assert [other.get(path).status_code for path in paths] == [404] * 4
        assert [self.client.get(path).status_code for path in paths] == [200] * 4
        FootageCopy.objects.update(asked_at=timezone.now() - requests.KEPT)
        assert [self.client.get(path).status_code for path in paths] == [404] * 4
        requests.delete_old_copies(timezone.now())
        assert not FootagePicture.objects.exists()
        assert EvidenceOpening.objects.exists()

    def test_what_retention_destroys_meanwhile_is_in_no_copy(self) -> None:
        store_still(self.loket, Kind.END, at=MORNING + timedelta(minutes=5), data=encode_picture(room()))
        copy = self.asked()
        first, second = copy.pictures.order_by("pk")
        for picture in (first, second):
            self.choose(picture, number_of(picture, "visitor"))
        store.note_destroyed(self.original, "retention", timezone.now())
        store.path_of(self.original).unlink()
        assert self.client.get(f"{PAGE}{copy.pk}/{first.pk}/asli.jpg").status_code == 404
        archive = self.download(copy)
        assert [name for name in archive.namelist() if name.startswith("gambar/")] == [
            "gambar/001-2026-11-23-090500.jpg"
        ]
        assert "dimusnahkan sesudah permohonan dicatat: 1<" in archive.read("indeks.html").decode()

    def test_a_broken_picture_stops_nothing_and_is_given_up(self) -> None:
        store_still(self.loket, Kind.END, data=b"no picture")
        copy = self.asked()
        fine, broken = copy.pictures.order_by("pk")
        self.choose(fine, number_of(fine, "visitor"))
        assert self.client.post(f"{PAGE}{copy.pk}/unduh/").status_code == 302
        for _ in range(requests.MOST_TRIES):
            FootagePicture.objects.filter(pk=broken.pk).update(again_at=MORNING)
            finding.find_heads(timezone.now())
        broken.refresh_from_db()
        assert (broken.marks, broken.tries) == (None, requests.MOST_TRIES)
        assert "tidak terbaca: 1<" in self.download(copy).read("indeks.html").decode()

    def test_each_picture_is_claimed_by_one_worker(self) -> None:
        self.ask()
        now = timezone.now()
        assert (finding.find_heads(now), finding.find_heads(now)) == (1, 0)
        FootagePicture.objects.update(marks=None, again_at=now + timedelta(minutes=1))
        assert finding.find_heads(now) == 0
        assert finding.find_heads(now + finding.CLAIMED) == 1
