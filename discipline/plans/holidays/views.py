"""Views of the holiday calendar of a year, and to add, change and remove the city's own days."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from discipline.plans import changes
from discipline.plans.forms import HolidayForm, RemovalReasonForm
from discipline.plans.holidays import calendar as holiday_calendar
from discipline.plans.preview_seal import seal, sealed
from offices.access.gate import operator_required, scope_of
from offices.hours.models import HolidayOverride
from offices.hours.schedule import local_day

FIRST, LAST = 2002, 2100  # years shown; before 2002 there was no cuti bersama
form_page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """Show the calendar of a year. ?tahun=2027, by default this year."""
    if scope_of(request.user).empty:
        raise PermissionDenied
    today = local_day(timezone.now())
    asked = request.GET.get("tahun", "")
    wanted = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else today.year
    wanted = min(max(wanted, FIRST), LAST)
    lines = holiday_calendar.calendar_of_year(wanted)
    context = {
        "year": wanted,
        "lines": lines,
        "own": sum(line.override is not None for line in lines),
        "none_shared": not any(line.shared for line in lines),
        "missing": holiday_calendar.year_without_leave(today),
        "today": today,
    }
    return render(request, "plans/holidays.html", context)


@operator_required
@never_cache
@form_page
def add(request: HttpRequest) -> HttpResponse:
    """Add a day of the city. ?hari=2027-03-10 fills in the date."""
    new = HolidayOverride(entered_by_id=request.user.pk)
    form = HolidayForm(request.POST or None, instance=new, initial={"day": request.GET.get("hari", "")})
    return _page(request, form, {"title": _("Hari khusus baru")})


@operator_required
@never_cache
@form_page
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a day of the city."""
    row = get_object_or_404(HolidayOverride, pk=pk)
    return _page(request, HolidayForm(request.POST or None, instance=row), {"title": _("Ubah hari khusus"), "row": row})


@operator_required
@never_cache
@form_page
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview the removal of a day of the city, and remove it when a reason is given."""
    row, now = get_object_or_404(HolidayOverride, pk=pk), timezone.now()
    form, work = RemovalReasonForm(request.POST or None, label_suffix=""), changes.remove_work(row)
    if form.is_valid():
        changes.apply_work(work, request.user.pk or 0, form.cleaned_data["reason"], now)
        messages.success(request, _("Hari khusus dihapus."))
        return _redirect_to_year(row)
    context = {"form": form, "row": row, "effect": changes.preview_effect(work, now)}
    return render(request, "plans/holiday_remove.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, form: HolidayForm, more: dict[str, Any]) -> HttpResponse:
    context: dict[str, Any] = {"form": form, **more}
    if form.is_valid():
        now, work = timezone.now(), changes.save_work(form.instance)
        effect = changes.preview_effect(work, now)
        if effect.harmless or sealed(request):
            changes.apply_work(work, request.user.pk or 0, form.cleaned_data["reason"], now)
            messages.success(request, _("Hari khusus tersimpan."))
            return _redirect_to_year(form.instance)
        context |= {"effect": effect, "seal": seal(request)}
    return render(request, "plans/holiday_form.html", context, status=422 if form.errors else 200)


def _redirect_to_year(row: HolidayOverride) -> HttpResponse:
    response = redirect("holidays")
    response["Location"] += f"?tahun={row.day.year}"
    return response
