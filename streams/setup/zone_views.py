"""The zone editor: its page, a fresh picture for it, and saving."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from offices.access.gate import operator_required
from streams.cameras import words as cameras_words
from streams.cameras.models import Camera, Zone
from streams.live import access_log, picture_gate
from streams.pixels import shapes
from streams.setup import lookalike_marks, references, zone_editing
from streams.setup import probe as camera_probe
from streams.setup.forms import ZonesForm
from streams.setup.views import outcome

EDITOR_WORDS = {  # {…} are filled in by zones.js
    "zone": gettext_lazy("Zona"),
    "choose": gettext_lazy("Pilih loket…"),
    "newCounter": gettext_lazy("+ Loket baru…"),
    "point": gettext_lazy("Titik {n} dari {of}, {zone}: {x} persen dari kiri, {y} persen dari atas"),
    "between": gettext_lazy("Tambah titik setelah titik {n}, {zone}"),
    "shape": gettext_lazy("{zone}, {of} titik. Panah menggeser seluruh zona, Delete menghapusnya."),
    "zoneGone": gettext_lazy("{zone} dihapus. Tekan Urungkan untuk mengembalikannya."),
    "pointGone": gettext_lazy("Titik dihapus."),
    "atLeast": gettext_lazy("Zona memerlukan sedikitnya tiga titik."),
    "undone": gettext_lazy("Diurungkan."),
    "nameless": gettext_lazy("Pilih loket, atau tulis nama loket baru."),
    "noPicture": gettext_lazy("Tunggu sampai gambar kamera tampil."),
    "fix": gettext_lazy("Perbaiki dahulu zona yang ditandai."),
    "mark": gettext_lazy("Bukan orang"),
    "seen": gettext_lazy("Kotak {n}"),
}


def _camera(pk: int) -> Camera:
    return get_object_or_404(Camera.objects.with_place(), pk=pk)


def _picture_context(
    request: HttpRequest, camera: Camera, snapshot: camera_probe.CameraSnapshot | None
) -> dict[str, Any]:
    """Return the context of zone_picture.html; the picture is in it, and in the log of views, if it may be shown."""
    if snapshot is None:
        return {"camera": camera}
    try:
        access_log.log_setup_picture(request.user, camera, timezone.now(), request.POST.get("view_reason", ""))
    except picture_gate.ReasonNeeded:
        return {"camera": camera, "reason_needed": True}
    return {
        "camera": camera,
        "picture": snapshot.data_url,
        "reference": references.sign_snapshot(camera, snapshot),
        "doubt": cameras_words.BLIND.get(snapshot.reason, ""),
    }


@operator_required
@never_cache
def zones(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the editor; on POST save the zones, or show the editor again with the problems."""
    camera = _camera(pk)
    wanted = zone_editing.drawn_zones(camera)
    marked: list[dict[str, Any]] = [dict(mark) for mark in lookalike_marks.marks_of(camera)]
    problems: dict[int, list[str]] = {}
    if request.method == "POST":
        form = ZonesForm(request.POST)
        if form.is_valid():
            wanted, marked = form.cleaned_data["zones"], form.cleaned_data["marks"]
            try:
                seen = references.read_signed_snapshot(camera, form.cleaned_data["reference"])
                count = zone_editing.save_zones(camera, wanted, seen, marked)
            except references.UnfitError:
                problems = {-1: [_("Gambar ini sudah terlalu lama. Ambil gambar baru, lalu simpan lagi.")]}
            except zone_editing.DrawingError as error:
                problems = error.problems
            else:
                references.log_change(camera, request.user, references.DRAWN)
                saved = _("%(count)d zona tersimpan.") % {"count": count} if count else _("Kamera ini kini tanpa zona.")
                messages.success(request, saved)
                return redirect("cameras")
        else:
            problems = {-1: [str(message) for errors in form.errors.values() for message in errors]}
    shown = _picture_context(request, camera, camera_probe.newest_snapshot(camera))
    context = shown | {
        "editor": {
            "zones": [
                item | {"problems": problems.get(place, [])}
                for place, item in enumerate([*wanted, *({"mark": True} | mark for mark in marked)])
            ],
            "seen": camera_probe.newest_boxes(camera) if "picture" in shown else [],
            "counters": [
                {"id": counter.pk, "name": counter.name, "quorum": counter.quorum}
                for counter in zone_editing.free_counters(camera)
            ],
            "problems": {code: str(text) for code, text in Zone.PROBLEMS.items()},
            "words": {key: str(text) for key, text in EDITOR_WORDS.items()},
            "minArea": shapes.MIN_AREA,
            "minSide": shapes.MIN_SIDE,
            "changed": bool(problems),
        },
        "wrong": problems.get(-1, []),
        "refused": bool(problems),
    }
    return render(request, "setup/zones.html", context, status=422 if problems else 200)


@operator_required
@require_POST
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a fresh picture from the camera to the open editor; the drawing stays. `view_reason`: of a closed office."""
    camera = _camera(pk)
    try:
        picture_gate.admit_setup(request.user, camera, timezone.now(), request.POST.get("view_reason", ""))
    except picture_gate.ReasonNeeded as needed:
        problem = needed.messages[0] if request.POST.get("view_reason") else ""
        return render(
            request,
            "setup/zone_picture.html",
            {"camera": camera, "reason_needed": True, "reason_problem": problem},
        )
    try:
        probe = camera_probe.probe_for_user(request.user.pk, camera.full_url)
    except camera_probe.BusyError:
        return render(request, "setup/zone_picture.html", {"camera": camera, "busy": True})
    taken = camera_probe.make_snapshot(probe.jpeg, timezone.now()) if probe.jpeg else None
    context = outcome(probe) | {"picture": ""} | _picture_context(request, camera, taken) | {"failed": taken is None}
    return render(request, "setup/zone_picture.html", context)
