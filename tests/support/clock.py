"""Times of day in Palembang, as a clock on the wall shows them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from unittest.mock import patch

import pytest
from django.utils import timezone

from offices.hours.duty import WIB


def wib(clock: str, day: date | int = 23) -> datetime:
    """Return the aware time of "07:30" or "07:30:05" WIB on `day`: a date, or a day of November 2026.

    The default day, 23 November 2026, is a Monday.
    """
    on = day if isinstance(day, date) else date(2026, 11, day)
    return datetime.combine(on, time.fromisoformat(clock), tzinfo=WIB)


def noon_today() -> datetime:
    """Return 12.00 WIB of the present day, for tests that must not depend on the time at which they run."""
    return datetime.now(WIB).replace(hour=12, minute=0, second=0, microsecond=0)


def stopped_clock(at: datetime) -> Callable[[], Iterator[None]]:
    """Return an autouse fixture under which Django's clock stands at `at`, even if midnight passes meanwhile."""

    @pytest.fixture(autouse=True)
    def stopped() -> Iterator[None]:
        with patch.object(timezone, "now", lambda: at):
            yield

    return stopped
