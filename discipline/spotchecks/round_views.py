"""The round itself: swiping through the offices, and the door to which the phone's queue speaks."""

from contextlib import ExitStack
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
from discipline.spotchecks.snapshots import BadPicture, NoPicture
from streams.cameras.models import Camera

REFUSED = {
    SpotCheckRefused.FINISHED: _("Sidak ini sudah diselesaikan, jadi tidak dapat ditambah lagi."),
    SpotCheckRefused.UNKNOWN: _("Kantor ini tidak ada dalam sidak."),
    SpotCheckRefused.TAKEN: _("Kiriman ini milik sidak lain."),
}


def _mine(request: HttpRequest, pk: int) -> SpotCheck:
    """404 for everybody but its maker, also for those who lost the right to check."""
    if spotchecks.checker_for(request.user) is None:
        raise Http404
    return get_object_or_404(SpotCheck.objects.filter(by=request.user.pk), pk=pk)


@never_cache
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    check = _mine(request, pk)
    if check.finished_at:
        return redirect("spot-check", pk)
    now = timezone.now()
    stops = round_screen.stops_of(check, request.user, now)
    context = {
        "check": check,
        "stops": stops,
        "first": next((one.stop.place for one in stops if not one.stop.mark), len(stops) + 1),
        "marks": SpotMark,
        "longest_note": LONGEST_NOTE,
        "now": now,
        "words": words_for_browser() | round_screen.words_for_browser(),
    }
    return render(request, "spotchecks/round.html", context)


@never_cache
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes one thing said. 200 with its uuid, also when it had been said before; 4xx {"refused"}: never send it
    again; 5xx: send it later."""
    check = _mine(request, pk)
    form = SpotEntryForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refusal(400, next(iter(form.errors.values()))[0])
    now, told = timezone.now(), form.cleaned_data
    said = PhoneEntry(told["uuid"], told["kind"], told["said_at"], told["place"], told["mark"], told["text"])
    try:
        with ExitStack() as undo:

            def keep(entry: SpotEntry) -> None:
                image, source = _choose_snapshot(check, entry, told, said, now)
                undo.callback(
                    snapshots.delete_file, snapshots.store_snapshot(entry, _camera(entry, told), image, source, now)
                )

            entry, new = spotchecks.accept_entry(check, said, now, keep)
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


def _camera(entry: SpotEntry, told: dict[str, Any]) -> Camera:
    camera = Camera.objects.filter(pk=told["camera"], kelurahan__spot_stops=entry.stop_id).first()
    if camera is None:
        raise SpotCheckRefused(SpotCheckRefused.UNKNOWN)
    return camera


def _choose_snapshot(check: SpotCheck, entry: SpotEntry, told: dict[str, Any], said: PhoneEntry, now: Any) -> Any:
    sent = told["picture"].read(snapshots.LARGEST + 1) if told["picture"] else b""
    at = spotchecks.entry_time(check, said.said_at, now)
    return snapshots.choose_picture(_camera(entry, told), sent, told["live"], at, now)


def _refusal(status: int, why: Any) -> JsonResponse:
    return JsonResponse({"refused": str(why)}, status=status)
