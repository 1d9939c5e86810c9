"""A secret that is generated once and kept in a file that only its owner can read."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


class EmptySecretError(ValueError):
    """The file exists and is empty."""


def read_or_create(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in `path`, stripped; if the file does not exist, first write what `make` returns.

    The file is created atomically with mode 0600 and synced, so a crash or power cut leaves it complete or absent. When
    several processes call this at once, the first to write wins and all return the same secret. Raises EmptySecretError
    for an empty file (it is not replaced, as data may be encrypted with the secret that it held), and OSError.
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
            f"{path} is empty. If it ever held a key, restore it from a backup: data encrypted or signed with that key "
            "can't be read without it. Otherwise remove the file, and a new key will be generated."
        )
    return secret


def _create(path: Path, secret: str) -> None:
    """Write the file unless another process has written it first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # unlike rename(), it fails when the file exists
        except FileExistsError:
            return
    finally:
        os.unlink(draft)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
