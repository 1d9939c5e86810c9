"""The keys of an installation, without which parts of its database can't be used elsewhere."""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from discipline.core.environment import BASE_DIR, env
from discipline.ops.backup.manifest import DOT_ENV, KEYS

# Settings, and the file in var/ in which a key is kept that was generated.
FILES = {
    "SECRET_KEY": "secret_key",
    "SEALING_KEY": "sealing_key",
    "VAPID_PRIVATE_KEY": "vapid_key",
    "HEALTH_TOKEN": "health_token",
    "HEADS_KEY": "heads_key",  # no setting holds it: HEADS_KEY_FILE names its file
}
FALLBACKS = ("SECRET_KEY_FALLBACKS", "SEALING_KEY_FALLBACKS")
KEPT = ".before-restore"  # end of the name under which a replaced key is kept


def save_keys(folder: Path) -> None:
    """Write the keys in use, and .env if there is one, readable by their owner only."""
    keys: dict[str, Any] = {name: value for name in FILES if (value := _in_use(name))}
    keys |= {name: getattr(settings, name) for name in FALLBACKS}
    _write_private(folder / KEYS, json.dumps(keys, indent=1) + "\n")
    if (BASE_DIR / ".env").is_file():
        _write_private(folder / DOT_ENV, (BASE_DIR / ".env").read_text())


def restore_keys(folder: Path) -> list[str]:
    """Put the backup's keys into var/, unless the environment names others. Return what was done, in sentences."""
    saved = json.loads((folder / KEYS).read_text())
    done = []
    for name in FILES:
        if name not in saved or saved[name] == _in_use(name):
            continue
        if env.str(name, ""):
            done.append(f"{name} in .env or the environment is not the backup's: take the one of {folder / KEYS}.")
            continue
        path = _file_of(name)
        if path.exists():
            path.replace(path.with_name(path.name + KEPT))
            done.append(f"{path} now holds the backup's key; the one before is in {path.name}{KEPT}.")
        _write_private(path, saved[name])
        setattr(settings, name, saved[name])  # for the migrations that follow in this process
    lacking = [name for name in FALLBACKS if set(saved[name]) - set(getattr(settings, name))]
    return done + [f"{name} lacks keys of the backup: take them from {folder / KEYS}." for name in lacking]


def _in_use(name: str) -> str:
    path = _file_of(name)
    return str(getattr(settings, name, "")) or (path.read_text().strip() if path.is_file() else "")


def _file_of(name: str) -> Path:
    return Path(settings.HEADS_KEY_FILE) if name == "HEADS_KEY" else settings.VAR_DIR / FILES[name]


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
