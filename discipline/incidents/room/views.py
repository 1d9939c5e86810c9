"""Pages of the room: who may enter, who is in it, past visits and their corrections, and for how long they are kept."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discipline.incidents.dated_retention.views import retention_page
from discipline.incidents.room import changes, finding, paper
from discipline.incidents.room.changes import VisitDetails
from discipline.incidents.room.door_rule import RoomRefused
from discipline.incidents.room.forms import RoomPassForm, VisitCorrectionForm
from discipline.incidents.room.models import LONGEST_PURPOSE, RoomPass, RoomRetention, RoomVisit
from discipline.incidents.words import ROOM_REFUSED
from offices.access.file_log import log_file
from offices.access.gate import city_required, operator_required, scope_of
from offices.access.models import FileAccess
from offices.hours.schedule import local_day

A_PAGE = 40
LONGEST_SEARCH = 100
PRINTED = timedelta(days=7)  # visits on paper


@city_required
@never_cache
@require_safe
def room(request: HttpRequest) -> HttpResponse:
    """Show who is in the room, who may enter today, and a form for who comes in."""
    return _room(request)


@operator_required
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Let somebody in: pass (id), purpose."""
    number = request.POST.get("pass", "")
    room_pass = get_object_or_404(RoomPass, pk=number if number.isdecimal() and len(number) < 19 else 0)
    purpose = request.POST.get("purpose", "")
    try:
        changes.let_in(room_pass, purpose, request.user, timezone.now())
    except RoomRefused as refused:
        messages.error(request, str(ROOM_REFUSED[str(refused)]))
        return _room(request, {"chosen": room_pass.pk, "purpose": purpose}, 422)
    messages.success(request, _("%(name)s dicatat masuk.") % {"name": room_pass.name})
    return redirect("room")


@operator_required
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the person of a visit leaves."""
    found = get_object_or_404(RoomVisit.objects.select_related("room_pass"), pk=pk)
    return _after(request, lambda: changes.let_out(found, request.user, timezone.now()))


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_pass(request: HttpRequest) -> HttpResponse:
    """Show the form of a new name on the list; a POST adds it."""
    now = timezone.now()
    blank = RoomPass(by_id=request.user.pk or 0, at=now, first=local_day(now), last=local_day(now))
    form = RoomPassForm(request.POST or None, instance=blank, label_suffix="")
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("%(name)s ada di daftar.") % {"name": form.instance.name})
        return redirect("room")
    return render(request, "incidents/room/pass.html", {"form": form}, status=422 if form.errors else 200)


@operator_required
@require_POST
def end_pass(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody off the list."""
    found = get_object_or_404(RoomPass, pk=pk)
    return _after(request, lambda: changes.end_pass(found, request.user, timezone.now()))


@city_required
@never_cache
@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """List the visits, the newest first. ?cari= words, ?hal=."""
    words = request.GET.get("cari", "").strip()[:LONGEST_SEARCH]
    page = Paginator(finding.visits(words), A_PAGE).get_page(request.GET.get("hal"))
    context = {"page": page, "words": words, "kept": urlencode({"cari": words}) if words else ""}
    return render(request, "incidents/room/visits.html", context)


@city_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a visit with its corrections; operators correct it."""
    found = get_object_or_404(RoomVisit.objects.select_related("room_pass", "let_in_by", "by"), pk=pk)
    operates = scope_of(request.user).operates
    if request.method == "POST" and not operates:
        raise PermissionDenied
    initial = {"came_at": found.came_at, "left_at": found.left_at, "purpose": found.purpose}
    form = VisitCorrectionForm(request.POST or None, initial=initial, label_suffix="")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        came_at, left_at = (_as_entered(data[name], getattr(found, name)) for name in ("came_at", "left_at"))
        details = VisitDetails(came_at or found.came_at, left_at, data["purpose"])
        try:
            new = changes.correct(found, details, data["note"], request.user, timezone.now())
        except RoomRefused as refused:
            form.add_error(None, str(ROOM_REFUSED[str(refused)]))
        else:
            messages.success(request, _("Koreksi dicatat. Catatan yang lama tetap ada."))
            return redirect("room-visit", new.pk)
    newer = RoomVisit.objects.filter(corrects=found.pk).first()
    context = {"visit": found, "history": finding.history(found), "newer": newer, "form": form}
    return render(request, "incidents/room/visit.html", context, status=422 if form.errors else 200)


@city_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """Show for how long visits are kept; operators add a rule."""
    return retention_page(request, RoomRetention, "incidents/room/retention.html")


@city_required
@never_cache
@require_safe
def list_file(request: HttpRequest) -> HttpResponse:
    """Send the list and the last week's visits as PDF, and log that."""
    now = timezone.now()
    since = local_day(now - PRINTED)
    data = paper.pdf(list(finding.valid_passes(local_day(now))), list(finding.visits_since(now - PRINTED)), since, now)
    name = f"ruang-kendali-{local_day(now):%Y-%m-%d}.pdf"
    log_file(request.user, FileAccess.Kind.REPORT, "room", name)
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


def _room(request: HttpRequest, entered: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    today = local_day(timezone.now())
    context = {
        "inside": finding.inside(),
        "passes": finding.valid_passes(today),
        "coming": finding.coming_passes(today),
        "longest_purpose": LONGEST_PURPOSE,
    }
    return render(request, "incidents/room/room.html", context | (entered or {}), status=status)


def _as_entered(entered: datetime | None, stored: datetime | None) -> datetime | None:
    """Return what is stored if the minute was not changed: the form does not show the seconds."""
    same = entered and stored and entered == stored.replace(second=0, microsecond=0)
    return stored if same else entered


def _after(request: HttpRequest, change: Callable[[], object]) -> HttpResponse:
    try:
        change()
    except RoomRefused as refused:
        messages.error(request, str(ROOM_REFUSED[str(refused)]))
    return redirect("room")
