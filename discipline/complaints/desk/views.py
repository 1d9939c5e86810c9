"""The city's pages of residents' reports: the list by clock, one report, and what is done about it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.complaints import counter_check, steps
from discipline.complaints.blocks import keeping
from discipline.complaints.desk.forms import AnswerForm, CompareForm, ComplaintStepForm, JoinForm, PublicTextForm
from discipline.complaints.finding import alike, complaint_in, complaints_in, due_of, is_late, may_handle
from discipline.complaints.models import Complaint, ComplaintKind
from discipline.complaints.reviews import comparing
from discipline.complaints.reviews.comparing import Comparison
from discipline.complaints.seen_rule import SeenOutcome
from discipline.complaints.state_rule import ALLOWED, ENDS, ComplaintState, ComplaintStepRefused
from discipline.complaints.steps import ComplaintStepWanted
from discipline.complaints.words import ACTIONS, REFUSED
from discipline.incidents.finding import alike as incidents_alike
from discipline.incidents.models import Incident
from offices.access.gate import Scope, scope_of

A_PAGE = 40
S = ComplaintState
# By the value of ?keadaan=: words, and the states.
STAGES: dict[str, tuple[str | Promise, tuple[ComplaintState, ...]]] = {
    "baru": (gettext_lazy("Belum diverifikasi"), (S.OPEN,)),
    "proses": (gettext_lazy("Berjalan"), (S.VERIFIED, S.REOPENED, S.IN_HAND)),
    "selesai": (gettext_lazy("Berakhir"), tuple(state for state in S if state in ENDS)),
}


@never_cache
@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    """List the reports in scope by deadline. ?keadaan= (STAGES), ?jenis= (ComplaintKind.code), ?hal=."""
    scope = scope_of(request.user)
    if scope.empty:
        raise PermissionDenied
    seen = complaints_in(scope)
    stage = request.GET.get("keadaan", "")
    stage = stage if stage in STAGES else "baru" if scope.city else "proses"
    kinds = list(ComplaintKind.objects.filter(private=False) if not scope.inspects else ComplaintKind.objects.all())
    kind = next((one for one in kinds if one.code == request.GET.get("jenis")), None)
    order = ["-changed_at", "-pk"] if stage == "selesai" else [F("due").asc(nulls_last=True), "opened_at", "pk"]
    narrowed = seen.filter(kind=kind) if kind else seen
    page = Paginator(_in(narrowed, stage).order_by(*order), A_PAGE).get_page(request.GET.get("hal"))
    now = timezone.now()
    context = {
        "stage": stage,
        "stages": [
            (code, word, _in(seen, code).count() if code != "selesai" else None)
            for code, (word, _states) in STAGES.items()
            if code != "baru" or scope.city
        ],
        "kinds": kinds,
        "kind": kind,
        "page": page,
        "lines": [(one, due_of(one), is_late(one, now)) for one in page],
        "kept": f"keadaan={stage}" + (f"&jenis={kind.code}" if kind else ""),
    }
    return render(request, "complaints/complaints.html", context)


def _in(found: Any, stage: str) -> Any:
    return found.filter(state__in=[state.value for state in STAGES[stage][1]])


@never_cache
@require_safe
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a report. 404 if it is out of the user's scope; who handles it sees what may be done next."""
    scope, now = scope_of(request.user), timezone.now()
    found = complaint_in(scope, pk)
    handles = may_handle(scope, found)
    history = list(found.steps.select_related("by"))
    check = counter_check.check_counters(found, now)
    context: dict[str, Any] = {
        "complaint": found,
        "history": history,
        "last_seen": history[-1].pk if history else 0,
        "photos": found.photos.annotate(is_hidden=Q(hidden__isnull=False)),
        "due": due_of(found),
        "late": is_late(found, now),
        "handles": handles,
        "check": check if check and scope.sees(check.office) else None,
        "recorded": comparing.recorded_then(check, scope) if check else {},
    }
    if handles:
        context |= _choices(found) | {"blockable": keeping.blockable(found)}
        if check:
            known = SeenOutcome(found.outcome) if found.outcome else None
            context["sentence"] = counter_check.sentence(check, found.language, known)
            context["outcomes"] = [(one.value, one.label) for one in SeenOutcome if one is not SeenOutcome.CAMERA_WRONG]
            context |= {"staffed": comparing.seen_staffed(check), "camera_wrong": SeenOutcome.CAMERA_WRONG}
    return render(request, "complaints/complaint.html", context)


