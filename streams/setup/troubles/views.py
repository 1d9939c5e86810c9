"""Pages of the cameras' troubles: the list, one camera, its notes and those of the shifts."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.middleware import HtmxDetails

from offices.access.gate import operator_required, scope_of
from offices.hours.schedule import local_day
from offices.places.models import Kecamatan
from streams.cameras import words as cameras_words
from streams.cameras.models import Camera
from streams.cameras.troubles import notes
from streams.cameras.troubles.models import CameraNote, CameraTrouble
from streams.control.steering import away
from streams.control.steering.rights import sets_home_at
from streams.setup import camera_health
from streams.setup.troubles import listing
from streams.setup.troubles.forms import CameraNoteForm, ShiftNoteForm
from streams.source import newest_picture

A_PAGE = 15
SHIFT_NOTES = 5
HISTORY = 30  # troubles on a camera's page
EVERYTHING = "semua"  # the value of ?keadaan= for all groups


class HtmxHttpRequest(HttpRequest):
    """A request as django-htmx's middleware leaves it."""

    htmx: HtmxDetails


@operator_required
@never_cache
@require_safe
def cameras(request: HtmxHttpRequest) -> HttpResponse:
    """List the cameras, by default those in trouble, or if there are none those that nobody reads.

    Filtered by ?keadaan= (a group, or EVERYTHING), ?sebab= (a code of rule.cause_of) and ?kecamatan=; ?hal= pages. The
    table refreshes itself by htmx.
    """
    now = timezone.now()
    everyone = camera_health.conditions(newest_picture.read_health(), now)
    kecamatan, cause = request.GET.get("kecamatan", ""), request.GET.get("sebab", "")
    here = [row for row in everyone if not kecamatan or _district_code(row.camera) == kecamatan]
    counts = camera_health.count_groups(here)
    worst = next((one for one in (camera_health.TROUBLE, camera_health.UNHELD) if counts[one]), camera_health.TROUBLE)
    group = request.GET.get("keadaan") or worst
    wanted = [row for row in here if group in (EVERYTHING, row.group) and cause in ("", row.cause)]
    rows = listing.listed(wanted, now)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("hal"))
    shown = list(page.object_list)
    listing.complete(shown, local_day(now), now)
    filters = {"keadaan": group, "sebab": cause, "kecamatan": kecamatan}
    context = {
        "page": page,
        "found": listing.grouped(shown, rows),
        "kept": urlencode({key: value for key, value in filters.items() if value}),
        "total": len(everyone),
        "here": len(here),
        "groups": [(key, label, counts[key]) for key, label in camera_health.GROUPS.items()],
        "trouble": counts[camera_health.TROUBLE],
        "fine": counts[camera_health.FINE],
        "used": len(here) - counts[camera_health.OFF],
        "group": group,
        "cause": cameras_words.cause(cause)[0] if cause else "",
        "kecamatan": kecamatan,
        "kecamatan_list": Kecamatan.objects.all(),
        "watchers": camera_health.list_watchers(now),
        "shift_notes": notes.shift_notes(SHIFT_NOTES),
        "shift_form": ShiftNoteForm(),
        "now": now,
    }
    # Only the table's own refresh gets the fragment; Back and boosted links need the whole page.
    part = request.htmx.target == "kamera"
    return render(request, "setup/camera_table.html" if part else "setup/cameras.html", context)


def _district_code(camera: Camera) -> str:
    """Return the code of the camera's kecamatan; "" at a point."""
    return camera.place.district.code if camera.place.district else ""


@operator_required
@never_cache
@require_safe
def camera(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a camera with its trouble, its ticket, its last 30 days and what happened before."""
    return _camera_page(request, pk, CameraNoteForm())


def _camera_page(request: HttpRequest, pk: int, form: CameraNoteForm, status: int = 200) -> HttpResponse:
    found, now = get_object_or_404(Camera.objects.with_place(), pk=pk), timezone.now()
    condition = camera_health.condition(found, newest_picture.read_health().get(pk, {}), now)
    row = listing.ListedCamera(condition)
    listing.complete([row], local_day(now), now)
    troubles = list(CameraTrouble.objects.filter(camera=found)[:HISTORY])
    by_trouble = notes.tickets(troubles)
    past: list[dict[str, Any]] = [
        {"trouble": one, "word": cameras_words.cause(one.cause)[0], "notes": by_trouble[one.pk].notes}
        for one in troubles
    ]
    present = past[0] if past and past[0]["trouble"].ended_at is None else None
    context = {
        "camera": found,
        "row": row,
        "condition": condition,
        "present": present,
        "history": past[1:] if present else past,
        "other_notes": CameraNote.objects.filter(camera=found, trouble=None).select_related("by")[:HISTORY],
        "form": form,
        "now": now,
        "stays_away": found.pk in away.stays_away([found.pk]),
        "sets_home": sets_home_at(scope_of(request.user), found, now),
    }
    return render(request, "setup/camera.html", context, status=status)


@operator_required
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a note about a camera; a refused one is shown again with what is wrong."""
    found = get_object_or_404(Camera.objects.with_place(), pk=pk)
    form = CameraNoteForm(request.POST)
    if not form.is_valid():
        return _camera_page(request, pk, form, status=422)
    data = form.cleaned_data
    notes.write_note(CameraNote.Kind(data["kind"]), request.user, timezone.now(), found, data["text"], data["until"])
    messages.success(request, _("Catatan tersimpan."))
    return redirect("camera", pk)


@operator_required
@require_POST
def shift_note(request: HttpRequest) -> HttpResponse:
    """Add a note for the next shift."""
    form = ShiftNoteForm(request.POST)
    if form.is_valid():
        notes.write_note(CameraNote.Kind.SHIFT, request.user, timezone.now(), text=form.cleaned_data["text"])
        messages.success(request, _("Catatan shift tersimpan."))
        return redirect("cameras")
    return render(request, "setup/shift_note.html", {"form": form}, status=422)
