"""The page of one indication, and the same on one sheet of paper: what was seen, and why it was raised."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.alerts.case import explanation
from discipline.alerts.case import pdf as indication_pdf
from discipline.alerts.decisions.forms import ExplainForm
from discipline.alerts.decisions.panel import DRAFT, decision_panel, history_in_words
from discipline.alerts.models import Alert
from discipline.core import provenance
from offices.access.gate import User, scope_of, within

NAMED = ("counter__kelurahan__kecamatan", "counter__zone__camera", "superseded_by", "withdrawn_by")


def _found(user: User, pk: int) -> Any:
    """404 also when its office is out of the user's scope."""
    seen = Alert.objects.filter(within(scope_of(user), "counter__kelurahan"))
    return get_object_or_404(seen.select_related(*NAMED), pk=pk)


@never_cache
@require_safe
def indication(request: HttpRequest, pk: int) -> HttpResponse:
    alert, now = _found(request.user, pk), timezone.now()
    panel = decision_panel(alert, request.user, now, request.session.get(DRAFT))
    context = {
        "alert": alert,
        "why": explanation.explain(alert, now),
        "made_up": provenance.is_made_up(alert.since),
        "panel": panel,
        "explain_form": ExplainForm(initial=panel.initial) if panel and panel.initial else None,
    }
    return render(request, "alerts/indication.html", context)


@never_cache
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One A4 page as PDF."""
    alert = _found(request.user, pk)
    answer = HttpResponse(
        indication_pdf.sheet(alert, timezone.now(), history_in_words(alert)), content_type="application/pdf"
    )
    name = f"indikasi-{alert.pk}-{slugify(alert.counter.kelurahan.name)}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
