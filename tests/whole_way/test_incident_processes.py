"""Real processes that fail: the whole simulator frozen, a watch stopped, its clock set forward and back."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db.models import F
from django.utils import timezone

from discipline.alerts.models import Alert
from discipline.ops.watch import clocks, incident_monitor
from discipline.staffing import ledger
from discipline.staffing.incident_models import IncidentRule, SystemIncident
from discipline.staffing.models import Flip, StaffingRule, Standing
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import Camera, Watcher, Zone
from streams.simulator.layouts import LAYOUTS
from tests.support.base import one_office
from tests.support.paths import ROOT
from tests.support.processes import start_simulator, start_watch
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CAMERAS = 6
SOON_S = 60.0
PATIENT_S = 15.0  # longer than the graces
GRACES = {
    "absence_grace_s": 12,
    "opening_grace_s": 12,
    "closing_window_s": 12,
    "not_opened_s": 60,
    "stale_s": 11,
    "camera_fault_s": 20,
}
Kind = SystemIncident.Kind


@pytest.fixture
def frozen_or_not(footage: Path) -> Iterator[int]:
    """Six staffed offices around the clock, with tolerances of seconds; yields the simulator's pid, for freezing."""
    ledger.schedule.forget()
    incident_monitor._last_beat = None
    office = one_office()
    HoursPlan.objects.create(name="Selalu", on_holidays=True, **dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"))
    StaffingRule.objects.create(**GRACES)
    IncidentRule.objects.create(dark_s=12, window_s=15, stall_s=4, settle_s=4)
    simulator, port = start_simulator(CAMERAS, footage)
    for number in range(1, CAMERAS + 1):
        url = f"rtsp://127.0.0.1:{port}/cam{number:03d}"
        camera = Camera.objects.create(kelurahan=office, name=f"Kamera {number}", url=url)
        counter = Counter.objects.create(kelurahan=office, name=f"Loket {number}")
        Zone.objects.create(camera=camera, subject=counter.subject, polygon=[list(p) for p in LAYOUTS["hall"].zone])
    try:
        yield simulator.pid
    finally:
        simulator.kill()
        simulator.wait()


def started(**environment: str) -> subprocess.Popen[bytes]:
    """Start a watch and wait until its models are loaded, which is not part of the test's time."""
    watch = start_watch("satu", **environment)
    wait_until(Watcher.objects.exists, SOON_S)
    return watch


def sweeping_until(true: Callable[[], bool], seconds: float = SOON_S) -> bool:
    """Sweep every second, where Celery does every five; return whether `true` returned true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        incident_monitor.run_sweep(clocks.read_database_clock())
        if true():
            return True
        time.sleep(1)
    return False


def all_staffed() -> bool:
    return Standing.objects.filter(state="staffed").count() == CAMERAS


def one_open(kind: str) -> bool:
    return SystemIncident.objects.filter(kind=kind, ended_at=None).exists()


def over() -> bool:
    return not SystemIncident.objects.filter(ended_at=None).exists() and all_staffed()


def nobody_is_blamed() -> None:
    assert SystemIncident.objects.count() == 1
    assert not Alert.objects.filter(withdrawn_by=None).exists()
    assert not Flip.objects.filter(new__in=("absent", "grace")).exists()
    assert not Flip.objects.filter(at__gt=F("noticed_at")).exists()


def test_a_frozen_fleet_is_one_incident_and_no_camera_fault(frozen_or_not: int) -> None:
    watch = started()
    try:
        assert sweeping_until(all_staffed)
        assert not SystemIncident.objects.exists(), "cameras opened one after another"
        os.kill(frozen_or_not, signal.SIGSTOP)
        assert sweeping_until(lambda: one_open(Kind.FLEET_BLIND))
        sweeping_until(lambda: False, PATIENT_S)
        assert set(Standing.objects.values_list("state", "reason")) == {("unknown", "system")}
        os.kill(frozen_or_not, signal.SIGCONT)
        assert sweeping_until(over)
        nobody_is_blamed()
        assert SystemIncident.objects.get().blind == CAMERAS
    finally:
        os.kill(frozen_or_not, signal.SIGCONT)
        watch.terminate()
        watch.wait(15)


@pytest.mark.usefixtures("frozen_or_not")
def test_a_watch_that_was_stopped_reports_itself() -> None:
    IncidentRule.objects.update(dark_s=3600)  # so that only the watch itself can report it
    watch = started()
    try:
        assert sweeping_until(all_staffed)
        stopped_at = timezone.now()
        watch.send_signal(signal.SIGSTOP)
        sweeping_until(lambda: False, 18)
        watch.send_signal(signal.SIGCONT)
        assert sweeping_until(lambda: one_open(Kind.WATCH_STALLED), 10)
        incident = SystemIncident.objects.get()
        assert incident.watcher == "satu"
        assert 17 < incident.off_s < 33
        assert abs((incident.since - stopped_at).total_seconds()) < 3
        assert sweeping_until(over)
        nobody_is_blamed()
    finally:
        watch.send_signal(signal.SIGCONT)
        watch.terminate()
        watch.wait(15)


@pytest.fixture
def wrong_clock(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A file with the seconds by which a process's clock is wrong, and the environment for that process."""
    wrong = tmp_path / "wrong"
    wrong.write_text("0")
    return wrong, {"PYTHONPATH": str(ROOT / "tests" / "support" / "wrong_clock"), "WRONG_CLOCK": str(wrong)}


@pytest.mark.parametrize("by_s", ["600", "-600"])
@pytest.mark.usefixtures("frozen_or_not")
def test_a_watch_whose_clock_jumps_is_not_believed_until_it_agrees(
    wrong_clock: tuple[Path, dict[str, str]], by_s: str
) -> None:
    wrong, faking = wrong_clock
    watch = started(**faking)
    try:
        assert sweeping_until(all_staffed)
        wrong.write_text(by_s)
        assert sweeping_until(lambda: one_open(Kind.CLOCK_JUMPED), 15)
        sweeping_until(lambda: False, PATIENT_S)
        assert not Camera.objects.filter(lease_until__gt=timezone.now()).exists(), "others may take them"
        assert not Flip.objects.filter(at__gt=timezone.now()).exists()
        wrong.write_text("0")
        assert sweeping_until(over)
        nobody_is_blamed()
    finally:
        watch.terminate()
        watch.wait(15)


@pytest.mark.usefixtures("frozen_or_not")
def test_a_watch_whose_clock_is_wrong_from_the_start_looks_at_nothing(wrong_clock: tuple[Path, dict[str, str]]) -> None:
    wrong, faking = wrong_clock
    wrong.write_text("600")
    watch = start_watch("satu", **faking)
    try:
        assert sweeping_until(lambda: one_open(Kind.CLOCK_JUMPED), 120)
        sweeping_until(lambda: False, 6)
        incident = SystemIncident.objects.get(kind=Kind.CLOCK_JUMPED)
        assert incident.watcher == "satu"
        assert 590 < incident.off_s < 610
        assert not Standing.objects.exclude(last_look_at=None).exists()
        assert not Alert.objects.exists()
    finally:
        watch.terminate()
        watch.wait(15)
