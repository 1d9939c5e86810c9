"""Pages of procedures: all types, the versions of one, a new version; and ticking a line of an incident's."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discipline.incidents.finding import incident_in
from discipline.incidents.models import IncidentType
from discipline.incidents.procedures import changes
from discipline.incidents.procedures.changes import ProcedureRefused
from discipline.incidents.procedures.finding import may_write
from discipline.incidents.procedures.forms import ProcedureForm
from discipline.incidents.procedures.lines_rule import parts_of
from discipline.incidents.procedures.models import Procedure
from discipline.incidents.procedures.words import PROCEDURE_REFUSED
from offices.access.gate import city_required, operator_required, scope_of
from offices.hours.schedule import local_day


@city_required
@never_cache
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """List the types of incidents with the versions that are in force."""
    now = timezone.now()
    newest: dict[int, Procedure] = {}
    for one in Procedure.objects.filter(since__lte=now):
        newest.setdefault(one.kind_id, one)
    kinds = [(kind, newest.get(kind.pk)) for kind in IncidentType.objects.filter(active=True)]
    return render(request, "incidents/procedures/procedures.html", {"kinds": kinds})


@city_required
@never_cache
@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Show all versions for a type, the newest first."""
    now, kind = timezone.now(), get_object_or_404(IncidentType, code=code)
    versions = list(kind.procedures.select_related("by"))
    current = next((one for one in versions if one.since <= now), None)
    context = {
        "kind": kind,
        "versions": [(one, [parts_of(line) for line in one.lines]) for one in versions],
        "current": current,
        "may_write": may_write(request.user),
        "now": now,
    }
    return render(request, "incidents/procedures/procedure.html", context)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, code: str) -> HttpResponse:
    """Write a new version for a type, which begins with the newest."""
    kind, now = get_object_or_404(IncidentType, code=code), timezone.now()
    if not may_write(request.user):
        raise PermissionDenied
    newest = kind.procedures.first()
    initial = {"text": newest.text if newest else "", "day": local_day(now)}
    form = ProcedureForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            changes.write_version(kind, data["text"], data["day"], request.user, now)
        except ProcedureRefused as refused:
            field = "day" if str(refused) == ProcedureRefused.PAST else "text"
            form.add_error(field, str(PROCEDURE_REFUSED[str(refused)]))
        else:
            messages.success(request, _("Versi baru tersimpan."))
            return redirect("procedure", code)
    context = {"form": form, "kind": kind}
    return render(request, "incidents/procedures/write.html", context, status=422 if form.errors else 200)


@operator_required
@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick a line (line=, from 0) of an incident's procedure, and lead back to it."""
    found = incident_in(scope_of(request.user), pk)
    line = request.POST.get("line", "")
    number = int(line) if line.isascii() and line.isdigit() and len(line) < 4 else -1
    try:
        changes.tick(found, number, request.user, timezone.now())
    except ProcedureRefused as refused:
        messages.error(request, str(PROCEDURE_REFUSED[str(refused)]))
    return redirect(f"{reverse('city-incident', args=[pk])}#prosedur")
