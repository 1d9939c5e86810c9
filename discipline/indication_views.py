"""The page of one indication: what was seen, why it was raised, what people say to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.models import Alert
from discipline.panel import DRAFT, panel
from offices.access import scope_of, within


@never_cache
@require_safe
def indication(request: HttpRequest, pk: int) -> HttpResponse:
    """404 also when its office is out of the user's scope."""
    seen = Alert.objects.filter(within(scope_of(request.user), "counter__kelurahan"))
    alert = get_object_or_404(seen.select_related("counter__kelurahan__kecamatan"), pk=pk)
    now = timezone.now()
    context = {"alert": alert, "now": now, "panel": panel(alert, request.user, now, request.session.get(DRAFT))}
    return render(request, "discipline/indication.html", context)
