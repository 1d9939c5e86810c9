"""What manage.py doctor finds on real databases, mail servers and cameras."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from discipline.ops.doctor import machine, operation
from discipline.ops.doctor.diagnosis import Diagnosis, Severity
from discipline.ops.health import REASONS
from streams.cameras.models import Camera
from streams.simulator.simulator import Simulator
from streams.source import newest_picture
from tests.support.cameras import palembang_office
from tests.support.mail_server import mail_server
from tests.support.paths import ROOT
from tests.support.processes import environment, free_port
from tests.support.stores import empty_stores


def severities(findings: Iterable[Diagnosis]) -> list[tuple[str, str]]:
    return [(finding.subject, finding.severity.value) for finding in findings]


def run_doctor(*options: str, **more: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--no-color", *options],
        cwd=ROOT,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def new_camera(name: str, url: str = "rtsp://127.0.0.1:1/x", **more: Any) -> Camera:
    office = Camera.objects.first()
    kelurahan = office.kelurahan if office else palembang_office()
    return Camera.objects.create(kelurahan=kelurahan, name=name, url=url, **more)


def report(camera: Camera, **changes: Any) -> None:
    values = {"state": "online", "gop_s": 2.0, "warnings": [], "at": datetime.now(UTC).isoformat()} | changes
    newest_picture.store_health({camera.pk: values})


@pytest.mark.django_db(transaction=True)
def test_each_fault_is_printed_with_how_to_mend_it_and_told_by_the_exit_code(tmp_path: Path) -> None:
    wrong = tmp_path / "seconds"
    wrong.write_text("-86400")
    clock = {"PYTHONPATH": str(ROOT / "tests" / "support" / "wrong_clock"), "WRONG_CLOCK": str(wrong)}
    clock["PYTHONPATH"] += os.pathsep + os.environ.get("PYTHONPATH", "")
    code, printed = run_doctor(**clock)
    assert code == 1
    assert f"fault   health: {REASONS['watch']}\n        Start the program watch" in printed
    assert "fault   clock: this machine's differs from PostgreSQL's by -86" in printed
    assert "ok      database: PostgreSQL" in printed


@pytest.mark.django_db(transaction=True)
def test_without_a_database_the_rest_is_examined() -> None:
    code, printed = run_doctor("--json", DATABASE_URL=f"postgresql://sidak@127.0.0.1:{free_port()}/sidak")
    assert code == 1
    found = {(finding["subject"], finding["severity"]): finding for finding in json.loads(printed)}
    assert found["health", "fault"]["text"] == REASONS["database"]
    assert found["clock", "fault"]["text"].startswith("could not be examined: connection failed")
    assert ("models", "ok") in found
    assert all(finding["mend"] or finding["severity"] == "ok" for finding in found.values())


@pytest.mark.django_db
def test_a_clock_that_agrees_and_migrations_that_are_applied_are_well() -> None:
    assert ("clock", "ok") in severities(machine.check_clock())
    assert severities(machine.check_migrations()) == [("database", "ok")]


def test_models_that_are_not_those_of_this_version_are_a_fault(tmp_path: Path) -> None:
    with override_settings(MODELS_DIR=tmp_path):
        assert severities(machine.check_models()) == [("models", "fault")]


@pytest.mark.django_db
def test_passwords_that_no_key_opens_are_counted() -> None:
    new_camera("Pintu", password="satu")
    with override_settings(SECRET_KEY="another", SEALING_KEY="another"):
        new_camera("Loket", password="dua")
    (found,) = machine.check_keys()
    assert found.severity == Severity.FAULT
    assert found.text.startswith("1 of 2 stored passwords")


def test_a_mail_server_is_asked() -> None:
    assert severities(machine.check_mail()) == [("mail", "warning")]
    with mail_server() as server:
        city = {"EMAIL_URL": "smtp://city", "EMAIL_USE_TLS": False, "EMAIL_HOST_USER": ""} | server.settings()
        with override_settings(**city):
            assert severities(machine.check_mail()) == [("mail", "ok")]
        with override_settings(**city | {"EMAIL_PORT": free_port()}):
            assert severities(machine.check_mail()) == [("mail", "fault")]


def test_push_needs_an_https_address_and_a_key() -> None:
    with override_settings(SITE_URL="https://sidak.example"):
        assert severities(machine.check_push()) == [("push", "ok")]
        with override_settings(VAPID_PRIVATE_KEY="short"):
            assert severities(machine.check_push()) == [("push", "fault")]
    with override_settings(SITE_URL="http://localhost:8000"):
        assert severities(machine.check_push()) == [("push", "warning")]


@pytest.mark.django_db
def test_a_camera_whose_keyframes_are_rare_is_named() -> None:
    empty_stores()
    report(new_camera("Pintu"))
    report(new_camera("Loket"), warnings=["long_gop"], gop_s=10.0)
    report(new_camera("Ruang tunggu"), state="offline")
    new_camera("Gudang")
    found = list(operation.check_cameras(datetime.now(UTC)))
    assert [finding.text for finding in found] == [
        "sends keyframes every 10.0 s",
        "1 can't be read",
        "1 are read by no watch",
        "1 of 4 send pictures and keyframes often enough",
    ]
    assert "Loket" in found[0].subject


@pytest.mark.django_db
@pytest.mark.slow
def test_cameras_are_tested_when_asked_for(footage: Path) -> None:
    with Simulator(cameras=1, footage=footage) as simulator:
        new_camera("Pintu", simulator.url(1))
        new_camera("Loket", f"rtsp://127.0.0.1:{free_port()}/x")
        found = list(operation.probe_cameras())
    assert {("Pintu" in finding.subject, finding.severity) for finding in found} == {
        (True, Severity.OK),
        (False, Severity.FAULT),
    }
