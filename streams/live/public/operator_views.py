"""The operator's pages of what the public sees: open a point, set it, close it with a reason, open it again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from offices.access.gate import operator_required
from offices.places.models import Place
from streams.live.public import closures, plan, seats, seen
from streams.live.public.models import PublicChange, PublicClosure, PublicPoint
from streams.live.public.operator_forms import PublicClosureForm, PublicLimitsForm, PublicPointForm
from streams.source import newest_picture

LINES = 30  # of the log
PLAYED = "h264"  # by every browser; the only one that is written
OPERATOR = PublicClosure.Cause.OPERATOR


@operator_required
@never_cache
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """List all points with what the public sees of them."""
    return _list(request, PublicLimitsForm(instance=closures.limits()))


def _list(request: HttpRequest, form: PublicLimitsForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    places = Place.objects.filter(kind=Place.Kind.POINT).select_related("agency", "public_point__camera")
    rows = [
        (place, public, seen.public_state(public, now) if public and public.shown else None)
        for place in places.order_by("point_name")
        for public in [getattr(place, "public_point", None)]
    ]
    context = {"rows": rows, "form": form, "viewers": sum(seats.count_seats(now.timestamp()).values())}
    return render(request, "public/operator.html", context, status=status)


@operator_required
@require_POST
def limits(request: HttpRequest) -> HttpResponse:
    """Set the city's limits."""
    form = PublicLimitsForm(request.POST, instance=closures.limits())
    if not form.is_valid():
        return _list(request, form, status=422)
    closures.save_limits(form.instance, timezone.now(), request.user)
    messages.success(request, _("Batas penonton tersimpan."))
    return redirect("public-control")


@operator_required
@never_cache
@require_safe
def point(request: HttpRequest, code: str) -> HttpResponse:
    """Show one point's settings, closures and log."""
    place = _place(code)
    return _page(request, place, PublicPointForm(instance=_public(place), place=place), PublicClosureForm())


def _page(
    request: HttpRequest, place: Place, form: PublicPointForm, closing: PublicClosureForm, status: int = 200
) -> HttpResponse:
    public, now = PublicPoint.objects.select_related("place", "camera").filter(place=place).first(), timezone.now()
    context = {
        "place": place,
        "public": public,
        "shown": seen.public_state(public, now) if public and public.shown else None,
        "closures": plan.open_closures(now).filter(point=public).select_related("by") if public else (),
        "form": form,
        "closing": closing,
        "unplayable": _unplayable_codec(public),
        "lines": PublicChange.objects.filter(place=place).select_related("by")[:LINES],
    }
    return render(request, "public/operator_point.html", context, status=status)


def _unplayable_codec(public: PublicPoint | None) -> str:
    """Return what the point's camera sends, if it has live video and the public can't play that; otherwise ""."""
    if public is None or not public.live or public.camera_id not in (health := newest_picture.read_health()):
        return ""
    codec = health[public.camera_id].get("codec", "")
    return "" if codec in ("", PLAYED) else {"hevc": "H.265"}.get(codec, codec)


@operator_required
@require_POST
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Set what the public sees of a point."""
    place = _place(code)
    form = PublicPointForm(request.POST, instance=_public(place), place=place)
    if not form.is_valid():
        return _page(request, place, form, PublicClosureForm(), status=422)
    closures.save_point(form.instance, timezone.now(), request.user)
    seen.forget_views()
    messages.success(request, _("Tersimpan."))
    return redirect("public-control-point", code)


@operator_required
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close a point to the public."""
    place = _place(code)
    public = get_object_or_404(PublicPoint.objects.select_related("place"), place=place)
    form = PublicClosureForm(request.POST)
    if form.is_valid():
        reason, until = form.cleaned_data["reason"], form.cleaned_data["until"]
        try:
            closures.close_point(public, OPERATOR, reason, timezone.now(), request.user, until)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            seen.forget_views()
            messages.success(request, _("Titik ini tertutup untuk publik."))
            return redirect("public-control-point", code)
    return _page(request, place, PublicPointForm(instance=public, place=place), form, status=422)


@operator_required
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """End the operator's closure of a point."""
    public = get_object_or_404(PublicPoint.objects.select_related("place"), place=_place(code))
    if closures.reopen(public, OPERATOR, timezone.now(), request.user):
        seen.forget_views()
        messages.success(request, _("Titik ini terbuka lagi untuk publik."))
    else:
        messages.info(request, _("Tidak ada penutupan oleh operator."))
    return redirect("public-control-point", code)


def _place(code: str) -> Place:
    return get_object_or_404(Place.objects.select_related("agency"), kind=Place.Kind.POINT, point_code=code)


def _public(place: Place) -> PublicPoint:
    return PublicPoint.objects.filter(place=place).first() or PublicPoint(place=place)
