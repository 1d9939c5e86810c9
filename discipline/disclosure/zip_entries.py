"""Entries of the ZIPs that hold copies."""

from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipInfo

from django.utils import timezone


def zip_entry(name: str, now: datetime, compression: int = ZIP_DEFLATED) -> ZipInfo:
    """Return an entry that is dated `now`, in WIB as ZIPs hold local times."""
    at = timezone.localtime(now)
    entry = ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    entry.compress_type = compression
    return entry
