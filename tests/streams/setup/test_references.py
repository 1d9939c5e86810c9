"""A camera that was turned or cleaned: the operator compares it with the view of its zones, and decides."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from offices.places.models import Counter
from streams.cameras.models import Camera, OccupancySpan, Zone
from streams.servers import valkey
from streams.setup import probe as camera_probe
from streams.setup import references
from streams.source import newest_picture
from streams.watch.camera_loop import config_version_of
from tests.support.cameras import SQUARE, save
from tests.support.pictures import noise_jpeg

pytest_plugins = ["tests.support.cameras"]
pytestmark = pytest.mark.django_db


def shows(camera: Camera, seed: int, reason: str = "") -> bytes:
    """Store a new picture of the camera, as `watch` does; the fixture `seen` deletes it."""
    picture = noise_jpeg(seed)
    newest_picture.store_picture(camera.pk, picture, {"at": datetime.now(UTC).isoformat(), "reason": reason})
    return picture


@pytest.fixture
def moved(ani: Client, seen: Camera) -> Camera:
    """A camera with zones drawn on picture 1 that has shown picture 2 for ten minutes and is reported as moved."""
    save(ani, seen, {"name": "Loket Satu"})
    shows(seen, 2, "moved")
    began = datetime.now(UTC) - timedelta(minutes=10)
    OccupancySpan.objects.create(
        subject=Counter.objects.get().subject,
        look="blind",
        reason="moved",
        started_at=began,
        ended_at=datetime.now(UTC),
    )
    return Camera.objects.get(pk=seen.pk)


def kept(camera: Camera) -> bytes:
    camera.refresh_from_db()
    return bytes(Camera.objects.get(pk=camera.pk).reference_jpeg or b"")


def test_both_pictures_lie_side_by_side_with_zones_reason_and_since_when(ani: Client, moved: Camera) -> None:
    page = ani.get(f"/kamera/{moved.pk}/acuan/")
    shown = page.content.decode()
    for picture in (noise_jpeg(1), noise_jpeg(2)):
        assert camera_probe.as_data_url(picture) in shown
    assert shown.count('class="outline"') == 3
    assert "Arah kamera berubah" in shown
    assert page.context["since"] == OccupancySpan.objects.get().started_at
    assert f"/kamera/{moved.pk}/zona/" in shown


def test_accepting_asks_first_and_then_judges_by_the_new_view(ani: Client, moved: Camera) -> None:
    before, zones = config_version_of(moved), Zone.objects.get().polygon
    token = ani.get(f"/kamera/{moved.pk}/acuan/").context["token"]
    asked = ani.post(f"/kamera/{moved.pk}/acuan/terima/", {"picture": token})
    assert "Loket Satu" in asked.content.decode()
    assert kept(moved) == noise_jpeg(1)
    shows(moved, 3)  # the picture has changed since the page was opened; the one on the page counts
    ani.post(f"/kamera/{moved.pk}/acuan/terima/", {"picture": token, "sure": "1"})
    assert kept(moved) == noise_jpeg(2)
    assert Zone.objects.get().polygon == zones == SQUARE
    assert config_version_of(Camera.objects.get(pk=moved.pk)) != before  # the reader reconnects


def test_who_accepted_and_when_is_kept_and_it_can_be_undone_once(ani: Client, moved: Camera) -> None:
    former = bytes(moved.reference or b"")
    token = ani.get(f"/kamera/{moved.pk}/acuan/").context["token"]
    ani.post(f"/kamera/{moved.pk}/acuan/terima/", {"picture": token, "sure": "1"})
    ani.post(f"/kamera/{moved.pk}/acuan/urungkan/")
    assert kept(moved) == noise_jpeg(1)
    assert bytes(moved.reference or b"") == former
    assert "Tidak ada acuan sebelumnya" in ani.post(f"/kamera/{moved.pk}/acuan/urungkan/", follow=True).content.decode()
    log = [(entry.change_message, entry.user.get_username()) for entry in references.history(moved)]
    assert log == [(what, "ani") for what in (references.UNDONE, references.ACCEPTED, references.DRAWN)]
    assert "Acuan baru diterima" in ani.get(f"/kamera/{moved.pk}/acuan/").content.decode()


def test_zones_drawn_anew_leave_no_older_view_to_return_to(ani: Client, moved: Camera) -> None:
    token = ani.get(f"/kamera/{moved.pk}/acuan/").context["token"]
    ani.post(f"/kamera/{moved.pk}/acuan/terima/", {"picture": token, "sure": "1"})
    save(ani, moved, {"counter": Counter.objects.get().pk})
    ani.post(f"/kamera/{moved.pk}/acuan/urungkan/")
    assert kept(moved) == noise_jpeg(2)


@pytest.mark.parametrize("reason", ["covered", "dark", "frozen"])
def test_a_picture_that_shows_no_room_cannot_become_the_reference(ani: Client, moved: Camera, reason: str) -> None:
    shows(moved, 4, reason)
    assert ani.get(f"/kamera/{moved.pk}/acuan/").context["token"] == ""
    snapshot = camera_probe.newest_snapshot(moved)
    assert snapshot is not None
    token = references.sign_snapshot(moved, snapshot)
    ani.post(f"/kamera/{moved.pk}/acuan/terima/", {"picture": token, "sure": "1"})
    assert kept(moved) == noise_jpeg(1)


def test_a_forged_or_foreign_picture_is_refused(ani: Client, moved: Camera) -> None:
    other = Camera.objects.create(kelurahan=moved.kelurahan, name="Lain", url="rtsp://10.0.0.6/a")
    snapshot = camera_probe.newest_snapshot(moved)
    assert snapshot is not None
    for token in ("", "dipalsukan", references.sign_snapshot(other, snapshot)):
        response = ani.post(f"/kamera/{moved.pk}/acuan/terima/", {"picture": token, "sure": "1"}, follow=True)
        assert "terlalu lama" in response.content.decode()
    assert kept(moved) == noise_jpeg(1)


def test_a_camera_without_zones_or_pictures_has_a_page_too(ani: Client, camera: Camera) -> None:
    shown = ani.get(f"/kamera/{camera.pk}/acuan/").content.decode()
    assert "Belum ada gambar acuan" in shown
    assert "Kamera belum memberi gambar" in shown
    assert "Terima sebagai" not in shown


@pytest.mark.parametrize(("reason", "linked"), [("moved", True), ("scene", True), ("blurred", True), ("dark", False)])
def test_the_health_page_says_what_to_do_and_leads_there(ani: Client, moved: Camera, reason: str, linked: bool) -> None:
    now = datetime.now(UTC).isoformat()
    newest_picture.store_health(
        {moved.pk: {"state": "online", "reason": reason, "problem": "", "at": now, "holder": "a"}}
    )
    try:
        page = ani.get("/kamera/")
    finally:
        valkey.client().hdel(f"{valkey.PREFIX}:health", str(moved.pk))
    (cause,) = page.context["found"]
    assert cause.first.group == "gangguan"
    assert cause.first.reason
    assert (f"/kamera/{moved.pk}/acuan/" in page.content.decode()) is linked


def test_lists_of_cameras_leave_the_pictures_in_the_database(moved: Camera) -> None:
    assert moved.get_deferred_fields() == {"reference_jpeg", "former_jpeg"}
