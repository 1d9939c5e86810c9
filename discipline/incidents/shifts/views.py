"""Pages of shifts: who is on duty, handing over, past handovers, and the log book."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discipline.incidents.shifts import changes, sheet
from discipline.incidents.shifts.duty import Duty, by_agency, duty_now, handovers, log_entries
from discipline.incidents.shifts.models import LONGEST_TEXT, Handover
from discipline.incidents.shifts.sheet_rule import from_json
from discipline.incidents.shifts.shift_rule import LONGEST, ShiftRefused
from discipline.incidents.words import SHIFT_REFUSED
from offices.access.gate import User, city_required, operator_required, scope_of
from offices.places.models import Agency

A_PAGE = 40
NEWEST = 5  # entries of the log book on the page of who is on duty
LONGEST_SEARCH = 100


@city_required
@never_cache
@require_safe
def duty(request: HttpRequest) -> HttpResponse:
    """Show who is on duty, the handovers that wait for a signature, and the newest entries of the log book."""
    now = timezone.now()
    found = duty_now(now)
    context = {
        "duty": found,
        "mine": found.member(request.user.pk),
        "is_chief": bool(found.shift and found.shift.chief_id == request.user.pk),
        "may_end": _may_end(found, request.user),
        "agencies": Agency.objects.all(),
        "entries": log_entries("")[:NEWEST],
        "longest_text": LONGEST_TEXT,
    }
    return render(request, "incidents/shifts/duty.html", context)


@operator_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a shift: squad, agency (code, or nothing)."""
    agency = _agency(request)
    squad = request.POST.get("squad", "")
    return _after(request, lambda: changes.begin(squad, agency, request.user, timezone.now()))


@operator_required
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Put the user on duty, for an agency (code) or none."""
    agency = _agency(request)
    return _after(request, lambda: changes.join(agency, request.user, timezone.now()))


@operator_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the user's duty."""
    return _after(request, lambda: changes.leave(request.user, timezone.now()))


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """Show the sheet as it is now; a POST with a note ends the shift with it."""
    note, now = request.POST.get("note", ""), timezone.now()
    problem = ""
    if request.method == "POST":
        try:
            made = changes.hand_over(note, request.user, now)
        except ShiftRefused as refused:
            problem = str(refused)
        else:
            messages.success(request, _("Giliran diserahkan. Kepala giliran berikutnya menandatanganinya."))
            return redirect("handover", made.pk)
    found = duty_now(now)
    if not _may_end(found, request.user):
        problem = problem or (ShiftRefused.NOT_CHIEF if found.shift else ShiftRefused.NONE)
        messages.error(request, str(SHIFT_REFUSED[problem]))
        return redirect("duty")
    if problem:
        messages.error(request, str(SHIFT_REFUSED[problem]))
    context = {
        "duty": found,
        "parts": sheet.build(now),
        "entries": found.shift.entries.select_related("by").order_by("at", "pk") if found.shift else [],
        "longest_text": LONGEST_TEXT,
        "note": note,
    }
    return render(request, "incidents/shifts/hand_over.html", context, status=422 if problem else 200)


@city_required
@never_cache
@require_safe
def past(request: HttpRequest) -> HttpResponse:
    """List the handovers, the newest first. ?hal=."""
    page = Paginator(handovers(), A_PAGE).get_page(request.GET.get("hal"))
    return render(request, "incidents/shifts/handovers.html", {"page": page})


@city_required
@never_cache
@require_safe
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a handover with its sheet, the entries of its shift in the log book, and who signed."""
    found = get_object_or_404(
        Handover.objects.select_related("shift__chief", "by", "signature__signed_by", "notice"), pk=pk
    )
    context: dict[str, Any] = {
        "handover": found,
        "signature": getattr(found, "signature", None),
        "notice": getattr(found, "notice", None),
        "parts": from_json(found.snapshot),
        "by_agency": by_agency(found.shift.members.select_related("user", "agency")),
        "entries": found.shift.entries.select_related("by").order_by("at", "pk"),
    }
    return render(request, "incidents/shifts/handover.html", context)


@operator_required
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a handover as the next chief."""
    found = get_object_or_404(Handover, pk=pk)
    try:
        changes.sign(found, request.user, timezone.now())
    except ShiftRefused as refused:
        messages.error(request, str(SHIFT_REFUSED[str(refused)]))
    else:
        messages.success(request, _("Serah terima ditandatangani."))
    return redirect("handover", pk)


@city_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_book(request: HttpRequest) -> HttpResponse:
    """Show the log book, the newest entry first; operators write into it. ?cari= words, ?hal=."""
    text, refused = request.POST.get("text", ""), False
    if request.method == "POST":
        if not scope_of(request.user).operates:
            raise PermissionDenied
        try:
            changes.write(text, request.user, timezone.now())
        except ShiftRefused as why:
            messages.error(request, str(SHIFT_REFUSED[str(why)]))
            refused = True
        else:
            return redirect("log-book")
    words = request.GET.get("cari", "").strip()[:LONGEST_SEARCH]
    page = Paginator(log_entries(words), A_PAGE).get_page(request.GET.get("hal"))
    context = {
        "page": page,
        "words": words,
        "kept": urlencode({"cari": words}) if words else "",
        "text": text,
        "longest_text": LONGEST_TEXT,
    }
    return render(request, "incidents/shifts/log_book.html", context, status=422 if refused else 200)


def _may_end(found: Duty, user: User) -> bool:
    if not found.shift:
        return False
    long = timezone.now() - found.shift.started_at >= LONGEST
    return found.shift.chief_id == user.pk or (long and found.member(user.pk) is not None)


def _agency(request: HttpRequest) -> Agency | None:
    code = request.POST.get("agency", "")
    if not code:
        return None
    found = Agency.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _after(request: HttpRequest, change: Callable[[], object]) -> HttpResponse:
    try:
        change()
    except ShiftRefused as refused:
        messages.error(request, str(SHIFT_REFUSED[str(refused)]))
    return redirect("duty")
