"""Stores outside the database: keys in Valkey, files of pending evidence."""

import shutil

from streams.evidence import pending
from streams.servers import valkey


def empty_stores() -> None:
    """Delete all keys and pending files of this worker."""
    if keys := list(valkey.client().scan_iter(f"{valkey.PREFIX}:*", count=1000)):
        valkey.client().delete(*keys)
    shutil.rmtree(pending.root(), ignore_errors=True)
