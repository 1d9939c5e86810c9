"""A range of recordings as evidence: one MP4, in the chain, with a receipt, out of retention's reach."""

import json
import subprocess
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from pypdf import PdfReader

from discipline.evidence.models import Retention
from discipline.evidence.recordings import exporting
from discipline.evidence.recordings.models import RecordingExport
from discipline.evidence.retention import apply_retention
from offices.access.models import FileAccess
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.evidence.recording.models import RecordedMinute, RecordingHold, RetentionRule
from streams.evidence.recording.retention import apply_recording_retention
from streams.evidence.verify import verify_evidence
from tests.support.base import MORNING, OfficeTestCase
from tests.support.places import camera_at, street_point
from tests.support.recordings import record_minute

ASKED = {"requester": "Satpol PP", "letter": "300/12/2026", "reason": "Pembuangan sampah di sungai"}


def probed(path: Path) -> dict[str, Any]:
    """Return what ffprobe says of a file and its packets."""
    command = ["ffprobe", "-v", "error", "-show_streams", "-count_packets", "-of", "json", str(path)]
    made = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert not made.stderr
    found: dict[str, Any] = json.loads(made.stdout)
    return found


class TestExports(OfficeTestCase):
    def setUp(self) -> None:
        self.camera = camera_at(street_point())
        self.client.force_login(self.world.ani)

    def ask(self, since: datetime, until: datetime, **more: str) -> RecordingExport:
        spans = {
            name: f"{timezone.localtime(at):%Y-%m-%dT%H:%M:%S}" for name, at in (("since", since), ("until", until))
        }
        answer = self.client.post("/rekaman/ekspor/minta/", {"camera": self.camera.pk, **spans, **ASKED, **more})
        assert answer.status_code == 302, answer.context["form"].errors
        return RecordingExport.objects.get()

    def made(self, since: datetime, until: datetime) -> RecordingExport:
        self.ask(since, until)
        exporting.make_waiting()
        return RecordingExport.objects.get()

    def test_a_range_with_a_gap_becomes_one_file_without_encoding_and_without_sound(self) -> None:
        record_minute(self.camera, MORNING, repeats=2)
        record_minute(self.camera, MORNING + timedelta(seconds=12), repeats=2)
        record_minute(self.camera, MORNING + timedelta(minutes=2), gap="camera", repeats=2)
        export = self.made(MORNING + timedelta(seconds=3), MORNING + timedelta(minutes=2, seconds=5))
        assert export.state == "done", export.why
        evidence = export.evidence
        assert evidence is not None
        (stream,) = probed(store.path_of(evidence))["streams"]
        assert (stream["codec_name"], stream["codec_tag_string"]) == ("h264", "avc1")
        # From the keyframe before, 22 s, then 6 s: what is asked for ends between two keyframes.
        assert int(stream["nb_read_packets"]) == 28 * 15
        assert float(stream["duration"]) == 28
        facts = evidence.facts
        assert [run["at_s"] for run in facts["runs"]] == [0, 22]
        (gap,) = facts["gaps"]
        assert gap["why"] == "camera"
        assert (datetime.fromisoformat(gap["until"]) - datetime.fromisoformat(gap["from"])).total_seconds() == 96
        assert [one["sha256"] for one in facts["minutes"]] == list(
            RecordedMinute.objects.values_list("sha256", flat=True)
        )
        assert not verify_evidence(timezone.now()).faults

        assert not RecordingHold.objects.filter(released_at=None).exists(), "the minutes are only held until then"
        receipt = self.client.get(f"/rekaman/ekspor/{export.pk}/tanda-terima.pdf")
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(receipt.content)).pages)
        for said in (evidence.sha256, "Satpol PP", "300/12/2026", "Kamera atau jaringan terputus", "+0.120 s"):
            assert said in text
        file = self.client.get(f"/rekaman/ekspor/{export.pk}/rekaman.mp4")
        assert b"".join(file) == store.path_of(evidence).read_bytes()  # type: ignore[arg-type]
        assert FileAccess.objects.get().kind == "recording"

    def test_h265_is_shown_and_exported_as_it_was_sent(self) -> None:
        record_minute(self.camera, MORNING, codec="hevc")
        still = self.client.get(f"/rekaman/{self.camera.pk}/gambar/{round(MORNING.timestamp()) + 2}.jpg")
        assert still.headers["Content-Type"] == "image/jpeg"
        export = self.made(MORNING, MORNING + timedelta(seconds=6))
        assert export.evidence is not None, export.why
        (stream,) = probed(store.path_of(export.evidence))["streams"]
        found = [stream[name] for name in ("codec_name", "codec_tag_string", "nb_read_packets", "codec_type")]
        assert found == ["hevc", "hvc1", "90", "video"]

    @override_settings(RECORDING_GB=1)
    def test_retention_waits_for_an_export_and_never_touches_its_file(self) -> None:
        RetentionRule.objects.create(kept_as="street", days=1, since="2026-01-01", basis="Perwali 1", by=self.world.ani)
        minute = record_minute(self.camera, MORNING)
        self.ask(MORNING, MORNING + timedelta(seconds=6))
        apply_recording_retention(MORNING + timedelta(days=9))
        assert RecordedMinute.objects.filter(pk=minute.pk).exists()
        exporting.make_waiting()
        apply_recording_retention(MORNING + timedelta(days=9))
        assert not RecordedMinute.objects.exists()
        Retention.objects.create(still_days=1, case_days=1, quota_gb=1, since=MORNING, by=self.world.intan)
        apply_retention(timezone.now() + timedelta(days=900))
        assert store.path_of(Evidence.objects.get()).exists()

    def test_what_is_gone_or_changed_is_left_out_and_said(self) -> None:
        gone, changed, _ = (record_minute(self.camera, MORNING + timedelta(seconds=6 * n)) for n in range(3))
        (Path(settings.RECORDING_DIR) / gone.path).unlink()
        with (Path(settings.RECORDING_DIR) / changed.path).open("r+b") as file:
            file.seek(-5, 2)
            file.write(b"x")
        export = self.made(MORNING, MORNING + timedelta(seconds=18))
        assert export.evidence is not None
        assert [one["why"] for one in export.evidence.facts["left_out"]] == ["gone", "changed"]
        assert export.evidence.facts["duration_s"] == 6

    def test_nothing_recorded_and_another_format_fail_with_words_and_release_the_hold(self) -> None:
        assert self.made(MORNING, MORNING + timedelta(seconds=6)).why == "empty"
        RecordingExport.objects.all().delete()
        record_minute(self.camera, MORNING)
        record_minute(self.camera, MORNING + timedelta(seconds=6), size=(352, 198))
        export = self.made(MORNING, MORNING + timedelta(seconds=12))
        assert (export.state, export.why) == ("failed", "format")
        assert not RecordingHold.objects.filter(released_at=None).exists()
        assert not list(Path(settings.EVIDENCE_DIR).rglob(".*.part"))
        assert "Bentuk video berubah" in self.client.get("/rekaman/ekspor/").content.decode()

    def test_a_worker_that_died_is_replaced_and_one_that_works_is_left_alone(self) -> None:
        record_minute(self.camera, MORNING)
        self.ask(MORNING, MORNING + timedelta(seconds=6))
        assert exporting.claim_next(MORNING)
        assert exporting.claim_next(MORNING + timedelta(minutes=14)) is None
        assert exporting.claim_next(MORNING + timedelta(minutes=16))
        assert exporting.claim_next(MORNING + timedelta(minutes=32))
        assert exporting.claim_next(MORNING + timedelta(minutes=48)) is None, "it may be the file that kills it"
        assert RecordingExport.objects.get().state == "failed"

    def test_what_is_asked_wrongly_is_refused_and_nothing_typed_is_lost(self) -> None:
        for wrong in (
            {"until": "2026-11-23T11:00:01"},
            {"until": "2026-11-23T09:00"},
            {"since": "2126-11-23T09:00", "until": "2126-11-23T09:30"},
            {"letter": ""},
            {"reason": "pendek"},
            {"camera": self.world.cameras[self.world.ilir35.pk].pk},
        ):
            asked = {"camera": self.camera.pk, "since": "2026-11-23T10:00", "until": "2026-11-23T11:00", **ASKED}
            answer = self.client.post("/rekaman/ekspor/minta/", asked | wrong)
            assert answer.status_code == 422, wrong
            self.assertContains(answer, "Satpol PP", status_code=422)
        assert not RecordingExport.objects.exists()
        assert not RecordingHold.objects.exists()
