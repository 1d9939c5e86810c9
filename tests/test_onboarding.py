"""Ani of Kominfo brings a camera in: its form, the test of its address, its zones, and who may not."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse

from offices.models import Counter, Kecamatan, Kelurahan, Membership
from streams import pictures, probing, zoning
from streams.models import Camera, Zone

pytestmark = pytest.mark.django_db

SQUARE = [[0.2, 0.2], [0.6, 0.2], [0.6, 0.7], [0.2, 0.7]]
BOW_TIE = [[0.2, 0.2], [0.6, 0.7], [0.6, 0.2], [0.2, 0.7]]


def palembang_office() -> Kelurahan:
    kecamatan = Kecamatan.objects.create(code="16.71.01", name="Ilir Barat II", latitude=-3, longitude=104.7)
    return Kelurahan.objects.create(
        code="16.71.01.1001",
        kecamatan=kecamatan,
        name="35 Ilir",
        official_name="Tiga-puluh-lima Ilir",
        latitude=-3,
        longitude=104.7,
    )


@pytest.fixture
def office() -> Kelurahan:
    return palembang_office()


@pytest.fixture
def ani(office: Kelurahan) -> Client:
    return signed_in("ani", role="operator")


@pytest.fixture
def camera(office: Kelurahan) -> Camera:
    return Camera.objects.create(
        kelurahan=office, name="Pintu", url="rtsp://10.0.0.5:554/a", username="sidak", password="rahasia-lama"
    )


def signed_in(name: str, **membership: object) -> Client:
    user = get_user_model().objects.create_user(name)
    Membership.objects.create(user=user, **membership)
    client = Client()
    client.force_login(user)
    return client


def typed(**changes: str) -> dict[str, str]:
    return {
        "kelurahan": "35 Ilir, Ilir Barat II",
        "name": "Pintu",
        "url": "rtsp://10.0.0.5:554/a",
        "username": "sidak",
        "password": "",
        "enabled": "on",
    } | changes


def jpeg(seed: int = 1) -> bytes:
    image = np.random.default_rng(seed).integers(0, 255, (90, 160, 3), np.uint8)
    return cv2.imencode(".jpg", image)[1].tobytes()


# --- who may --------------------------------------------------------------------------------------------------


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
    assert Client().get(address).status_code == 302  # a stranger is asked to sign in
    assert signed_in("ani", role="operator").get(address).status_code == 200


@pytest.mark.parametrize("name", ["camera-test", "camera-import-confirm", "camera-zones-picture", "camera-delete"])
def test_budi_cannot_post_past_the_pages_either(office: Kelurahan, camera: Camera, name: str) -> None:
    budi = signed_in("budi", role="camat", kecamatan=office.kecamatan)
    per_camera = name in {"camera-zones-picture", "camera-delete"}
    assert budi.post(reverse(name, args=[camera.pk] if per_camera else [])).status_code == 403
    assert Camera.objects.filter(pk=camera.pk).exists()


# --- the form -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["35 Ilir, Ilir Barat II", "16.71.01.1001", "35 ilir", "tiga-puluh-lima ilir"])
def test_a_new_camera_leads_on_to_its_zones(ani: Client, office: Kelurahan, said: str) -> None:
    answer = ani.post("/kamera/tambah/", typed(kelurahan=said, password="r4hasia"))
    camera = Camera.objects.get()
    assert answer.url == f"/kamera/{camera.pk}/zona/"
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
    ],
)
def test_a_wrong_entry_is_refused_in_words(ani: Client, changes: dict[str, str], words: str) -> None:
    answer = ani.post("/kamera/tambah/", typed(**changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Camera.objects.exists()


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
    Zone.objects.create(camera=camera, counter=counter, polygon=SQUARE)
    assert "Loket Satu" in ani.get(f"/kamera/{camera.pk}/hapus/").content.decode()
    assert Camera.objects.exists()
    ani.post(f"/kamera/{camera.pk}/hapus/")
    assert not Camera.objects.exists()
    assert Counter.objects.get() == counter


# --- the test button ------------------------------------------------------------------------------------------


@pytest.fixture
def mute_port() -> Iterator[int]:
    """Something that listens and answers, but is no camera."""
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


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_a_device_without_rtsp_on_that_port_is_told_as_refused(ani: Client) -> None:
    answer = ani.post("/kamera/uji/", typed(url=f"rtsp://127.0.0.1:{closed_port()}/a"))
    assert "Perangkat menolak sambungan" in answer.content.decode()


def test_a_port_that_speaks_something_else_is_told_within_ten_seconds(ani: Client, mute_port: int) -> None:
    began = datetime.now(UTC)
    said = ani.post("/kamera/uji/", typed(url=f"rtsp://127.0.0.1:{mute_port}/a")).content.decode()
    assert (datetime.now(UTC) - began).total_seconds() < 11
    assert re.search("Bukan layanan RTSP|Gambar tidak dapat dibaca|Tidak ada jawaban", said)
    assert "rahasia" not in said


def test_the_form_need_not_be_complete_to_be_tested(ani: Client) -> None:
    answer = ani.post("/kamera/uji/", typed(kelurahan="", name="", url=f"rtsp://127.0.0.1:{closed_port()}/a"))
    assert "Perangkat menolak sambungan" in answer.content.decode()


def test_one_person_tests_one_address_at_a_time(ani: Client) -> None:
    key = probing.KEY.format(get_user_model().objects.get(username="ani").pk)
    pictures.client().set(key, "1", ex=5)
    said = ani.post("/kamera/uji/", typed(url=f"rtsp://127.0.0.1:{closed_port()}/a")).content.decode()
    assert "belum selesai" in said
    pictures.client().delete(key)
    said = ani.post("/kamera/uji/", typed(url=f"rtsp://127.0.0.1:{closed_port()}/a")).content.decode()
    assert "menolak sambungan" in said
    assert not pictures.client().exists(key)


# --- zones ----------------------------------------------------------------------------------------------------


@pytest.fixture
def seen(camera: Camera) -> Iterator[Camera]:
    """The camera after `watch` has kept a picture of it."""
    pictures.put(camera.pk, jpeg(), {"at": datetime.now(UTC).isoformat(), "reason": ""})
    yield camera
    pictures.client().delete(f"{pictures.PREFIX}:picture:{camera.pk}", f"{pictures.PREFIX}:view:{camera.pk}")


def save(client: Client, camera: Camera, *zones: dict[str, object], reference: str | None = None) -> object:
    page = client.get(f"/kamera/{camera.pk}/zona/")
    reference = reference if reference is not None else page.context.get("reference", "")
    body = [{"counter": None, "name": "", "quorum": 1, "polygon": SQUARE} | zone for zone in zones]
    return client.post(f"/kamera/{camera.pk}/zona/", {"zones": json.dumps(body), "reference": reference})


def test_a_zone_makes_its_counter_and_keeps_the_view_it_was_drawn_on(ani: Client, seen: Camera) -> None:
    answer = save(ani, seen, {"name": "Loket Baru", "quorum": 2})
    assert answer.status_code == 302
    zone = Zone.objects.get()
    assert (zone.camera, zone.counter.name, zone.counter.quorum, zone.polygon) == (seen, "Loket Baru", 2, SQUARE)
    seen.refresh_from_db()
    drawn_on = probing.snapshot(jpeg())
    assert drawn_on is not None
    assert bytes(seen.reference) == drawn_on.signature
    assert len(seen.reference) == 36 * 64


def test_zones_can_change_counters_and_go_without_losing_a_counter(ani: Client, seen: Camera) -> None:
    one, two = (Counter.objects.create(kelurahan=seen.kelurahan, name=name) for name in ("Satu", "Dua"))
    low = [[0.1, 0.8], [0.5, 0.8], [0.5, 1.0], [0.1, 1.0]]
    save(ani, seen, {"counter": one.pk}, {"counter": two.pk, "polygon": low})
    first = Zone.objects.get(counter=one)
    save(ani, seen, {"counter": two.pk}, {"counter": one.pk, "polygon": low})
    first.refresh_from_db()
    assert first.polygon == low
    assert Zone.objects.get(counter=two).polygon == SQUARE
    save(ani, seen)
    assert not Zone.objects.exists()
    assert Counter.objects.count() == 2


@pytest.mark.parametrize(
    ("polygon", "words"),
    [
        (BOW_TIE, "saling memotong"),
        ([[0.2, 0.2], [1.2, 0.2], [0.6, 0.7]], "keluar dari gambar"),
        ([[0.2, 0.2], [0.21, 0.2], [0.21, 0.21]], "terlalu kecil"),
        ([[0.2, 0.2], [0.6, 0.2]], "tiga titik"),
        ("rusak", "tiga titik"),
        ([[0.2, None], [0.6, 0.2], [0.6, 0.7]], "tiga titik"),
    ],
)
def test_a_polygon_that_cannot_be_a_zone_is_refused_in_words(
    ani: Client, seen: Camera, polygon: object, words: str
) -> None:
    answer = save(ani, seen, {"name": "Loket Satu", "polygon": polygon})
    assert answer.status_code == 422
    assert words in " ".join(answer.context["editor"]["zones"][0]["problems"])
    assert not Counter.objects.exists()


def test_one_wrong_zone_saves_none(ani: Client, seen: Camera) -> None:
    answer = save(ani, seen, {"name": "Loket Satu"}, {"name": "Loket Dua", "polygon": BOW_TIE})
    assert answer.status_code == 422
    assert not Zone.objects.exists()
    assert [zone["name"] for zone in answer.context["editor"]["zones"]] == ["Loket Satu", "Loket Dua"]


def test_counters_are_this_offices_and_named_once(ani: Client, seen: Camera) -> None:
    other = Kelurahan.objects.create(
        code="16.71.01.1002", kecamatan=seen.kelurahan.kecamatan, name="32 Ilir", latitude=-3, longitude=104.7
    )
    foreign = Counter.objects.create(kelurahan=other, name="Milik orang")
    own = Counter.objects.create(kelurahan=seen.kelurahan, name="Loket Satu")
    for zones, words in (
        ([{"counter": foreign.pk}], "bukan milik kantor ini"),
        ([{"counter": own.pk}, {"counter": own.pk}], "sudah punya zona lain"),
        ([{"name": "loket satu"}], "sudah ada di kantor ini"),
        ([{"name": " "}], "tulis nama loket baru"),
        ([{"name": "Dua", "quorum": 0}], "1 sampai 20"),
    ):
        answer = save(ani, seen, *zones)
        assert answer.status_code == 422
        assert words in " ".join(answer.context["editor"]["zones"][-1]["problems"])


def test_zones_are_not_saved_on_a_picture_of_another_camera(ani: Client, seen: Camera) -> None:
    other = Camera.objects.create(kelurahan=seen.kelurahan, name="Lain", url="rtsp://10.0.0.6/a")
    for token in ("", "dipalsukan", zoning.sign_reference(other, b"x" * 2304)):
        assert save(ani, seen, {"name": "Loket Satu"}, reference=token).status_code == 422
    assert not Zone.objects.exists()


def test_a_picture_older_than_the_cameras_address_is_not_drawn_on(ani: Client, seen: Camera) -> None:
    assert ani.get(f"/kamera/{seen.pk}/zona/").context["picture"]
    seen.save()
    assert "picture" not in ani.get(f"/kamera/{seen.pk}/zona/").context


def test_a_camera_that_does_not_answer_says_so_in_the_editor(ani: Client, camera: Camera) -> None:
    Camera.objects.filter(pk=camera.pk).update(url=f"rtsp://127.0.0.1:{closed_port()}/a")
    said = ani.post(f"/kamera/{camera.pk}/zona/gambar/").content.decode()
    assert "Perangkat menolak sambungan" in said
    assert "rahasia-lama" not in said
