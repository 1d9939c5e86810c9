"""The views of /healthz and /metrics for monitoring: no login, no secrets, no pictures."""

import secrets

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from discipline.ops import health
from discipline.ops.metrics import exposition


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200, or 503: to strangers only whether it fails, all of it to who sends `Authorization: Bearer TOKEN`."""
    failing, report = health.shared.newest(timezone.now())
    shown = report if _knows_token(request) else {"status": report["status"]}
    return JsonResponse(shown, status=503 if failing else 200)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus with the figures of /healthz, to who sends `Authorization: Bearer TOKEN`."""
    if not _knows_token(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(exposition(*health.shared.newest(timezone.now())), content_type=CONTENT_TYPE_LATEST)


def _knows_token(request: HttpRequest) -> bool:
    sent = request.headers.get("Authorization", "").encode()
    return secrets.compare_digest(sent, f"Bearer {health.health_token()}".encode())
