"""Pictures of a spot check: kept as seen, shown with visitors' faces hidden, and deleted in time."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from discipline import tasks
from discipline.alerts import deadlines
from discipline.celery import app
from discipline.evidence import legal_holds
from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks import pdf as spotcheck_pdf
from discipline.spotchecks import redact_faces, snapshots
from discipline.spotchecks.models import Finding, SpotEntry, SpotPicture
from discipline.spotchecks.result import office_results, repeat_draw
from offices.hours.models import HoursPlan
from streams.cameras.models import Zone
from streams.evidence.redaction.still import decode_picture
from streams.servers import valkey
from streams.source import newest_picture
from tests.support.base import OfficeTestCase
from tests.support.pictures import jpeg
from tests.support.rounds import Round, draw_of, shown
from tests.support.visitors import HALL, RIGHT, face_of, room

pytestmark = pytest.mark.once


class SnapshotCase(OfficeTestCase):
    def setUp(self) -> None:
        deadlines.schedule.forget()
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
        self.camera = self.world.cameras[self.world.ilir35.pk]
        self.round = Round(self.world.walikota, self.world.ilir35, self.world.ulu5)

    def files(self) -> set[Path]:
        return set((Path(settings.ATTACHMENT_DIR) / "sidak").rglob("*.*"))

    def newest(self) -> None:
        view = {"at": datetime.now(UTC).isoformat(), "width": 640, "height": 360, "boxes": [], "zones": []}
        newest_picture.store_picture(self.camera.pk, jpeg(room()), view)
        keys = (f"{valkey.PREFIX}:{kind}:{self.camera.pk}" for kind in ("picture", "view"))
        self.addCleanup(valkey.client().delete, *keys)


class Taking(SnapshotCase):
    def test_what_the_phone_showed_is_kept_without_what_else_was_in_the_file(self) -> None:
        sent = BytesIO()
        exif = Image.Exif()
        exif[0x010F] = "Ponsel Wali Kota"
        Image.fromarray(room()).save(sent, "JPEG", exif=exif)
        assert self.round.snapshot(1, self.camera.pk, sent.getvalue()).status_code == 200
        picture = SpotPicture.objects.get()
        kept = snapshots.read_verified(picture.path, picture.sha256)
        assert (picture.width, picture.height, picture.source) == (640, 360, "live")
        assert b"Ponsel Wali Kota" in sent.getvalue()
        assert b"Ponsel Wali Kota" not in kept
        assert picture.zones == [Zone.objects.get(camera=self.camera).polygon]

    def test_without_live_video_it_is_the_servers_newest_picture(self) -> None:
        fields: Any = {"kind": "snapshot", "place": 1, "camera": self.camera.pk}
        assert self.round.say(**fields).status_code == 400
        self.newest()
        assert self.round.say(**fields).status_code == 200
        assert SpotPicture.objects.get().source == "server"

    def test_a_wrong_one_is_taken_out_and_its_entry_stays(self) -> None:
        self.round.snapshot(1, self.camera.pk)
        picture = shown(SpotPicture.objects.get())
        assert self.round.say("remove", 1, text="bukan nomor").status_code == 400
        self.round.say("remove", 2, text=str(picture.entry.uuid))  # of another office
        self.client.force_login(self.world.walikota)
        address = reverse("spot-check-picture", args=[picture.pk])
        assert self.client.get(address).status_code == 200
        self.round.say("remove", 1, text=str(picture.entry.uuid))
        assert self.client.get(address).status_code == 404
        self.round.finish()
        assert address not in self.client.get(reverse("spot-check", args=[self.round.check.pk])).content.decode()
        kinds = SpotEntry.objects.order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == ["snapshot", "remove", "remove", "finish"]

    def test_an_old_word_does_not_get_a_new_picture(self) -> None:
        self.newest()
        long_ago = timezone.now() - timedelta(minutes=3)
        type(self.round.check).objects.update(started_at=long_ago)
        answer = self.round.say("snapshot", 1, at=long_ago, camera=self.camera.pk)
        assert (answer.status_code, SpotEntry.objects.count()) == (400, 0)

    def test_a_large_picture_is_made_smaller(self) -> None:
        large = jpeg(cv2.resize(room(), (3200, 1800)))
        self.round.snapshot(1, self.camera.pk, large)
        picture = SpotPicture.objects.get()
        assert (picture.width, picture.height) == (1920, 1080)

    def test_what_is_no_picture_is_refused_and_leaves_nothing(self) -> None:
        before = self.files()
        png = cv2.imencode(".png", room())[1].tobytes()
        bomb = BytesIO()
        Image.new("RGB", (9000, 9000)).save(bomb, "JPEG")
        tiny = jpeg(np.zeros((20, 20, 3), np.uint8))
        broken = jpeg(room())[:300]
        for data in (b"", b"GIF89a", png, bomb.getvalue(), tiny, broken, jpeg(room()) + bytes(5_000_000)):
            answer = self.round.snapshot(1, self.camera.pk, data)
            assert (answer.status_code, bool(answer.json()["refused"])) == (400, True), data[:10]
        assert not SpotEntry.objects.exists()
        assert self.files() == before

    def test_a_camera_of_another_office_is_refused(self) -> None:
        assert self.round.snapshot(1, self.world.cameras[self.world.ulu5.pk].pk).status_code == 409
        assert not SpotEntry.objects.exists()

    def test_a_full_disk_asks_the_phone_to_come_again(self) -> None:
        with patch("streams.evidence.disk.os.fsync", side_effect=OSError(28, "No space left on device")):
            assert self.round.snapshot(1, self.camera.pk).status_code == 503
        assert not SpotEntry.objects.exists()
        assert not [path for path in self.files() if path.suffix == ".part"]
        assert self.round.snapshot(1, self.camera.pk).status_code == 200


@pytest.mark.usefixtures("detector")  # it prepares the models
class Veiling(SnapshotCase):
    def setUp(self) -> None:
        super().setUp()
        Zone.objects.filter(camera=self.camera).update(polygon=[list(point) for point in HALL.zone])
        self.round.snapshot(1, self.camera.pk)
        self.picture = SpotPicture.objects.get()

    def test_nobody_gets_the_picture_before_the_visitors_face_is_hidden(self) -> None:
        self.round.mark(1, "conduct")
        check = self.round.finish()
        address = reverse("spot-check-picture", args=[self.picture.pk])
        for who in ("walikota", "intan", "budi"):
            self.client.force_login(getattr(self.world, who))
            assert self.client.get(address).status_code == 404
            assert "Sedang disiapkan" in self.client.get(reverse("spot-check", args=[check.pk])).content.decode()
        assert app.conf.beat_schedule["veil"]["task"] == tasks.veil.name
        tasks.veil()
        for who in ("walikota", "intan", "budi"):
            self.client.force_login(getattr(self.world, who))
            image = decode_picture(self.client.get(address).content)
            assert cv2.Laplacian(image[face_of(RIGHT)], cv2.CV_64F).var() < 60
        assert cv2.Laplacian(room()[face_of(RIGHT)], cv2.CV_64F).var() > 60

    def test_it_is_made_once_and_a_broken_one_is_put_off(self) -> None:
        assert redact_faces.blur_snapshots(timezone.now()) == 1
        assert redact_faces.blur_snapshots(timezone.now() + timedelta(days=1)) == 0
        self.round.snapshot(1, self.camera.pk)
        broken = SpotPicture.objects.get(shown_path="")
        snapshots.path_of(broken.path).write_bytes(b"changed")
        now = timezone.now()
        assert redact_faces.blur_snapshots(now) == 0
        broken.refresh_from_db()
        assert (broken.tries, "SnapshotAltered" in broken.why, broken.again_at > now) == (1, True, True)

    def test_a_changed_file_is_shown_to_nobody(self) -> None:
        redact_faces.blur_snapshots(timezone.now())
        self.round.finish()
        self.picture.refresh_from_db()
        path = snapshots.path_of(self.picture.shown_path)
        path.write_bytes(path.read_bytes() + b"x")
        self.client.force_login(self.world.walikota)
        assert self.client.get(reverse("spot-check-picture", args=[self.picture.pk])).status_code == 404


class Keeping(SnapshotCase):
    def kept(self, mark: str = "orderly") -> SpotPicture:
        self.round.snapshot(1, self.camera.pk)
        self.round.mark(1, mark)
        self.round.finish()
        return shown(SpotPicture.objects.get())

    def test_after_thirty_days_a_picture_without_a_finding_is_destroyed(self) -> None:
        picture = self.kept()
        now = timezone.now()
        assert snapshots.apply_snapshot_retention(now + timedelta(days=29)) == 0
        assert snapshots.apply_snapshot_retention(now + timedelta(days=31)) == 1
        assert not snapshots.path_of(picture.path).exists()
        self.client.force_login(self.world.walikota)
        page = self.client.get(reverse("spot-check", args=[self.round.check.pk])).content.decode()
        assert "Sudah dimusnahkan" in page
        assert picture.sha256 in page

    def test_that_of_an_open_finding_stays_and_of_a_closed_one_for_ninety_days(self) -> None:
        self.kept("conduct")
        now = timezone.now()
        assert snapshots.apply_snapshot_retention(now + timedelta(days=400)) == 0
        Finding.objects.update(status="withdrawn")
        assert snapshots.apply_snapshot_retention(now + timedelta(days=89)) == 0
        assert snapshots.apply_snapshot_retention(now + timedelta(days=91)) == 1

    def test_what_the_inspectorate_holds_of_the_office_stays(self) -> None:
        self.kept()
        now, today = timezone.now(), timezone.localdate()
        held = legal_holds.hold_office(self.world.ilir35, today, today, "Perkara nomor 12", self.world.intan.pk, now)
        assert snapshots.apply_snapshot_retention(now + timedelta(days=31)) == 0
        legal_holds.end_hold(held, "Perkara selesai", self.world.intan.pk, now)
        assert snapshots.apply_snapshot_retention(now + timedelta(days=31)) == 1


class Scope(SnapshotCase):
    def test_a_snapshot_of_another_area_is_not_there_even_in_a_check_of_ones_own(self) -> None:
        for place, office in ((1, self.world.ilir35), (2, self.world.ulu5)):
            self.round.snapshot(place, self.world.cameras[office.pk].pk)
            self.round.mark(place, "conduct")
        self.round.finish()
        theirs, ours = (shown(one) for one in SpotPicture.objects.order_by("entry__stop__place"))
        self.client.force_login(self.world.citra)
        page = self.client.get(reverse("spot-check", args=[self.round.check.pk])).content.decode()
        for picture, status in ((theirs, 404), (ours, 200)):
            address = reverse("spot-check-picture", args=[picture.pk])
            assert (self.client.get(address).status_code, address in page) == (status, status == 200)


class OnPaper(SnapshotCase):
    def test_the_result_on_paper_has_each_office_with_its_words_and_pictures(self) -> None:
        for clerk in (True, False, True):
            self.round.snapshot(1, self.camera.pk, jpeg(room(clerk)))
        self.round.mark(1, "empty")
        self.round.say("note", 1, text="Antrean lima orang, loket tanpa petugas")
        self.round.mark(2, "orderly")
        check = self.round.finish()
        for picture in SpotPicture.objects.all()[:2]:
            shown(picture)
        reader = PdfReader(
            BytesIO(spotcheck_pdf.sheet(check, office_results(check, self.world.walikota), None, timezone.now()))
        )
        (page,) = reader.pages
        text = " ".join(page.extract_text().split())
        for words in (
            "Pemerintah Kota Palembang",
            f"Hasil inspeksi nomor {check.pk}",
            "walikota (Wali Kota) · Pilihan",
            "Tertib 1 · Kosong 1",
            "1. 35 Ilir, Kecamatan Ilir Barat II",
            "Antrean lima orang, loket tanpa petugas",
            "Menunggu jawaban, paling lambat",
            "Sedang disiapkan.",
            "2. 5 Ulu, Kecamatan Seberang Ulu I",
            "bukan bukti pelanggaran seseorang",
            f"Inspeksi nomor {check.pk} · halaman 1",
        ):
            assert words in text, words
        assert len(page.images) == 2

    def test_a_camat_prints_the_own_part(self) -> None:
        self.round.mark(1, "empty")
        self.round.mark(2, "orderly")
        check = self.round.finish()
        self.client.force_login(self.world.citra)
        answer = self.client.get(reverse("spot-check-pdf", args=[check.pk]))
        text = " ".join(PdfReader(BytesIO(answer.content)).pages[0].extract_text().split())
        assert (answer.headers["Content-Type"], "5 Ulu" in text, "35 Ilir" in text) == ("application/pdf", True, False)

    def test_many_offices_take_many_pages_and_the_draw_stands_at_the_end(self) -> None:
        check = spotchecks.start_drawn(self.world.walikota, 4, "", timezone.now())
        for stop in check.stops.all():
            stop.mark, stop.marked_at, stop.note = "other", timezone.now(), "Catatan panjang. " * 60
            stop.save()
        check.finished_at = timezone.now()
        check.save()
        shown_parts = office_results(check, self.world.walikota) * 3
        paper = spotcheck_pdf.sheet(check, shown_parts, repeat_draw(check, self.world.walikota), timezone.now())
        pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(paper)).pages]
        assert len(pages) > 1
        assert all(f"halaman {n}" in text for n, text in enumerate(pages, start=1))
        assert draw_of(check)["seed"] in pages[-1]
        assert sum(text.count("3-4 Ulu, Kecamatan") for text in pages) == 3
