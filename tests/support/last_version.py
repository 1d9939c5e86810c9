"""The code of the version that was landed before this one, out of the repository's history."""

import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.support.paths import ROOT

# The subject of its last commit: unlike a hash, it survives a rebase. Moved on when a version has landed.
LAST_VERSION = "Say in the limits that procedures are in no signed head"


def unpack_last_version(folder: Path) -> Path:
    """Unpack that version into the folder and return it.

    Skips the test where the history lacks it, as in a shallow clone; with REQUIRE_LAST_VERSION=1 it fails.
    """
    commit = _git("log", "-1", "--format=%H", "--fixed-strings", f"--grep={LAST_VERSION}").decode().strip()
    if not commit and os.environ.get("REQUIRE_LAST_VERSION") != "1":
        pytest.skip(f"the history here lacks the commit {LAST_VERSION!r}")
    assert commit, f"the history here lacks the commit {LAST_VERSION!r}"
    with tarfile.open(fileobj=io.BytesIO(_git("archive", commit))) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(ROOT), *arguments], stdout=subprocess.PIPE, check=True).stdout
