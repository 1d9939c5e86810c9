"""/healthz, for monitoring. It reads in threads with their own connections, so rows must be committed."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from discipline.alerts.models import Alert
from discipline.core.heartbeats import LIMITS_S, Part, beat
from discipline.core.models import Heartbeat
from discipline.ops import health
from discipline.staffing.models import Standing
from offices.places.models import Counter
from streams.cameras.models import Watcher
from streams.servers import valkey
from tests.support.camera_reports import camera_of, forget_reports, report, watching
from tests.support.cameras import palembang_office

NOW = datetime.now(UTC)
FULL = shutil.disk_usage("/")._replace(free=4096)


@pytest.fixture(autouse=True)
def no_reports() -> Any:
    forget_reports()
    yield
    forget_reports()


def asked() -> Any:
    """Return the answer to who knows the token."""
    return Client().get("/healthz", headers={"Authorization": f"Bearer {health.health_token()}"})


def all_beat() -> None:
    for part in LIMITS_S:
        beat(part)


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
    just_now = datetime.now(UTC)  # older ones lack evidence
    Alert.objects.create(counter=counter, kind="absence", since=NOW, raised_at=just_now)
    Alert.objects.create(counter=counter, kind="late_opening", since=NOW, raised_at=just_now, ended_at=just_now)
    watching(dropped=5, evidence_lost=2)
    watching(name="mati", seen_at=NOW - timedelta(minutes=5), looks_per_minute=99.0, dropped=99)
    all_beat()
    answer = asked()
    assert answer.status_code == 200
    beats = answer.json()["beats"]
    room = {name: answer.json()["evidence"][name] for name in ("free_gb", "disk")}
    assert beats.keys() == set(LIMITS_S)
    assert all(0 <= ago_s < 60 for ago_s in beats.values())
    assert answer.json() == {
        "beats": beats,
        "evidence_problem": "",
        "status": "ok",
        "version": "0.1.0",
        "cameras": {"total": 2, "online": 1},
        "counters": {"closed": 2, "staffed": 1, "grace": 1, "absent": 2, "unknown": 1},
        "looks_per_minute": 12.0,
        "dropped": 5,
        "evidence_lost": 2,
        "open_alerts": 1,
        "incident": None,
        "incomplete_evidence": 0,
        "evidence": room | {"used_gb": None, "held_gb": None, "quota_gb": 200, "percent": None, "state": "unmeasured"},
    }


@pytest.mark.django_db(transaction=True)
def test_without_a_live_watch_process_it_fails_and_says_so() -> None:
    watching(seen_at=datetime.now(UTC) - timedelta(seconds=31))
    answer = asked()
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert "watch" in answer.json()["reason"]
    assert "database" not in answer.json()["reason"]


@pytest.mark.django_db(transaction=True)
def test_a_camera_whose_last_report_is_old_does_not_count_as_online() -> None:
    report(camera_of(palembang_office()), at=(datetime.now(UTC) - timedelta(minutes=2)).isoformat())
    watching()
    assert asked().json()["cameras"] == {"total": 1, "online": 0}


@pytest.mark.django_db(transaction=True)
def test_it_answers_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    place = {"HOST": "127.0.0.1", "PORT": "1"}
    monkeypatch.setattr(connections["default"], "settings_dict", connection.settings_dict | place)
    for name, value in place.items():
        monkeypatch.setitem(connections.settings["default"], name, value)
    answer = asked()
    assert answer.status_code == 503
    assert answer.json()["reason"] == "the database does not answer"
    assert answer.json()["cameras"] == {"total": None, "online": None}
    assert answer.json()["counters"]["absent"] is None


@pytest.mark.django_db(transaction=True)
def test_it_answers_without_valkey(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    watching()
    all_beat()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    valkey.client.cache_clear()
    try:
        answer = asked()
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
            failing, answer = health.check_health(datetime.now(UTC), limit_s=1.0)
            took = time.monotonic() - began
        finally:
            cursor.execute("ROLLBACK")
    assert failing == ["database"]
    assert "database" in answer["reason"]
    assert took < 1.5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", LIMITS_S)
def test_a_part_that_stands_still_or_never_worked_is_named(part: Part) -> None:
    watching()
    all_beat()
    assert asked().status_code == 200
    Heartbeat.objects.filter(part=part).update(at=NOW - timedelta(seconds=LIMITS_S[part] + 60))
    health.shared.forget()
    assert asked().json()["reason"] == health.REASONS[part]
    Heartbeat.objects.filter(part=part).delete()
    health.shared.forget()
    assert asked().json()["reason"] == health.REASONS[part]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("told", "part"),
    [
        ({"standing_still": "recorder"}, Part.RECORDER),
        ({"standing_still": "evidence"}, Part.EVIDENCE),
        ({"evidence_problem": "No space left on device"}, Part.DISK),
    ],
)
def test_what_a_watch_tells_of_itself_is_named(told: dict[str, str], part: Part) -> None:
    watching()
    watching(name="mati", seen_at=NOW - timedelta(minutes=5), **told)
    all_beat()
    assert asked().status_code == 200
    watching(name="dua", **told)
    health.shared.forget()
    assert asked().json()["reason"] == health.REASONS[part]
    assert asked().json()["evidence_problem"] == told.get("evidence_problem", "")


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_told_before_anything_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    watching()
    all_beat()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: FULL)
    assert asked().json()["reason"] == "the disk takes no evidence"
    assert asked().json()["evidence"]["disk"] == "full"
    monkeypatch.undo()
    health.shared.forget()
    assert asked().status_code == 200


@pytest.mark.django_db(transaction=True)
def test_strangers_learn_only_whether_it_fails() -> None:
    watching()
    all_beat()
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer guess"}, {"Authorization": "é"}):
        answer = Client().get("/healthz", headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    Watcher.objects.all().delete()
    health.shared.forget()
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing"})


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_share_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[datetime] = []
    monkeypatch.setattr(health, "SHARED_S", 600.0)
    check = health.check_health

    def counted(now: datetime) -> tuple[list[str], health.HealthReport]:
        computed.append(now)
        return check(now)

    monkeypatch.setattr(health, "check_health", counted)
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _: health.shared.newest(NOW)[1]["status"], range(200)))
    assert statuses == ["failing"] * 200
    assert len(computed) == 1
    monkeypatch.setattr(health, "SHARED_S", 0.0)
    health.shared.newest(NOW)
    assert len(computed) == 2


@pytest.mark.django_db(transaction=True)
def test_failing_is_logged_once_a_minute_and_not_each_time(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "shared", health.SharedHealth())
    monkeypatch.setattr(health, "SHARED_S", 0.0)
    for _ in range(5):
        asked()
    assert [record.name for record in caplog.records if record.levelname == "ERROR"] == ["discipline.ops.health"]
    monkeypatch.setattr(health, "LOG_EVERY_S", 0.0)
    asked()
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 2
