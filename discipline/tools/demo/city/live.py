"""Let the demo's people act on what its simulated cameras see, while `make run` runs.

They do what pages of the product do, one step after the other, and stop where a newcomer goes on: the officers are on
the way or on the spot, and nothing is done yet. A hint about which somebody has decided is left to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.urls import reverse

from discipline.complaints import steps as complaint_steps
from discipline.complaints.models import Complaint
from discipline.complaints.state_rule import ComplaintState
from discipline.incidents.case_file.changes import AROUND
from discipline.incidents.case_file.models import CaseFile
from discipline.incidents.models import Incident, IncidentSource
from discipline.incidents.procedures.changes import tick
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.tasks.changes import ask
from discipline.incidents.tasks.models import Task
from discipline.incidents.tasks.state_rule import TaskState
from discipline.tools.demo.city import complaints, dumping
from discipline.tools.demo.city.cast import (
    FINISHED,
    MADE_UP,
    ON_THE_SPOT,
    ON_THE_WAY,
    Cast,
    find_cast,
    keep_photo,
    step,
    work,
)
from discipline.tools.demo.city.incidents import StoryStart, opened
from offices.places.models import Agency
from offices.places.pins import within_square
from streams.live.recordings.finding import was_recorded
from streams.looks.streets.models import HintKind, StreetHint

PACE = timedelta(seconds=20)  # between two steps of somebody
FRESH = timedelta(hours=18)  # a story that is older is brought to its end and begins anew
NEAR_M = 300
STORED = timedelta(seconds=100)  # after a moment, until its recording is complete


@dataclass(frozen=True, slots=True)
class HintStory:
    """What follows from hints of a kind at a point. asked: agencies, what they are asked, and how far they go."""

    hint: HintKind
    point: str
    kind: str
    title: str
    ticked: int
    asked: Sequence[tuple[str, str, Sequence[TaskState]]]


STORIES = (
    HintStory(
        HintKind.WATER,
        "PLB-014",
        "flood",
        "Air naik saat hujan",
        4,
        (
            ("bpbd", "Siapkan pompa dan perahu", ON_THE_WAY),
            ("dpupr", "Bersihkan saluran yang tersumbat", ON_THE_WAY),
        ),
    ),
    HintStory(
        HintKind.RUBBISH,
        "PLB-008",
        "rubbish",
        "Sampah dibuang di tepi jalan",
        1,
        ((dumping.ENFORCER, "Datangi pelaku dan catat", ON_THE_SPOT),),
    ),
)


def act(now: datetime) -> list[str]:
    """Let everybody take the step that is due, and return a line for each thing that began."""
    cast = find_cast()
    if cast is None:
        return []
    lines = []
    for story in STORIES:
        incident = _newest(story)
        if incident is None or incident.opened_at < now - FRESH:
            lines += _begin(story, incident, cast, now)
        elif not incident.status.ended:
            _go_on(story, incident, cast, now)
            lines += _open_case(incident, cast, now) if story.hint is HintKind.RUBBISH else []
    if report := complaints.seed_counter_report(now):
        lines.append(f"{report.number}, about a counter that is empty now: {reverse('complaint', args=[report.pk])}")
    return lines


def _newest(story: HintStory) -> Incident | None:
    found = Incident.objects.filter(
        source=IncidentSource.HINT.value,
        kind__code=story.kind,
        place__point_code=story.point,
        description__contains=MADE_UP,
    )
    return found.select_related("kind", "place").order_by("-opened_at").first()


def _begin(story: HintStory, before: Incident | None, cast: Cast, now: datetime) -> list[str]:
    """Confirm the open hint at the point, if there is one, and open its incident; residents' reports join it."""
    waiting = StreetHint.objects.filter(
        kind=story.hint, camera__place__point_code=story.point, decision="", ended_at=None, started_at__lte=now - PACE
    )
    hint = waiting.order_by("-started_at").first()
    if hint is None or Incident.objects.filter(source_key=f"hint:{hint.pk}").exists():
        return []
    if before is not None:
        _finish(before, cast, now)
    start = StoryStart(story.kind, story.title, story.point, IncidentSource.HINT, f"hint:{hint.pk}")
    words = f"Petunjuk kamera: {hint.get_kind_display()}, {hint.get_level_display()}."
    incident = opened(start, cast.operator, now, words=words, happened_at=hint.started_at)
    waiting.filter(pk=hint.pk).update(decision=StreetHint.Decision.YES, decided_by=cast.operator, decided_at=now)
    for report in _reports_about(incident):
        complaint_steps.join(report, incident, cast.operator, now)
    return [f"{incident.number}, opened from what a camera saw: {reverse('city-incident', args=[incident.pk])}"]


