"""Adding a camera: its form, the test of its address, and permissions."""

import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse

from offices.places.models import Counter, Kelurahan
from streams.cameras.models import Camera, Zone
from streams.servers import valkey
from streams.setup import probe as camera_probe
from tests.support.camera_reports import forget_reports, report
from tests.support.cameras import SQUARE, signed_in, typed
from tests.support.processes import free_port

pytest_plugins = ["tests.support.cameras"]
pytestmark = pytest.mark.django_db


# --- permissions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "cameras",
        "camera-add",
        "camera-import",
        "camera-import-template",
        "camera-change",
        "camera-delete",
        "camera-zones",
    ],
)
def test_budi_the_camat_is_refused_every_operators_page(office: Kelurahan, camera: Camera, name: str) -> None:
    budi = signed_in("budi", role="camat", kecamatan=office.kecamatan)
    per_camera = name in {"camera-change", "camera-delete", "camera-zones"}
    address = reverse(name, args=[camera.pk] if per_camera else [])
    assert budi.get(address).status_code == 403
    assert Client().get(address).status_code == 302  # anonymous users are asked to sign in
    assert signed_in("ani", role="operator").get(address).status_code == 200


@pytest.mark.parametrize("name", ["camera-test", "camera-import-confirm", "camera-zones-picture", "camera-delete"])
def test_budi_cannot_post_past_the_pages_either(office: Kelurahan, camera: Camera, name: str) -> None:
    budi = signed_in("budi", role="camat", kecamatan=office.kecamatan)
    per_camera = name in {"camera-zones-picture", "camera-delete"}
    assert budi.post(reverse(name, args=[camera.pk] if per_camera else [])).status_code == 403
    assert Camera.objects.filter(pk=camera.pk).exists()


