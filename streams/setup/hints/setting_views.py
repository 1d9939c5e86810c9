"""Where hints are wanted, how often they were right, and when they fall silent."""

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
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
    """A kind of hint at a camera of a point, with its setting, if there is one."""

    camera: Camera
    kind: HintKind
    setting: HintSetting | None = None
    precision: Precision = NONE
    muted: bool = False


def _listed(camera: Camera, kind: HintKind, setting: HintSetting | None, rule: HintRule) -> ListedSetting:
    if setting is None:
        return ListedSetting(camera, kind)
    precision = precision_since(setting, rule)
    return ListedSetting(camera, kind, setting, precision, is_muted(precision, rule.counted, rule.least_percent))


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
    present = {(one.camera_id, one.kind): one for one in HintSetting.objects.all()}
    cameras = Camera.objects.with_place().filter(place__kind=Place.Kind.POINT).order_by("place__point_code", "name")
    rows = [_listed(one, kind, present.get((one.pk, kind)), stored) for one in cameras for kind in HintKind]
    context = {"rows": rows, "form": form, "rule": stored}
    return render(request, "hints/settings.html", context, status=422 if form.errors else 200)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setting(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Switch a kind of hints of a point's camera on or off and draw its place. Saving begins its precision anew."""
    if kind not in HintKind:
        raise Http404
    camera = get_object_or_404(Camera.objects.with_place().filter(place__kind=Place.Kind.POINT), pk=pk)
    present = HintSetting.objects.filter(camera=camera, kind=kind).select_related("by").first()
    initial = {"on": present.on, "polygon": present.polygon, "minutes": present.minutes} if present else {}
    form = HintSettingForm(request.POST if request.method == "POST" else None, initial=initial, kind=kind)
    if request.method == "POST" and form.is_valid():
        _save(camera, kind, form, request)
        messages.success(request, _("Petunjuk menyala.") if form.cleaned_data["on"] else _("Petunjuk mati."))
        return redirect("hint-settings")
    context = {"camera": camera, "form": form, "row": _listed(camera, HintKind(kind), present, HintRule.current())}
    return render(request, "hints/setting.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _save(camera: Camera, kind: str, form: HintSettingForm, request: HttpRequest) -> None:
    now = timezone.now()
    values = form.cleaned_data | {"since": now, "by": request.user}  # its fields are named as the columns
    HintSetting.objects.update_or_create(camera=camera, kind=kind, defaults=values)
    if not form.cleaned_data["on"]:
        StreetHint.objects.filter(camera=camera, kind=kind, ended_at=None, started_at__lte=now).update(ended_at=now)
