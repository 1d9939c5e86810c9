"""The view of /healthz for monitoring: no login, no secrets, no pictures."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.ops import health


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200, or 503 with the reason."""
    healthy, report = health.check_health(timezone.now())
    return JsonResponse(report, status=200 if healthy else 503)