def _choices(found: Complaint) -> dict[str, Any]:
    allowed = ALLOWED[found.status]
    kind = found.kind.incident_kind
    at = found.happened_at or found.created_at
    near = incidents_alike(kind, found.latitude, found.longitude, at) if kind else []
    return {
        "actions": [
            {"state": state.value, "word": word, "usual": usual, "needs_text": allowed[state]}
            for state, word, usual in ACTIONS
            if state in allowed
        ],
        "alike": alike(found) if not found.status.ended else [],
        "incidents": [one for one in near if one.incident.pk != found.incident_id],
        "can_join": not found.private and not found.status.ended and kind is not None,
        "can_open": found.incident is None or (found.reopened and found.incident.status.ended),
    }


@never_cache
@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a step: verify, begin, end."""

    def act(found: Complaint, form: forms.Form) -> str:
        data = form.cleaned_data
        other = data["duplicate_of"]
        target = complaints_in(scope_of(request.user)).filter(pk=other).first() if other else None
        state = ComplaintState(data["state"])
        wanted = ComplaintStepWanted(state, data["last_seen"], data["text"], data["message"], target)
        steps.take_complaint_step(found, wanted, request.user, timezone.now())
        return _("Tercatat: %(state)s.") % {"state": state.label}

    return handled(request, pk, ComplaintStepForm(request.POST), act)


@never_cache
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the resident."""

    def act(found: Complaint, form: forms.Form) -> str:
        steps.answer(found, form.cleaned_data["message"], request.user, timezone.now())
        return _("Jawaban dicatat untuk pelapor.")

    return handled(request, pk, AnswerForm(request.POST), act)


@never_cache
@require_POST
def public_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Set what the public reads."""

    def act(found: Complaint, form: forms.Form) -> str:
        text = form.cleaned_data["public_text"]
        steps.publish(found, text, request.user, timezone.now(), form.cleaned_data["public_address"])
        return _("Publik membaca teks itu sekarang.") if text.strip() else _("Laporan tidak tampil untuk publik.")

    return handled(request, pk, PublicTextForm(request.POST), act)


@never_cache
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Join the report with an incident, or open one of it."""

    def act(found: Complaint, form: forms.Form) -> str:
        number, now = form.cleaned_data["incident"], timezone.now()
        if number is None:
            incident = steps.open_incident_of(found, request.user, now)
        else:
            known = Incident.objects.filter(pk=number).first()
            if known is None:
                raise ComplaintStepRefused(ComplaintStepRefused.INCIDENT)
            steps.join(found, incident := known, request.user, now)
        return _("Laporan ini tentang kejadian %(number)s.") % {"number": incident.number}

    return handled(request, pk, JoinForm(request.POST), act)


@never_cache
@require_POST
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how the report compares with what was seen."""

    def act(found: Complaint, form: forms.Form) -> str:
        now, data = timezone.now(), form.cleaned_data
        check = counter_check.check_counters(found, now)
        if check is None:
            raise ComplaintStepRefused(ComplaintStepRefused.STATE)
        result = Comparison(SeenOutcome(data["outcome"]), data["counter"], data["text"])
        comparing.compare(found, result, check, request.user, now)
        return _("Tercatat: %(state)s.") % {"state": result.outcome.label}

    return handled(request, pk, CompareForm(request.POST), act)


def handled(
    request: HttpRequest, pk: int, form: forms.Form, act: Callable[[Complaint, forms.Form], str]
) -> HttpResponse:
    """Let `act` change a report that the user handles, and lead back to its page, which says what happened.

    Raises PermissionDenied for a user who handles none, Http404 for a report out of scope.
    """
    scope = scope_of(request.user)
    if not (scope.operates or scope.inspects):
        raise PermissionDenied
    found = _found(scope, pk)
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
    else:
        try:
            messages.success(request, act(found, form))
        except ComplaintStepRefused as refused:
            messages.error(request, str(REFUSED[str(refused)]))
        except forms.ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
    return redirect("complaint", pk)


def _found(scope: Scope, pk: int) -> Complaint:
    found = complaint_in(scope, pk)
    if not may_handle(scope, found):
        raise PermissionDenied
    return found
