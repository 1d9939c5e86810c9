"""A case file from a recorded minute to the hearing: its files, hashes, hold, openings, and who gets nothing."""

import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import av
import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.http import HttpResponseBase
from django.test import AsyncClient, override_settings
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from discipline.core import attachments
from discipline.incidents.case_file import changes, files, making, retention
from discipline.incidents.case_file.changes import CaseStepWanted
from discipline.incidents.case_file.models import CaseFile, CaseOpening, CasePart
from discipline.incidents.case_file.state_rule import CaseStepKind, CaseStepRefused
from discipline.incidents.tasks.models import Task, TaskStep
from offices.access.models import FileAccess
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.evidence.recording.models import RecordedMinute, RecordingHold, RetentionRule
from streams.evidence.recording.retention import apply_recording_retention
from streams.evidence.verify import verify_evidence
from tests.support.base import MORNING, OfficeTestCase
from tests.support.case_files import REASON, a_breach, a_case, an_article, enforcer, officer
from tests.support.pictures import noise_jpeg
from tests.support.places import camera_at, street_point
from tests.support.recordings import record_minute

DAY = timedelta(days=1)


def body_of(response: HttpResponseBase) -> bytes:
    """Return what is sent, streamed or not."""
    return response.getvalue()  # type: ignore[attr-defined,no-any-return]


def text_of(pdf: bytes) -> str:
    """Return the words of a PDF, with single spaces."""
    return " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


