"""A real `watch` process sees rubbish come to lie at a simulated street point, and the operator opens its page."""

import signal
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from offices.access.models import Membership
from streams.cameras.models import Camera
from streams.live.models import View
from streams.looks.streets.models import HintClip, HintSetting, StreetHint
from streams.pixels.jpeg import encode_jpeg
from streams.simulator.scripts import OFFICE_CAMERAS
from streams.simulator.simulator import Simulator
from streams.simulator.street.footage import USUAL, ensure_street_footage, first_picture
from streams.simulator.street.scenes import StreetLight, StreetScene
from tests.support.base import member
from tests.support.filming import times
from tests.support.paths import ROOT
from tests.support.places import street_point
from tests.support.processes import start_watch
from tests.support.waiting import wait_until

KERB = [[0.655, 0.45], [0.74, 0.43], [0.85, 0.6], [0.74, 0.63]]
SHOWN = ((StreetScene.FLOW, StreetLight.DAY), (StreetScene.RUBBISH_MUCH, StreetLight.DAY))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_rubbish_before_a_simulated_camera_becomes_a_hint_with_picture_and_clip(footage: Path, client: Client) -> None:
    streets = ensure_street_footage(ROOT / "var" / "test-footage-market", ["pasar"], lambda _street: SHOWN)
    ani = member("ani", Membership.Role.OPERATOR)
    clean = encode_jpeg(first_picture(streets, "pasar", USUAL), 90)
    with Simulator(cameras=1, footage=footage, streets=["pasar"], street_footage=streets) as simulator:
        camera = Camera.objects.create(
            place=street_point(), name="Timur", url=simulator.url(OFFICE_CAMERAS + 1), reference_jpeg=clean
        )
        HintSetting.objects.create(
            camera=camera, kind="rubbish", on=True, polygon=KERB, minutes=1, since=timezone.now(), by=ani
        )
        simulator.set_scene(f"cam{OFFICE_CAMERAS + 1}", StreetScene.RUBBISH_MUCH)
        watch = start_watch("satu")
        try:
            wait_until(HintClip.objects.exists, 400)
            watch.send_signal(signal.SIGTERM)
            assert watch.wait(20) == 0
        finally:
            watch.kill()
            watch.wait()
    hint = StreetHint.objects.get()
    assert (hint.camera, hint.kind, hint.level) == (camera, "rubbish", "banyak")
    client.force_login(ani)
    page = client.get("/petunjuk/").content.decode()
    assert "Sampah: banyak" in page
    assert client.get(f"/petunjuk/{hint.pk}/gambar.jpg").content[:2] == b"\xff\xd8"
    film = client.get(f"/petunjuk/{hint.pk}/klip.mp4")
    shown = times(film.content)
    assert 8 < shown[-1] - shown[0] < 16
    part = client.get(f"/petunjuk/{hint.pk}/klip.mp4", headers={"Range": "bytes=0-99"})
    assert (part.status_code, part.content) == (206, film.content[:100])
    assert View.objects.filter(user=ani, camera_id=camera.pk).exists()
