"""Celery's tasks while PostgreSQL is away: one line a minute, no traceback for each, and no connection left open."""

import logging
import time
from typing import Any

from celery import Task
from django.db import InterfaceError, OperationalError, connection

from streams.servers.lost_connections import free_frames

log = logging.getLogger(__name__)

LOG_EVERY_S = 60.0

_logged_at = -LOG_EVERY_S


class PatientTask(Task):  # type: ignore[misc]  # Celery has no type hints
    """A task that ends quietly when the connection to PostgreSQL fails; beat sends it again."""

    abstract = True

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Run the task."""
        try:
            return super().__call__(*arguments, **options)
        except (OperationalError, InterfaceError) as error:
            if not _is_away():
                raise
            free_frames(error)
            _log(self.name, error)
            return None


def _is_away() -> bool:
    """Return whether the thread's connection was lost or could not be made."""
    return connection.connection is None or connection.connection.closed


def _log(name: str, error: Exception) -> None:
    global _logged_at
    now = time.monotonic()
    if now - _logged_at >= LOG_EVERY_S:
        _logged_at = now
        log.warning("%s and others wait for PostgreSQL: %s", name, str(error).strip())
