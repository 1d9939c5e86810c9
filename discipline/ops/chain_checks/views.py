"""The inspectorate's page of the evidence chains: check now, the result by place, earlier checks, the days' heads."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.ops.chain_checks import checks
from discipline.ops.chain_checks.models import ChainCheck
from offices.access.gate import inspector_required
from offices.hours.schedule import local_day
from streams.evidence import store

EARLIER = 20  # checks
# By EvidenceFault.what; filled with the fault's fields.
WORDS = {
    "changed": _("Catatan nomor %(number)d diubah."),
    "removed": _("Ada catatan yang dihapus sebelum nomor %(number)d."),
    "inserted": _("Catatan nomor %(number)d disisipkan."),
    "file_missing": _("Berkas catatan nomor %(number)d hilang."),
    "file_changed": _("Berkas catatan nomor %(number)d diubah."),
    "file_unknown": _("Ada berkas yang tidak dikenal catatan mana pun: %(message)s"),
    "end_removed": _("Akhir rantai dipotong: catatan nomor %(number)d pernah ada."),
    "head_differs": _("Catatan nomor %(number)d bukan yang disegel pada harinya."),
    "head_missing": _("Catatan sampai nomor %(number)d belum disegel, padahal harinya sudah berakhir."),
}
DAYS = 7  # whose heads are shown


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """What a check found at one place; `sentences` are its faults."""

    name: str
    rows: int
    files: int
    sentences: list[str]


@inspector_required
@never_cache
@require_safe
def chain(request: HttpRequest) -> HttpResponse:
    """Show the page; htmx asks for it each second while a check is under way."""
    now = timezone.now()
    checks.end_silent(now)
    made = list(ChainCheck.objects.select_related("by")[: EARLIER + 1])
    newest = made[0] if made else None
    days = [local_day(now) - timedelta(days=back) for back in range(1, DAYS + 1)]
    context = {
        "check": newest,
        "percent": _percent(newest),
        "places": _faulty_first(newest),
        "earlier": made[1:],
        "heads": [(day, head) for day in days if (head := store.city_head(day))],
    }
    return render(request, "evidence/chain.html", context)


@inspector_required
@require_POST
def check_now(request: HttpRequest) -> HttpResponse:
    """Request a check, unless one is under way, and return to the page."""
    checks.request_check(request.user, timezone.now())
    return redirect("evidence-chain")


def _percent(check: ChainCheck | None) -> int | None:
    if check is None or not check.to_check:
        return None
    return min(99, 100 * len(check.places) // check.to_check)


def _faulty_first(check: ChainCheck | None) -> list[PlaceResult]:
    places = check.places if check else []
    results = [
        PlaceResult(place["name"], place["rows"], place["files"], [_sentence(fault) for fault in place["faults"]])
        for place in sorted(places, key=lambda place: place["code"])
    ]
    return sorted(results, key=lambda result: not result.sentences)


def _sentence(fault: dict[str, Any]) -> str:
    words = WORDS.get(fault["what"])
    return str(words) % fault if words else str(fault["message"])
