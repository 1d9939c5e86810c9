"""An indication with its evidence, for tests of pages in the browser."""

from pathlib import Path

from discipline.alerts.models import Alert
from offices.places.models import Counter
from tests.support.browsing import aside
from tests.support.exhibits import exhibit
from tests.support.story import absence_of_eighteen_minutes


def exhibited_absence(counter: Counter, footage: Path) -> Alert:
    """Store an absence of 18 minutes with its evidence, and return it."""
    stored: list[Alert] = []
    aside(lambda: stored.append(absence_of_eighteen_minutes(counter)))
    exhibit(stored[0], footage)
    return stored[0]
