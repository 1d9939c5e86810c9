"""Read this machine's clock and PostgreSQL's, which is decisive, each together with a clock that never jumps."""

import time
from datetime import UTC, datetime

from django.db import connection

from discipline.staffing.incident_rule import ClockReading

SURE_S = 0.5  # with a slower answer it is uncertain when PostgreSQL read its clock
TRIES = 3


def read_system_clock() -> ClockReading:
    """Return this machine's time and its steady clock."""
    return ClockReading(_steady_s(), datetime.now(UTC))


def read_database_clock() -> ClockReading:
    """Return PostgreSQL's time and this machine's steady clock at that moment. Raises DatabaseError."""
    sent_s = received_s = _steady_s()
    for _ in range(TRIES):
        sent_s = _steady_s()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (at,) = cursor.fetchone()
        received_s = _steady_s()
        if received_s - sent_s <= SURE_S:
            break
    return ClockReading((sent_s + received_s) / 2, at)


def _steady_s() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)  # unlike time.monotonic() also counts suspended time
