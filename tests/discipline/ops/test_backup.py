"""A drill: a small city is backed up, everything is lost, and all is there again after manage.py restore."""

import hashlib
import json
import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from discipline.ops.backup.keys import FILES
from discipline.ops.backup.manifest import BackupError, read_manifest
from tests.support.database import migrated_template
from tests.support.machine import FILL, SEAL, USE, Machine
from tests.support.paths import ROOT
from tests.support.scratch import scratch_database

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with scratch_database("backup", migrated_template()) as url:
        made = Machine(tmp_path_factory.mktemp("machine"), url)
        made.succeed("shell", "-v0", "-c", FILL)
        made.succeed("shell", "-v0", "-c", SEAL)
        yield made


@pytest.fixture(scope="module")
def backup(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backups") / "monday"
    printed = machine.succeed("backup", str(folder))
    assert "2 files of evidence, 1 files of attachments" in printed
    return folder


@pytest.fixture
def copy(backup: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(backup, tmp_path / "copy"))


def damage(folder: Path, name: str, data: bytes, *, note: bool) -> None:
    """Replace a file of a backup; `note`: in its manifest too."""
    (folder / name).write_bytes(data)
    manifest = json.loads((folder / "manifest.json").read_text())
    if note:
        manifest["files"][name] = hashlib.sha256(data).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_only_its_owner_can_enter_a_backup(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert stat.S_IMODE((backup / "keys.json").stat().st_mode) == 0o600


def test_all_is_there_again_after_everything_was_lost(machine: Machine, backup: Path) -> None:
    before = machine.rows()
    assert before["auth_user"]
    machine.lose_everything()
    printed = machine.succeed("restore", str(backup))
    assert "secret_key now holds the backup's key" in printed
    assert "2 offices, 4 rows, 2 files, 1 signed heads, 0 faults" in printed
    assert machine.rows() == before
    assert "used" in machine.succeed("shell", "-v0", "-c", USE)


def test_a_database_with_rows_is_replaced_only_when_asked_to(machine: Machine, backup: Path) -> None:
    with psycopg.connect(machine.url) as database:
        database.execute("UPDATE auth_user SET first_name = 'baru' WHERE username = 'ani'")
    refused = machine.run("restore", str(backup))
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    with psycopg.connect(machine.url) as database:
        assert database.execute("SELECT 1 FROM auth_user WHERE first_name = 'baru'").fetchone()
        busy = machine.run("restore", str(backup), "--replace")
        assert "stop all programs" in busy.stderr
    machine.succeed("restore", str(backup), "--replace")
    with psycopg.connect(machine.url) as database:
        assert not database.execute("SELECT 1 FROM auth_user WHERE first_name = 'baru'").fetchone()


def test_a_restore_that_fails_halfway_changes_no_row(machine: Machine, copy: Path) -> None:
    before = machine.rows()
    damage(copy, "database.dump", (copy / "database.dump").read_bytes()[:-2000], note=True)
    failed = machine.run("restore", str(copy), "--replace")
    assert failed.returncode == 1
    assert "pg_restore failed" in failed.stderr
    assert machine.rows() == before


def test_a_changed_backup_is_refused(copy: Path) -> None:
    name = next(name for name in read_manifest(copy).files if name.startswith("evidence/"))
    damage(copy, name, b"another picture", note=False)
    with pytest.raises(BackupError, match=name):
        read_manifest(copy)


def test_a_backup_that_was_not_finished_is_refused(copy: Path) -> None:
    (copy / "manifest.json").unlink()
    with pytest.raises(BackupError, match="no whole backup"):
        read_manifest(copy)


def test_a_backup_of_a_newer_version_is_refused(machine: Machine, copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["migrations"].append("discipline.9999_of_tomorrow")
    (copy / "manifest.json").write_text(json.dumps(manifest))
    refused = machine.run("restore", str(copy), "--replace")
    assert "newer version" in refused.stderr
    assert "9999_of_tomorrow" in refused.stderr


def test_each_backup_gets_a_folder_of_its_own(machine: Machine, backup: Path) -> None:
    assert "not empty" in machine.run("backup", str(backup)).stderr
    inside = machine.folder / "evidence_dir" / "backup"
    assert "choose another folder" in machine.run("backup", str(inside)).stderr


def test_every_key_that_is_kept_in_var_is_saved() -> None:
    made = re.compile(r"""(?:VAR_DIR / |_own_key\()"(\w+_(?:key|token))\"""")
    code = [path.read_text() for app in ("offices", "streams", "discipline") for path in (ROOT / app).rglob("*.py")]
    found = {name for text in code for name in made.findall(text)}
    assert {"secret_key", "vapid_key"} <= found
    assert found <= set(FILES.values())
