"""Who acts in the demo's stories, what they do with a task, and the photo that they send. All of it is made up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from discipline.core import attachments
from discipline.core.models import Attachment
from discipline.incidents import steps
from discipline.incidents.models import Incident
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.steps import StepWanted
from discipline.incidents.tasks.changes import TaskStepWanted, take_task_step
from discipline.incidents.tasks.models import Task
from discipline.incidents.tasks.state_rule import TaskState
from offices.access.models import Membership

OPERATOR, CHIEF = "operator", "kepala.jaga"
MADE_UP = "Contoh demo, bukan kejadian nyata."
DONE = "Selesai dikerjakan (contoh demo)"
PHOTO = "foto-contoh-demo.jpg"
ON_THE_WAY = (TaskState.ACCEPTED, TaskState.UNDER_WAY)
ON_THE_SPOT = (*ON_THE_WAY, TaskState.ARRIVED)
FINISHED = (*ON_THE_SPOT, TaskState.DONE)


@dataclass(frozen=True, slots=True)
class Cast:
    """The demo's operator, the shift's chief, and an officer of each agency that has one, by the agency's code."""

    operator: User
    chief: User
    officers: dict[str, User]


def find_cast() -> Cast | None:
    """Return the cast; None when its operator or chief was renamed, deleted or locked."""
    people = {user.username: user for user in get_user_model().objects.filter(is_active=True)}
    if OPERATOR not in people or CHIEF not in people:
        return None
    officers = Membership.objects.filter(agency__isnull=False).values_list("agency__code", "user__username")
    found = {code: people[name] for code, name in officers if name in people and name == code}
    return Cast(people[OPERATOR], people[CHIEF], found)


def work(
    task: Task, officer: User, states: Sequence[TaskState], begin: datetime, pause: timedelta, photo: Attachment | None
) -> None:
    """Let the officer take these steps of a task, one after each `pause`. photo: needed for DONE."""
    for number, state in enumerate(states, start=1):
        done = state is TaskState.DONE
        wanted = TaskStepWanted(state, DONE if done else "", photo if done else None)
        take_task_step(task, wanted, officer, begin + number * pause, by_agency=True)


def step(incident: Incident, state: IncidentState, by: User, at: datetime) -> None:
    """Set the state of an incident whose newest step was seen."""
    newest = incident.steps.order_by("-pk").values_list("pk", flat=True)[0]
    steps.take_step(incident, StepWanted(state, newest), by, at)


def keep_photo(by: User) -> Attachment:
    """Store a drawn picture that says that it is no photo, sent by an officer, and return it."""
    return attachments.store_attachment(SimpleUploadedFile(PHOTO, _drawn(), "image/jpeg"), by.pk)


@cache
def _drawn() -> bytes:
    picture = Image.new("RGB", (960, 720), "#51616d")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 720), (330, 300), (630, 300), (960, 720)], fill="#3a4148")
    draw.rectangle((0, 0, 960, 300), fill="#9fb2bd")
    for top, size, words in ((90, 64, "GAMBAR CONTOH (DEMO)"), (180, 34, "dibuat komputer, bukan foto lokasi")):
        draw.text((480, top), words, fill="#11181d", anchor="ma", font=ImageFont.load_default(size))
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
