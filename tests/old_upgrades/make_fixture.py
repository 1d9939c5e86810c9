"""Writes the rows and files of a small city as the version before places were introduced stored them.

Run it in a checkout of that version, commit 8143fe6, with an empty SIDAK_VAR:

    SIDAK_VAR=$(mktemp -d) python .../tests/old_upgrades/make_fixture.py .../tests/old_upgrades/before_places.json

The modules that it imports are that version's; it imports them by name, so that the present version's checks pass.
"""

import base64
import json
import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, os.getcwd())
import_module("discipline.embedded").ensure()
os.environ["DJANGO_SETTINGS_MODULE"] = "discipline.settings"
os.environ["REDIS_PREFIX"] = "sidak-fixture"
FOLDERS = ("EVIDENCE_DIR", "REPORT_DIR", "ATTACHMENT_DIR")
for folder in FOLDERS:
    os.environ[folder] = tempfile.mkdtemp(prefix="sidak-fixture-")

import django  # noqa: E402  after the servers' addresses are set

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import get_runner  # noqa: E402
from django.utils import timezone  # noqa: E402

APPS = ("offices", "streams", "discipline", "auth")
# The framework's own, filled by `migrate`.
LEFT_OUT = ("auth_permission", "auth_group")


def store_city() -> None:
    """Store a month signed and then amended, two evidence chains, and a counter that is empty now."""
    base, months, proof = (import_module(f"tests.{name}") for name in ("base", "months", "proof"))
    models, ledger = import_module("discipline.models"), import_module("discipline.ledger")
    occupancy, evidence = import_module("streams.occupancy"), import_module("streams.evidence")
    with connection.cursor() as cursor:  # so that no id is valid in another table by chance
        for start, table in ((40, "kecamatan"), (100, "kelurahan"), (500, "counter")):
            cursor.execute(f"ALTER SEQUENCE offices_{table}_id_seq RESTART {start}")
    with transaction.atomic():
        world = base.World()
    now = timezone.now()
    absence = months.month_with_an_absence(world)
    months.sign_last_month(world)
    months.excuse(absence, world)
    kind, form = proof.Kind, proof.Form
    for counter, minutes in ((world.counter(world.ilir35), 12), (world.counter(world.ulu5), 25)):
        alert = world.accuse(counter, minutes)
        for step, moment in ((kind.FIRST_EMPTY, alert.since), (kind.DEADLINE, alert.raised_at)):
            original = proof.store_still(counter, step, at=moment)
            alert.evidence.add(original)
            for shown in (form.PLAIN, form.DRAWN):
                proof.store_still(counter, step, shown, moment, of=original)
    gone = proof.store_still(world.counter(world.ulu5), kind.DURING)
    evidence.note_destroyed(gone, "retention", base.MORNING)
    evidence.file_of(gone).unlink()
    evidence.seal(now)
    deciding = import_module("discipline.deciding")
    deciding.say(
        alert, world.eko, deciding.Word(import_module("discipline.verdict").Act.EXPLAINED, None, "apel", ""), now
    )
    import_module("discipline.holds").hold_indication(alert, "Perkara nomor 12", world.intan.pk, now)
    watched = world.counter(world.kemang)
    looks = [*[("staffed", 1)] * 4, *[("empty", 0)] * 3, *[("blind", 0)] * 2]
    begin = base.MORNING - timedelta(minutes=30)
    for number, (look, people) in enumerate(looks):
        at = begin + timedelta(seconds=5 * number)
        reason = "dark" if look == "blind" else ""
        sample = occupancy.Sample(watched.pk, at, occupancy.Look(look), people, reason)
        ledger.record([sample], at)
    viewing, view = import_module("streams.viewing"), import_module("streams.models").View
    seen = viewing.opened(world.ani, world.cameras[world.kemang.pk], view.Why.ROUTINE, now, "Memeriksa kamera baru")
    viewing.closed(seen.pk, now + timedelta(minutes=1))
    models.Device.objects.create(user=world.eko, endpoint="https://push.example.com/1", created_at=now)
    import_module("discipline.notify").plan(base.MORNING)
    import_module("offices.models").Closure.objects.create(
        kelurahan=world.kemang, starts_at=base.MORNING, ends_at=base.MORNING + timedelta(hours=2), reason="Apel"
    )


def rows_of(table: str) -> list[dict[str, Any]]:
    """Return the table's rows, ordered by their text."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT row_to_json(t) FROM "{table}" t ORDER BY 1::text')
        return [row if isinstance(row, dict) else json.loads(row) for (row,) in cursor.fetchall()]


def files_below(root: Path) -> dict[str, str]:
    """Return the files below the folder in base64, by relative path."""
    paths = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): base64.b64encode(path.read_bytes()).decode() for path in paths}


def reports() -> dict[str, Any]:
    """Return what that version's own checks find in the evidence chains and the signed months."""
    evidence, verifying = import_module("streams.verifying"), import_module("discipline.signing.verifying")
    result = evidence.verify()
    months = list(verifying.verify())
    day = (datetime.now(UTC) + timedelta(hours=7) - timedelta(days=1)).date()
    return {
        "evidence": [result.offices, result.rows, result.files, len(result.faults)],
        "months": [len(months), sum(month.documents for month in months), sum(len(month.broken) for month in months)],
        "day": str(day),
        "city_head": import_module("streams.evidence").city_head(day),
    }


def main(out: Path) -> None:
    """Store the city in a test database and write it to `out`."""
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        store_city()
        tables = [
            name
            for name in connection.introspection.table_names()
            if name.split("_")[0] in APPS and not name.startswith(LEFT_OUT)
        ]
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app")
            newest = dict(cursor.fetchall())
        fixture = {
            "migrations": {app: newest[app] for app in APPS if app != "auth"},
            "tables": {name: rows for name in sorted(tables) if (rows := rows_of(name))},
            "files": {name: files_below(Path(os.environ[name])) for name in FOLDERS},
            "reports": reports(),
        }
    finally:
        runner.teardown_databases(databases)
    out.write_text(json.dumps(fixture, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
