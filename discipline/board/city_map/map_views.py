"""The data of the map as JSON, which the board and the office page ask for when somebody opens it."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.board import rows as board_rows
from discipline.board.city_map.map_data import city_map
from offices.access.gate import Scope, scope_of

SCRIPT, STYLES = "js_lib_leaflet/leaflet.js", ("js_lib_leaflet/leaflet.css", "css/map.css")


@never_cache
@require_safe
def map_data(request: HttpRequest) -> JsonResponse:
    """Return map_data.CityMap of the user's scope, the groups from worst to best, translated words and what to load."""
    scope = scope_of(request.user)
    if scope.empty:
        raise PermissionDenied
    # Here and not on the pages, which everybody loads.
    files = {"script": static(SCRIPT), "styles": [static(name) for name in STYLES]}
    return JsonResponse(city_map(scope) | {"groups": board_rows.GROUPS, "words": _words(), "files": files})


@login_not_required
@require_safe
def public_map_data(_request: HttpRequest) -> JsonResponse:
    """Return the outlines of the city and its kecamatan, words and what to load, for the public's map: no office."""
    files = {"script": static(SCRIPT), "styles": [static(name) for name in STYLES]}
    words = _words() | {"map": _("Peta titik")}
    return JsonResponse(
        city_map(Scope(city=True)) | {"offices": [], "words": words, "files": files},
        headers={"Cache-Control": "public, max-age=300", "Vary": "Accept-Language, Cookie"},
    )


def _words() -> dict[str, str]:
    return {
        "map": _("Peta kantor"),
        "note": _("Batas dan titik adalah perkiraan, bukan batas resmi."),
        "keys": _("Tombol panah berpindah ke kantor di arah itu, Enter membukanya."),
        "pin": _("%(name)s, %(kecamatan)s: %(state)s"),
        "several": _("%(n)s kantor: %(states)s"),
        "close": _("Tutup keterangan"),
        "nothing": _("Tidak ada kantor yang cocok."),
        "nearer": _("Perbesar"),
        "farther": _("Perkecil"),
        "whole": _("Seluruh peta"),
    }
