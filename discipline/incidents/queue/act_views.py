"""What an operator does about an item from the queue: each act has a form, which the queue shows as a dialog."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discipline.incidents.finding import incident_in
from discipline.incidents.models import Incident
from discipline.incidents.page import asked_words, proposals
from discipline.incidents.queue import acting, gathering
from discipline.incidents.queue.act_forms import MergeForm, NoHintForm, NoIncidentForm, QueueTaskForm
from discipline.incidents.queue.items_rule import ItemKind, QueueAct, QueueItem
from discipline.incidents.state_rule import IncidentState, IncidentStepRefused
from discipline.incidents.steps import StepWanted
from discipline.incidents.tasks import changes as task_changes
from discipline.incidents.words import REFUSED
from offices.access.gate import User, operator_required, scope_of
from streams.looks.streets.models import HintRefusal

HEADINGS: dict[QueueAct, str | Promise] = {
    QueueAct.NO_INCIDENT: gettext_lazy("Bukan kejadian"),
    QueueAct.TASK: gettext_lazy("Tugaskan instansi"),
    QueueAct.MERGE: gettext_lazy("Gabungkan dengan kejadian lain"),
}


@dataclass(frozen=True, slots=True)
class Acting:
    """Who does what about which item, and when. incident: None for an item of another kind."""

    act: QueueAct
    item: QueueItem
    incident: Incident | None
    by: User
    now: datetime


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest) -> HttpResponse:
    """Show the form of ?buat= (QueueAct) about the item ?key=, and do it. An htmx request gets the form alone.

    404 for what is no longer possible, as when another has done it; 422 for what was refused.
    """
    doing = _doing(request)
    form = _form(doing, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = _do(doing, form.cleaned_data)
        except IncidentStepRefused as refusal:
            form.add_error(None, str(REFUSED[str(refusal)]))
        except task_changes.AskedAlready:
            form.add_error(None, _("Instansi ini sudah ditugaskan."))
        else:
            if request.headers.get("HX-Request"):
                return render(request, "incidents/_queue_done.html", {"done": done, "item": doing.item})
            messages.success(request, done)
            return redirect("queue")
    template = "incidents/_queue_act.html" if request.headers.get("HX-Request") else "incidents/queue_act.html"
    context = {
        "doing": doing,
        "heading": HEADINGS[doing.act],
        "form": form,
        "same": proposals(doing.incident) if doing.incident and doing.act is QueueAct.MERGE else [],
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _doing(request: HttpRequest) -> Acting:
    now, scope = timezone.now(), scope_of(request.user)
    key, wanted = request.GET.get("key", ""), request.GET.get("buat", "")
    item = next((one for one in gathering.gather(now, scope) if one.key == key), None)
    if item is None or wanted not in HEADINGS or QueueAct(wanted) not in item.may:
        raise Http404
    incident = incident_in(scope, item.id) if item.kind is ItemKind.INCIDENT else None
    return Acting(QueueAct(wanted), item, incident, request.user, now)


def _form(doing: Acting, data: Any) -> forms.Form:
    if doing.incident is None:
        return NoHintForm(data, label_suffix="")
    kinds: dict[QueueAct, type[forms.Form]] = {QueueAct.NO_INCIDENT: NoIncidentForm, QueueAct.MERGE: MergeForm}
    if doing.act in kinds:
        return kinds[doing.act](data, initial={"last_seen": acting.newest_step(doing.incident)}, label_suffix="")
    return QueueTaskForm(data, incident=doing.incident, label_suffix="")


def _do(doing: Acting, data: dict[str, Any]) -> str:
    """Do it and return what was done. Raises IncidentStepRefused and AskedAlready."""
    found, by, now = doing.incident, doing.by, doing.now
    if found is None:
        acting.refuse_hint(doing.item.id, HintRefusal(data["refusal"]), data["text"], by, now)
        return _("Petunjuk ditandai bukan kejadian.")
    if doing.act is QueueAct.TASK:
        task = task_changes.ask(found, data["who"], data["instruction"], by, now)
        return asked_words(task)
    seen = data["last_seen"]
    if doing.act is QueueAct.NO_INCIDENT:
        acting.end(found, StepWanted(IncidentState.UNFOUNDED, seen, data["text"]), by, now)
        return _("%(number)s dicatat bukan kejadian.") % {"number": found.number}
    into = data["duplicate_of"]
    acting.end(found, StepWanted(IncidentState.DUPLICATE, seen, duplicate_of=into), by, now)
    return _("%(number)s digabungkan ke %(other)s.") % {"number": found.number, "other": into.number}
