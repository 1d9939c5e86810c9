"""Pages of incidents: the list, a new one, one with its history, and the steps that operators take."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discipline.alerts.decisions.views import BAD_FILE
from discipline.core import attachments
from discipline.core.attachments import BadFile
from discipline.incidents import page, steps
from discipline.incidents.case_file.finding import cases_in, keeps_cases, may_open_case
from discipline.incidents.dispatch.proposing import key_of, whom_to_ask
from discipline.incidents.finding import alike, incident_in, incidents_in
from discipline.incidents.forms import AskForm, ChangeForm, IncidentStepForm, NewIncidentForm, NoteForm
from discipline.incidents.models import IncidentType, Priority
from discipline.incidents.opening import NewIncident, open_incident
from discipline.incidents.procedures.finding import checklist_of
from discipline.incidents.starting import Start, start_from
from discipline.incidents.state_rule import ENDS, IncidentState, IncidentStepRefused, may_ask
from discipline.incidents.steps import StepWanted
from discipline.incidents.tasks import changes as task_changes
from discipline.incidents.words import REFUSED
from offices.access.gate import operator_required, scope_of

A_PAGE = 40
# By the value of ?keadaan=: words, and the states.
STAGES: dict[str, tuple[str | Promise, tuple[IncidentState, ...]]] = {
    "buka": (gettext_lazy("Terbuka"), tuple(state for state in IncidentState if not state.ended)),
    "periksa": (gettext_lazy("Perlu diverifikasi"), (IncidentState.HANDLED,)),
    "selesai": (gettext_lazy("Selesai"), tuple(state for state in IncidentState if state.ended)),
}


@never_cache
@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """List the incidents in scope, the most urgent first. ?keadaan= (STAGES), ?jenis= (IncidentType.code), ?hal=."""
    scope = scope_of(request.user)
    if scope.empty and not scope.agencies:
        raise PermissionDenied
    seen = incidents_in(scope)
    stage = request.GET.get("keadaan", "")
    stage = stage if stage in STAGES else "buka"
    kinds = list(IncidentType.objects.all())
    kind = next((one for one in kinds if one.code == request.GET.get("jenis")), None)
    narrowed = seen.filter(kind=kind) if kind else seen
    order = ("-changed_at", "-pk") if stage == "selesai" else ("priority", "opened_at", "pk")
    listed = narrowed.filter(state__in=[state.value for state in STAGES[stage][1]]).order_by(*order)
    context = {
        "stage": stage,
        "stages": [
            (
                code,
                word,
                seen.filter(state__in=[state.value for state in states]).count() if code != "selesai" else None,
            )
            for code, (word, states) in STAGES.items()
        ],
        "kinds": kinds,
        "kind": kind,
        "page": Paginator(listed.prefetch_related("tasks__agency", "tasks__kelurahan__kecamatan"), A_PAGE).get_page(
            request.GET.get("hal")
        ),
        "kept": f"keadaan={stage}" + (f"&jenis={kind.code}" if kind else ""),
        "now": timezone.now(),
        "keeps_cases": keeps_cases(scope),
    }
    return render(request, "incidents/incidents.html", context)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Open an incident. ?titik=, ?kantor=, ?petunjuk= and ?indikasi= begin with what is known there.

    When open ones may be the same, the form comes back with them once, and opens a new one if it is sent again.
    """
    start = start_from(scope_of(request.user), request.GET)
    form = NewIncidentForm(request.POST or None, place=start.place, initial=start.initial)
    same = []
    if request.method == "POST" and form.is_valid():
        new = _new(form, start)
        same = alike(new.kind, new.latitude, new.longitude, new.happened_at)
        if not same or request.POST.get("new") == "1":
            opened = open_incident(new, request.user, timezone.now())
            messages.success(request, _("Kejadian %(number)s dibuka.") % {"number": opened.number})
            return redirect("city-incident", opened.pk)
    context = {"form": form, "start": start, "same": same}
    return render(request, "incidents/new.html", context, status=422 if form.errors or same else 200)


def _new(form: NewIncidentForm, start: Start) -> NewIncident:
    data = form.cleaned_data
    latitude, longitude = start.pin or (data["latitude"], data["longitude"])
    return NewIncident(
        kind=data["kind"],
        title=data["title"],
        latitude=latitude,
        longitude=longitude,
        happened_at=data["happened_at"],
        source=start.source or form.source_wanted,
        description=data["description"],
        address=data["address"],
        place=start.place,
        priority=data["priority"],
        source_key=start.source_key,
        sensitive=data["sensitive"],
    )


