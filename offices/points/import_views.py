"""Pages for the file of street points: upload, a dry run, confirmation; an example, and the export."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from offices.access.gate import operator_required, scope_of
from offices.access.log_csv import BOM, csv_file
from offices.city.sheets import SheetCells, read_rows
from offices.hours.schedule import local_day
from offices.points import import_forms, sheet
from offices.points.finding import points_in
from offices.points.import_forms import PointFileForm, PointPlan

KEY = "point_import"  # in the session: the text of the file that was checked


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Show the upload form; on POST show what the file would change."""
    if request.method != "POST":
        return _page(request, PointFileForm())
    form = PointFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    plan = _check(request, form.cleaned_data["file"])
    if plan.does_something:
        request.session[KEY] = form.text
    return _page(request, PointFileForm(), plan)


@operator_required
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Write the checked file. It is checked again, as points may have changed meanwhile: then nothing is written."""
    text = request.session.pop(KEY, "")
    if not text:
        messages.error(request, _("Berkas tadi sudah tidak tersimpan. Unggah lagi."))
        return redirect("point-import")
    plan = _check(request, read_rows(text, sheet.POINTS))
    if plan.bad:
        return _page(request, PointFileForm(), plan, status=422)
    try:
        count = import_forms.write_plan(plan)
    except IntegrityError:
        messages.error(request, _("Data berubah saat disimpan. Tidak ada yang tersimpan; unggah lagi."))
        return redirect("point-import")
    messages.success(request, ngettext("%(n)d titik disimpan.", "%(n)d titik disimpan.", count) % {"n": count})
    return redirect("points")


@operator_required
@require_safe
def template(_request: HttpRequest) -> HttpResponse:
    """Send an example file."""
    return csv_file(BOM + sheet.example(), "titik-contoh.csv")


@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Send the points that the user may see, with the columns that the import reads."""
    scope = scope_of(request.user)
    if not scope.sees_points:
        raise PermissionDenied
    today = local_day(timezone.now())
    return csv_file(BOM + sheet.write(points_in(scope), today), f"titik-{today:%Y%m%d}.csv")


def _check(request: HttpRequest, rows: list[SheetCells]) -> PointPlan:
    stored = {place.point_code: place for place in points_in(scope_of(request.user))}
    return import_forms.check_rows(rows, stored)


def _page(request: HttpRequest, form: PointFileForm, plan: PointPlan | None = None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "plan": plan, "columns": sheet.COLUMNS, "required": sheet.REQUIRED}
    if plan:
        context["bad"] = [(row.line, row.text("kode"), row.text("nama"), problems) for row, problems in plan.bad]
    return render(request, "points/import.html", context, status=status)
