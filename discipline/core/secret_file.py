"""A secret that is made once and kept in a file that its owner alone can read."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


class EmptySecretError(ValueError):
    """The file is there and holds nothing."""


def read_or_create(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in `path`, stripped; where there is no such file, first write what `make` returns.

    The file appears whole or not at all, also after a crash or a power cut, with mode 0600. When several processes ask
    at once, the first to write it wins and all return the same. Raises EmptySecretError for a file that holds nothing
    (it may have held a secret that something is sealed with, so none is made in its place), and OSError.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        _create(path, make())
    return _read(path)


def _read(path: Path) -> str:
    secret = path.read_text().strip()
    if not secret:
        raise EmptySecretError(
            f"{path} is empty. If it ever held a key, put it back from a backup: what was sealed or signed with it "
            "can't be read without it. If not, remove the file, and a new key is made."
        )
    return secret


def _create(path: Path, secret: str) -> None:
    """Write the file, unless another process does first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # unlike a rename it takes nobody's place
        except FileExistsError:
            return
    finally:
        os.unlink(draft)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