@never_cache
@require_safe
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an incident. 404 if it is out of the user's scope; operators see what they may do next."""
    scope = scope_of(request.user)
    found = incident_in(scope, pk)
    context: dict[str, Any] = page.page_context(found, timezone.now())
    context |= {
        "checklist": checklist_of(found),
        "cases": cases_in(scope).filter(incident=found),
        "may_open_case": may_open_case(scope, found),
    }
    if scope.operates:
        tasks = [line.task for line in context["tasks"] if not line.task.status.dropped]
        asked = {key_of(who) for task in tasks if (who := task.agency or task.kelurahan)}
        context |= {
            "actions": page.actions(found),
            "proposals": page.proposals(found),
            "whom_to_ask": whom_to_ask(found, asked),
            "may_ask": may_ask(found.status),
            "priorities": Priority.choices,
        }
    return render(request, "incidents/incident.html", context)


@operator_required
@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a step and redirect to the incident, with the error as a message if it was refused."""
    found, now = incident_in(scope_of(request.user), pk), timezone.now()
    form = IncidentStepForm(request.POST, request.FILES)
    if not form.is_valid():
        return _flash_errors(request, form, pk)
    data = form.cleaned_data
    state = IncidentState(data["state"])
    try:
        with attachments.kept_with(data["attachment"], request.user.pk) as file:
            wanted = StepWanted(state, data["last_seen"], data["text"], file, data["duplicate_of"])
            taken = steps.take_step(found, wanted, request.user, now)
            if state in ENDS:
                task_changes.cancel_waiting(found, taken.get_state_display(), request.user, now)
    except IncidentStepRefused as refusal:
        messages.error(request, REFUSED[str(refusal)])
    except BadFile as bad:
        messages.error(request, BAD_FILE[str(bad)])
    except OSError:
        messages.error(request, _("Berkas tidak dapat disimpan. Coba lagi; langkahnya belum tercatat."))
    else:
        messages.success(request, _("Tercatat: %(state)s.") % {"state": state.label})
    return redirect("city-incident", pk)


@operator_required
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a remark and redirect to the incident."""
    found = incident_in(scope_of(request.user), pk)
    form = NoteForm(request.POST, request.FILES)
    if not form.is_valid():
        return _flash_errors(request, form, pk)
    data = form.cleaned_data
    try:
        with attachments.kept_with(data["attachment"], request.user.pk) as file:
            steps.add_note(found, data["text"], request.user, timezone.now(), file)
    except BadFile as bad:
        messages.error(request, BAD_FILE[str(bad)])
    except OSError:
        messages.error(request, _("Berkas tidak dapat disimpan. Coba lagi; catatannya belum tersimpan."))
    else:
        messages.success(request, _("Catatan tersimpan."))
    return redirect("city-incident", pk)


@operator_required
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change details of an incident; the history gets a line for each."""
    found = incident_in(scope_of(request.user), pk)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _flash_errors(request, form, pk)
    try:
        changed = steps.change(found, steps.Details(**form.cleaned_data), request.user, timezone.now())
    except IncidentStepRefused as refusal:
        messages.error(request, REFUSED[str(refusal)])
    else:
        if changed:
            messages.success(request, _("Perubahan tersimpan."))
    return redirect("city-incident", pk)


@operator_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask an agency or a kelurahan, and redirect to the incident."""
    found, now = incident_in(scope_of(request.user), pk), timezone.now()
    form = AskForm(request.POST)
    if not form.is_valid():
        return _flash_errors(request, form, pk)
    try:
        task = task_changes.ask(found, form.cleaned_data["who"], form.cleaned_data["instruction"], request.user, now)
    except IncidentStepRefused as refusal:
        messages.error(request, REFUSED[str(refusal)])
    except task_changes.AskedAlready:
        messages.error(request, _("Instansi ini sudah ditugaskan."))
    else:
        messages.success(request, page.asked_words(task))
    return redirect("city-incident", pk)


def _flash_errors(request: HttpRequest, form: Any, pk: int) -> HttpResponse:
    for errors in form.errors.values():
        messages.error(request, str(errors[0]))
    return redirect("city-incident", pk)
