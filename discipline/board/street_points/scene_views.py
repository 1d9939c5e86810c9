"""The operators' pages of wall scenes: list, add, change, move and remove."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discipline.board import wall
from discipline.board.street_points.models import WallScene
from discipline.board.street_points.scene_forms import CODES, SceneForm
from offices.access.gate import operator_required
from offices.points.models import Purpose

MOVES = {"up": -1, "down": 1}


@operator_required
@never_cache
@require_safe
def scenes(request: HttpRequest) -> HttpResponse:
    """List the scenes in their order, with links to what they show."""
    return render(request, "board/scenes.html", {"scenes": WallScene.objects.all(), "purposes": dict(Purpose.choices)})


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a scene."""
    return _edited(request, None)


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change a scene's name and contents."""
    return _edited(request, get_object_or_404(WallScene, code=code))


def _edited(request: HttpRequest, scene: WallScene | None) -> HttpResponse:
    form = SceneForm(request.POST if request.method == "POST" else None, user=request.user, scene=scene)
    if request.method == "POST" and form.is_valid():
        stored = form.save()
        messages.success(request, _("Adegan %(name)s tersimpan.") % {"name": stored.name})
        return redirect("wall-scenes")
    chosen = wall.WallChoice(offices=tuple(form.chosen("offices")), kecamatan=tuple(form.chosen("kecamatan")))
    context: dict[str, Any] = {name: form.chosen(name) for name in CODES}
    context |= {"form": form, "scene": scene, "sections": wall.sections(request.user, chosen)}
    return render(request, "board/scene.html", context, status=422 if form.errors else 200)


@operator_required
@never_cache
@require_POST
@transaction.atomic
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Move a scene one place up or down (to=). One that is gone, or at the end, stays as it is; 422 for another to."""
    by = MOVES.get(request.POST.get("to", ""))
    if by is None:
        return HttpResponse(status=422)
    rows = list(WallScene.objects.select_for_update())
    at = next((place for place, one in enumerate(rows) if one.code == code), None)
    if at is not None and 0 <= at + by < len(rows):
        rows[at], rows[at + by] = rows[at + by], rows[at]
        for position, row in enumerate(rows, start=1):
            row.position = position
        WallScene.objects.bulk_update(rows, ["position"])
    return redirect("wall-scenes")


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """Ask whether to remove the scene; a POST removes it."""
    scene = get_object_or_404(WallScene, code=code)
    if request.method == "POST":
        scene.delete()
        messages.success(request, _("Adegan %(name)s dihapus.") % {"name": scene.name})
        return redirect("wall-scenes")
    return render(request, "board/scene_remove.html", {"scene": scene})
