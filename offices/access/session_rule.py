"""When a session ends. Times are seconds since the epoch. Pure."""

from collections.abc import Mapping
from typing import Any

LONGEST_S = 12 * 3600
IDLE_S = 2 * 3600  # of the inspectorate, which may open originals
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"  # keys of the session
GIVEN = "password_given"  # key: somebody else set the password, so its owner must choose another one first


def is_over(content: Mapping[str, Any], now: float) -> bool:
    """Return whether the session has lasted as long as any may."""
    return not now - LONGEST_S < content.get(SIGNED_IN_AT, 0)


def is_idle(content: Mapping[str, Any], now: float) -> bool:
    """Return whether nothing was asked for in the session for as long as the inspectorate's may be idle."""
    return not now - IDLE_S < content.get(SEEN_AT, 0)
