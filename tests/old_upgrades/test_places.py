"""A database of the version before places is upgraded to the present one and back, without loss.

before_places.json holds its rows and files; make_fixture.py, run in that version, writes it.
"""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from tests.support.machine import run_commands
from tests.support.paths import ROOT
from tests.support.scratch import scratch_database

pytestmark = pytest.mark.once
BEFORE: dict[str, Any] = json.loads(Path(__file__).with_name("before_places.json").read_text())
RENAMED = {("streams_zone", "counter_id"): "subject_id", ("streams_occupancyspan", "counter_id"): "subject_id"}
PLACED = ("discipline_delivery", "kelurahan_id")  # now the place of that office, which has an id of its own
# Each answers 200 to a user who may see it.
PAGES = """
import json, sys
from django.test import Client
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from discipline.alerts.models import Alert
from streams.cameras.models import Camera
from streams.evidence.models import Evidence

def status(user, *paths):
    client = Client(SERVER_NAME="127.0.0.1")
    with transaction.atomic():
        client.force_login(get_user_model().objects.get(username=user))
        found = {f"{user} {path}": client.get(path).status_code for path in paths}
        transaction.set_rollback(True)  # a visit is to leave no trace in what is compared
    return found

alerts = [reverse("indication", args=[pk]) for pk in Alert.objects.values_list("pk", flat=True)]
drawn = Evidence.objects.filter(form="drawn").values_list("pk", flat=True)
files = [reverse("evidence-file", args=[pk]) for pk in drawn]
parts = ("camera-change", "camera-zones", "camera-reference")
cameras = [reverse(part, args=[pk]) for pk in Camera.objects.values_list("pk", flat=True) for part in parts]
month, office = "2026-10", "16.71.01.1001"
reports = [reverse("report", args=[place, month]) for place in ("kota", "16.71.01", office, "loket-500")]
city = [*map(reverse, ("board", "wall", "indications", "signatures")), reverse("office", args=[office])]
signing = [reverse("month-signing", args=["16.71.01", month]), reverse("closures")]
found = (
    status("walikota", *city, *alerts, *files, *reports)
    | status("budi", reverse("board"), *signing)
    | status("ani", reverse("cameras"), *cameras)
    | status("intan", *map(reverse, ("retention", "views", "evidence-openings")))
)
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class OldCity:
    """A scratch database with the old version's rows, and the present version's commands on it."""

    url: str
    environment: dict[str, str]

    def run(self, *commands: str) -> list[str]:
        """Run these commands in one process; return what each printed. Arguments hold no spaces, but for PAGES."""
        parts = [command if command == PAGES else command.split() for command in commands]
        listed = [["shell", "-v0", "-c", PAGES] if part == PAGES else part for part in parts]
        return run_commands(ROOT, self.environment, listed)

    def go_back(self) -> None:
        """To the tables of the old version."""
        self.run(*(f"migrate {app} {BEFORE['migrations'][app]} -v0" for app in ("streams", "offices")))

    def rows(self, table: str) -> list[dict[str, Any]]:
        with psycopg.connect(self.url, row_factory=dict_row) as database:
            query = sql.SQL("SELECT row_to_json(one) AS row FROM {} one").format(sql.Identifier(table))
            return [found["row"] for found in database.execute(query)]

    def load(self) -> None:
        with psycopg.connect(self.url) as database:
            for table, rows in BEFORE["tables"].items():
                insert = sql.SQL("INSERT INTO {0} SELECT * FROM json_populate_recordset(NULL::{0}, %s)")
                database.execute(insert.format(sql.Identifier(table)), [json.dumps(rows)])
                if any("id" in row for row in rows):
                    reset = "SELECT setval(pg_get_serial_sequence(%(table)s, 'id'), %(newest)s)"
                    database.execute(reset, {"table": table, "newest": max(row["id"] for row in rows)})
        for folder, files in BEFORE["files"].items():
            for name, data in files.items():
                path = Path(self.environment[folder]) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(base64.b64decode(data))


@pytest.fixture(scope="module")
def old_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldCity]:
    folders = {folder: str(tmp_path_factory.mktemp(folder.lower())) for folder in BEFORE["files"]}
    with scratch_database("upgrade") as url:
        city = OldCity(url, os.environ | folders | {"DATABASE_URL": url, "REDIS_PREFIX": "sidak-upgrade"})
        frameworks = [f"migrate {app} -v0" for app in ("auth", "contenttypes", "sessions", "admin")]
        city.run(*frameworks, *(f"migrate {app} {newest} -v0" for app, newest in BEFORE["migrations"].items()))
        city.load()
        yield city


def keyed(rows: list[dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    keys = ("id", "counter_id", "original_id")
    return {next(row[key] for key in keys if key in row): row for row in rows}


def lost(city: OldCity, renamed: dict[tuple[str, str], str]) -> list[str]:
    """Return each old value that is not found in its place."""
    missing = []
    for table, rows in BEFORE["tables"].items():
        now = keyed(city.rows(table))
        for key, row in keyed(rows).items():
            for column, value in row.items():
                if renamed and (table, column) == PLACED:
                    continue
                there = now.get(key, {}).get(renamed.get((table, column), column), "nothing")
                if there != value:
                    missing.append(f"{table} {key} {column}: {value!r} became {there!r}")
        if len(now) != len(rows):
            missing.append(f"{table}: {len(rows)} rows became {len(now)}")
    return missing


def test_the_old_rows_are_those_that_the_story_needs() -> None:
    counts = {table: len(rows) for table, rows in BEFORE["tables"].items()}
    assert counts["streams_evidence"] == 14
    assert counts["discipline_monthsnapshot"] == 2
    assert {"streams_zone", "streams_occupancyspan", "discipline_decision", "discipline_delivery"} <= counts.keys()


def test_an_upgrade_and_the_way_back_lose_nothing(old_city: OldCity) -> None:
    assert lost(old_city, {}) == []  # it was loaded unchanged
    reports = BEFORE["reports"]
    _, *printed = old_city.run(
        "migrate -v0", f"verify_evidence --json --day {reports['day']}", "verify_reports --json", PAGES
    )
    evidence, months, pages = map(json.loads, printed)
    assert lost(old_city, RENAMED) == []
    offices = {row["id"]: row for row in old_city.rows("offices_place")}
    kinds = sorted(row["kind"] for row in offices.values())
    assert kinds == ["kecamatan"] * 2 + ["kelurahan"] * 4
    for table in ("offices_counter", "streams_camera", "streams_evidence", "streams_evidencehead"):
        found = old_city.rows(table)
        assert found
        assert [row for row in found if offices[row["place_id"]]["kelurahan_id"] != row["kelurahan_id"]] == []
    deliveries = {row["id"]: offices[row["place_id"]]["kelurahan_id"] for row in old_city.rows(PLACED[0])}
    assert deliveries == {row["id"]: row[PLACED[1]] for row in BEFORE["tables"][PLACED[0]]}
    subjects = {row["id"]: row for row in old_city.rows("offices_subject")}
    counters = {row["id"]: row for row in old_city.rows("offices_counter")}
    assert {pk: row["place_id"] for pk, row in subjects.items()} == {
        pk: row["place_id"] for pk, row in counters.items()
    }

    assert [evidence["offices"], evidence["rows"], evidence["files"], len(evidence["faults"])] == reports["evidence"]
    assert evidence["city_head"] == reports["city_head"]
    assert [len(months), sum(one["documents"] for one in months), sum(len(one["broken"]) for one in months)] == (
        reports["months"]
    )
    assert {page: status for page, status in pages.items() if status != 200} == {}

    old_city.go_back()
    assert lost(old_city, {}) == []
    _, verified = old_city.run("migrate -v0", "verify_evidence --json")
    assert lost(old_city, RENAMED) == []
    assert json.loads(verified)["faults"] == []


def test_the_way_back_is_refused_when_it_would_lose_a_camera(old_city: OldCity) -> None:
    old_city.run("migrate -v0")
    with psycopg.connect(old_city.url) as database:
        [place] = database.execute("SELECT min(id) FROM offices_place WHERE kind = 'kecamatan'").fetchone() or ()
        insert = """INSERT INTO streams_camera (place_id, name, url, sub_url, username, password, enabled, changed_at,
            lease_holder) VALUES (%s, 'Pintu', 'rtsp://10.0.0.9/x', '', '', '', true, now(), '')"""
        database.execute(insert, [place])
    with pytest.raises(AssertionError, match="NotNullViolation"):
        old_city.go_back()
    assert "Pintu" in {row["name"] for row in old_city.rows("streams_camera")}
