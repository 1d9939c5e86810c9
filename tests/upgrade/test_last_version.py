"""From the last landed version to this one: with its data, and while watches of both run."""

import json
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from discipline.alerts.models import Alert
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import StaffingRule, Standing
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import Camera, Zone
from streams.evidence import verify
from streams.simulator.layouts import LAYOUTS
from streams.simulator.scenes import Scene
from streams.simulator.simulator import Simulator
from tests.support.base import one_office
from tests.support.last_version import unpack_last_version
from tests.support.machine import FILL, SEAL, USE, Machine
from tests.support.paths import ROOT
from tests.support.processes import start_watch, start_watch_of
from tests.support.scratch import scratch_database
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.once]
Rows = dict[str, list[dict[str, object]]]
OWN = ("offices", "streams", "discipline")
PATIENCE_S = 240  # two watches load their models on a busy machine


@pytest.fixture(scope="module")
def last_version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack_last_version(tmp_path_factory.mktemp("last-version"))


@pytest.fixture(scope="module")
def old(last_version: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with scratch_database("last_version") as url:
        machine = Machine(tmp_path_factory.mktemp("machine"), url, last_version)
        machine.succeed_all(["migrate", "-v0"], ["shell", "-v0", "-c", FILL])
        yield machine


def missing(before: Rows, after: Rows) -> list[str]:
    """Return the rows of which no row now has all the values, by their columns."""
    found = []
    for table, rows in before.items():
        columns = sorted(rows[0]) if rows else []
        there = {json.dumps([row.get(column) for column in columns]) for row in after.get(table, [])}
        lost = [row for row in rows if json.dumps([row[column] for column in columns]) not in there]
        found += [f"{table}: {row}" for row in lost]
    return found


def test_an_upgrade_and_the_way_back_lose_nothing(old: Machine) -> None:
    new = replace(old, code=ROOT)
    before = old.rows()
    assert before["streams_evidence"]
    new.succeed("migrate", "-v0")
    assert missing(before, new.rows()) == []
    _, _, verified, used = new.succeed_all(
        ["load_offices"], ["shell", "-v0", "-c", SEAL], ["verify_evidence", "--json"], ["shell", "-v0", "-c", USE]
    )
    assert json.loads(verified)["faults"] == []
    assert "used" in used

    before = new.rows()
    applied = [(row["app"], str(row["name"])) for row in before["django_migrations"]]
    known = {app: {path.stem for path in (old.code / app / "migrations").glob("0*.py")} for app in OWN}
    newest = {app: max(name for owner, name in applied if owner == app and name in known[app]) for app in OWN}
    new.succeed_all(*(["migrate", app, newest[app], "-v0"] for app in reversed(OWN)))
    verified, used = old.succeed_all(["verify_evidence", "--json"], ["shell", "-v0", "-c", USE])
    assert json.loads(verified)["faults"] == []
    assert "used" in used


def held_by(name: str) -> int:
    return Camera.objects.filter(lease_holder=name).count()


def standings(state: str) -> int:
    return Standing.objects.filter(state=state).count()


@pytest.mark.django_db(transaction=True)
def test_watches_of_both_versions_share_the_cameras_and_raise_each_indication_once(
    last_version: Path, footage: Path, tmp_path: Path
) -> None:
    office = one_office()
    HoursPlan.objects.create(name="Selalu", on_holidays=True, **dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"))
    StaffingRule.objects.create(
        absence_grace_s=24, opening_grace_s=24, closing_window_s=60, not_opened_s=600, stale_s=20
    )
    (tmp_path / "models").symlink_to(settings.MODELS_DIR)
    same = {"SIDAK_VAR": str(tmp_path), "SECRET_KEY": settings.SECRET_KEY}
    with Simulator(cameras=2, footage=footage) as simulator:
        for number in (1, 2):
            camera = Camera.objects.create(kelurahan=office, name=f"Kamera {number}", url=simulator.url(number))
            counter = Counter.objects.create(kelurahan=office, name=f"Loket {number}")
            Zone.objects.create(camera=camera, subject=counter.subject, polygon=[list(p) for p in LAYOUTS["hall"].zone])
            simulator.set_scene(f"cam00{number}", Scene.STAFFED)
        watches = [start_watch_of(last_version, "lama", **same), start_watch("baru", **same)]
        try:
            wait_until(lambda: held_by("lama") == held_by("baru") == 1, PATIENCE_S)
            wait_until(lambda: standings("staffed") == 2, PATIENCE_S)
            for number in (1, 2):
                simulator.set_scene(f"cam00{number}", Scene.EMPTY)
            wait_until(lambda: standings("absent") == 2, PATIENCE_S)
            watches[0].send_signal(signal.SIGTERM)
            assert watches[0].wait(60) == 0
            wait_until(lambda: held_by("baru") == 2, PATIENCE_S)
            for number in (1, 2):
                simulator.set_scene(f"cam00{number}", Scene.STAFFED)
            wait_until(lambda: standings("staffed") == 2, PATIENCE_S)
            wait_until(lambda: not Alert.objects.filter(ended_at=None).exists(), PATIENCE_S)
        finally:
            for watch in watches:
                watch.kill()
                watch.wait()
    indications = Alert.objects.filter(counter__isnull=False)
    assert sorted(indications.values_list("counter__name", flat=True)) == ["Loket 1", "Loket 2"]
    assert not SystemIncident.objects.exists()
    assert not verify.verify_evidence(timezone.now()).faults
