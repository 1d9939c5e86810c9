"""Pages that search a network for cameras: start, watch, stop, and what was found."""

from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from offices.access.gate import operator_required
from streams.cameras.models import Camera
from streams.cameras.networks import is_allowed
from streams.control import searches
from streams.control.discovery import FoundCamera
from streams.control.searches import SearchBusyError, SearchUnavailableError
from streams.control.words import SEARCH_STATES
from streams.setup.forms import SearchForm

MOST_SUGGESTED = 30


@operator_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Show the form and the user's latest search; on POST start one."""
    hosts = _known_hosts()
    networks = _suggested(hosts)
    latest = searches.latest_search(_user(request), timezone.now())
    first = latest.network if latest else next(iter(networks), "")
    form = SearchForm(request.POST if request.method == "POST" else None, initial={"network": first})
    if request.method == "POST" and form.is_valid():
        try:
            searches.request_search(_user(request), form.cleaned_data["network"], timezone.now())
            return redirect("camera-search")
        except SearchBusyError:
            form.add_error("network", _("Masih ada pencarian yang berjalan. Tunggu sampai selesai, lalu coba lagi."))
        except SearchUnavailableError:
            form.add_error("network", _("Pencarian tidak dapat dimulai: antrean tidak terjangkau. Coba lagi."))
    context = _state(request, hosts) | {"form": form, "networks": networks, "allowed": settings.CAMERA_NETWORKS}
    return render(request, "setup/search.html", context, status=422 if form.errors else 200)


@operator_required
@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Show how far the user's search is and what it has found, as a fragment that refreshes itself."""
    return render(request, "setup/search_state.html", _state(request, _known_hosts()) | {"fragment": True})


@operator_required
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Stop the user's search; what it has found stays."""
    searches.cancel_search(_user(request), timezone.now())
    messages.info(request, _("Pencarian dihentikan."))
    return redirect("camera-search")


def address_of(host: str) -> str:
    """Return an RTSP address to start from for an IP address that was found; "" for any other text."""
    try:
        address = ip_address(host)
    except ValueError:
        return ""
    if not is_allowed(address):
        return ""
    return f"rtsp://[{address}]:554/" if address.version == 6 else f"rtsp://{address}:554/"


def _user(request: HttpRequest) -> int:
    assert request.user.pk is not None  # an operator is signed in
    return int(request.user.pk)


def _state(request: HttpRequest, known: dict[str, Camera]) -> dict[str, Any]:
    """Return the context of search_state.html."""
    latest = searches.latest_search(_user(request), timezone.now())
    found: list[tuple[FoundCamera, Camera | None]] = []
    if latest:
        found = [(one, known.get(one.address)) for one in latest.found]
    new = sum(1 for _one, camera in found if camera is None)
    word = SEARCH_STATES.get(latest.state, "") if latest else ""
    return {"latest": latest, "found": found, "new": new, "word": word}


def _known_hosts() -> dict[str, Camera]:
    """Return a camera for each host in the cameras' addresses."""
    cameras = Camera.objects.with_place().order_by("-pk")
    return {host: camera for camera in cameras if (host := urlsplit(camera.url).hostname)}


def _suggested(hosts: dict[str, Camera]) -> list[str]:
    """Return the /24 networks of known cameras that may be searched."""
    networks = set()
    for host in hosts:
        try:
            address = ip_address(host)
        except ValueError:
            continue
        if address.version == 4 and is_allowed(address):
            networks.add(ip_network(f"{address}/24", strict=False))
    return [str(network) for network in sorted(networks)[:MOST_SUGGESTED]]
