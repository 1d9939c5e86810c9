"""The operator's list of system incidents, also embedded in the page of cameras."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.staffing.incident_models import SystemIncident
from offices.access.gate import operator_required

SHOWN = 50  # rows


@operator_required
@never_cache
@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """List the newest incidents first, without pages: a city has a few a year. htmx requests get the table only.

    With ?kini= they get only what is going on.
    """
    part = request.headers.get("HX-Request") == "true"
    if part and request.GET.get("kini"):
        context = {"open": SystemIncident.objects.filter(ended_at=None)}
        return render(request, "staffing/incident_now.html", context)
    context = {"incidents": SystemIncident.objects.all()[:SHOWN]}
    return render(request, "staffing/incident_table.html" if part else "staffing/incidents.html", context)
