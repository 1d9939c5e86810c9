"""Incidents of this month and the one before that were handled and closed, for the numbers. All of them are made up."""

import random
from datetime import datetime, timedelta

from discipline.core.models import Attachment
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.tasks.changes import ask
from discipline.tools.demo.city.cast import FINISHED, Cast, keep_photo, step, work
from discipline.tools.demo.city.incidents import HANDLED_BY, StoryStart, opened
from discipline.tools.demo.city.points import demo_points
from offices.hours.schedule import local_day
from offices.places.models import Agency

TITLES = {
    "flood": "Genangan di jalan",
    "traffic": "Kendaraan mogok di lajur kiri",
    "rubbish": "Tumpukan sampah di tepi jalan",
    "order": "Lapak menutup trotoar",
}
# Days from the first of the month before, and the type of what happened then.
DAYS = (1, 3, 4, 6, 8, 10, 12, 13, 15, 17, 19, 20, 22, 24, 26, 31, 35, 39, 43, 47, 51, 55)
KINDS = ("flood", "traffic", "rubbish", "flood", "traffic", "rubbish", "order")
STEP_MIN = (4, 22)  # minutes between an officer's steps; some take longer than they should


def seed_past(cast: Cast, now: datetime) -> None:
    """Tell of what was closed before yesterday."""
    chance = random.Random(112)  # noqa: S311 a demo's dice, the same each time
    first = (local_day(now).replace(day=1) - timedelta(days=1)).replace(day=1)
    photos: dict[str, Attachment] = {}
    for number, days in enumerate(DAYS):
        day = first + timedelta(days=days)
        if day >= local_day(now) - timedelta(days=1):
            break
        kind = KINDS[number % len(KINDS)]
        code = next(one for one in HANDLED_BY[kind] if one in cast.officers or one == "dlh")
        code = "satpolpp" if code == "dlh" else code
        at = now - (local_day(now) - day) + timedelta(minutes=chance.randint(-200, 200))
        _tell(cast, kind, code, at, chance, photos)


def _tell(
    cast: Cast, kind: str, agency: str, at: datetime, chance: random.Random, photos: dict[str, Attachment]
) -> None:
    officer = cast.officers.get(agency)
    if officer is None:
        return
    if agency not in photos:
        photos[agency] = keep_photo(officer)
    point = chance.choice(demo_points()).code
    incident = opened(StoryStart(kind, TITLES[kind], point), cast.operator, at)
    asked_at = at + timedelta(minutes=chance.randint(1, 5))
    task = ask(incident, Agency.objects.get(code=agency), "Periksa dan tangani", cast.operator, asked_at)
    pause = timedelta(minutes=chance.randint(*STEP_MIN))
    work(task, officer, FINISHED, asked_at, pause, photos[agency])
    done_at = asked_at + len(FINISHED) * pause
    step(incident, IncidentState.VERIFIED, cast.chief, done_at + timedelta(minutes=20))
    step(incident, IncidentState.CLOSED, cast.chief, done_at + timedelta(minutes=25))
