"""Heartbeats of Sidak's parts, by which the board and /healthz find those that have stopped."""

import logging
import threading
import time
from collections.abc import Mapping

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.db.models import F
from django.db.models.functions import Now

from discipline.core.models import Heartbeat
from streams.servers.lost_connections import free_frames

log = logging.getLogger(__name__)

Part = Heartbeat.Part
# Seconds without a heartbeat after which a part counts as stopped: several times the usual interval, and for senders
# as long as one slow server may take.
LIMITS_S: Mapping[Part, float] = {
    Part.WORKER: 15.0,
    Part.BEAT: 15.0,
    Part.SWEEP: 25.0,
    Part.NOTICES: 30.0,
    Part.WEBHOOKS: 60.0,
    Part.REPORT_MAIL: 90.0,
}
BEAT_S, STOP_S = 4.0, 2.0
TURN_S = 8.0  # a loop that has not turned for so long hangs


def beat(part: Part) -> None:
    """Record that a part works, now. Raises DatabaseError."""
    beats = [Heartbeat(part=part, at=Now())]
    Heartbeat.objects.bulk_create(beats, update_conflicts=True, unique_fields=["part"], update_fields=["at"])


def beats_ago() -> dict[Part, float]:
    """Return how many seconds ago each part beat last; parts that never did are omitted. One query."""
    ages = Heartbeat.objects.annotate(age=Now() - F("at")).values_list("part", "age")
    return {Part(part): age.total_seconds() for part, age in ages if part in Part}


def quiet_parts(ago: Mapping[Part, float], *, never: bool) -> list[Part]:
    """Return the parts of LIMITS_S that stand still, in its order; those that never beat only with `never`."""
    return [part for part, limit_s in LIMITS_S.items() if (ago[part] > limit_s if part in ago else never)]


class Pulse:
    """Send the heartbeats of a part from a thread, so that a slow database never blocks the part's own loop.

    It stops while the loop doesn't call `turn`.
    """

    def __init__(self, part: Part) -> None:
        self._part = part
        self._turned = time.monotonic()
        self._failing = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"pulse-{part}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that waits for the database is left behind after STOP_S."""
        self._stopping.set()
        self._thread.join(STOP_S)

    def turn(self) -> None:
        """Note that the loop turns."""
        self._turned = time.monotonic()

    def _run(self) -> None:
        while True:
            if time.monotonic() - self._turned < TURN_S:
                self._beat()
            if self._stopping.wait(BEAT_S):
                break
        connection.close()

    def _beat(self) -> None:
        try:
            close_old_connections()
            beat(self._part)
            self._failing = False
        except (DatabaseError, InterfaceError) as error:
            if not self._failing:
                log.warning("can't store the heartbeat of %s: %s", self._part, error)
            self._failing = True
            connection.close()
            free_frames(error)
