"""What the page of an incident shows: its history in one order, its tasks, and what may be done next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from discipline.core.models import Attachment
from discipline.core.wording import name_of
from discipline.incidents.finding import Alike, alike
from discipline.incidents.models import Incident
from discipline.incidents.state_rule import ALLOWED, IncidentState
from discipline.incidents.tasks.deadline_rule import is_late
from discipline.incidents.tasks.models import AgencyDuty, Task, TaskStep
from discipline.incidents.tasks.notices import agency_people
from offices.places.models import Place
from streams.cameras.models import Camera
from streams.live.recordings.finding import with_recordings

# What the buttons do, in the order of the page: state, words, whether it is the usual next step.
ACTIONS: tuple[tuple[IncidentState, str | Promise, bool], ...] = (
    (IncidentState.ACKNOWLEDGED, _("Terima"), True),
    (IncidentState.HANDLED, _("Sudah ditangani"), False),
    (IncidentState.VERIFIED, _("Verifikasi"), True),
    (IncidentState.CLOSED, _("Tutup kejadian"), True),
    (IncidentState.UNFOUNDED, _("Bukan kejadian"), False),
    (IncidentState.DUPLICATE, _("Duplikat"), False),
    (IncidentState.REFERRED, _("Bukan wewenang kota"), False),
)
AGAIN = _("Kembalikan ke penanganan")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A line of the history. who: the name of a person or agency, "" for the system; sent_at: of one sent later."""

    at: datetime
    what: str | Promise
    who: str
    text: str
    attachment: Attachment | None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A step that a person may take now."""

    state: IncidentState
    word: str | Promise
    usual: bool
    needs_text: bool


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with whether its next deadline has passed."""

    task: Task
    late: bool


def history(incident: Incident) -> list[HistoryLine]:
    """Return the history, oldest first. Three queries."""
    related = ("by", "attachment")
    lines = [
        HistoryLine(step.at, step.get_state_display(), name_of(step.by), step.text, step.attachment)
        for step in incident.steps.select_related(*related)
    ]
    lines += [
        HistoryLine(note.at, _("Catatan"), name_of(note.by), note.text, note.attachment)
        for note in incident.notes.select_related(*related)
    ]
    steps = TaskStep.objects.filter(task__incident=incident)
    lines += [task_line(step) for step in steps.select_related(*related, "task__agency", "task__kelurahan__kecamatan")]
    return sorted(lines, key=lambda line: line.at)  # stable: those of one moment stay in their order


def task_line(step: TaskStep) -> HistoryLine:
    """Return the line of a task's step."""
    return HistoryLine(
        step.happened_at,
        f"{step.task.who}: {step.get_state_display()}",
        name_of(step.by),
        step.text,
        step.attachment,
        step.at if (step.at - step.happened_at).total_seconds() >= 60 else None,
    )


def actions(incident: Incident) -> list[Action]:
    """Return the steps that an operator may take now."""
    allowed = ALLOWED[incident.status]
    found = []
    for state, word, usual in ACTIONS:
        if state in allowed:
            again = state is IncidentState.ACKNOWLEDGED and incident.status is not IncidentState.NEW
            found.append(Action(state, AGAIN if again else word, usual and not again, allowed[state]))
    return found


def page_context(incident: Incident, now: datetime) -> dict[str, Any]:
    """Return what the page shows to everybody who may see it."""
    lines = history(incident)
    tasks = incident.tasks.select_related("agency__duty", "kelurahan__kecamatan", "person", "asked_by")
    newest = incident.steps.order_by("-pk").values_list("pk", flat=True).first()
    recorded = with_recordings(
        Camera.objects.filter(pk__in=incident.cameras.values("camera"), place__kind=Place.Kind.POINT)
    )
    return {
        "incident": incident,
        "history": lines,
        "last_seen": newest,
        "tasks": [TaskLine(task, is_late(task.status, task.deadlines, now)) for task in tasks],
        "cameras": incident.cameras.select_related("camera__place__agency", "camera__place__kelurahan"),
        "recorded": set(recorded.values_list("pk", flat=True)),
        "parts": incident.parts.all(),
        "duplicates": incident.duplicates.select_related("kind"),
        "now": now,
    }


def proposals(incident: Incident) -> list[Alike]:
    """Return the open incidents that may be the same as this one; none for one that has ended."""
    if incident.status.ended:
        return []
    return alike(incident.kind, incident.latitude, incident.longitude, incident.happened_at, incident.pk)


def asked_words(task: Task) -> str:
    """Return what to tell who asked: that the task was sent, and whom to call if nobody there reads it."""
    words = [gettext("Tugas dikirim kepada %(who)s.") % {"who": task.who}]
    if not agency_people(task):
        duty = AgencyDuty.objects.filter(agency=task.agency_id).first() if task.agency_id else None
        phone = duty.phone if duty else task.kelurahan.phone if task.kelurahan else ""
        words.append(gettext("Belum ada akun di sana yang membacanya."))
        words += [gettext("Telepon: %(phone)s") % {"phone": phone}] if phone else []
    return " ".join(words)
