"""Each camera's row on the operator's page, and the watch processes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from offices.places.models import Counter
from streams.cameras.models import Watcher, Zone
from streams.source import newest_picture
from tests.support.camera_reports import camera_of, forget_reports, report, watching
from tests.support.cameras import SQUARE, palembang_office, signed_in


@pytest.fixture(autouse=True)
def no_reports() -> Any:
    forget_reports()
    yield
    forget_reports()


@pytest.fixture
def office(db: None) -> Any:
    del db  # requested for its effect
    return palembang_office()


@pytest.fixture
def ani(office: Any) -> Client:
    del office  # requested for its effect
    return signed_in("ani", role="operator")


def text(client: Client, address: str = "/kamera/") -> str:
    return " ".join(client.get(address).content.decode().split())


def test_an_empty_city_invites_the_first_camera(ani: Client) -> None:
    assert "Belum ada kamera. Tambahkan kamera pertama" in text(ani)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Daring"),
        ({"reason": "frozen"}, "Gambar membeku"),
        ({"reason": "moved"}, "Arah kamera berubah"),
        ({"state": "offline", "problem": "unauthorized"}, "Nama pengguna atau sandi salah"),
        ({"state": "offline", "problem": "refused", "reason": "offline"}, "Perangkat menolak sambungan"),
        ({"state": "opening", "picture_at": None}, "Menyambung"),
        ({"at": "2026-01-01T00:00:00+00:00"}, "Belum dibuka"),
        ({"warnings": ["long_gop"], "gop": 150, "gop_s": 10.0}, "150 gambar, 10 detik"),
        ({"warnings": ["h265"], "codec": "hevc"}, "H.265"),
    ],
)
def test_each_camera_says_how_it_does(ani: Client, office: Any, changes: dict[str, Any], words: str) -> None:
    report(camera_of(office), **changes)
    assert words in text(ani)


def test_figures_of_a_camera_are_on_its_line(ani: Client, office: Any) -> None:
    report(camera_of(office), picture_at=(datetime.now(UTC) - timedelta(minutes=3)).isoformat(), reconnects=41)
    page = text(ani)
    for figure in ("3 menit lalu", "H.264 640×360", "30 gambar, 2 detik", ">41<", ">7<", ">satu<"):
        assert figure in page


def test_troubled_cameras_come_first_and_filters_live_in_the_address(ani: Client, office: Any) -> None:
    fine, frozen = camera_of(office, "Aman"), camera_of(office, "Zebra")
    newest_picture.store_health({})
    report(fine)
    report(frozen, reason="frozen")
    found = ani.get("/kamera/").context["found"]
    assert [one.camera.name for one in found] == ["Zebra", "Aman"]
    assert [one.camera.name for one in ani.get("/kamera/?keadaan=baik").context["found"]] == ["Aman"]
    assert len(ani.get("/kamera/?kecamatan=16.71.01").context["found"]) == 2
    assert not ani.get("/kamera/?kecamatan=16.71.02").context["found"]
    assert "Tidak ada kamera yang cocok" in text(ani, "/kamera/?keadaan=mati")


def test_the_refresh_gets_only_its_part(ani: Client, office: Any) -> None:
    camera_of(office)
    part = ani.get("/kamera/", headers={"HX-Request": "true", "HX-Target": "kamera"}).content.decode()
    assert part.startswith('<div id="kamera"')
    assert "<html" not in part
    back = ani.get("/kamera/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}).content.decode()
    assert "<html" in back


def test_the_page_takes_as_many_queries_for_a_hundred_cameras_as_for_one(
    ani: Client, office: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(100):
        camera = camera_of(office, f"Kamera {number}")
        counter = Counter.objects.create(kelurahan=office, name=f"Loket {number}")
        Zone.objects.create(camera=camera, subject=counter.subject, polygon=SQUARE)
    with django_assert_max_num_queries(13):
        ani.get("/kamera/")


def test_the_operator_sees_that_the_disk_takes_no_evidence(ani: Client, office: Any) -> None:
    camera_of(office)
    watching(name="mati", seen_at=datetime.now(UTC) - timedelta(minutes=5), evidence_problem="Permission denied")
    living = watching()
    assert "menyimpan bukti" not in text(ani)
    Watcher.objects.filter(pk=living.pk).update(evidence_problem="No space left on device", evidence_lost=31)
    assert "satu tidak dapat menyimpan bukti: No space left on device" in text(ani)
    assert ">31</td>" in text(ani)


def test_watch_processes_are_listed_with_their_share(ani: Client, office: Any) -> None:
    camera_of(office)
    assert "manage.py watch" in text(ani)  # no watch runs: the page says how to start one
    watching(name="komandan:1", cameras=54)
    watching(name="cadangan:2", seen_at=datetime.now(UTC) - timedelta(minutes=9))
    page = text(ani)
    assert "komandan:1" in page
    assert ">54<" in page
    assert "Tidak terdengar sejak 9 menit lalu" in page
