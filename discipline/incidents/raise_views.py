"""A supervisor raises an indication of an office to the room, as an incident."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discipline.alerts.models import Alert
from discipline.incidents.forms import RaiseForm
from discipline.incidents.models import Incident, IncidentType
from discipline.incidents.opening import NewIncident, open_incident
from discipline.incidents.starting import Start, indication_in, start_at_indication
from offices.access.gate import User, scope_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def raise_indication(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an incident about an indication, which then waits for the room; show its state if there is one already.

    For the mayor and whoever decides about the office. Operators are led to their own form.
    """
    scope = scope_of(request.user)
    alert = indication_in(scope, pk)
    if scope.operates:
        return redirect(f"{reverse('city-incident-add')}?indikasi={pk}")
    if not scope.mayor and not scope.grants(alert.counter.office):
        raise PermissionDenied
    start, form = start_at_indication(alert), RaiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = start.known or _open(alert, start, form.cleaned_data["text"], request.user)
        messages.success(request, _("Kejadian %(number)s menunggu ruang kendali.") % {"number": opened.number})
        return redirect("indication-raise", pk)
    context = {"alert": alert, "known": start.known, "form": form}
    return render(request, "incidents/raise.html", context, status=422 if form.errors else 200)


def _open(alert: Alert, start: Start, text: str, by: User) -> Incident:
    assert start.pin
    assert start.source
    new = NewIncident(
        kind=IncidentType.objects.get(code=start.initial["kind"]),
        title=start.initial["title"],
        latitude=start.pin[0],
        longitude=start.pin[1],
        happened_at=alert.since,
        source=start.source,
        description=text,
        place=start.place,
        source_key=start.source_key,
    )
    return open_incident(new, by, timezone.now(), acknowledged=False)
