"""The page of held recordings: list, hold, release. For operators and the inspectorate."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from offices.access.gate import Scope, scope_of
from streams.cameras.models import Camera
from streams.evidence.recording import holding, rights
from streams.evidence.recording.models import RecordingHold
from streams.evidence.recording.pages.forms import HoldForm

RECENT = 50  # released holds


@never_cache
@require_safe
def holds(request: HttpRequest) -> HttpResponse:
    """Show the holds; ?kamera= (id), ?dari= and ?sampai= (seconds since 1970) fill the form in."""
    return _page(request, _scope(request))


@require_POST
def add_hold(request: HttpRequest) -> HttpResponse:
    """Hold a span of a camera's recordings."""
    scope = _scope(request)
    form = HoldForm(rights.recorded_cameras(scope), request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, scope, 422, form)
    data = form.cleaned_data
    holding.hold(data["camera"], data["since"], data["until"], data["reason"], request.user.pk or 0)
    messages.success(request, _("Rekaman dikunci: tidak dihapus sampai kuncinya dilepas."))
    return redirect("recording-holds")


@require_POST
def release_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Release a hold, unless it is bound to a case file."""
    held = get_object_or_404(_visible(_scope(request)), pk=pk)
    if held.bound:
        messages.error(request, _("Kunci ini milik berkas pelanggaran dan dilepas bersama berkasnya."))
        return redirect("recording-holds")
    try:
        released = holding.release(held, request.POST.get("reason", ""), request.user.pk or 0, timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        if released:
            messages.success(request, _("Kunci dilepas. Masa simpan biasa berlaku lagi."))
        else:
            messages.warning(request, _("Kunci ini sudah dilepas sebelumnya."))
    return redirect("recording-holds")


def _scope(request: HttpRequest) -> Scope:
    scope = scope_of(request.user)
    if not rights.may_keep(scope):
        raise PermissionDenied
    return scope


def _visible(scope: Scope) -> QuerySet[RecordingHold]:
    """Return the holds on cameras that the user may hold, and for the inspectorate those on deleted ones, too."""
    known = Q(camera__in=rights.recorded_cameras(scope).values("pk"))
    if scope.inspects:
        known |= ~Q(camera__in=Camera.objects.values("pk"))
    return RecordingHold.objects.filter(known).select_related("by", "released_by")


def _page(request: HttpRequest, scope: Scope, status: int = 200, form: HoldForm | None = None) -> HttpResponse:
    cameras = rights.recorded_cameras(scope)
    rows = _visible(scope)
    active, released = list(rows.filter(released_at=None)), list(rows.exclude(released_at=None)[:RECENT])
    named = cameras.in_bulk({one.camera_id for one in [*active, *released]})
    context: dict[str, Any] = {
        "form": form or HoldForm(cameras, initial=asked_span(request), label_suffix=""),
        "active": [(one, named.get(one.camera_id)) for one in active],
        "released": [(one, named.get(one.camera_id)) for one in released],
    }
    return render(request, "recordings/holds.html", context, status=status)


def asked_span(request: HttpRequest) -> dict[str, object]:
    """Return the form's initial values from the address."""
    values: dict[str, object] = {"camera": request.GET.get("kamera")}
    for field, name in (("since", "dari"), ("until", "sampai")):
        text = request.GET.get(name, "")
        if text.isascii() and text.isdigit() and len(text) < 12:
            values[field] = timezone.localtime(datetime.fromtimestamp(int(text), UTC))
    return values
