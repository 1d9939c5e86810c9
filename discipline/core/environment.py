"""The typed environment, read once: process variables, which take precedence, and the .env file beside manage.py."""

from pathlib import Path

from environs import Env

BASE_DIR = Path(__file__).resolve().parents[2]

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)
