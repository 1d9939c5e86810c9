"""A Valkey of a test's own, which it may freeze and kill."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import psutil
import pytest

from discipline.ops.local import valkey
from tests.support.processes import start_worker


class OwnValkey:
    """A running server; `url` is its address for REDIS_URL. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._socket, self._pid_file = folder, folder / "s", folder / "pid"
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        valkey.stop(self._folder, self._socket)

    def start(self) -> None:
        """Start it; one that is frozen is killed first."""
        self.url = valkey.start(self._folder, self._socket, self._pid_file)

    @property
    def process(self) -> psutil.Process:
        """The running server."""
        return psutil.Process(int(self._pid_file.read_text()))


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[OwnValkey]:
    """A Valkey of the test's own, as the broker."""
    with OwnValkey(tmp_path) as own:
        yield own


@pytest.fixture
def worker(broker: OwnValkey) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of `broker`."""
    process = start_worker(REDIS_URL=broker.url)
    yield process
    process.kill()
    process.wait()
