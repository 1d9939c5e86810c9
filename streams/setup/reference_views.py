"""Pages that compare a camera's reference with its current picture, and accept a new reference or undo that."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from offices.access.gate import operator_required
from streams.cameras import words as cameras_words
from streams.cameras.models import Camera
from streams.live import access_log, picture_gate
from streams.setup import camera_health, references
from streams.setup import probe as camera_probe
from streams.source import newest_picture


def _camera(pk: int) -> Camera:
    return get_object_or_404(Camera.objects.with_place(), pk=pk)


def _may_show(request: HttpRequest, camera: Camera, now: datetime) -> bool:
    """Log that the camera's pictures are shown; return False when the user must give a reason first."""
    try:
        access_log.log_setup_picture(request.user, camera, now)
    except picture_gate.ReasonNeeded:
        return False
    return True


@operator_required
@never_cache
@require_safe
def reference(request: HttpRequest, pk: int) -> HttpResponse:
    """Show both pictures with the zones, why and since when the camera's counters are BLIND, and what can be done."""
    camera, now = _camera(pk), timezone.now()
    seen = camera_probe.newest_snapshot(camera)
    report = newest_picture.read_health().get(camera.pk, {})
    reason = (seen.reason if seen else "") or str(report.get("reason") or "")
    kept = camera.reference_jpeg
    shown = _may_show(request, camera, now) if seen or kept else True
    context = {
        "camera": camera,
        "reason_needed": not shown,
        "reference": camera_probe.as_data_url(bytes(kept)) if kept and shown else "",
        "picture": seen.data_url if seen and shown else "",
        "age": camera_health.age_words(seen.at.isoformat(), now) if seen else None,
        "zones": [" ".join(f"{x},{y}" for x, y in zone.polygon) for zone in camera.zones.all()],
        "trouble": cameras_words.BLIND.get(reason, ""),
        "advice": cameras_words.BLIND_ADVICE.get(reason, ""),
        "since": references.blind_since(camera, reason),
        "token": references.sign_snapshot(camera, seen) if seen and shown and references.is_fit(seen) else "",
        "history": [
            (cameras_words.REFERENCE_LOG[entry.change_message], entry.user, entry.action_time)
            for entry in references.history(camera)
        ],
    }
    return render(request, "setup/reference.html", context)


@operator_required
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation with the picture and the consequences; with `sure`, make the picture the reference."""
    camera, token = _camera(pk), request.POST.get("picture", "")
    try:
        seen = references.read_signed_snapshot(camera, token)
        if not request.POST.get("sure"):
            if not _may_show(request, camera, timezone.now()):
                return redirect("camera-reference", camera.pk)
            counters = [zone.counter.name for zone in camera.zones.select_related("subject__counter")]
            context = {"camera": camera, "token": token, "picture": seen.data_url, "counters": counters}
            return render(request, "setup/reference_accept.html", context)
        references.accept_reference(camera, seen, request.user)
    except references.UnfitError:
        messages.error(request, _("Gambar itu sudah terlalu lama atau tidak memperlihatkan ruangan. Lihat lagi."))
    else:
        messages.success(request, _("Acuan baru diterima. Kamera dinilai lagi mulai sekarang."))
    return redirect("camera-reference", camera.pk)


@operator_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Restore the reference before the last accepted one."""
    camera = _camera(pk)
    if references.undo_acceptance(camera, request.user):
        messages.success(request, _("Acuan sebelumnya dikembalikan."))
    else:
        messages.error(request, _("Tidak ada acuan sebelumnya."))
    return redirect("camera-reference", camera.pk)
