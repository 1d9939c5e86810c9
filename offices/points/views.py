"""The operator's pages that change street points. The list and the page of a point are in streams.setup.points."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offices.access.gate import operator_required, scope_of
from offices.hours.schedule import local_day
from offices.places.models import Place
from offices.points import changes
from offices.points.finding import point_in
from offices.points.forms import BasisForm, KnownPlaces, PointForm


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a point, and continue with its page."""
    return _edit(request, None)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change a point."""
    return _edit(request, point_in(scope_of(request.user), code))


def _edit(request: HttpRequest, place: Place | None) -> HttpResponse:
    form = PointForm(request.POST or None, known=KnownPlaces.load(), place=place)
    if request.method == "POST" and form.is_valid() and form.details:
        try:
            saved = changes.save_point(place, form.details)
        except IntegrityError:  # somebody else has added that code meanwhile
            form.add_error("code", _("Kode ini sudah dipakai titik lain."))
        else:
            messages.success(request, _("Titik tersimpan."))
            return redirect("point", saved.point_code)
    context = {"form": form, "place": place, "pin": ("latitude", "longitude", "direction")}
    return render(request, "points/edit.html", context, status=422 if form.errors else 200)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """Ask whether to delete the point, or list what still refers to it; a POST deletes it."""
    place = point_in(scope_of(request.user), code)
    if request.method == "POST":
        try:
            changes.delete_point(place)
        except changes.PointInUse as refused:
            messages.error(request, str(refused))
            return redirect("point", code)
        messages.success(request, _("Titik %(name)s dihapus.") % {"name": place.point_name})
        return redirect("points")
    return render(request, "points/delete.html", {"place": place, "hanging": changes.hanging_on(place)})


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_basis(request: HttpRequest, code: str) -> HttpResponse:
    """Add a row to the legal basis of a point, by default from today on and for the agency that runs it."""
    place = point_in(scope_of(request.user), code)
    if not hasattr(place, "point"):
        messages.error(request, _("Lengkapi dulu keperluan titik ini."))
        return redirect("point-change", code)
    latest = place.point.bases.first()
    initial = {
        "since": local_day(timezone.now()),
        "controller": latest.controller_id if latest else place.agency_id,
        "contact": latest.contact if latest else "",
    }
    form = BasisForm(request.POST or None, place=place, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Dasar hukum tersimpan."))
        return redirect("point", code)
    context = {"form": form, "place": place}
    return render(request, "points/basis.html", context, status=422 if form.errors else 200)
