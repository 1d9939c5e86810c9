"""The clocks: this machine's own, and PostgreSQL's, which decides. Each is read beside one that never jumps."""

import time
from datetime import UTC, datetime

from django.db import connection

from discipline.staffing.incident_rule import ClockReading

SURE_S = 0.5  # a slower answer leaves it open when PostgreSQL looked at its clock
TRIES = 3


def read_system_clock() -> ClockReading:
    return ClockReading(_steady_s(), datetime.now(UTC))


def read_database_clock() -> ClockReading:
    """PostgreSQL's time, and this machine's steady clock at that moment."""
    sent_s = got_s = _steady_s()
    for _ in range(TRIES):
        sent_s = _steady_s()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (at,) = cursor.fetchone()
        got_s = _steady_s()
        if got_s - sent_s <= SURE_S:
            break
    return ClockReading((sent_s + got_s) / 2, at)


def _steady_s() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)  # goes on while the machine sleeps; time.monotonic() does not