# --- the form -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kelurahan", ["35 Ilir, Ilir Barat II", "16.71.01.1001", "35 ilir", "tiga-puluh-lima ilir"])
def test_a_new_camera_leads_on_to_its_zones(ani: Client, office: Kelurahan, kelurahan: str) -> None:
    answer = ani.post("/kamera/tambah/", typed(kelurahan=kelurahan, password="r4hasia"))
    camera = Camera.objects.get()
    assert answer.headers["Location"] == f"/kamera/{camera.pk}/zona/"
    assert (camera.kelurahan, camera.full_url) == (office, "rtsp://sidak:r4hasia@10.0.0.5:554/a")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kelurahan": "Atlantis"}, "Pilih kelurahan dari daftar"),
        ({"url": "http://10.0.0.5/"}, "rtsp://alamat:port/jalur"),
        ({"url": "file:///etc/passwd"}, "rtsp://alamat:port/jalur"),
        ({"url": "rtsp://[10.0.0.5/a"}, "rtsp://alamat:port/jalur"),
        ({"url": "rtsp://10.0.0.5:99999/a"}, "rtsp://alamat:port/jalur"),
        ({"url": "rtsp://sidak:x@10.0.0.5/a"}, "bukan di dalam alamat"),
        ({"username": "", "password": "x"}, "tanpa nama pengguna"),
        ({"sub_url": "http://10.0.0.5/"}, "rtsp://alamat:port/jalur"),
        ({"sub_url": "rtsp://10.0.0.66:554/b"}, "perangkat dan port yang sama"),
        ({"sub_url": "rtsp://[10.0.0.5/b"}, "rtsp://alamat:port/jalur"),
        ({"sub_url": "rtsp://10.0.0.5:555/b"}, "perangkat dan port yang sama"),
    ],
)
def test_a_wrong_entry_is_refused_in_words(ani: Client, changes: dict[str, str], words: str) -> None:
    answer = ani.post("/kamera/tambah/", typed(**changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Camera.objects.exists()


def test_a_taken_name_is_said_to_be_taken(ani: Client, camera: Camera) -> None:
    page = ani.post("/kamera/tambah/", typed(name=camera.name, url="rtsp://10.0.0.6/a"))
    assert page.status_code == 422
    assert "Kamera dengan Kelurahan dan Nama ini sudah ada." in page.content.decode()


def test_an_address_is_stored_as_every_program_reads_it(ani: Client) -> None:
    ani.post("/kamera/tambah/", typed(url=" Rtsp://CAM-1.local/Stream?x=A\u200b ", sub_url="rtsp://cam-1.local:554/b"))
    camera = Camera.objects.get()
    assert (camera.url, camera.sub_url) == ("rtsp://cam-1.local/Stream?x=A", "rtsp://cam-1.local:554/b")


@pytest.mark.usefixtures("camera")
def test_a_stream_that_another_camera_has_is_refused_however_it_is_written(ani: Client) -> None:
    typing = typed(name="Jendela", url="RTSP://10.0.0.5/a")
    page = ani.post("/kamera/tambah/", typing).content.decode()
    assert "Alamat ini sudah dipakai 35 Ilir, Pintu." in page
    assert 'name="shared"' in page
    assert Camera.objects.count() == 1
    assert ani.post("/kamera/tambah/", typing | {"shared": "on"}).status_code == 302
    assert Camera.objects.count() == 2


def test_a_name_that_is_too_long_is_refused_and_not_cut(ani: Client) -> None:
    assert "maxlength" not in ani.get("/kamera/tambah/").content.decode().split('name="name"')[1].split(">")[0]
    answer = ani.post("/kamera/tambah/", typed(name="x" * 61))
    assert answer.status_code == 422
    assert "x" * 61 in answer.content.decode()
    assert not Camera.objects.exists()


def test_the_form_says_that_the_camera_refuses_its_password(ani: Client, camera: Camera) -> None:
    assert "login-fault" not in ani.get(f"/kamera/{camera.pk}/ubah/").content.decode()
    try:
        report(camera, state="offline", problem="unauthorized")
        page = ani.get(f"/kamera/{camera.pk}/ubah/").content.decode()
    finally:
        forget_reports()
    assert "Nama pengguna atau sandi salah" in page.split('id="login-fault"')[1].split("</p>")[0]


def test_a_saved_password_never_returns_to_the_browser_and_is_unreadable_in_the_database(
    ani: Client, camera: Camera
) -> None:
    for address in (f"/kamera/{camera.pk}/ubah/", "/kamera/", f"/kamera/{camera.pk}/zona/"):
        assert "rahasia-lama" not in ani.get(address).content.decode()
    assert "tersimpan, isi untuk mengganti" in ani.get(f"/kamera/{camera.pk}/ubah/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM streams_camera")
        assert "rahasia-lama" not in cursor.fetchone()[0]


def test_an_empty_password_keeps_the_saved_one_and_a_new_one_replaces_it(ani: Client, camera: Camera) -> None:
    ani.post(f"/kamera/{camera.pk}/ubah/", typed(name="Jendela", url="rtsp://10.0.0.5:554/b"))
    camera.refresh_from_db()
    assert (camera.name, camera.password) == ("Jendela", "rahasia-lama")
    ani.post(f"/kamera/{camera.pk}/ubah/", typed(password="rahasia-baru"))
    camera.refresh_from_db()
    assert camera.password == "rahasia-baru"
    ani.post(f"/kamera/{camera.pk}/ubah/", typed(username=""))
    camera.refresh_from_db()
    assert (camera.username, camera.password) == ("", "")


@pytest.mark.parametrize("changes", [{"url": "rtsp://10.0.0.66:554/a"}, {"username": "admin"}])
def test_a_saved_password_is_not_sent_to_another_device(ani: Client, camera: Camera, changes: dict[str, str]) -> None:
    answer = ani.post("/kamera/uji/", typed(**changes) | {"camera": str(camera.pk)})
    assert "tulis sandinya lagi" in answer.content.decode()
    assert ani.post(f"/kamera/{camera.pk}/ubah/", typed(**changes)).status_code == 422


def test_removing_a_camera_says_what_is_lost_and_keeps_its_counter(ani: Client, camera: Camera) -> None:
    counter = Counter.objects.create(kelurahan=camera.kelurahan, name="Loket Satu")
    Zone.objects.create(camera=camera, subject=counter.subject, polygon=SQUARE)
    assert "Loket Satu" in ani.get(f"/kamera/{camera.pk}/hapus/").content.decode()
    assert Camera.objects.exists()
    ani.post(f"/kamera/{camera.pk}/hapus/")
    assert not Camera.objects.exists()
    assert Counter.objects.get() == counter


# --- the test button ------------------------------------------------------------------------------------------


@pytest.fixture
def mute_port() -> Iterator[int]:
    """A port that listens and answers, but is no camera."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            with peer:
                peer.settimeout(2)
                try:
                    if peer.recv(1000):
                        peer.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
                except OSError:
                    continue

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield server.getsockname()[1]
    server.close()
    thread.join(3)


def test_a_device_without_rtsp_on_that_port_is_reported_as_refusing(ani: Client) -> None:
    answer = ani.post("/kamera/uji/", typed(url=f"rtsp://127.0.0.1:{free_port()}/a"))
    assert "Perangkat menolak sambungan" in answer.content.decode()


def test_a_port_that_speaks_another_protocol_is_reported_within_ten_seconds(ani: Client, mute_port: int) -> None:
    began = datetime.now(UTC)
    page = ani.post("/kamera/uji/", typed(url=f"rtsp://127.0.0.1:{mute_port}/a")).content.decode()
    assert (datetime.now(UTC) - began).total_seconds() < 11
    assert re.search("Bukan layanan RTSP|Gambar tidak dapat dibaca|Tidak ada jawaban", page)
    assert "rahasia" not in page


def test_the_form_need_not_be_complete_to_be_tested(ani: Client) -> None:
    answer = ani.post("/kamera/uji/", typed(kelurahan="", name="", url=f"rtsp://127.0.0.1:{free_port()}/a"))
    assert "Perangkat menolak sambungan" in answer.content.decode()


def test_one_person_tests_one_address_at_a_time(ani: Client) -> None:
    key = camera_probe.KEY.format(get_user_model().objects.get(username="ani").pk)
    valkey.client().set(key, "1", ex=5)
    page = ani.post("/kamera/uji/", typed(url=f"rtsp://127.0.0.1:{free_port()}/a")).content.decode()
    assert "belum selesai" in page
    valkey.client().delete(key)
    page = ani.post("/kamera/uji/", typed(url=f"rtsp://127.0.0.1:{free_port()}/a")).content.decode()
    assert "menolak sambungan" in page
    assert not valkey.client().exists(key)
