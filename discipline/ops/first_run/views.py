"""The checklist of a city's first days, the cards of a role, and the words of the product."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.ops.first_run import tour as first_cards
from discipline.ops.first_run.readiness import read_readiness_now
from discipline.ops.first_run.remembered import remember
from discipline.ops.first_run.terms import TERMS
from offices.access.gate import city_required, scope_of


@city_required
@never_cache
@require_safe
def setup_checklist(request: HttpRequest) -> HttpResponse:
    """Show what is set up. For those who see the whole city; only an operator gets the links to what is missing."""
    readiness = read_readiness_now()
    remember(readiness)
    return render(request, "first_run/setup.html", {"readiness": readiness})


@never_cache
@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """Show the cards of the user's role, also once they were put away."""
    scope = scope_of(request.user)
    if scope.empty:
        raise PermissionDenied
    return render(request, "first_run/tour.html", {"cards": first_cards.cards_for(scope)})


@require_POST
def tour_done(request: HttpRequest) -> HttpResponse:
    """Put the cards away, and return to the board."""
    first_cards.put_away(request)
    return redirect("board")


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """Explain the words. For everybody who is signed in."""
    return render(request, "first_run/terms.html", {"groups": TERMS})
