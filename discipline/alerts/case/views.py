"""The page that explains one indication, and the same as a PDF."""

from datetime import timedelta

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
from offices.access.file_log import log_file
from offices.access.gate import User, scope_of, within_offices
from offices.access.models import FileAccess
from streams.live.recordings.finding import was_recorded

AROUND = timedelta(minutes=10)  # of an indication, in which recordings of it are looked for
RELATED = (
    "counter__kelurahan__kecamatan",
    "counter__place__kecamatan",
    "counter__subject__zone__camera",
    "superseded_by",
    "withdrawn_by",
)


def _alert(user: User, pk: int) -> Alert:
    """Return the alert with RELATED loaded. Raises Http404, also when its office is outside the user's scope."""
    in_scope = Alert.objects.filter(within_offices(scope_of(user), "counter"))
    return get_object_or_404(in_scope.select_related(*RELATED), pk=pk)


@never_cache
@require_safe
def indication(request: HttpRequest, pk: int) -> HttpResponse:
    """Show why the indication was raised, its evidence and the decision panel."""
    alert, now = _alert(request.user, pk), timezone.now()
    panel = decision_panel(alert, request.user, now, request.session.get(DRAFT))
    context = {
        "alert": alert,
        "why": explanation.explain(alert, now),
        "made_up": provenance.is_made_up(alert.since),
        "panel": panel,
        "recorded": _recorded_camera(request.user, alert),
        "explain_form": ExplainForm(initial=dict(panel.initial)) if panel and panel.initial else None,
    }
    return render(request, "alerts/indication.html", context)


def _recorded_camera(user: User, alert: Alert) -> int | None:
    """Return the counter's camera if it was recorded around the indication and its recordings are the user's to see."""
    zone = getattr(alert.counter.subject, "zone", None)
    if zone is None or not scope_of(user).inspects:
        return None
    return zone.camera_id if was_recorded(zone.camera, alert.since - AROUND, alert.raised_at + AROUND) else None


@never_cache
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve the indication as a PDF of one A4 page, inline."""
    alert = _alert(request.user, pk)
    title = f"{alert.pk}: {alert.counter}"
    offices = [alert.counter.kelurahan_id] if alert.counter.kelurahan_id else []
    log_file(request.user, FileAccess.Kind.INDICATION, alert.pk, title, offices)
    response = HttpResponse(
        indication_pdf.sheet(alert, timezone.now(), history_in_words(alert)), content_type="application/pdf"
    )
    name = f"indikasi-{alert.pk}-{slugify(alert.counter.office.name)}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
