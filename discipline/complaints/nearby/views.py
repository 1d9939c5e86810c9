"""Send the reports near what is being filled in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.complaints.finding import published_near
from discipline.complaints.nearby.forms import NearForm


@login_not_required
@never_cache
@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """Send a part of the page: open reports of ?kind= near ?office= or ?latitude= and ?longitude=, or nothing."""
    form = NearForm(request.GET)
    pin = form.pin() if form.is_valid() else None
    found = published_near(form.cleaned_data["kind"], *pin) if pin else []
    return render(request, "complaints/_near.html", {"near": found})