class Cases(OfficeTestCase):
    def setUp(self) -> None:
        self.agency = enforcer()
        self.sari = officer(self.agency)
        self.camera = camera_at(street_point())
        self.incident = a_breach(self.world, self.agency)
        self.client.force_login(self.sari)

    def made(self, case: CaseFile) -> CaseFile:
        making.make_waiting()
        case.refresh_from_db()
        return case

    def opened(self, case: CaseFile) -> str:
        path = reverse("case-file", args=[case.pk])
        assert self.client.post(path, {"reason": "Pemeriksaan sebelum sidang"}).status_code == 302
        return path

    def visited(self) -> None:
        """Report by Sari that she arrived, with a photo."""
        photo = SimpleUploadedFile("tepi.jpg", noise_jpeg())
        with attachments.kept_with(photo, self.sari.pk) as file:
            known = {"state": "arrived", "at": MORNING, "happened_at": MORNING, "by": self.sari, "key": uuid4()}
            TaskStep.objects.create(task=Task.objects.get(), text="Tumpukan di tepi", attachment=file, **known)

    @override_settings(RECORDING_GB=1)
    def test_from_the_recording_to_the_hearing(self) -> None:
        minute = record_minute(self.camera, MORNING - timedelta(seconds=6), repeats=2)
        article = an_article(self.incident, self.agency)
        self.visited()
        page = self.client.get(reverse("city-incident", args=[self.incident.pk])).content.decode()
        start = reverse("case-file-open", args=[self.incident.pk])
        assert start in page
        wrong = self.client.post(start, {"article": article.pk, "moment": "2026-11-20T09:00:00", "reason": "x"})
        assert wrong.status_code == 422
        assert {"moment", "reason"} == set(wrong.context["form"].errors)
        entered = {"article": article.pk, "camera": self.camera.pk, "moment": "2026-11-23T09:00:00", "reason": REASON}
        assert self.client.post(start, entered).status_code == 302
        case = CaseFile.objects.get()
        assert self.client.post(start, entered).status_code == 422, "one at a time"
        RetentionRule.objects.create(kept_as="street", days=1, since="2026-01-01", basis="Perwali 1", by=self.world.ani)
        apply_recording_retention(MORNING + 9 * DAY)
        assert RecordedMinute.objects.filter(pk=minute.pk).exists(), "the case holds it"

        assert self.made(case).state == "done", case.why
        original = case.export and case.export.evidence
        assert original
        copy = case.parts.get(kind="copy")
        with av.open(str(files.path_of(copy))) as film, av.open(str(store.path_of(original))) as before:
            shown, kept = ([frame.pts for frame in one.decode(video=0)] for one in (film, before))
        assert len(shown) == len(kept) == 180
        page = self.client.get(reverse("case-file", args=[case.pk])).content.decode()
        for said in ("kamera tidak menyebutkan jamnya", "Pasal 7", "Ilir Barat II", "Tumpukan di tepi", "ani"):
            assert said in page, said
        assert "Serahkan" not in page, "nobody has confirmed it"

        still = reverse("case-file-still", args=[case.pk])
        assert self.client.post(still, {"at_s": "3.5", "note": "Kantong dilempar"}).status_code == 302
        twice = self.client.post(still, {"at_s": "3.5", "note": "Lagi"})
        assert twice.status_code == 422
        assert b'value="Lagi"' in twice.content
        with pytest.raises(CaseStepRefused, match="same_person"):
            changes.take_case_step(
                case, CaseStepWanted(CaseStepKind.CONFIRMED, MORNING.date()), self.world.ani, MORNING
            )
        step = lambda kind: reverse("case-file-step", args=[case.pk, kind])  # noqa: E731
        assert self.client.post(step("confirmed"), {"text": "Saya lihat"}).status_code == 302
        receiver = {"day": "2026-11-24", "receiver": "Bu Jaksa", "receiver_agency": "PN Uji", "letter": "3/BP/2026"}
        early = self.client.post(step("handed_over"), receiver)
        assert early.status_code == 422
        assert "belum selesai dibuat" in early.content.decode()
        assert self.made(case).ready, case.why

        archive = case.parts.get(kind="archive")
        sent = self.client.get(reverse("case-file-part", args=[case.pk, archive.pk]))
        folder = Path(settings.EVIDENCE_DIR) / "unpacked"
        with ZipFile(BytesIO(body_of(sent))) as unpacked:
            unpacked.extractall(folder)
        inside = folder / case.number
        assert {one.name for one in inside.iterdir()} == {
            "rekaman-asli.mp4",
            "rekaman-wajah-disembunyikan.mp4",
            "gambar-003.5-detik-asli.jpg",
            "gambar-003.5-detik-wajah-disembunyikan.jpg",
            "kunjungan-1.jpg",
            "tanda-terima-rekaman.pdf",
            "pembukaan.csv",
            "berita-acara.pdf",
            "SHA256SUMS",
        }
        check = subprocess.run(
            ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=inside, capture_output=True, check=True
        )
        assert check.stdout.count(b": OK") == 8
        paper = text_of((inside / "berita-acara.pdf").read_bytes())
        for said in ("Pasal 7", "diputuskan oleh sidang", "Kantong dilempar", "Selisihnya belum diketahui", "K-"):
            assert said in paper, said
        assert original.sha256 in paper.replace(" ", "")
        assert REASON in (inside / "pembukaan.csv").read_text()
        assert FileAccess.objects.filter(kind="case", key=f"{case.pk}:berkas.zip").exists()

        assert self.client.post(step("handed_over"), receiver).status_code == 302
        receipt = self.client.get(reverse("case-file-receipt", args=[case.pk]))
        words = text_of(receipt.content)
        assert archive.sha256 in words
        assert "Bu Jaksa, PN Uji" in words
        assert self.client.post(still, {"at_s": "4", "note": "Terlambat"}).status_code == 422
        today = timezone.localdate()
        heard = {"day": str(today), "text": "Kerja sosial", "keep_until": str(today - DAY)}
        assert self.client.post(step("hearing"), heard).status_code == 422
        assert self.client.post(step("hearing"), heard | {"keep_until": str(today)}).status_code == 302
        assert not verify_evidence(timezone.now()).faults
        assert RecordingHold.objects.filter(released_at=None).exists()
        assert retention.delete_old_files(timezone.now()) == 0
        assert retention.delete_old_files(timezone.now() + DAY) == 1
        assert not files.folder_of(case).exists()
        assert not store.path_of(original).exists()
        assert store.is_destroyed(original)
        assert not RecordingHold.objects.filter(released_at=None).exists()
        assert "Masa simpannya habis" in self.client.get(reverse("case-file", args=[case.pk])).content.decode()

    def test_only_its_agency_and_the_inspectorate_get_in_and_only_with_a_reason(self) -> None:
        record_minute(self.camera, MORNING)
        case = self.made(a_case(self.incident, self.agency, self.sari, self.camera))
        part = case.parts.get(kind="copy")
        names = ("case-file", "case-file-original", "case-file-again")
        paths = [reverse(name, args=[case.pk]) for name in names]
        paths += [reverse("case-file-part", args=[case.pk, part.pk]), reverse("case-file-still", args=[case.pk])]
        other = officer(enforcer("dishub"), "gita")
        for user in (other, self.world.ani, self.world.walikota, self.world.dewi, self.world.budi):
            self.client.force_login(user)
            for path in paths:
                post = path.endswith(("ulang/", "gambar/"))
                assert (self.client.post if post else self.client.get)(path).status_code == 404, (user, path)
            assert self.client.get(reverse("case-files")).status_code == 403
            assert self.client.get(reverse("case-file-open", args=[self.incident.pk])).status_code == 404
        self.client.force_login(self.world.intan)
        assert "Untuk apa" in self.client.get(paths[0]).content.decode()
        assert self.client.get(paths[3])["Location"] == paths[0], "not before a reason"
        assert self.client.post(paths[0], {"reason": "pendek"}).status_code == 422
        page = self.client.get(self.opened(case)).content.decode()
        assert "Klip aslinya" in page
        assert "Konfirmasi pelanggaran" not in page, "the inspectorate reads"
        assert list(CaseOpening.objects.values_list("user", flat=True)) == [self.world.intan.pk, self.sari.pk]
        with pytest.raises(DatabaseError, match="append"), transaction.atomic():
            CaseOpening.objects.update(reason=REASON)
        answer = self.client.get(paths[3], headers={"Range": "bytes=4-7"})
        assert (answer.status_code, body_of(answer)) == (206, b"ftyp")
        assert answer["Content-Range"] == f"bytes 4-7/{part.size}"
        async_to_sync(self.sent_by_asgi)(paths[3], files.path_of(part).read_bytes())
        with files.path_of(part).open("r+b") as file:
            file.write(b"x")
        assert self.client.get(paths[3]).status_code == 409

    async def sent_by_asgi(self, path: str, whole: bytes) -> None:
        client = AsyncClient()
        client.cookies = self.client.cookies
        answer: Any = await client.get(path)
        assert answer.is_async, "a plain iterator would be read into memory first"
        assert b"".join([piece async for piece in answer]) == whole

    def test_without_a_recording_the_case_says_so_and_a_withdrawn_one_holds_nothing(self) -> None:
        case = self.made(a_case(self.incident, self.agency, self.sari, self.camera))
        assert (case.state, case.no_recording) == ("done", "empty")
        page = self.client.get(self.opened(case)).content.decode()
        assert "Tidak ada rekaman utuh" in page
        paper = case.parts.get(name="berita-acara.pdf")
        assert "Tidak ada rekaman utuh" in text_of(files.path_of(paper).read_bytes())
        withdrawn = {"text": "Salah orang", "keep_until": str(timezone.localdate())}
        path = reverse("case-file-step", args=[case.pk, "withdrawn"])
        assert self.client.post(path, withdrawn | {"text": " "}).status_code == 422
        assert RecordingHold.objects.get(released_at=None).camera_id == self.camera.pk
        assert self.client.post(path, withdrawn).status_code == 302
        assert not RecordingHold.objects.filter(released_at=None).exists()
        again = a_case(self.incident, self.agency, self.sari, None)
        assert self.made(again).no_recording == "no_camera"

    def test_what_fails_is_said_and_tried_again_and_a_dead_worker_is_replaced(self) -> None:
        record_minute(self.camera, MORNING)
        case = a_case(self.incident, self.agency, self.sari, self.camera)
        folder = files.folder_of(case)
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.write_bytes(b"")  # a file where the folder should be: nothing can be written
        assert self.made(case).why == "disk"
        page = self.client.get(self.opened(case)).content.decode()
        assert "penyimpanan penuh atau rusak" in page
        folder.unlink()
        self.client.post(reverse("case-file-again", args=[case.pk]))
        claimed = making.claim_next(timezone.now())
        assert claimed
        assert making.claim_next(timezone.now()) is None
        second = making.claim_next(timezone.now() + timedelta(minutes=31))
        assert second, "the first is taken for dead"
        making.make_case(claimed)  # it lives after all
        second.refresh_from_db()
        assert (second.state, second.made) == ("working", 0)
        changes.make_again(second)  # somebody adds to it meanwhile
        making.make_case(second)
        second.refresh_from_db()
        assert (second.state, second.made, second.version) == ("waiting", 1, 2)
        assert Evidence.objects.count() == 1, "the clip was exported once"
        assert self.made(second).ready
        assert CasePart.objects.filter(kind="archive").count() == 1
        assert len(list(folder.iterdir())) == CasePart.objects.count(), "former files are removed"
