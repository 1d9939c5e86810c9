"""The certificates of encrypted cameras: the first one is remembered, another one is refused until a person agrees."""

from dataclasses import replace
from pathlib import Path

import pytest

from offices.places.models import Kelurahan
from streams.cameras.models import Camera
from streams.setup.forms import CameraForm
from streams.source.client.loop import ReadingLoop
from streams.watch.camera_loop import CameraIngest, config_version_of
from streams.watch.leases import CameraLeases
from streams.watch.look_queue import LookQueue
from streams.watch.pace import LookPace
from streams.watch.retries import RefusedLogins
from tests.support.base import one_office
from tests.support.certificates import encrypted_by
from tests.support.odd_camera import CameraOddities, OddCamera
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Kelurahan:
    return one_office()


def reading(camera: Camera, loop: ReadingLoop) -> CameraIngest:
    ingest = CameraIngest(camera, LookQueue(), lambda _: LookPace(0.1, 0.1), 5.0, loop, RefusedLogins())
    ingest.start()
    return ingest


def save_unchanged(camera: Camera) -> None:
    """Save the camera's form as an operator does who has nothing to change."""
    data = {"kelurahan": camera.kelurahan, "name": camera.name, "url": camera.url, "enabled": "on"}
    form = CameraForm(data, instance=camera)
    assert form.is_valid(), form.errors
    form.save()


def test_the_first_certificate_is_remembered_and_another_refused_until_the_form_is_saved(
    office: Kelurahan, tmp_path: Path
) -> None:
    loop, leases = ReadingLoop(), CameraLeases("this")
    loop.start()
    with OddCamera(CameraOddities(tls=encrypted_by("camera", tmp_path / "first.pem"))) as odd:
        camera = Camera.objects.create(kelurahan=office, name="Loket", url=odd.url, lease_holder="this")
        first = reading(camera, loop)
        wait_until(lambda: bool(first.new_pin), 60)
        pin = first.new_pin
        CameraLeases("another").pin({camera.pk: "a" * 64})
        leases.pin({camera.pk: pin})
        leases.pin({camera.pk: "b" * 64})
        camera.refresh_from_db()
        assert camera.certificate == pin
        first.stop()

        odd.odd = replace(odd.odd, tls=encrypted_by("camera", tmp_path / "second.pem"))
        second = reading(camera, loop)
        wait_until(lambda: second.problem == "certificate", 60)
        assert second.new_pin == ""
        second.stop()

        before = config_version_of(camera)
        save_unchanged(camera)
        camera.refresh_from_db()
        assert config_version_of(camera) != before
        third = reading(camera, loop)
        wait_until(lambda: bool(third.new_pin), 60)
        assert third.new_pin != pin
        third.stop()
    loop.stop()
