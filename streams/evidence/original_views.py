"""Pages for the inspectorate that open originals and control pictures, each opening logged with its reason."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from offices.access import log_csv
from offices.access.gate import inspector_required
from offices.access.log_csv import LogColumn
from offices.places.models import Kecamatan
from streams.evidence import openings as evidence_openings
from streams.evidence import store
from streams.evidence.controls import read_controls
from streams.evidence.models import Evidence, EvidenceOpening
from streams.evidence.opening_forms import OpeningReasonForm, OpeningsForm
from streams.evidence.views import NOT_KEPT, file_response, refusal

ON_A_PAGE = 50
OPENING_COLUMNS = (
    LogColumn("at", lambda row: row.at),
    LogColumn("username", lambda row: row.user.get_username()),
    LogColumn("name", lambda row: row.user.get_full_name()),
    LogColumn("evidence", lambda row: row.evidence_id),
    LogColumn("kind", lambda row: row.evidence.kind),
    LogColumn("where", lambda row: row.evidence.where),
    LogColumn("taken_at", lambda row: row.evidence.at),
    LogColumn("reason", lambda row: row.reason),
)


@inspector_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason; on POST log the opening and redirect to the original."""
    originals = Evidence.objects.select_related(
        "counter__kelurahan", "counter__place__kecamatan", "place__kelurahan__kecamatan", "place__kecamatan"
    )
    originals = originals.exclude(kind=Evidence.Kind.RECORDING)  # large: they have a page of their own
    original = get_object_or_404(originals, pk=pk, form=Evidence.Form.ORIGINAL)
    form = OpeningReasonForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        reason, session = form.cleaned_data["reason"], request.session.session_key or ""
        return redirect(
            "evidence-opened",
            evidence_openings.open_original(request.user.pk or 0, session, original, reason, timezone.now()),
        )
    context = {
        "original": original,
        "form": form,
        "before": original.openings.select_related("user"),
        "minutes": evidence_openings.OPEN_FOR.seconds // 60,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "evidence/original_ask.html", context, status=status)


@inspector_required
@never_cache
@require_safe
def opened(request: HttpRequest, ticket: str) -> HttpResponse:
    """Show the original while the ticket is valid; 410 afterwards and for another user's ticket."""
    try:
        opening = _opening(request, ticket)
    except evidence_openings.TicketError:
        return render(request, "evidence/original_over.html", status=410)
    context = {"opening": opening, "ticket": ticket, "clip": opening.evidence.kind in store.CLIPS}
    if opening.evidence.kind == Evidence.Kind.CONTROLS:
        try:
            context["controls"] = read_controls(opening.evidence)
        except (store.EvidenceAltered, store.EvidenceGone) as error:
            return refusal(request, opening.evidence, error)
    return render(request, "evidence/original.html", context)


@inspector_required
@require_safe
def file(request: HttpRequest, ticket: str) -> HttpResponseBase:
    """Send the original's file while the ticket is valid, else 410."""
    try:
        return file_response(request, _opening(request, ticket).evidence)
    except evidence_openings.TicketError:
        return HttpResponse(status=410, headers={"Cache-Control": NOT_KEPT})


@inspector_required
@require_safe
def control(request: HttpRequest, ticket: str, number: int) -> HttpResponse:
    """Send one control picture (from 1) while the ticket is valid, else 410; 404 if there is none of that number."""
    try:
        evidence = _opening(request, ticket).evidence
    except evidence_openings.TicketError:
        return HttpResponse(status=410, headers={"Cache-Control": NOT_KEPT})
    if evidence.kind != Evidence.Kind.CONTROLS:
        raise Http404
    try:
        controls = read_controls(evidence)
    except (store.EvidenceAltered, store.EvidenceGone) as error:
        return refusal(request, evidence, error)
    if not 0 < number <= len(controls):
        raise Http404
    headers = {"Cache-Control": NOT_KEPT}
    return HttpResponse(controls[number - 1].jpeg, content_type="image/jpeg", headers=headers)


@inspector_required
@never_cache
@require_safe
def openings(request: HttpRequest) -> HttpResponse:
    """List who opened which original, when and why, filtered by ?q= ?kecamatan= ?dari= ?sampai=.

    With ?bentuk=csv all of them are sent.
    """
    form = OpeningsForm(request.GET)
    form.is_valid()  # an invalid filter is ignored and its field shows the error
    asked = form.cleaned_data
    filters = {"words": asked.get("q", ""), "since": asked.get("dari"), "until": asked.get("sampai")}
    if kecamatan := asked.get("kecamatan"):
        filters["kecamatan"] = kecamatan.code
    found = evidence_openings.openings(filters)
    if log_csv.is_asked(request):
        title = str(_("Pembukaan bukti asli"))
        return log_csv.answer(request, request.user, "pembukaan-asli", title, found, OPENING_COLUMNS)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("hal"))
    query = request.GET.copy()
    query.pop("hal", None)
    context = {"page": page, "form": form, "kecamatan_list": Kecamatan.objects.all(), "query": query.urlencode()}
    return render(request, "evidence/openings.html", context)


def _opening(request: HttpRequest, ticket: str) -> EvidenceOpening:
    return evidence_openings.opening_of(ticket, request.user.pk or 0, request.session.session_key or "")
