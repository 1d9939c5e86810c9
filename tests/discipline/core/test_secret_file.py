"""The file of a secret, with real processes: several that read it at once, and one killed while writing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from discipline.core.secret_file import EmptySecretError, read_or_create
from discipline.notices import vapid
from tests.support.paths import ROOT

AT_ONCE = """
import secrets, sys
from pathlib import Path
from discipline.core.secret_file import read_or_create
print("ready", flush=True)
sys.stdin.readline()
print(read_or_create(Path(sys.argv[1]), lambda: secrets.token_urlsafe(50)))
"""
# Killed at the flush: the draft is written, the file itself does not exist yet.
KILLED = """
import os, signal, sys
from pathlib import Path
from discipline.core import secret_file
os.fsync = lambda file: os.kill(os.getpid(), signal.SIGKILL)
secret_file.read_or_create(Path(sys.argv[1]), lambda: "never used")
"""
SETTINGS = "from discipline import settings; print(settings.SECRET_KEY)"


def run(script: str, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_of_many_processes_that_ask_at_once_all_get_the_same(tmp_path: Path) -> None:
    path = tmp_path / "var" / "key"
    asking = [run(AT_ONCE, str(path)) for _ in range(12)]
    for process in asking:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in asking:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    outputs = {process.communicate()[0].strip() for process in asking}
    assert outputs == {path.read_text()}
    assert len(path.read_text()) == 67
    assert [one.name for one in path.parent.iterdir()] == ["key"], "no draft is left"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_process_killed_while_it_writes_leaves_no_file_and_the_next_one_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    killed = run(KILLED, str(path))
    killed.communicate()
    assert killed.returncode == -9
    assert [one.name.startswith(".key.") for one in tmp_path.iterdir()] == [True], "it had begun"
    assert not path.exists()
    assert read_or_create(path, lambda: "second") == "second"
    assert read_or_create(path, lambda: "third") == path.read_text() == "second"


def test_what_can_not_be_written_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> str:
        return "\udcff"  # not valid in UTF-8

    with pytest.raises(UnicodeEncodeError):
        read_or_create(tmp_path / "key", broken)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("\n")
    with pytest.raises(EmptySecretError, match=r"key is empty\. If it ever held a key, restore it from a backup"):
        read_or_create(path, lambda: "another")
    assert path.read_text() == "\n"
    with pytest.raises(ImproperlyConfigured, match="is empty"):
        vapid._stored_key(path)


def test_the_settings_keep_one_key_for_all_processes_and_say_when_it_is_gone(tmp_path: Path) -> None:
    own = {"SIDAK_VAR": str(tmp_path), "SECRET_KEY": ""}
    starting = [run(SETTINGS, **own) for _ in range(4)]
    outputs = {process.communicate()[0].strip() for process in starting}
    path = tmp_path / "secret_key"
    assert outputs == {path.read_text()}
    assert len(path.read_text()) == 67
    path.write_text("")
    _, trouble = run(SETTINGS, **own).communicate()
    assert f"ImproperlyConfigured: {path} is empty." in trouble
