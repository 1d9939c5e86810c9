"""Seed the demo's stories: once in a database, by what pages of the product do, dated back from now."""

from datetime import datetime

from discipline.incidents.models import Incident
from discipline.tools.demo.city import calls, complaints, dumping, past, shifts
from discipline.tools.demo.city.cast import find_cast
from discipline.tools.demo.city.incidents import seed_flood


def seed(now: datetime) -> bool:
    """Seed them all; return False if they were seeded before or the cast is incomplete.

    A demo that is older than a story gets those that are missing.
    """
    cast = find_cast()
    if cast is None or calls.were_seeded():
        return False
    older = Incident.objects.exists()
    past.seed_past(cast, now)
    dumping.seed_dumping(cast, now)
    calls.seed_calls(cast, now)
    shifts.seed_shifts(cast, now)  # its handover lists what is open by then
    if not older:
        seed_flood(cast, now)
    complaints.seed_complaints(cast, now)
    complaints.seed_counter_report(now)
    return True
