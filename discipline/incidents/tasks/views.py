"""Pages of tasks for officers on the spot, by phone: those that wait, one, and its steps."""

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.alerts.decisions.views import BAD_FILE
from discipline.core import attachments
from discipline.core.attachments import BadFile
from discipline.incidents.case_file.finding import keeps_cases
from discipline.incidents.finding import may_act, task_in, tasks_in
from discipline.incidents.page import task_line
from discipline.incidents.tasks import changes
from discipline.incidents.tasks.deadline_rule import is_late
from discipline.incidents.tasks.forms import TaskStepForm
from discipline.incidents.tasks.models import Task
from discipline.incidents.tasks.state_rule import BY_AGENCY, BY_ROOM, TaskState, TaskStepRefused
from discipline.incidents.words import TASK_REFUSED
from offices.access.gate import scope_of

A_PAGE = 30
WAITING = tuple(state.value for state in TaskState if state.waits)
# What the buttons say, the usual next step first.
STEPS: dict[TaskState, str | Promise] = {
    TaskState.ACCEPTED: gettext_lazy("Terima tugas"),
    TaskState.UNDER_WAY: gettext_lazy("Saya menuju lokasi"),
    TaskState.ARRIVED: gettext_lazy("Saya di lokasi"),
    TaskState.DONE: gettext_lazy("Selesai"),
    TaskState.DECLINED: gettext_lazy("Tolak tugas"),
    TaskState.CANCELLED: gettext_lazy("Batalkan tugas"),
}
BY_A_PERSON = {state for allowed in BY_AGENCY.values() for state in allowed}
SEND_BACK = gettext_lazy("Kembalikan, belum beres")
USUAL = {
    TaskState.ASKED: TaskState.ACCEPTED,
    TaskState.ACCEPTED: TaskState.UNDER_WAY,
    TaskState.UNDER_WAY: TaskState.ARRIVED,
    TaskState.ARRIVED: TaskState.DONE,
}


@dataclass(frozen=True, slots=True)
class TaskAction:
    """A step that the user may take in the states `after`, now or after steps that are only on the phone yet."""

    state: TaskState
    word: str | Promise
    usual: bool
    needs_text: bool
    now: bool = True
    after: str = ""  # the values of the states, for the page's script

    @property
    def needs_photo(self) -> bool:
        """Whether a photo belongs to it."""
        return self.state is TaskState.DONE


@never_cache
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """List the tasks in scope that wait, the nearest deadline first; ?selesai=1 the others, the newest first."""
    scope = scope_of(request.user)
    if scope.empty and not scope.agencies:
        raise PermissionDenied
    seen, now = tasks_in(scope), timezone.now()
    ended = request.GET.get("selesai") == "1"
    listed = seen.exclude(state__in=WAITING).order_by("-pk") if ended else seen.filter(state__in=WAITING)
    rows = listed if ended else sorted(listed, key=lambda task: (task.due or now, task.pk))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("hal"))
    context = {
        "page": page,
        "lines": [(task, is_late(task.status, task.deadlines, now)) for task in page],
        "ended": ended,
        "kept": "selesai=1" if ended else "",
        "keeps_cases": bool(scope.agencies) and keeps_cases(scope),
    }
    return render(request, "incidents/tasks.html", context)


@never_cache
@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a task with its incident, and the steps that the user may take."""
    scope, now = scope_of(request.user), timezone.now()
    found = task_in(scope, pk)
    own = may_act(scope, found)
    context = {
        "task": found,
        "incident": found.incident,
        "late": is_late(found.status, found.deadlines, now),
        "history": [
            task_line(step)
            for step in found.steps.select_related("by", "attachment", "task__agency", "task__kelurahan__kecamatan")
        ],
        "own": own,
        "actions": _actions(found, own) if own or scope.operates else [],
        "waits": found.status.waits,
    }
    return render(request, "incidents/task.html", context)


def _actions(found: Task, own: bool) -> list[TaskAction]:
    if own:
        return sorted(
            (_agency_action(state, word, found.status) for state, word in STEPS.items() if state in BY_A_PERSON),
            key=lambda action: not action.usual,
        )
    if found.status is TaskState.DONE:
        return [TaskAction(TaskState.ACCEPTED, SEND_BACK, False, True)]
    allowed = BY_ROOM[found.status]
    return [TaskAction(state, STEPS[state], False, needs_text) for state, needs_text in allowed.items()]


def _agency_action(state: TaskState, word: str | Promise, now: TaskState) -> TaskAction:
    after = [before for before, allowed in BY_AGENCY.items() if state in allowed]
    return TaskAction(
        state,
        word,
        usual=USUAL.get(now) is state,
        needs_text=BY_AGENCY[after[0]][state],
        now=now in after,
        after=" ".join(before.value for before in after),
    )


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a step. Redirects to the task with a message; the phone's queue, which asks for JSON, gets its outcome.

    422 in JSON is final: the queue does not send that step again.
    """
    scope, now = scope_of(request.user), timezone.now()
    found = task_in(scope, pk)
    own = may_act(scope, found)
    if not own and not scope.operates:
        raise PermissionDenied
    form = TaskStepForm(request.POST, request.FILES)
    if not form.is_valid():
        return _answer(request, pk, str(next(iter(form.errors.values()))[0]))
    return _answer(request, pk, _take(request, found, form, now, own=own))


def _take(request: HttpRequest, found: Task, form: TaskStepForm, now: datetime, *, own: bool) -> str:
    """Record the step; return why it was refused, "" if it was not."""
    try:
        with attachments.kept_with(form.cleaned_data["attachment"], request.user.pk) as file:
            wanted = replace(form.wanted(), attachment=file)
            changes.take_task_step(found, wanted, request.user, now, by_agency=own)
    except TaskStepRefused as refusal:
        return str(TASK_REFUSED[str(refusal)])
    except BadFile as bad:
        return str(BAD_FILE[str(bad)])
    return ""


def _answer(request: HttpRequest, pk: int, refused: str) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", ""):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
        return JsonResponse({"error": refused}, status=status)
    if refused:
        messages.error(request, refused)
    else:
        messages.success(request, _("Tercatat."))
    return redirect("task", pk)
