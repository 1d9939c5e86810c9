"""The part "Perangkat" of a camera's page: what the camera says of itself, what to write to it, and undoing that."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from offices.access.gate import operator_required
from streams.cameras import words as cameras_words
from streams.cameras.models import Camera
from streams.control import devices, proposal
from streams.control import words as control_words
from streams.control.device import DeviceError, DeviceLogin, DeviceReport, GopChange
from streams.control.devices import WriteOutcome
from streams.setup import device_plans
from streams.setup import probe as camera_probe
from streams.setup.camera_health import gop_words
from streams.setup.device_plans import ConsentError, DevicePlan
from streams.setup.forms import CameraForm, port_field

SAME = ("url", "sub_url", "username", "password")  # a plan is for the camera as it is saved


@operator_required
@require_POST
@sensitive_post_parameters("password")
def read(request: HttpRequest) -> HttpResponse:
    """Read the device at the address in the form, with the login in the form, and show what it offers.

    For a saved camera whose address and login are unchanged, also what would be changed at it.
    """
    pk = request.POST.get("camera", "")
    saved = get_object_or_404(Camera, pk=pk) if pk.isdigit() else None
    form = CameraForm(request.POST, instance=get_object_or_404(Camera, pk=pk) if saved else None)
    form.is_valid()
    wrong = [error for name in ("url", "username", "password") for error in form.errors.get(name, [])]
    try:
        port = port_field.clean(request.POST.get("onvif_port", ""))
    except ValidationError as error:
        wrong += error.messages
    if wrong:
        return _answer(request, wrong=wrong)
    data = form.cleaned_data
    login = DeviceLogin(data["username"], data["password"].reveal())
    try:
        with camera_probe.one_at_a_time(request.user.pk, devices.LONGEST_S):
            report = devices.read_device(device_plans.host_of(data["url"]), port, login)
    except camera_probe.BusyError:
        return _answer(request, wrong=[_("Uji sebelumnya belum selesai. Tunggu sebentar.")])
    except DeviceError as error:
        return _answer(request, problem=error.code)
    context = _facts(report) | {"camera": saved, "choices": proposal.choices(report)}
    if saved and all(data.get(name) == (getattr(saved, name) or "") for name in SAME):
        plan = device_plans.plan_for(saved, report)
        context |= {"plan": plan, "foreign": plan is None}
        if plan and not plan.is_empty:
            context |= {"token": device_plans.sign_plan(saved, plan), "changes": _change_words(plan, report)}
    elif saved:
        context["unsaved"] = True
    return _answer(request, **context)


@operator_required
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the operator has agreed to (`plan`, signed), and show what became of it."""
    camera = get_object_or_404(Camera, pk=pk)
    try:
        plan = device_plans.read_signed_plan(camera, request.POST.get("plan", ""))
        with camera_probe.one_at_a_time(request.user.pk, devices.LONGEST_S):
            outcome = device_plans.apply_plan(camera, plan, request.user)
    except ConsentError:
        return _answer(request, wrong=[_("Persetujuan ini sudah kedaluwarsa. Baca lagi perangkatnya.")])
    except camera_probe.BusyError:
        return _answer(request, wrong=[_("Uji sebelumnya belum selesai. Tunggu sebentar.")])
    except DeviceError as error:
        return _answer(request, problem=error.code)
    kept = plan.sub_url if Camera.objects.filter(pk=pk, sub_url=plan.sub_url).exists() else ""
    return _answer(request, outcome=_results(outcome, kept), sub_url=kept, **history(camera))


@operator_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the distances of keyframes back to what they were before the last change."""
    camera = get_object_or_404(Camera, pk=pk)
    try:
        with camera_probe.one_at_a_time(request.user.pk, devices.LONGEST_S):
            outcome = device_plans.undo_last(camera, request.user)
    except camera_probe.BusyError:
        return _answer(request, wrong=[_("Uji sebelumnya belum selesai. Tunggu sebentar.")])
    except DeviceError as error:
        return _answer(request, problem=error.code)
    if outcome is None:
        return _answer(request, wrong=[_("Tidak ada yang dapat dikembalikan.")])
    return _answer(request, outcome=_results(outcome), **history(camera))


def _answer(request: HttpRequest, problem: str = "", **context: Any) -> HttpResponse:
    if problem:
        context["cause"], context["advice"] = control_words.problem_words(problem)
    return render(request, "setup/device.html", context)


def _facts(report: DeviceReport) -> dict[str, Any]:
    """Return the context for what the camera says of itself, in words."""
    return {
        "report": report,
        "clock": control_words.clock_words(report.clock.offset_s) if report.clock else "",
        "clock_off": proposal.is_clock_off(report.clock),
        "profiles": [
            (one, cameras_words.codec(one.codec) if one.codec else "", gop_words(one.gop, one.gop_s))
            for one in report.profiles
        ],
    }


def _change_words(plan: DevicePlan, report: DeviceReport) -> list[tuple[str, str]]:
    """Return what is to be written, each with its present and its new value: (name, "250 gambar, 10 detik → …")."""
    rates = {(one.service, one.encoder): one.fps for one in report.profiles}
    changes = []
    for one in plan.gops:
        fps = rates.get((one.service, one.encoder))
        former, wanted = (
            gop_words(gop, gop / fps if gop and fps else None) or _("tidak disebut kamera")
            for gop in (one.former, one.wanted)
        )
        changes.append((_("Jarak keyframe %(name)s") % {"name": one.name}, f"{former} → {wanted}"))
    if plan.clock and report.clock:
        text = _("%(offset)s → disamakan dengan server") % {"offset": control_words.clock_words(report.clock.offset_s)}
        if report.clock.by_ntp:
            text += _("; NTP-nya dimatikan, karena tidak bekerja")
        changes.append((_("Jam kamera"), text))
    return changes


def _results(outcome: WriteOutcome, sub_url: str = "") -> list[tuple[bool, str, str]]:
    """Return for each write whether it succeeded, what it was or why not, and what to do."""
    rows = [(True, _gop_words(change), "") for change, _former in outcome.written]
    for change, code in outcome.problems.items():
        cause, advice = control_words.problem_words(code)
        rows.append((False, f"{change.name}: {cause}", str(advice)))
    if outcome.clock_problem:
        cause, advice = control_words.problem_words(outcome.clock_problem)
        rows.append((False, f"{_('Jam kamera')}: {cause}", str(advice)))
    elif outcome.clock_sent:
        rows.append((True, _("Jam kamera disetel"), ""))
    if sub_url:
        rows.append((True, _("Alamat aliran kecil dicatat di Sidak"), ""))
    return rows


def _gop_words(change: GopChange) -> str:
    return _("Jarak keyframe %(name)s: %(gop)s") % {"name": change.name, "gop": gop_words(change.wanted, None)}


def history(camera: Camera) -> dict[str, Any]:
    """Return the context of device_history.html."""
    rows = []
    for entry, record in device_plans.device_history(camera):
        words = [
            _("Jarak keyframe %(name)s: %(former)s → %(gop)s")
            % {"name": one.name, "former": one.former, "gop": gop_words(one.wanted, None)}
            for one in record.gops
        ]
        words += [_("Jam kamera disetel")] if record.clock else []
        words += [_("Alamat aliran kecil dicatat di Sidak")] if record.sub_url else []
        rows.append(("; ".join(words), entry.user, entry.action_time))
    return {"device_camera": camera, "device_history": rows, "undoable": device_plans.last_written(camera)}
