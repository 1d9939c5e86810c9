"""Health: /healthz for monitoring, and each camera's row on the operator's page."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from discipline.alerts.models import Alert
from discipline.ops import health
from discipline.staffing.models import Standing
from offices.places.models import Counter
from streams.cameras.models import Camera, Watcher, Zone
from streams.servers import valkey
from streams.source import newest_picture
from tests.support.cameras import SQUARE, palembang_office, signed_in

NOW = datetime.now(UTC)
KEY = f"{valkey.PREFIX}:health"


@pytest.fixture(autouse=True)
def no_reports() -> Any:
    valkey.client().delete(KEY)
    yield
    valkey.client().delete(KEY)


def watching(**changes: Any) -> Watcher:
    values = {"name": "satu", "started_at": NOW, "seen_at": datetime.now(UTC), "cameras": 1, "looks_per_minute": 12.0}
    return Watcher.objects.create(**values | changes)


def report(camera: Camera, **changes: Any) -> None:
    values = {
        "state": "online",
        "reason": "",
        "problem": "",
        "picture_at": datetime.now(UTC).isoformat(),
        "fps": 15.0,
        "gop": 30,
        "gop_s": 2.0,
        "codec": "h264",
        "width": 640,
        "height": 360,
        "reconnects": 4,
        "dropped": 7,
        "holder": "satu",
        "at": datetime.now(UTC).isoformat(),
        "warnings": [],
    }
    newest_picture.store_health({camera.pk: values | changes})


def camera_of(office: Any, name: str = "Pintu", **changes: Any) -> Camera:
    return Camera.objects.create(kelurahan=office, name=name, url=f"rtsp://10.0.0.5/{name}", **changes)


# --- /healthz: it reads in threads with their own connections, so rows must be committed --------------------------


@pytest.mark.django_db(transaction=True)
def test_all_is_well_while_a_watch_process_lives() -> None:
    office = palembang_office()
    report(camera_of(office))
    camera_of(office, "Jendela")
    camera_of(office, "Gudang", enabled=False)
    states = ["closed", "staffed", "grace", "absent", "absent", "unknown"]
    for number, state in enumerate(states):
        counter = Counter.objects.create(kelurahan=office, name=f"Loket {number}")
        Standing.objects.create(counter=counter, state=state, since=NOW)
    Counter.objects.create(kelurahan=office, name="Belum pernah dilihat")
    Counter.objects.create(kelurahan=office, name="Tidak dipantau", active=False)
    Alert.objects.create(counter=counter, kind="absence", since=NOW, raised_at=NOW)
    Alert.objects.create(counter=counter, kind="late_opening", since=NOW, raised_at=NOW, ended_at=NOW)
    watching(dropped=5, evidence_lost=2)
    watching(name="mati", seen_at=NOW - timedelta(minutes=5), looks_per_minute=99.0, dropped=99)
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "version": "0.1.0",
        "cameras": {"total": 2, "online": 1},
        "counters": {"closed": 2, "staffed": 1, "grace": 1, "absent": 2, "unknown": 1},
        "looks_per_minute": 12.0,
        "dropped": 5,
        "evidence_lost": 2,
        "open_alerts": 1,
        "incident": None,
        "evidence": {"used_gb": None, "held_gb": None, "quota_gb": 200, "percent": None, "state": "unmeasured"},
    }


@pytest.mark.django_db(transaction=True)
def test_without_a_live_watch_process_it_fails_and_says_so() -> None:
    watching(seen_at=datetime.now(UTC) - timedelta(seconds=31))
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert "watch" in answer.json()["reason"]
    assert "database" not in answer.json()["reason"]


@pytest.mark.django_db(transaction=True)
def test_a_camera_whose_last_report_is_old_does_not_count_as_online() -> None:
    report(camera_of(palembang_office()), at=(datetime.now(UTC) - timedelta(minutes=2)).isoformat())
    watching()
    assert Client().get("/healthz").json()["cameras"] == {"total": 1, "online": 0}


@pytest.mark.django_db(transaction=True)
def test_it_answers_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    place = {"HOST": "127.0.0.1", "PORT": "1"}
    monkeypatch.setattr(connections["default"], "settings_dict", connection.settings_dict | place)
    for name, value in place.items():
        monkeypatch.setitem(connections.settings["default"], name, value)
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "the database does not answer"
    assert answer.json()["cameras"] == {"total": None, "online": None}
    assert answer.json()["counters"]["absent"] is None


@pytest.mark.django_db(transaction=True)
def test_it_answers_without_valkey(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    watching()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    valkey.client.cache_clear()
    try:
        answer = Client().get("/healthz")
    finally:
        monkeypatch.undo()
        settings.REDIS_URL = ""
        valkey.client.cache_clear()
    assert answer.status_code == 503
    assert answer.json()["reason"] == "Valkey does not answer"
    assert answer.json()["looks_per_minute"] == 12.0


@pytest.mark.django_db(transaction=True)
def test_a_database_that_hangs_costs_no_more_than_the_limit() -> None:
    watching()
    with connection.cursor() as cursor:  # this test's connection locks the table that the check reads
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE streams_watcher IN ACCESS EXCLUSIVE MODE")
        try:
            began = time.monotonic()
            alive, answer = health.check_health(datetime.now(UTC), limit_s=1.0)
            took = time.monotonic() - began
        finally:
            cursor.execute("ROLLBACK")
    assert not alive
    assert "database" in answer["reason"]
    assert took < 1.5


# --- the operator's page ------------------------------------------------------------------------------------------


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
    watching(name="mati", seen_at=NOW - timedelta(minutes=5), evidence_problem="Permission denied")
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
