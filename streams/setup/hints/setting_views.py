"""Where hints are wanted, how often they were right, and when they fall silent."""

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offices.access.gate import operator_required
from offices.places.models import Place
from streams.cameras.models import Camera
from streams.looks.streets.keeping import precision_since
from streams.looks.streets.models import HintKind, HintRule, HintSetting, StreetHint
from streams.looks.streets.precision_rule import Precision, is_muted
from streams.setup.hints.forms import HintRuleForm, HintSettingForm

NONE = Precision(0, 0)


@dataclass(frozen=True, slots=True)
class ListedSetting:
    """A camera at a point with its setting, if there is one."""

    camera: Camera
    setting: HintSetting | None = None
    precision: Precision = NONE
    muted: bool = False


def _listed(camera: Camera, setting: HintSetting | None, rule: HintRule) -> ListedSetting:
    if setting is None:
        return ListedSetting(camera)
    precision = precision_since(setting, rule)
    return ListedSetting(camera, setting, precision, is_muted(precision, rule.counted, rule.least_percent))


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """List the cameras of points with their precision; a POST changes when hints fall silent."""
    rule = HintRule.current()
    form = HintRuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Aturan tersimpan."))
        return redirect("hint-settings")
    stored = HintRule.current()
    present = {one.camera_id: one for one in HintSetting.objects.filter(kind=HintKind.CONGESTION)}
    cameras = Camera.objects.with_place().filter(place__kind=Place.Kind.POINT).order_by("place__point_code", "name")
    rows = [_listed(camera, present.get(camera.pk), stored) for camera in cameras]
    context = {"rows": rows, "form": form, "rule": stored}
    return render(request, "hints/settings.html", context, status=422 if form.errors else 200)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setting(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch the hints of a point's camera on or off and draw their place. Saving begins its precision anew."""
    camera = get_object_or_404(Camera.objects.with_place().filter(place__kind=Place.Kind.POINT), pk=pk)
    present = HintSetting.objects.filter(camera=camera, kind=HintKind.CONGESTION).select_related("by").first()
    initial = {"on": present.on, "polygon": present.polygon} if present else {}
    form = HintSettingForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        _save(camera, form, request)
        messages.success(request, _("Petunjuk menyala.") if form.cleaned_data["on"] else _("Petunjuk mati."))
        return redirect("hint-settings")
    context = {"camera": camera, "form": form, "row": _listed(camera, present, HintRule.current())}
    return render(request, "hints/setting.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _save(camera: Camera, form: HintSettingForm, request: HttpRequest) -> None:
    now = timezone.now()
    values = {"on": form.cleaned_data["on"], "polygon": form.cleaned_data["polygon"], "since": now, "by": request.user}
    HintSetting.objects.update_or_create(camera=camera, kind=HintKind.CONGESTION, defaults=values)
    if not form.cleaned_data["on"]:
        StreetHint.objects.filter(camera=camera, ended_at=None, started_at__lte=now).update(ended_at=now)
