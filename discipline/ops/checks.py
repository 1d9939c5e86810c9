"""System checks of stored secrets."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from streams import secrets


@register(Tags.database)
def check_secrets(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Count the stored secrets that no key opens. Run by `migrate` and by `check --database default`."""
    if not databases:
        return []
    try:
        counts = secrets.count_sealed()
    except DatabaseError:  # not migrated yet
        return []
    return [
        Warning(
            f"{count.column}: {count.unreadable} of {count.total} stored secrets can't be opened.",
            hint="Put the key that they were sealed with into SEALING_KEY_FALLBACKS, or enter them again.",
            id="streams.W001",
        )
        for count in counts
        if count.unreadable
    ]


@register(Tags.security)
def check_sealing_key(**_: Any) -> list[CheckMessage]:
    """Warn when secrets are sealed with SECRET_KEY, which also signs sessions."""
    if settings.SEALING_KEY:
        return []
    return [
        Warning(
            "Stored passwords are sealed with SECRET_KEY.",
            hint="Set SEALING_KEY, the same on every machine, then run `manage.py reseal`.",
            id="streams.W002",
        )
    ]