def _reports_about(incident: Incident) -> list[Complaint]:
    square = within_square(incident.latitude, incident.longitude, NEAR_M)
    waiting = Complaint.objects.filter(square, state=ComplaintState.OPEN.value, kind__incident_kind=incident.kind)
    return list(waiting.filter(text__endswith=complaints.MARK))


def _go_on(story: HintStory, incident: Incident, cast: Cast, now: datetime) -> None:
    """Ask the agencies, or let each officer take one step."""
    tasks = {task.agency_id: task for task in incident.tasks.select_related("agency", "incident")}
    if not tasks:
        if incident.changed_at <= now - PACE and incident.status is IncidentState.ACKNOWLEDGED:
            for code, words, _goes in story.asked:
                ask(incident, Agency.objects.get(code=code), words, cast.operator, now)
            for line in range(story.ticked):
                tick(incident, line, cast.operator, now)
        return
    for code, _words, states in story.asked:
        task = next((one for one in tasks.values() if one.agency and one.agency.code == code), None)
        if task and (officer := cast.officers.get(code)) and (due := _step_due(task, states, now)):
            work(task, officer, [due], now, timedelta(), None)


def _step_due(task: Task, states: Sequence[TaskState], now: datetime) -> TaskState | None:
    """Return the officer's next step, None when it is too early or the officer has gone far enough."""
    newest = task.steps.order_by("-pk").first()
    if newest is None or newest.at > now - PACE:
        return None
    return dict(pairwise((TaskState.ASKED, *states))).get(task.status)


def _open_case(incident: Incident, cast: Cast, now: datetime) -> list[str]:
    """Open the case of the first rubbish that was recorded from before to after it began, once in a database."""
    if now < incident.happened_at + AROUND + STORED or dumping.ENFORCER not in cast.officers:
        return []
    camera = incident.place.cameras.first() if incident.place else None
    if camera is None or CaseFile.objects.filter(camera__isnull=False, reason=dumping.REASON).exists():
        return []
    before, after = incident.happened_at - AROUND, incident.happened_at + AROUND
    if not was_recorded(camera, before, incident.happened_at) or not was_recorded(camera, incident.happened_at, after):
        return []
    case = dumping.open_case(cast, incident, camera, incident.happened_at, now)
    return [f"{case.number}, with the recording of {camera}: {reverse('case-file', args=[case.pk])}"] if case else []


def _finish(incident: Incident, cast: Cast, now: datetime) -> None:
    """Let the officers finish the tasks that wait, and the chief verify and close the incident, as far as possible."""
    for task in incident.tasks.select_related("agency", "incident"):
        officer = cast.officers.get(task.agency.code) if task.agency else None
        if officer and task.status.waits:
            left = FINISHED[FINISHED.index(task.status) + 1 :] if task.status in FINISHED else FINISHED
            work(task, officer, left, now, timedelta(), keep_photo(officer))
    incident.refresh_from_db()
    if incident.status is IncidentState.HANDLED:
        step(incident, IncidentState.VERIFIED, cast.chief, now)
        incident.refresh_from_db()
    if incident.status is IncidentState.VERIFIED:
        step(incident, IncidentState.CLOSED, cast.chief, now)
