"""Pages of calls: the form of one that says something, one key for others, and the list."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discipline.incidents.calls import taking
from discipline.incidents.calls.forms import CallForm
from discipline.incidents.calls.models import CallOutcome, CallVia, IncomingCall
from discipline.incidents.finding import Alike, alike
from discipline.incidents.models import Incident, IncidentSource
from discipline.incidents.opening import NewIncident
from offices.access.gate import operator_required, scope_of

A_PAGE = 40


@never_cache
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """List the calls, the newest first, and those of today in numbers. ?hal=."""
    scope, now = scope_of(request.user), timezone.now()
    if not scope.city:
        raise PermissionDenied
    found = IncomingCall.objects.filter(corrects=None).select_related("by", "incident", "corrected_by")
    context = {"page": Paginator(found, A_PAGE).get_page(request.GET.get("hal")), "today": taking.calls_today(now)}
    return render(request, "incidents/calls/calls.html", context)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Open the incident that a call is about.

    When open ones may be the same, the form comes back with them: same= (id) adds the call to one, new=1 opens another.
    """
    form = CallForm(request.POST or None)
    same: list[Alike] = []
    if request.method == "POST" and form.is_valid():
        now, via = timezone.now(), CallVia(form.cleaned_data["via"])
        new = _new(form, now)
        same = alike(new.kind, new.latitude, new.longitude, now)
        if chosen := next((one.incident for one in same if str(one.incident.pk) == request.POST.get("same")), None):
            taking.add_to_incident(via, new.description, chosen, request.user, now)
            return _opened(request, chosen, _("Telepon ditambahkan ke %(number)s."))
        if not same or request.POST.get("new") == "1":
            opened = taking.open_from_call(via, new, request.user, now)
            return _opened(request, opened, _("Kejadian %(number)s dibuka."))
    context = {"form": form, "same": same}
    return render(request, "incidents/calls/add.html", context, status=422 if form.errors or same else 200)


def _new(form: CallForm, now: Any) -> NewIncident:
    data = form.cleaned_data
    latitude, longitude = form.pin
    return NewIncident(
        kind=data["kind"],
        title=f"{data['kind'].name}, {data['address']}"[:120],
        latitude=latitude,
        longitude=longitude,
        happened_at=now,
        source=IncidentSource.CALL,
        description=data["text"],
        address=form.address_known,
    )


def _opened(request: HttpRequest, incident: Incident, words: str) -> HttpResponse:
    messages.success(request, words % {"number": incident.number})
    return redirect("city-incident", incident.pk)


@operator_required
@require_POST
def nothing(request: HttpRequest) -> HttpResponse:
    """Record a call that was a prank or silent: outcome=prank or silent."""
    wanted = request.POST.get("outcome", "")
    if wanted not in [one.value for one in taking.NOTHING]:
        raise Http404
    call = taking.record_nothing(CallOutcome(wanted), request.user, timezone.now())
    if request.headers.get("HX-Request"):
        return render(request, "incidents/calls/_recorded.html", {"call": call})
    messages.success(request, _("Panggilan dicatat: %(what)s.") % {"what": call.get_outcome_display()})
    return redirect("calls")


@operator_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a prank or silence that the user recorded by mistake."""
    call = get_object_or_404(IncomingCall, pk=pk)
    try:
        taking.withdraw(call, request.user, timezone.now())
    except taking.CallKept:
        messages.error(request, _("Catatan panggilan ini tidak dapat dibatalkan."))
    else:
        messages.success(request, _("Catatan panggilan dibatalkan."))
    return redirect("calls")
