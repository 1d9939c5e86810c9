"""The player's addresses: who sees what with which line, ranges, files that are gone, and what is asked wrongly."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from offices.hours.schedule import local_day
from streams.cameras.models import Camera
from streams.evidence.recording.models import RecordingHold
from streams.live.models import View
from streams.live.recordings import finding
from streams.pixels.jpeg import decode_jpeg
from tests.support.base import MORNING, OfficeTestCase
from tests.support.places import camera_at, street_point
from tests.support.recordings import record_minute

REASON = "Pemeriksaan perkara nomor 12"


class TestPlayerPages(OfficeTestCase):
    def setUp(self) -> None:
        self.camera = camera_at(street_point())
        self.minute = record_minute(self.camera, MORNING, gap="camera")
        self.address = f"/rekaman/{self.camera.pk}/"
        self.client.force_login(self.world.ani)

    def test_a_part_of_a_file_is_sent_by_range_and_logged_once_an_hour_of_it(self) -> None:
        file = f"{self.address}{self.minute.pk}.mp4"
        data = (Path(settings.RECORDING_DIR) / self.minute.path).read_bytes()
        part = self.client.get(file, headers={"Range": "bytes=100-299"})
        assert (part.status_code, part.content) == (206, data[100:300])
        assert part.headers["Content-Range"] == f"bytes 100-299/{len(data)}"
        assert self.client.get(file).content == data
        view = View.objects.get()
        assert (view.how, view.camera_id, view.user) == ("recorded", self.camera.pk, self.world.ani)
        assert view.recorded_at == MORNING.replace(minute=0)
        assert self.client.get(file, headers={"Range": f"bytes={len(data)}-"}).status_code == 416
        record_minute(self.camera, MORNING + timedelta(hours=1))
        later = f"{self.address}gambar/{round(MORNING.timestamp()) + 3601}.jpg?why=indication"
        assert self.client.get(later).status_code == 200
        assert View.objects.filter(recorded_at=MORNING + timedelta(hours=1), why="indication").count() == 1
        (Path(settings.RECORDING_DIR) / self.minute.path).unlink()
        assert self.client.get(file).status_code == 404

    def test_a_preview_shows_the_keyframe_before_the_moment(self) -> None:
        at = round(MORNING.timestamp())
        still = self.client.get(f"{self.address}gambar/{at + 3}.jpg")
        assert still.headers["Content-Type"] == "image/jpeg"
        picture = decode_jpeg(still.content)
        assert picture is not None
        assert picture.shape == (180, 320, 3)
        same = self.client.get(f"{self.address}gambar/{at + 2}.jpg", headers={"If-None-Match": still.headers["ETag"]})
        assert same.status_code == 304, "a keyframe every two seconds"
        for moment in (at - 1, at + 60, 10**30):
            assert self.client.get(f"{self.address}gambar/{moment}.jpg").status_code == 404
        path = Path(settings.RECORDING_DIR) / self.minute.path
        path.write_bytes(path.read_bytes()[:2000])
        assert self.client.get(f"{self.address}gambar/{at + 3}.jpg").status_code == 404, "a torn file"

    def test_playlists_and_strips_say_what_there_is(self) -> None:
        at = round(MORNING.timestamp())
        text = self.client.get(f"{self.address}putar/{at}-{at + 3600}.m3u8").content.decode()
        assert text.count(f"../{self.minute.pk}.mp4\n") == 1
        assert self.client.get(f"{self.address}putar/{at}-{at + 3601}.m3u8").status_code == 400
        assert self.client.get(f"{self.address}putar/{at}-{at}.m3u8").status_code == 400
        strip = self.client.get(f"{self.address}hari/{MORNING:%Y-%m-%d}.json").json()
        assert strip["stretches"][0] == [at, at + 6, "recorded"], "nothing was recorded before, so that is no gap"
        assert self.client.get(f"{self.address}hari/kemarin.json").status_code == 404
        page = self.client.get(f"{self.address}?hari={MORNING:%Y-%m-%d}&dengan=999,x").content.decode()
        assert f'aria-label="{MORNING:%-d}' in page
        assert "rtsp://" not in page
        for odd in ("hari=2026-13-99&saat=9999999999999", "hari=9999-12-31", "hari=0001-01-01", "saat=99999999999"):
            assert self.client.get(f"{self.address}?{odd}").status_code == 200
        assert self.client.get(f"{self.address}hari/9999-12-31.json").status_code == 404
        assert not View.objects.exists(), "none of these shows a picture"

    def test_the_point_and_the_indication_lead_to_what_was_recorded_and_only_then(self) -> None:
        assert self.address in self.client.get("/titik/T-001/").content.decode()
        accused = self.world.accuse(self.world.counter(self.world.ilir35))
        camera = self.world.cameras[self.world.ilir35.pk]
        link = f"/rekaman/{camera.pk}/?saat={round(accused.since.timestamp())}&amp;sebab=indication"
        self.client.force_login(self.world.intan)
        assert link not in self.client.get(f"/indikasi/{accused.pk}/").content.decode()
        record_minute(camera, accused.since)
        assert link in self.client.get(f"/indikasi/{accused.pk}/").content.decode()
        self.client.force_login(self.world.dewi)
        assert link not in self.client.get(f"/indikasi/{accused.pk}/").content.decode()

    def test_the_minute_that_is_being_recorded_is_no_gap(self) -> None:
        day, ends = finding.LocalDay(local_day(MORNING)), self.minute.plays_until
        for later, what in ((90, ["recorded"]), (110, ["recorded", "unknown"])):
            strip = finding.strip_of(self.camera, day, ends + timedelta(seconds=later))
            assert [one.what for one in strip] == what

    def test_an_office_s_recording_is_the_inspectorate_s_and_always_needs_a_reason(self) -> None:
        camera = self.world.cameras[self.world.ilir35.pk]
        minute = record_minute(camera, MORNING)
        still = f"gambar/{round(MORNING.timestamp())}.jpg"
        paths = [f"/rekaman/{camera.pk}/{rest}" for rest in ("", f"{minute.pk}.mp4", still)]
        assert [self.client.get(path).status_code for path in paths] == [404] * 3
        self.client.force_login(self.world.intan)
        assert [self.client.get(path).status_code for path in paths] == [403] * 3
        assert not View.objects.exists()
        assert self.client.post(f"{paths[0]}alasan/", {"reason": "pendek"}).status_code == 422
        given = self.client.post(f"{paths[0]}alasan/?saat=1", {"reason": REASON})
        assert given.headers["Location"] == f"{paths[0]}?saat=1"
        assert [self.client.get(path).status_code for path in paths] == [200] * 3
        view = View.objects.get()
        assert (view.closed, view.reason) == (False, REASON), "it was open when that was recorded"
        assert self.client.get(f"/rekaman/{self.camera.pk}/{minute.pk}.mp4").status_code == 404, "of another camera"

    def test_holds_are_placed_and_lifted_by_another_person_or_with_a_reason(self) -> None:
        asked = {"camera": self.camera.pk, "since": "2026-11-23T09:00", "until": "2026-11-23T10:00", "reason": REASON}
        office = self.world.cameras[self.world.ilir35.pk].pk
        for wrong in ({"until": "2026-11-23T08:00"}, {"reason": "x"}, {"camera": office}):
            assert self.client.post("/rekaman/penguncian/tambah/", asked | wrong).status_code == 422
        self.client.post("/rekaman/penguncian/tambah/", asked)
        held = RecordingHold.objects.get()
        assert timezone.localtime(held.since).hour == 9
        lift = f"/rekaman/penguncian/{held.pk}/lepas/"
        self.client.post(lift, {"reason": ""})
        assert RecordingHold.objects.filter(released_at=None).exists(), "its holder says why"
        self.client.force_login(self.world.intan)
        self.client.post(lift, {"reason": ""})
        held.refresh_from_db()
        assert held.released_by == self.world.intan
        assert REASON in self.client.get("/rekaman/penguncian/").content.decode()
        Camera.objects.filter(pk=self.camera.pk).delete()
        assert "Kamera yang dihapus" in self.client.get("/rekaman/penguncian/").content.decode()
