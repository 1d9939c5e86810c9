"""What evidence is kept, for how long, in how much room; and holds, which the inspectorate sets and ends."""

from typing import Any

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
from discipline.evidence import legal_holds, retention
from discipline.evidence.forms import HoldReasonForm, OfficeHoldForm, RetentionForm
from discipline.evidence.models import LegalHold, Retention
from offices.access.gate import inspector_required, scope_of
from streams.evidence.models import Evidence, Showing

RECENT = 30  # lines


@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """For the inspectorate, which decides, and for the operator, whose disk it is."""
    scope = scope_of(request.user)
    if not (scope.inspects or scope.operates):
        raise PermissionDenied
    return _page(request)


@inspector_required
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    new = Retention(since=timezone.now(), by_id=request.user.pk or 0)
    form = RetentionForm(request.POST, instance=new, label_suffix="")
    if not form.is_valid():
        return _page(request, 422, numbers=form)
    form.save()
    messages.success(request, _("Masa retensi tersimpan dan berlaku mulai sekarang."))
    return redirect("retention")


@inspector_required
@require_POST
def hold_office(request: HttpRequest) -> HttpResponse:
    form = OfficeHoldForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, 422, holding=form)
    data = form.cleaned_data
    days = data["first_day"], data["last_day"]
    legal_holds.hold_office(data["kelurahan"], *days, data["reason"], request.user.pk or 0, timezone.now())
    messages.success(request, _("Bukti kantor itu ditahan: tidak ada yang dimusnahkan sampai penahanannya diakhiri."))
    return redirect("retention")


@inspector_required
@require_POST
def hold_indication(request: HttpRequest, pk: int) -> HttpResponse:
    alert = get_object_or_404(Alert, pk=pk)
    form = HoldReasonForm(request.POST)
    if form.is_valid():
        legal_holds.hold_indication(alert, form.cleaned_data["reason"], request.user.pk or 0, timezone.now())
        messages.success(request, _("Bukti indikasi ini ditahan."))
    else:
        _say_why_not(request, form)
    return redirect("indication", alert.pk)


@inspector_required
@require_POST
def end_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the indication, or to the page of retention when an office was held."""
    hold = get_object_or_404(LegalHold, pk=pk)
    form = HoldReasonForm(request.POST)
    if not form.is_valid():
        _say_why_not(request, form)
    elif legal_holds.end_hold(hold, form.cleaned_data["reason"], request.user.pk or 0, timezone.now()):
        messages.success(request, _("Penahanan diakhiri. Masa retensi biasa berlaku lagi."))
    else:
        messages.warning(request, _("Penahanan ini sudah diakhiri sebelumnya."))
    return redirect("indication", hold.alert_id) if hold.alert_id else redirect("retention")


def _say_why_not(request: HttpRequest, form: HoldReasonForm) -> None:
    for error in form.errors["reason"]:
        messages.error(request, str(error))


def _page(
    request: HttpRequest, status: int = 200, numbers: RetentionForm | None = None, holding: OfficeHoldForm | None = None
) -> HttpResponse:
    current = retention.current_retention()
    known = LegalHold.objects.select_related("alert__counter__kelurahan", "kelurahan", "by", "ended_by")
    notes = Evidence.objects.filter(kind=Evidence.Kind.DESTROYED)
    days = notes.values(day=TruncDate("at"), why=F("facts__why")).annotate(files=Count("pk"))
    context: dict[str, Any] = {
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
