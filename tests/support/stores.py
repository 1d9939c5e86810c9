"""Stores outside the database: keys in Valkey, files of evidence."""

import shutil
from pathlib import Path

from django.conf import settings

from streams.servers import valkey


def empty_stores() -> None:
    """Delete all keys and evidence files of this worker."""
    if keys := list(valkey.client().scan_iter(f"{valkey.PREFIX}:*", count=1000)):
        valkey.client().delete(*keys)
    for folder in Path(settings.EVIDENCE_DIR).glob("*"):
        shutil.rmtree(folder)
