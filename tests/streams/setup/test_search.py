"""The pages that search for cameras."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from streams.cameras.models import Camera
from streams.control import discovery, searches
from streams.servers import task_queue
from streams.simulator.onvif import OnvifFace
from tests.support.cameras import signed_in
from tests.support.stores import empty_stores

pytestmark = pytest.mark.django_db
pytest_plugins = ["tests.support.cameras", "tests.support.onvif_peers"]
PAGE, STATE = "/kamera/cari/", "/kamera/cari/keadaan/"


@pytest.fixture(autouse=True)
def face(own_machine_allowed: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnvifFace]:
    del own_machine_allowed  # requested for its effect
    monkeypatch.setattr(discovery, "ANSWERS_S", 0.1)
    for limit in ("CONNECT_S", "RECOGNISE_S"):  # the camera answers in this busy process
        monkeypatch.setattr(discovery, limit, 30.0)
    monkeypatch.setattr(task_queue, "send_task", lambda *_task: True)
    empty_stores()
    with OnvifFace() as running:
        settings.ONVIF_PORTS = [running.port]
        yield running
    empty_stores()


def run_latest() -> None:
    """Run the waiting search as the worker does."""
    user = get_user_model().objects.get(username="ani").pk
    found = searches.latest_search(user, datetime.now(UTC))
    assert found
    searches.run_search(user, found.id)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_network_is_searched_and_a_new_camera_can_be_added(ani: Client, face: OnvifFace) -> None:
    answer = ani.post(PAGE, {"network": "127.0.0.1/32"})
    assert answer.headers["Location"] == PAGE
    waiting = text(ani.get(PAGE))
    assert "Menunggu giliran" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    run_latest()
    done = text(ani.get(STATE))
    assert "Pencarian selesai" in done
    assert "1 kamera ditemukan, 1 belum terdaftar" in done
    assert "every 1s" not in done
    link = f"/kamera/tambah/?alamat=127.0.0.1&amp;onvif={face.port}"
    assert link in done
    form = text(ani.get(link.replace("&amp;", "&")))
    assert 'value="rtsp://127.0.0.1:554/"' in form
    assert f'value="{face.port}"' in form


def test_a_known_camera_is_linked(ani: Client, camera: Camera) -> None:
    camera.url = "rtsp://127.0.0.1:554/a"
    camera.save()
    assert 'value="127.0.0.0/24"' in text(ani.get(PAGE)), "its network is suggested"
    ani.post(PAGE, {"network": "127.0.0.1"})
    run_latest()
    done = text(ani.get(STATE))
    assert f"/kamera/{camera.pk}/ubah/" in done
    assert "0 belum terdaftar" in done
    assert "Tambahkan" not in done


@pytest.mark.parametrize(
    ("network", "words"),
    [
        ("10.0.0.0/24", "Jaringan ini tidak diizinkan"),
        ("127.0.0.0/16", "Jaringan terlalu besar"),
        ("kantor", "Tulis jaringan seperti 10.20.30.0/24"),
        ("", "Tulis jaringan seperti 10.20.30.0/24"),
    ],
)
def test_a_network_that_may_not_be_searched_is_refused_in_words(ani: Client, network: str, words: str) -> None:
    answer = ani.post(PAGE, {"network": network})
    assert answer.status_code == 422
    assert words in text(answer)


def test_a_second_search_waits_for_the_first(ani: Client) -> None:
    ani.post(PAGE, {"network": "127.0.0.1"})
    other = signed_in("joko", role="operator")
    assert "Masih ada pencarian yang berjalan" in text(other.post(PAGE, {"network": "127.0.0.1"}))


def test_a_search_can_be_stopped(ani: Client) -> None:
    ani.post(PAGE, {"network": "127.0.0.1"})
    ani.post("/kamera/cari/henti/")
    assert "Pencarian dihentikan" in text(ani.get(STATE))


def test_a_search_without_a_worker_says_so(ani: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ani.post(PAGE, {"network": "127.0.0.1"})
    monkeypatch.setattr(searches, "SILENT_AFTER_S", timedelta(0).total_seconds() - 1)
    assert "pekerja latar tidak menjawab" in text(ani.get(STATE))


def test_without_a_broker_the_form_says_so(ani: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_queue, "send_task", lambda *_task: False)
    assert "antrean tidak terjangkau" in text(ani.post(PAGE, {"network": "127.0.0.1"}))


@pytest.mark.parametrize("address", ["8.8.8.8", "evil.example", "127.0.0.1@evil.example", "<b>"])
def test_the_form_is_filled_with_allowed_addresses_only(ani: Client, address: str) -> None:
    page = ani.get("/kamera/tambah/", {"alamat": address}).content.decode()
    assert 'value="rtsp:' not in page
