"""The list of hints, the picture of one, and the operator's decision on it."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from offices.access.gate import Scope, operator_required, scope_of, within_places
from offices.places.models import Place
from streams.evidence.http_range import whole_or_part
from streams.live import access_log
from streams.looks.streets.models import HintClip, StreetHint

A_PAGE = 20


def _hints(scope: Scope) -> QuerySet[StreetHint]:
    """Return the hints of points in scope. Raises PermissionDenied for users who see no points."""
    if not scope.sees_points:
        raise PermissionDenied
    seen = StreetHint.objects.filter(within_places(scope, "camera__place"), camera__place__kind=Place.Kind.POINT)
    return seen.select_related("camera__place__agency", "decided_by").defer("jpeg")


@never_cache
@require_safe
def hints(request: HttpRequest) -> HttpResponse:
    """List the hints of the points that the user may see, the newest first; ?hal= pages."""
    has_picture = ExpressionWrapper(Q(jpeg__isnull=False), output_field=BooleanField())
    has_clip = Exists(HintClip.objects.filter(hint=OuterRef("pk")))
    found = _hints(scope_of(request.user)).annotate(has_picture=has_picture, has_clip=has_clip)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("hal"))
    return render(request, "hints/hints.html", {"page": page})


@never_cache
@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the picture of a hint; 404 when it is out of scope or deleted."""
    hint = get_object_or_404(_hints(scope_of(request.user)), pk=pk)
    if not hint.jpeg:
        raise Http404
    access_log.log_picture(request.user, hint.camera, timezone.now())
    return HttpResponse(bytes(hint.jpeg), content_type="image/jpeg")


@never_cache
@require_safe
def clip(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the clip of a hint, or the part that is asked for; 404 when it is out of scope, deleted or was not kept."""
    hint = get_object_or_404(_hints(scope_of(request.user)), pk=pk)
    kept = get_object_or_404(HintClip, hint=hint)
    access_log.log_picture(request.user, hint.camera, timezone.now())
    tag = f'"{kept.began_at.timestamp():.3f}"'
    return whole_or_part(request, bytes(kept.mp4), tag, "video/mp4")


@operator_required
@never_cache
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Store that the hint was right (decision=yes) or not (no); "" undoes it. Another value is refused with 422."""
    hint = get_object_or_404(_hints(scope_of(request.user)), pk=pk)
    decision = request.POST.get("decision")
    if decision not in ("", *StreetHint.Decision.values):
        return HttpResponse(status=422)
    StreetHint.objects.filter(pk=hint.pk).update(
        decision=decision,
        decided_by=request.user if decision else None,
        decided_at=timezone.now() if decision else None,
        refusal="",
        refusal_text="",
    )
    back = request.POST.get("back", "")
    here = url_has_allowed_host_and_scheme(back, None) and back.startswith(reverse("hints"))
    return redirect(f"{back if here else reverse('hints')}#petunjuk-{hint.pk}")
