"""Pages for importing many cameras: upload, a dry run that lists the bad rows, confirmation."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from offices.access.gate import operator_required
from offices.access.log_csv import BOM, csv_file
from offices.city.sheets import read_rows
from streams import secrets
from streams.setup import bulk_import
from streams.setup.forms import ImportForm

KEY = "camera_import"  # in the session, which is in the database, so the text with passwords is encrypted


@operator_required
def upload(request: HttpRequest) -> HttpResponse:
    """Show the upload form; on POST show what the file would import."""
    if request.method != "POST":
        return _page(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    plan = bulk_import.check_rows(bulk_import.camera_rows(form.cleaned_data["file"]))
    request.session[KEY] = secrets.seal(form.text)
    return _page(request, ImportForm(), plan)


@operator_required
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Import the uploaded file. It is checked again, as another operator may have added some cameras meanwhile."""
    text = secrets.unseal(request.session.pop(KEY, ""))
    if text is None:
        messages.error(request, _("Berkas tadi sudah tidak tersimpan. Unggah lagi."))
        return redirect("camera-import")
    plan = bulk_import.check_rows(bulk_import.camera_rows(read_rows(text, bulk_import.CAMERAS)))
    try:
        count = bulk_import.create_cameras(plan)
    except IntegrityError:
        messages.error(request, _("Data berubah saat disimpan. Tidak ada yang tersimpan; unggah lagi."))
        return redirect("camera-import")
    message = ngettext("%(n)d kamera ditambahkan.", "%(n)d kamera ditambahkan.", count) % {"n": count}
    if plan.bad:
        message += " " + ngettext(
            "%(n)d baris dilewati: %(lines)s.", "%(n)d baris dilewati: %(lines)s.", len(plan.bad)
        ) % {"n": len(plan.bad), "lines": ", ".join(str(row.line) for row, _problems in plan.bad[:30])}
    messages.success(request, message)
    return redirect("cameras")


@operator_required
@require_safe
def template(_request: HttpRequest) -> HttpResponse:
    """Send an example file."""
    return csv_file(BOM + bulk_import.TEMPLATE, "kamera-contoh.csv")


def _page(
    request: HttpRequest, form: ImportForm, plan: bulk_import.ImportPlan | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "plan": plan, "columns": bulk_import.COLUMNS}
    if plan:
        context |= {"good": len(plan.good), "bad": len(plan.bad)}
    return render(request, "setup/camera_import.html", context, status=status)
