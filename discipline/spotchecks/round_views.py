"""The page of a round, and the address to which the phone's queue sends its entries."""

from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.board.words import words_for_browser
from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks import round_screen, snapshots
from discipline.spotchecks.conduct import PhoneEntry, SpotCheckRefused
from discipline.spotchecks.forms import LONGEST_NOTE, SpotEntryForm
from discipline.spotchecks.models import SpotCheck, SpotEntry, SpotMark
from discipline.spotchecks.sample.items_rule import ConductItem
from discipline.spotchecks.snapshots import BadPicture, NoPicture
from offices.places.models import at_office
from streams.cameras.models import Camera

REFUSED = {
    SpotCheckRefused.FINISHED: _("Inspeksi ini sudah diselesaikan, jadi tidak dapat ditambah lagi."),
    SpotCheckRefused.UNKNOWN: _("Kantor ini tidak ada dalam inspeksi."),
    SpotCheckRefused.TAKEN: _("Kiriman ini milik inspeksi lain."),
}


def _own_check(request: HttpRequest, pk: int) -> SpotCheck:
    """Return the user's own check. Raises Http404 for others', and when the user may no longer check."""
    if spotchecks.checker_for(request.user) is None:
        raise Http404
    return get_object_or_404(SpotCheck.objects.filter(by=request.user.pk), pk=pk)


@never_cache
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the round to its maker; 404 to others. Redirects to the result when it is finished."""
    check = _own_check(request, pk)
    if check.finished_at:
        return redirect("spot-check", pk)
    now = timezone.now()
    stops = round_screen.stops_of(check, request.user, now)
    context = {
        "check": check,
        "stops": stops,
        "first": next((part.stop.place for part in stops if not part.stop.mark), len(stops) + 1),
        "marks": SpotMark,
        "items": list(ConductItem),
        "longest_note": LONGEST_NOTE,
        "now": now,
        "words": {**words_for_browser(), **round_screen.words_for_browser()},
    }
    return render(request, "spotchecks/round.html", context)


@never_cache
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Accept one entry of the phone.

    200: stored, now or earlier, with its uuid; 4xx {"refused": reason}: never send it again; 5xx: send it again later.
    """
    check = _own_check(request, pk)
    form = SpotEntryForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refusal(400, next(iter(form.errors.values()))[0])
    now, data = timezone.now(), form.cleaned_data
    sent = PhoneEntry(data["uuid"], data["kind"], data["said_at"], data["place"], data["mark"], data["text"])
    try:
        with ExitStack() as undo:  # deletes the file unless the transaction commits

            def store(entry: SpotEntry) -> None:
                image, source = _choose_snapshot(check, entry, data, now)
                picture = snapshots.store_snapshot(entry, _camera(entry, data), image, source, now)
                undo.callback(snapshots.delete_file, picture)

            entry, new = spotchecks.accept_entry(check, sent, now, store)
            undo.pop_all()
    except SpotCheckRefused as refusal:
        return _refusal(409, REFUSED[refusal.why])
    except NoPicture:
        return _refusal(400, _("Server tidak punya gambar dari saat itu."))
    except BadPicture:
        return _refusal(400, _("Gambar ini tidak dapat dibuka."))
    except OSError:
        return JsonResponse({"later": "disk"}, status=503)
    return JsonResponse({"uuid": str(entry.uuid), "received_at": entry.received_at.isoformat(), "new": new})


def _camera(entry: SpotEntry, data: dict[str, Any]) -> Camera:
    """Return the camera of a snapshot. Raises SpotCheckRefused (UNKNOWN) when it is not of the entry's office."""
    own = Camera.objects.filter(at_office(entry.stop.office)) if entry.stop else Camera.objects.none()
    camera = own.filter(pk=data["camera"]).first()
    if camera is None:
        raise SpotCheckRefused(SpotCheckRefused.UNKNOWN)
    return camera


def _choose_snapshot(
    check: SpotCheck, entry: SpotEntry, data: dict[str, Any], now: datetime
) -> tuple[snapshots.Picture, str]:
    sent = data["picture"].read(snapshots.LARGEST + 1) if data["picture"] else b""
    at = spotchecks.entry_time(check, data["said_at"], now)
    return snapshots.choose_picture(_camera(entry, data), sent, data["live"], at, now)


def _refusal(status: int, why: object) -> JsonResponse:
    return JsonResponse({"refused": str(why)}, status=status)
