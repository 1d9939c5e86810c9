"""The checklist of a city's first days."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.ops.first_run.readiness import read_readiness_now
from discipline.ops.first_run.remembered import remember
from offices.access.gate import scope_of


@never_cache
@require_safe
def setup_checklist(request: HttpRequest) -> HttpResponse:
    """Show what is set up. For those who see the whole city; only an operator gets the links to what is missing."""
    if not scope_of(request.user).city:
        raise PermissionDenied
    readiness = read_readiness_now()
    remember(readiness)
    return render(request, "first_run/setup.html", {"readiness": readiness})
