"""The operator's pages of the agencies that run and propose street points."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offices.access.gate import operator_required
from offices.places.models import Agency
from offices.points.forms import AgencyForm


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agencies(request: HttpRequest) -> HttpResponse:
    """List the agencies with the number of their points; a POST adds one."""
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Instansi tersimpan."))
        return redirect("agencies")
    listed = Agency.objects.annotate(point_count=Count("points"))
    context = {"form": form, "agencies": listed}
    return render(request, "points/agencies.html", context, status=422 if form.errors else 200)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """Rename an agency."""
    found = get_object_or_404(Agency, code=code)
    form = AgencyForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Instansi tersimpan."))
        return redirect("agencies")
    context = {"form": form, "code": code}
    return render(request, "points/agency.html", context, status=422 if form.errors else 200)
