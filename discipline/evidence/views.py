"""Pages of retention, disk usage and legal holds, which only the inspectorate changes; the sign for a door."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.alerts.models import Alert
from discipline.evidence import door_sign as sign
from discipline.evidence import legal_holds, retention
from discipline.evidence.forms import HoldReasonForm, OfficeHoldForm, RetentionForm
from discipline.evidence.models import LegalHold, Retention
from offices.access.gate import inspector_required, office_for, scope_of
from streams.evidence.models import Evidence, Showing

RECENT = 30  # rows of each table


@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the page to inspectors and operators; 403 for others."""
    scope = scope_of(request.user)
    if not (scope.inspects or scope.operates):
        raise PermissionDenied
    return _page(request)


@never_cache
@require_safe
def door_sign(request: HttpRequest, code: str) -> HttpResponse:
    """Serve the sign for the door of an office as a PDF, inline."""
    office = office_for(request.user, code)
    response = HttpResponse(sign.sheet(office, retention.current_retention()), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="papan-cctv-{office.code}.pdf"'
    return response


@inspector_required
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Store new numbers of retention, which apply at once."""
    new = Retention(since=timezone.now(), by_id=request.user.pk or 0)
    form = RetentionForm(request.POST, instance=new, label_suffix="")
    if not form.is_valid():
        return _page(request, 422, numbers=form)
    form.save()
    messages.success(request, _("Masa simpan dicatat dan berlaku mulai sekarang."))
    return redirect("retention")


@inspector_required
@require_POST
def hold_office(request: HttpRequest) -> HttpResponse:
    """Set a hold on an office's evidence of some days."""
    form = OfficeHoldForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, 422, holding=form)
    data = form.cleaned_data
    days = data["first_day"], data["last_day"]
    legal_holds.hold_office(data["kelurahan"], *days, data["reason"], request.user.pk or 0, timezone.now())
    messages.success(request, _("Bukti kantor itu dikunci: tidak ada yang dimusnahkan sampai pengunciannya diakhiri."))
    return redirect("retention")


@inspector_required
@require_POST
def hold_indication(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a hold on an indication's evidence, and return to the indication."""
    alert = get_object_or_404(Alert, pk=pk)
    form = HoldReasonForm(request.POST)
    if form.is_valid():
        legal_holds.hold_indication(alert, form.cleaned_data["reason"], request.user.pk or 0, timezone.now())
        messages.success(request, _("Bukti indikasi ini dikunci."))
    else:
        _show_errors(request, form)
    return redirect("indication", alert.pk)


@inspector_required
@require_POST
def end_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """End a hold, and return to the indication, or for an office to the page of retention."""
    hold = get_object_or_404(LegalHold, pk=pk)
    form = HoldReasonForm(request.POST)
    if not form.is_valid():
        _show_errors(request, form)
    elif legal_holds.end_hold(hold, form.cleaned_data["reason"], request.user.pk or 0, timezone.now()):
        messages.success(request, _("Penguncian diakhiri. Masa simpan biasa berlaku lagi."))
    else:
        messages.warning(request, _("Penguncian ini sudah diakhiri sebelumnya."))
    return redirect("indication", hold.alert_id) if hold.alert_id else redirect("retention")


def _show_errors(request: HttpRequest, form: HoldReasonForm) -> None:
    for error in form.errors["reason"]:
        messages.error(request, str(error))


def _page(
    request: HttpRequest, status: int = 200, numbers: RetentionForm | None = None, holding: OfficeHoldForm | None = None
) -> HttpResponse:
    current = retention.current_retention()
    known = LegalHold.objects.select_related("alert__counter__kelurahan", "kelurahan", "by", "ended_by")
    notes = Evidence.objects.filter(kind=Evidence.Kind.DESTROYED)
    days = notes.values(day=TruncDate("at"), why=F("facts__why")).annotate(files=Count("pk"))
    context = {
        "current": current,
        "numbers": numbers or RetentionForm(instance=current, label_suffix=""),
        "holding": holding or OfficeHoldForm(label_suffix=""),
        "room": retention.storage_status(),
        "active": known.filter(ended_at=None),
        "ended": known.exclude(ended_at=None)[:RECENT],
        "destroyed": days.order_by("-day", "why")[:RECENT],
        "unshown": _unshown()[:RECENT],
    }
    return render(request, "evidence/retention.html", context, status=status)


def _unshown() -> QuerySet[Showing]:
    names = ("counter__kelurahan", "counter__place__kecamatan", "place__kecamatan")
    return Showing.objects.exclude(why="").select_related(*(f"original__{name}" for name in names))
