"""The operators' page of the time limits of one priority, for one type or for all without their own."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discipline.incidents.dispatch import changes
from discipline.incidents.dispatch.changes import DispatchRefused
from discipline.incidents.dispatch.forms import ALL_KINDS, LimitForm
from discipline.incidents.dispatch.wanted import LimitWanted
from discipline.incidents.dispatch.wording import span
from discipline.incidents.models import IncidentType, Priority
from discipline.incidents.tasks.deadline_rule import ResponseMinutes
from discipline.incidents.tasks.models import ResponseTime
from offices.access.gate import operator_required
from offices.hours.schedule import local_day


@dataclass(frozen=True, slots=True)
class LimitLine:
    """Time limits in words, of a type or of all without their own (kind None)."""

    kind: IncidentType | None
    code: str
    priority: Priority
    acknowledge: str
    arrive: str
    finish: str

    @classmethod
    def of(cls, kind: IncidentType | None, priority: int, minutes: ResponseMinutes) -> "LimitLine":
        """Return the line."""
        words = (span(minutes.acknowledge), span(minutes.arrive), span(minutes.finish))
        return cls(kind, kind.code if kind else ALL_KINDS, Priority(priority), *words)


def limit_table(day: date) -> list[LimitLine]:
    """Return the limits in force on a local day: of each priority for all types, then those of single types."""
    lines = [LimitLine.of(None, one, ResponseTime.minutes_for(None, one, day)) for one in Priority.values]
    own: dict[tuple[int, int], ResponseTime] = {}
    for row in ResponseTime.objects.filter(kind__isnull=False, since__lte=day).select_related("kind"):
        assert row.kind_id is not None
        own.setdefault((row.priority, row.kind_id), row)
    return lines + [LimitLine.of(row.kind, row.priority, row.minutes) for row in own.values()]


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: HttpRequest, code: str, priority: int) -> HttpResponse:
    """Show the limits with all their rows, and add one: first show what it would change, then store it."""
    kind = None if code == ALL_KINDS else get_object_or_404(IncidentType, code=code)
    if priority not in Priority.values:
        raise Http404
    now = timezone.now()
    today = local_day(now)
    current = ResponseTime.minutes_for(kind, priority, today)
    initial = {"acknowledge": current.acknowledge, "arrive": current.arrive, "finish": current.finish, "since": today}
    form, outcome = LimitForm(request.POST or None, initial=initial), None
    if request.method == "POST" and form.is_valid():
        wanted = LimitWanted(kind, priority, form.cleaned_data["since"], form.minutes())
        shown = request.POST.get("shown", "").replace("\r\n", "\n")
        try:
            outcome = changes.write_limit(wanted, shown, request.user, now)
        except DispatchRefused:
            form.add_error("since", _("Batas waktu baru tidak dapat berlaku sejak hari yang sudah lewat."))
        if outcome and outcome.saved:
            messages.success(request, _("Batas waktu tersimpan."))
            return redirect("dispatch-limit", code, priority)
    rows = list(ResponseTime.objects.filter(kind=kind, priority=priority).select_related("by"))
    context = {
        "form": form,
        "outcome": outcome,
        "waits": outcome is not None and bool(outcome.lines),
        "kind": kind,
        "priority": Priority(priority),
        "line": LimitLine.of(kind, priority, current),
        "rows": [(row, LimitLine.of(kind, priority, row.minutes)) for row in rows],
        "in_force": next((row for row in rows if row.since <= today), None),
        "today": today,
    }
    return render(request, "incidents/dispatch/limit.html", context, status=422 if form.errors else 200)
