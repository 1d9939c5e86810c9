"""The typed environment, read once: process variables, which take precedence, and the .env file beside manage.py."""

import os
from pathlib import Path

from environs import Env

BASE_DIR = Path(__file__).resolve().parents[2]

# Closed to other users of the machine. Here, as every program reads its environment before it writes a file.
os.umask(0o027)

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)
