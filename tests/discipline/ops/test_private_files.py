"""What Sidak writes can't be read by other users of the machine."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from discipline.core.attachments import store_attachment
from discipline.ops.local.supervisor import Program, Supervisor
from discipline.ops.private_files import close_to_others
from tests.support.paths import ROOT
from tests.support.pictures import grey_jpeg


def open_to_others(path: Path) -> int:
    return path.stat().st_mode & stat.S_IRWXO


def test_folders_of_earlier_releases_are_closed_and_missing_ones_stay_missing(tmp_path: Path) -> None:
    old, missing = tmp_path / "log", tmp_path / "mail"
    old.mkdir()
    old.chmod(0o755)
    close_to_others([old, missing])
    assert stat.S_IMODE(old.stat().st_mode) == 0o750
    assert not missing.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    os.chown(tmp_path, 65534, 65534)
    close_to_others([tmp_path])
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_logs_of_the_programs_are_closed(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path / "run", tmp_path / "log", print)
    supervisor.start(Program("once", [sys.executable, "-c", "print('serving')"], ready="serving"))
    supervisor.stop()
    assert not open_to_others(tmp_path / "log")
    assert not open_to_others(tmp_path / "log" / "once.log")


@pytest.mark.django_db
def test_attachments_are_closed() -> None:
    kept = store_attachment(SimpleUploadedFile("a.jpg", grey_jpeg()))
    assert not open_to_others(Path(settings.ATTACHMENT_DIR) / kept.path)


def test_a_program_closes_its_folders_even_if_it_was_started_with_an_open_umask(tmp_path: Path) -> None:
    """Started as by a shell: umask 022, and folders from an earlier release."""
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    evidence.chmod(0o755)
    script = "import os, django; django.setup(); print(oct(os.umask(0)))"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "discipline.settings", "EVIDENCE_DIR": str(evidence)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=environment, umask=0o022, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0o27"
    assert not open_to_others(evidence)
