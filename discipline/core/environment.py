"""The typed environment, read once: process variables, which take precedence, and the .env file beside manage.py."""

import os
from hashlib import sha256
from pathlib import Path

from environs import Env

BASE_DIR = Path(__file__).resolve().parents[2]

# Closed to other users of the machine. Here, as every program reads its environment before it writes a file.
os.umask(0o027)

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)


def memory_folder(name: str, var: Path) -> Path:
    """Return the folder that the environment variable `name` gives, by default one in memory or else below `var`.

    Installations on one machine, and its users, have different ones.
    """
    if given := env.str(name, ""):
        return Path(given).resolve()
    memory, own = Path("/dev/shm"), sha256(f"{var} {os.getuid()}".encode()).hexdigest()[:12]  # noqa: S108 see public/
    return memory / f"sidak-{own}" if os.access(memory, os.W_OK) else var / "run" / "public"
