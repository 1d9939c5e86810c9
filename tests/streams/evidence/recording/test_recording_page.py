"""The page of recordings: the forecast, and rules that only the inspectorate adds."""

from datetime import timedelta

from django.test import override_settings
from django.utils import timezone

from discipline.ops.doctor.operation import check_recordings
from offices.hours.schedule import local_day
from streams.evidence.recording.models import EarlyDeletion, RecordedMinute, RetentionRule
from tests.support.base import OfficeTestCase

PAGE, ADD = "/rekaman/perkiraan/", "/rekaman/masa-simpan/"


@override_settings(RECORDING_GB=1)
class TestRecordingPage(OfficeTestCase):
    def test_a_city_decides_and_sees_for_how_many_days_there_is_room(self) -> None:
        now = timezone.now()
        self.client.force_login(self.world.intan)
        assert "Tidak ada yang direkam." in self.client.get(PAGE).content.decode()
        today = local_day(now)
        rule = {"kept_as": "street", "days": 14, "since": today, "basis": "Perwali 12/2026"}
        for wrong in ({"since": today - timedelta(days=1)}, {"basis": "       x"}, {"days": 900}, {"kept_as": "lain"}):
            answer = self.client.post(ADD, rule | wrong)
            assert answer.status_code == 422
            assert "Perwali" in answer.content.decode() or "basis" in wrong
        assert not RetentionRule.objects.exists()
        assert self.client.post(ADD, rule).status_code == 302
        assert "Belum cukup rekaman" in self.client.get(PAGE).content.decode()
        self.record(100_000_000, timedelta(hours=12))
        page = self.client.get(PAGE).content.decode()
        assert "Dengan disk ini: 5,0 hari" in page
        assert "5,0 hari saja" in page
        assert "Perwali 12/2026" in page
        assert [found.severity.value for found in check_recordings(now)] == ["warning"]
        EarlyDeletion.objects.create(at=now, why="quota", kept_as="street", minutes=9, size=9_000, until=now)
        assert "Kuota habis: Jalan" in self.client.get(PAGE).content.decode()
        assert "before their time" in next(iter(check_recordings(now))).text

    def test_an_operator_reads_and_does_not_decide(self) -> None:
        self.client.force_login(self.world.ani)
        page = self.client.get(PAGE).content.decode()
        assert "Diubah oleh Inspektorat." in page
        assert ADD not in page
        assert self.client.post(ADD, {}).status_code == 403

    def record(self, size: int, ago: timedelta) -> None:
        at = timezone.now() - ago
        ends = at + timedelta(minutes=1)
        times = {"starts_at": at, "ends_at": ends, "plays_from": at, "plays_until": ends}
        RecordedMinute.objects.create(
            camera_id=1, place_id=1, kept_as="street", size=size, keyframes=b"", sha256="0" * 64, path="x", **times
        )
