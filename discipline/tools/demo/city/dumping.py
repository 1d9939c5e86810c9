"""Rubbish that was dumped last night, and Satpol PP's case file of it, without a recording. All of it is made up.

The case with a recording is opened by live.py, once the simulator's rubbish was recorded.
"""

from datetime import datetime, time, timedelta

from discipline.incidents.case_file import changes, finding
from discipline.incidents.case_file.changes import NewCase, OpenAlready
from discipline.incidents.case_file.models import CaseFile
from discipline.incidents.models import Incident
from discipline.incidents.procedures.changes import tick
from discipline.incidents.tasks.changes import ask
from discipline.tools.demo.city.cast import FINISHED, MADE_UP, Cast, keep_photo, work
from discipline.tools.demo.city.incidents import MINUTE, StoryStart, opened
from offices.hours.schedule import ZONE, local_day
from offices.places.models import Agency
from streams.cameras.models import Camera

POINT = "PLB-016"
NIGHT = time(23, 12)
LEAST_AGO = timedelta(hours=2)
ENFORCER = "satpolpp"
REASON = f"Pembuangan sampah untuk sidang. {MADE_UP}"


def seed_dumping(cast: Cast, now: datetime) -> None:
    """Tell of the newest night that has passed: somebody is seen, Satpol PP goes there, and opens a case."""
    seen_at = datetime.combine(local_day(now - LEAST_AGO), NIGHT, tzinfo=ZONE)
    if seen_at > now - LEAST_AGO:
        seen_at -= timedelta(days=1)
    start = StoryStart("rubbish", "Pikap membuang sampah malam hari", POINT)
    incident = opened(start, cast.operator, seen_at, words="Pikap berhenti, dua orang menurunkan karung sampah.")
    for line in range(3):
        tick(incident, line, cast.operator, seen_at + (line + 1) * MINUTE)
    task = ask(incident, Agency.objects.get(code=ENFORCER), "Datangi pelaku", cast.operator, seen_at + 2 * MINUTE)
    if officer := cast.officers.get(ENFORCER):
        work(task, officer, FINISHED, seen_at + 4 * MINUTE, 12 * MINUTE, keep_photo(officer))
        open_case(cast, incident, None, seen_at, seen_at + 70 * MINUTE)


def open_case(cast: Cast, incident: Incident, camera: Camera | None, moment: datetime, at: datetime) -> CaseFile | None:
    """Let the officer open a case; None where no article is known, or there is one."""
    agency, officer = Agency.objects.get(code=ENFORCER), cast.officers[ENFORCER]
    articles = finding.articles_for(incident, local_day(moment), agency)
    article = articles.exclude(article="").first() or articles.first()
    if article is None:
        return None
    try:
        return changes.open_case(NewCase(incident, agency, article, camera, moment, REASON), officer, at)
    except OpenAlready:
        return None
