"""Pages of cases for the agency and the inspectorate: the list, opening one of an incident, one case, its steps."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discipline.incidents.case_file import changes, contents
from discipline.incidents.case_file.changes import NewCase, OpenAlready, StillRefused
from discipline.incidents.case_file.finding import (
    articles_for,
    cameras_of,
    case_in,
    cases_in,
    incident_for_case,
    keeps_cases,
)
from discipline.incidents.case_file.forms import CaseForm, CaseStepForm, ReasonForm, StillForm
from discipline.incidents.case_file.models import CaseFile, CasePart
from discipline.incidents.case_file.opened import OPEN_S, is_opened, mark_opened
from discipline.incidents.case_file.papers import clocks
from discipline.incidents.case_file.papers.minutes import article_sureness, in_force
from discipline.incidents.case_file.state_rule import CaseStepKind, CaseStepRefused, MakingState, next_steps
from discipline.incidents.case_file.words import STEP_REFUSED, STILL_REFUSED
from offices.access.gate import scope_of
from offices.hours.schedule import local_day

A_PAGE = 30
UNDER_WAY = (MakingState.WAITING.value, MakingState.WORKING.value)
Kind = CasePart.Kind


@never_cache
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases in scope, the newest first. ?hal=."""
    scope = scope_of(request.user)
    if not keeps_cases(scope):
        raise PermissionDenied
    page = Paginator(cases_in(scope).prefetch_related("steps"), A_PAGE).get_page(request.GET.get("hal"))
    return render(request, "incidents/case_file/cases.html", {"page": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a case of an incident (pk). 404 unless the user's agency has a task there and enforces an article."""
    incident, agency = incident_for_case(scope_of(request.user), pk)
    articles = articles_for(incident, local_day(incident.happened_at), agency)
    cameras, only = cameras_of(incident), articles.first() if articles.count() == 1 else None
    initial = {"moment": incident.happened_at, "camera": cameras.first(), "article": only}
    form = CaseForm(articles, cameras, incident.happened_at, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        new = NewCase(incident, agency, data["article"], data["camera"], data["moment"], data["reason"])
        try:
            opened = changes.open_case(new, request.user, timezone.now())
        except OpenAlready:
            form.add_error(None, _("Instansi Anda sudah membuka berkas kejadian ini."))
        else:
            mark_opened(request, opened)
            messages.success(request, _("Berkas %(number)s dibuka. Isinya sedang dibuat.") % {"number": opened.number})
            return redirect("case-file", opened.pk)
    context = {"form": form, "incident": incident, "agency": agency, "articles": articles}
    return render(request, "incidents/case_file/open.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a case to a user who gave a reason in the last half hour, else ask for one; on POST log the opening."""
    found = case_in(scope_of(request.user), pk)
    if request.method != "POST" and is_opened(request, found):
        return _page(request, found)
    form = ReasonForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        changes.log_opening(found, form.cleaned_data["reason"], request.user, timezone.now())
        mark_opened(request, found)
        return redirect("case-file", pk)
    context = {"case": found, "form": form, "minutes": OPEN_S // 60}
    return render(request, "incidents/case_file/ask.html", context, status=422 if form.errors else 200)


@require_POST
def step(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Record a step (CaseStepKind); the case's page again with the error if it was refused."""
    found = _own_case(request, pk)
    if not is_opened(request, found):
        return redirect("case-file", pk)
    form = CaseStepForm(CaseStepKind(kind), request.POST)
    if not form.is_valid():
        return _page(request, found, 422, step_form=form)
    try:
        taken = changes.take_case_step(found, form.wanted(), request.user, timezone.now())
    except CaseStepRefused as refused:
        form.add_error(None, str(STEP_REFUSED[str(refused)]))
        return _page(request, found, 422, step_form=form)
    messages.success(request, _("Tercatat: %(state)s.") % {"state": taken.get_kind_display()})
    return redirect("case-file", pk)


@require_POST
def still(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a still; the case's page again with the error if it was refused."""
    found = _own_case(request, pk)
    if not is_opened(request, found):
        return redirect("case-file", pk)
    form = StillForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, found, 422, still_form=form)
    data = form.cleaned_data
    try:
        changes.add_still(found, data["at_s"], data["note"], request.user, timezone.now())
    except StillRefused as refused:
        form.add_error(None, str(STILL_REFUSED[str(refused)]))
        return _page(request, found, 422, still_form=form)
    except ValidationError as error:
        form.add_error(None, error.messages[0])
        return _page(request, found, 422, still_form=form)
    messages.success(request, _("Gambar ditambahkan dan sedang dibuat."))
    return redirect("case-file", pk)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the files made again that could not be made."""
    found = _own_case(request, pk)
    if is_opened(request, found) and changes.try_again(found):
        messages.success(request, _("Dicoba lagi."))
    return redirect("case-file", pk)


def _own_case(request: HttpRequest, pk: int) -> CaseFile:
    """Return the case of the user's agency. Raises Http404, or PermissionDenied for the inspectorate, which reads."""
    scope = scope_of(request.user)
    found = case_in(scope, pk)
    if found.agency_id not in scope.agencies:
        raise PermissionDenied
    return found


def _page(
    request: HttpRequest,
    case: CaseFile,
    status: int = 200,
    step_form: CaseStepForm | None = None,
    still_form: StillForm | None = None,
) -> HttpResponse:
    acts = case.agency_id in scope_of(request.user).agencies
    taken = list(case.steps.select_related("by"))
    kinds = [one.kind for one in taken]
    parts = list(case.parts.select_related("still__by"))
    evidence = contents.original_of(case)
    context: dict[str, Any] = {
        "case": case,
        "incident": case.incident,
        "article_in_force": in_force(case.article),
        "article_sureness": article_sureness(case.article),
        "steps": taken,
        "confirmed": next((one for one in taken if one.kind == CaseStepKind.CONFIRMED), None),
        "acts": acts,
        "forms": _step_forms(kinds, step_form) if acts and not case.deleted_at else [],
        "step_form": step_form,
        "still_form": still_form or StillForm(label_suffix=""),
        "may_add_still": acts
        and evidence is not None
        and not case.closed_at
        and CaseStepKind.HANDED_OVER.value not in kinds,
        "visits": contents.visits(case),
        "original": evidence if not case.deleted_at else None,
        "copy": next((one for one in parts if one.kind == Kind.COPY), None),
        "stills": [one for one in parts if one.kind == Kind.HIDDEN],
        "files": [one for one in parts if one.kind not in (Kind.HIDDEN, Kind.STILL)],
        "clocks": clocks.statement(case.clocks) if case.clocks else [],
        "openings": list(case.openings.select_related("user")),
        "under_way": case.state in UNDER_WAY and not case.closed_at,
        "failed": case.state == MakingState.FAILED,
    }
    return render(request, "incidents/case_file/case.html", context, status=status)


def _step_forms(kinds: list[str], bound: CaseStepForm | None) -> list[CaseStepForm]:
    return [bound if bound and bound.kind is kind else CaseStepForm(kind) for kind in next_steps(kinds)]
