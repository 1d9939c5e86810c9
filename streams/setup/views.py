"""The operator's pages for cameras: adding, testing, changing, deleting."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from offices.access.gate import operator_required
from offices.places.models import Kelurahan, Place
from streams.cameras import words as cameras_words
from streams.cameras.addresses import device_of, stream_of, tidy_address
from streams.cameras.models import Camera
from streams.live import access_log, picture_gate
from streams.setup import camera_health, device_views, search_views
from streams.setup import probe as camera_probe
from streams.setup.forms import CameraForm
from streams.source import newest_picture, probing


def _form_page(request: HttpRequest, form: CameraForm, status: int = 200) -> HttpResponse:
    offices = Kelurahan.objects.select_related("kecamatan")
    camera = form.instance if form.instance.pk else None
    context: dict[str, Any] = {"form": form, "camera": camera, "offices": offices}
    context["onvif_port"] = request.POST.get("onvif_port") or request.GET.get("onvif", "")
    if camera:
        report = newest_picture.read_health().get(camera.pk, {})
        context |= device_views.history(camera)
        context["condition"] = camera_health.condition(camera, report, timezone.now())
    return render(request, "setup/camera_form.html", context, status=status)


@operator_required
@sensitive_post_parameters("password")
def add(request: HttpRequest) -> HttpResponse:
    """Add a camera, and continue with its zones. By default of the office ?kelurahan= (code), at the IP ?alamat=."""
    if request.method != "POST":
        office = Kelurahan.objects.filter(code=request.GET.get("kelurahan", "")).first()
        url = search_views.address_of(request.GET.get("alamat", ""))
        return _form_page(request, CameraForm(initial={"kelurahan": office, "url": url}))
    form = CameraForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    camera = form.save()
    messages.success(request, _("Kamera tersimpan. Sekarang gambar zona loketnya."))
    return redirect("camera-zones", camera.pk)


@operator_required
@sensitive_post_parameters("password")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a camera."""
    camera = get_object_or_404(Camera.objects.with_place(), pk=pk)
    if request.method != "POST":
        return _form_page(request, CameraForm(instance=camera))
    form = CameraForm(request.POST, instance=camera)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    form.save()
    messages.success(request, _("Perubahan kamera tersimpan."))
    return redirect("cameras")


@operator_required
@require_POST
@sensitive_post_parameters("password")
def test(request: HttpRequest) -> HttpResponse:
    """Test the address in the form, which need not be complete, and show the picture or the problem."""
    pk = request.POST.get("camera", "")
    camera = get_object_or_404(Camera, pk=pk) if pk.isdigit() else None
    form = CameraForm(request.POST, instance=camera)
    form.is_valid()
    wrong = [error for name in ("url", "username", "password") for error in form.errors.get(name, [])]
    context: dict[str, Any] = {"wrong": wrong}
    if not wrong:
        data = form.cleaned_data
        tried = Camera(url=data["url"], username=data["username"], password=data["password"])
        shown, reason = _camera_behind(data["url"], camera, data.get("kelurahan")), request.POST.get("view_reason", "")
        try:
            picture_gate.admit_setup(request.user, shown, timezone.now(), reason)
            probe = camera_probe.probe_for_user(request.user.pk, tried.full_url)
            if probe.jpeg:
                access_log.log_setup_picture(request.user, shown, timezone.now())
            context |= outcome(probe)
        except picture_gate.ReasonNeeded as needed:
            context |= {"reason_needed": True, "reason_problem": needed.messages[0] if reason else ""}
        except camera_probe.BusyError:
            context["wrong"] = [_("Uji sebelumnya belum selesai. Tunggu sebentar.")]
    return render(request, "setup/probe.html", context)


def _camera_behind(url: str, edited: Camera | None, office: Kelurahan | None) -> Camera:
    """Return the camera whose picture a test of this address shows: a saved one of that stream or device, if any.

    Otherwise an unsaved one at the chosen office, or at no place.
    """
    device, stream = device_of(url), stream_of(url)
    saved = [one for one in Camera.objects.with_place() if device_of(tidy_address(one.url)) == device]
    # The stream itself, else the edited camera if it is of that device, else any: a device may record several cameras.
    saved.sort(key=lambda one: (stream_of(tidy_address(one.url)) != stream, one.pk != (edited and edited.pk)))
    if saved:
        return saved[0]
    return Camera(url=url, kelurahan=office, place=Place.objects.filter(kelurahan=office).first() if office else None)


def outcome(probe: probing.Probe) -> dict[str, Any]:
    """Return the context of probe.html: the probe with its problem, advice and warnings in words."""
    cause, advice = cameras_words.PROBLEMS.get(probe.problem, cameras_words.UNKNOWN_PROBLEM)
    return {
        "probe": probe,
        "picture": camera_probe.as_data_url(probe.jpeg) if probe.jpeg else "",
        "codec": cameras_words.codec(probe.codec or ""),
        "gop": camera_health.gop_words(probe.gop, probe.gop_s),
        "cause": cause,
        "advice": advice,
        "warnings": [cameras_words.WARNINGS[code] for code in probe.warnings if code in cameras_words.WARNINGS],
    }


@operator_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation and show what will be lost; on POST delete. Counters and their records stay."""
    camera = get_object_or_404(Camera.objects.with_place(), pk=pk)
    if request.method == "POST":
        name = str(camera)
        camera.delete()
        messages.success(request, _("Kamera %(name)s dihapus.") % {"name": name})
        return redirect("cameras")
    counters = [zone.counter.name for zone in camera.zones.select_related("subject__counter")]
    return render(request, "setup/camera_delete.html", {"camera": camera, "counters": counters})
