"""/healthz, for monitoring: no login, no secrets, no pictures."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.ops import health


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    alive, answer = health.check_health(timezone.now())
    return JsonResponse(answer, status=200 if alive else 503)
