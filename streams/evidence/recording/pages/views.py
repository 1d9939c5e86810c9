"""The page of recordings: the forecast of the room, the rules, and what was deleted early."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from offices.access.gate import inspector_required, scope_of
from offices.hours.schedule import local_day
from streams.evidence.recording.figures import recording_figures
from streams.evidence.recording.models import CLASSES, EarlyDeletion, RecordingHold, RetentionRule
from streams.evidence.recording.pages.forms import RetentionRuleForm

RECENT = 20  # rows of each table


@never_cache
@require_safe
def room_forecast(request: HttpRequest) -> HttpResponse:
    """Show the page to operators and inspectors; 403 for others."""
    scope = scope_of(request.user)
    if not (scope.inspects or scope.operates):
        raise PermissionDenied
    return _page(request)


@inspector_required
@require_POST
def add_rule(request: HttpRequest) -> HttpResponse:
    """Add a rule, which holds from its day on."""
    form = RetentionRuleForm(request.POST, instance=RetentionRule(by_id=request.user.pk or 0), label_suffix="")
    if not form.is_valid():
        return _page(request, 422, form)
    form.save()
    messages.success(request, _("Masa simpan rekaman dicatat."))
    return redirect("recording-forecast")


def _page(request: HttpRequest, status: int = 200, form: RetentionRuleForm | None = None) -> HttpResponse:
    now = timezone.now()
    names = dict(CLASSES)
    figures = recording_figures(now)
    rows = figures.forecast.classes if figures.forecast else ()
    page: dict[str, Any] = {
        "figures": figures,
        "rows": [(names[row.kept_as], row) for row in rows],
        "rules": RetentionRule.objects.select_related("by").order_by("-since", "-pk")[:RECENT],
        "early": EarlyDeletion.objects.all()[:RECENT],
        "held": RecordingHold.objects.filter(released_at=None).count(),
        "form": form or RetentionRuleForm(initial={"since": local_day(now)}, label_suffix=""),
    }
    return render(request, "evidence/recording.html", page, status=status)
