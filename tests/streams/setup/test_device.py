"""The part "Perangkat": reading with the form's login, the consent, what is written and logged, and undoing it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from streams.cameras.models import Camera
from streams.control import devices
from streams.control.device import DeviceError
from streams.setup import device_plans
from streams.simulator.onvif import OnvifFace, OnvifFault, OnvifStream
from tests.support.cameras import typed

pytestmark = pytest.mark.django_db
pytest_plugins = ["tests.support.cameras", "tests.support.onvif_peers"]
READ = "/kamera/perangkat/"


@pytest.fixture(autouse=True)
def face(own_machine_allowed: None, settings: Any) -> Iterator[OnvifFace]:
    del own_machine_allowed  # requested for its effect
    with OnvifFace(password="p@ss w:rd/") as running:
        settings.ONVIF_PORTS = [running.port]
        yield running


@pytest.fixture
def camera(office: Any) -> Camera:
    return Camera.objects.create(
        kelurahan=office, name="Pintu", url="rtsp://127.0.0.1:554/cam001", username="sidak", password="p@ss w:rd/"
    )


def read(client: Client, camera: Camera | None = None, **changes: str) -> str:
    """Read the device by the form as the page shows it, with `changes`, and return the text of the answer."""
    sent = typed(url="rtsp://127.0.0.1:554/cam001") | ({"camera": str(camera.pk)} if camera else {}) | changes
    answer = client.post(READ, sent)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "p@ss" not in page
    return " ".join(page.split())


def plan_in(page: str) -> str:
    found = re.search(r'name="plan" value="([^"]+)"', page)
    assert found, page
    return found[1]


def agree(client: Client, camera: Camera, page: str) -> str:
    answer = client.post(f"/kamera/{camera.pk}/perangkat/tulis/", {"plan": plan_in(page)})
    return " ".join(answer.content.decode().split())


def undo(client: Client, camera: Camera) -> str:
    return " ".join(client.post(f"/kamera/{camera.pk}/perangkat/urungkan/").content.decode().split())


def test_a_new_camera_is_read_by_the_typed_login_and_offers_its_addresses(ani: Client) -> None:
    page = read(ani, url="rtsp://127.0.0.1:554/", password="p@ss w:rd/")
    for fact in ("Simulator", "1920×1080", "250 gambar, 10 detik", 'data-url="rtsp://127.0.0.1:554/cam001"'):
        assert fact in page
    assert 'data-sub-url="rtsp://127.0.0.1:554/cam001-small"' in page
    assert 'name="plan"' not in page, "nothing can be written before the camera is saved"


def test_a_saved_camera_is_set_with_one_consent(ani: Client, camera: Camera, face: OnvifFace) -> None:
    face.clock_s = -180
    page = read(ani, camera)
    assert "<b>Jarak keyframe main:</b> 250 gambar, 10 detik → 50 gambar, 2 detik" in page
    assert "<b>Jam kamera:</b> 3 menit tertinggal → disamakan dengan server" in page
    assert "rtsp://127.0.0.1:554/cam001-small" in page
    assert [stream.gop for stream in face.streams.values()] == [250, 250], "reading changes nothing"

    outcome = agree(ani, camera, page)
    assert [stream.gop for stream in face.streams.values()] == [50, 50]
    assert abs(face.clock_s) < 2
    camera.refresh_from_db()
    assert camera.sub_url == "rtsp://127.0.0.1:554/cam001-small"
    for text in ("Jarak keyframe main: 50 gambar", "Jam kamera disetel", "Alamat aliran kecil dicatat di Sidak"):
        assert text in outcome
    entry = LogEntry.objects.get()
    assert (entry.user.get_username(), entry.object_id) == ("ani", str(camera.pk))
    assert "p@ss" not in entry.change_message
    assert "Jarak keyframe main: 250 → 50 gambar" in ani.get(f"/kamera/{camera.pk}/ubah/").content.decode()
    assert "Tidak ada yang perlu disetel." in read(ani, camera, sub_url=camera.sub_url)


def test_the_former_distance_of_keyframes_can_be_set_back_once(ani: Client, camera: Camera, face: OnvifFace) -> None:
    face.streams["small"].gop = 100
    agree(ani, camera, read(ani, camera))
    assert "Jarak keyframe small: 100 gambar" in undo(ani, camera)
    assert [stream.gop for stream in face.streams.values()] == [250, 100]
    assert "Tidak ada yang dapat dikembalikan." in undo(ani, camera)
    assert LogEntry.objects.count() == 2


def test_undoing_leaves_what_somebody_else_has_set_since(ani: Client, camera: Camera, face: OnvifFace) -> None:
    agree(ani, camera, read(ani, camera))
    face.streams["main"].gop = 25
    page = undo(ani, camera)
    assert "Setelan kamera sudah lain" in page
    assert [stream.gop for stream in face.streams.values()] == [25, 250]


def test_a_consent_holds_for_this_camera_as_it_was_saved(ani: Client, camera: Camera, face: OnvifFace) -> None:
    page = read(ani, camera)
    camera.name = "Pintu belakang"
    camera.save()
    assert "Persetujuan ini sudah kedaluwarsa" in agree(ani, camera, page)
    assert "Persetujuan ini sudah kedaluwarsa" in agree(ani, camera, 'name="plan" value="forged"')
    assert face.streams["main"].gop == 250


def test_a_consent_expires(ani: Client, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    page = read(ani, camera)
    monkeypatch.setattr(device_plans, "CONSENT_S", -1)
    assert "Persetujuan ini sudah kedaluwarsa" in agree(ani, camera, page)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (OnvifFault.REFUSED_DIGEST, "Kamera menolak login ONVIF"),
        (OnvifFault.LOCKED, "Kamera mengunci akun ini"),
    ],
    ids=str,
)
def test_a_refused_login_is_explained(
    ani: Client,
    camera: Camera,
    face: OnvifFace,
    fault: OnvifFault,
    words: str,
) -> None:
    face.fault = fault
    assert words in read(ani, camera)


def test_what_could_not_be_written_is_explained_and_not_logged(ani: Client, camera: Camera, face: OnvifFace) -> None:
    camera.sub_url = "rtsp://127.0.0.1:554/cam001-small"
    camera.save()
    page = read(ani, camera, sub_url=camera.sub_url)
    face.fault = OnvifFault.FIXED_PROFILE
    outcome = agree(ani, camera, page)
    assert "main: Kamera tidak mau mengubah jarak keyframe" in outcome
    assert "I-frame interval" in outcome
    assert not LogEntry.objects.exists()


def test_the_saved_password_goes_to_no_other_device(ani: Client, camera: Camera, face: OnvifFace) -> None:
    page = read(ani, camera, url="rtsp://127.0.0.2:554/cam001")
    assert "Perangkat atau pengguna berubah: tulis sandinya lagi." in page
    assert face.requests == []


def test_a_changed_form_must_be_saved_before_anything_is_written(ani: Client, camera: Camera) -> None:
    page = read(ani, camera, url="rtsp://127.0.0.1:554/lain")
    assert 'name="plan"' not in page
    assert "belum tersimpan" in page


def test_a_camera_whose_address_is_not_among_its_profiles_is_left_alone(
    ani: Client,
    camera: Camera,
    face: OnvifFace,
) -> None:
    face.streams = {"other": OnvifStream("/other", 1280, 720)}
    page = read(ani, camera)
    assert "tidak ada pada profilnya" in page
    assert 'name="plan"' not in page


def test_the_port_is_a_port(ani: Client, camera: Camera, face: OnvifFace) -> None:
    assert "Port adalah angka dari 1 sampai 65535." in read(ani, camera, onvif_port="70000")
    assert "Simulator" in read(ani, camera, onvif_port=str(face.port))


def test_one_device_is_read_at_a_time(ani: Client, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = []

    def busy(*_arguments: object) -> None:
        inside.append(read(ani, camera))
        raise DeviceError("slow")

    monkeypatch.setattr(devices, "read_device", busy)
    assert "terlalu lambat" in read(ani, camera)
    assert "Uji sebelumnya belum selesai" in inside[0]
