"""Serve the service worker and its offline page. Both are the same for all users."""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.core import asset_graph


@login_not_required
@never_cache
@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Serve a script with the release's files. Browsers update when it differs by a byte; it contains the language."""
    release = {
        "version": f"{asset_graph.shell_release()}-{get_language()}",
        "hashed": settings.STATIC_MANIFEST,
        "files": [static(name) for name in asset_graph.shell_files()],
        "board": reverse("board"),
        "offline": reverse("offline"),
        "logout": reverse("logout"),
        "icon": static("icons/sidak-192.png"),
        "badge": static("icons/badge-96.png"),
    }
    body = f"self.RELEASE = {json.dumps(release)};\nimportScripts({json.dumps(static(asset_graph.WORKER))});\n"
    return HttpResponse(body, content_type="text/javascript; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def offline(_request: HttpRequest) -> HttpResponse:
    """Render without the request, so that nothing of its user stays on a phone that others use later."""
    return HttpResponse(render_to_string("offline.html"))
