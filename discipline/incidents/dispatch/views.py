"""Pages of operators about who is asked about what: the types of incidents and the agencies."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from discipline.incidents.dispatch import changes
from discipline.incidents.dispatch.changes import Outcome
from discipline.incidents.dispatch.forms import AgencyDispatchForm, KindForm, NewKindForm
from discipline.incidents.dispatch.limit_views import limit_table
from discipline.incidents.dispatch.models import DispatchChange
from discipline.incidents.dispatch.wanted import AgencyWanted, KindWanted
from discipline.incidents.models import IncidentType, Priority
from offices.access.gate import operator_required
from offices.access.models import Membership
from offices.hours.schedule import local_day
from offices.places.models import Agency

BEGIN_WITH = {"priority": Priority.MEDIUM, "radius_m": 250, "window_min": 240, "active": True}  # a new type


@operator_required
@never_cache
@require_safe
def dispatch(request: HttpRequest) -> HttpResponse:
    """List the types, the agencies and the time limits in force."""
    agencies = Agency.objects.select_related("duty").prefetch_related("areas__kecamatan", "areas__kelurahan")
    context = {
        "kinds": IncidentType.objects.prefetch_related("agencies"),
        "agencies": agencies,
        "priorities": Priority.choices,
        "limits": limit_table(local_day(timezone.now())),
    }
    return render(request, "incidents/dispatch/dispatch.html", context)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_kind(request: HttpRequest) -> HttpResponse:
    """Add a type of incident: first show what it would be, then store it."""
    form = NewKindForm(request.POST or None, initial=BEGIN_WITH)
    outcome = None
    if request.method == "POST" and form.is_valid():
        code, now = form.cleaned_data["code"], timezone.now()
        outcome = changes.add_kind(code, form.wanted(), _shown(request), request.user, now)
        if outcome.saved:
            return _saved(request)
    return _form_page(request, "kind", {"form": form, "outcome": outcome})


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kind(request: HttpRequest, code: str) -> HttpResponse:
    """Change a type of incident: first show what would change, then store it."""
    found = get_object_or_404(IncidentType, code=code)
    stored = KindWanted.stored(found)
    initial = {name: getattr(stored, name) for name in KindWanted.__dataclass_fields__}
    form = KindForm(request.POST or None, kind=found, initial=initial | {"agencies": list(stored.agencies)})
    outcome = None
    if request.method == "POST" and form.is_valid():
        outcome = changes.change_kind(found, form.wanted(), _shown(request), request.user, timezone.now())
        if outcome.saved:
            return _saved(request)
    context = {
        "form": form,
        "outcome": outcome,
        "kind": found,
        "priorities": Priority.choices,
        "history": _history(f"type:{code}"),
    }
    return _form_page(request, "kind", context)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """Change an agency's duty telephone, types and areas: first show what would change, then store it."""
    found = get_object_or_404(Agency, code=code)
    stored = AgencyWanted.stored(found)
    initial = {"phone": stored.phone, "kinds": list(stored.kinds), "areas": [one.code for one in stored.areas]}
    form = AgencyDispatchForm(request.POST or None, initial=initial)
    outcome = None
    if request.method == "POST" and form.is_valid():
        outcome = changes.change_agency(found, form.wanted(), _shown(request), request.user, timezone.now())
        if outcome.saved:
            return _saved(request)
    members = Membership.objects.filter(agency=found, user__is_active=True).select_related("user").order_by("user")
    context = {
        "form": form,
        "outcome": outcome,
        "agency": found,
        "members": members,
        "history": _history(f"agency:{code}"),
    }
    return _form_page(request, "agency", context)


def _form_page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    outcome: Outcome | None = context["outcome"]
    waits = outcome is not None and bool(outcome.lines)
    status = 422 if context["form"].errors else 200
    return render(request, f"incidents/dispatch/{name}.html", context | {"waits": waits}, status=status)


def _history(about: str) -> Any:
    return DispatchChange.objects.filter(about=about).select_related("by")[:50]


def _shown(request: HttpRequest) -> str:
    return request.POST.get("shown", "").replace("\r\n", "\n")


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Perubahan tersimpan."))
    return redirect("dispatch")
