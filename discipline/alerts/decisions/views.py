"""Views that record an explanation, with its attachment, or decisions.

A decision is answered with a redirect and a message, or to scripts as JSON (_answer).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions import together
from discipline.alerts.decisions.forms import DecideForm, ExplainForm, TogetherForm
from discipline.alerts.decisions.panel import DRAFT, ExplanationDraft
from discipline.alerts.decisions.record import DecisionStatement
from discipline.alerts.decisions.rule import DECISIONS, DecisionAct
from discipline.alerts.inbox import queries as inbox
from discipline.alerts.models import Alert, Decision
from discipline.core import attachments
from discipline.core.attachments import BadFile
from discipline.core.dialogue import UNDO, NotAllowed
from offices.access.gate import scope_of, within_offices

REFUSED = {
    NotAllowed.STALE: _("Ada tanggapan lain yang baru saja masuk. Baca dulu riwayatnya, lalu putuskan lagi."),
    NotAllowed.ROLE: _("Peran Anda tidak dapat melakukan ini."),
    NotAllowed.NOTHING_TO_UNDO: _("Tidak ada keputusan yang dapat diurungkan."),
    NotAllowed.TOO_LATE: _("Sudah lebih dari 10 menit. Ambil keputusan baru disertai alasannya."),
    NotAllowed.SAME: _("Keputusan ini sudah berlaku."),
    NotAllowed.NEEDS_TEXT: _("Keputusan yang diganti memerlukan alasan tertulis."),
    together.NO_REASON: _("Lurah belum menjelaskan. Pilih alasannya."),
}
BAD_FILE = {
    BadFile.TOO_LARGE: _("Berkas lebih besar dari 10 MB."),
    BadFile.EMPTY: _("Berkas kosong."),
    BadFile.TOO_MANY: _("Lampiran Anda dalam 24 jam ini sudah sebanyak yang diizinkan. Coba lagi besok."),
    BadFile.TYPE: _("Berkas ini bukan PDF, JPEG, atau PNG yang dapat dibuka, apa pun namanya."),
}
CONFIRMATIONS = {
    DecisionAct.EXPLAINED: _("Penjelasan tersimpan."),
    DecisionAct.CONFIRMED: _("Indikasi dikonfirmasi. Dapat diurungkan selama 10 menit."),
    DecisionAct.EXCUSED: _("Indikasi dicatat dengan izin. Dapat diurungkan selama 10 menit."),
    DecisionAct.FALSE_ALARM: _("Dicatat sebagai alarm keliru. Dapat diurungkan selama 10 menit."),
    DecisionAct.UNDONE: _("Keputusan diurungkan."),
    DecisionAct.UPHELD: _("Surat baru dibaca, keputusan tetap."),
}


def _alert(request: HttpRequest, pk: int) -> Alert:
    """Return the alert. Raises Http404, also when its office is outside the user's scope."""
    in_scope = Alert.objects.filter(within_offices(scope_of(request.user), "counter"))
    loaded = in_scope.select_related("counter__kelurahan__kecamatan", "counter__place__kecamatan")
    return get_object_or_404(loaded, pk=pk)


def _redirect_to_alert(alert: Alert) -> HttpResponse:
    return redirect("indication", alert.pk)


@require_POST
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an explanation and redirect to the indication, with a message."""
    alert = _alert(request, pk)
    form = ExplainForm(request.POST, request.FILES)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return _redirect_to_alert(alert)
    try:
        _explain(request, alert, form.cleaned_data)
    except BadFile as bad:
        messages.error(request, BAD_FILE[str(bad)])
    except NotAllowed as refusal:
        messages.error(request, REFUSED[refusal.why])
    except OSError:
        messages.error(request, _("Lampiran tidak dapat disimpan. Coba lagi; penjelasan belum terkirim."))
    else:
        request.session.pop(DRAFT, None)
        messages.success(request, CONFIRMATIONS[DecisionAct.EXPLAINED])
    return _redirect_to_alert(alert)


def _explain(request: HttpRequest, alert: Alert, data: dict[str, Any]) -> None:
    # Keep the input in the session: the page offers it again when the explanation is refused.
    draft: ExplanationDraft = {"alert": alert.pk, "reason": data["reason"], "text": data["text"]}
    request.session[DRAFT] = draft
    with attachments.kept_with(data["attachment"], request.user.pk) as file:
        statement = DecisionStatement(DecisionAct.EXPLAINED, data["last_seen"], data["reason"], data["text"], file)
        # SignInMiddleware: the user is never anonymous here.
        decisions.record_decision(alert, request.user, statement, timezone.now())  # type: ignore[arg-type]


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Record one decision, or its undoing."""
    alert, now = _alert(request, pk), timezone.now()
    form = DecideForm(request.POST)
    back = redirect("indication", alert.pk)
    if not form.is_valid():
        return _answer(request, back, [str(errors[0]) for errors in form.errors.values()], now)
    data = form.cleaned_data
    act = DecisionAct(data["act"])
    try:
        statement = DecisionStatement(act, data["last_seen"], data["reason"], data["text"])
        # SignInMiddleware: the user is never anonymous here.
        line = decisions.record_decision(alert, request.user, statement, now)  # type: ignore[arg-type]
    except NotAllowed as refusal:
        return _answer(request, back, [str(REFUSED[refusal.why])], now)
    return _answer(request, back, [], now, [line], str(CONFIRMATIONS[act]))


@require_POST
def excuse_chosen(request: HttpRequest) -> HttpResponse:
    """Excuse the indications that were chosen in the list (`pilih`, see together.chosen)."""
    scope, now = scope_of(request.user), timezone.now()
    if scope.empty:
        raise PermissionDenied
    back = redirect(f"{reverse('indications')}?tahap={inbox.TO_DECIDE}")
    form, rows = TogetherForm(request.POST), together.chosen(request.POST.getlist("pilih"))
    if not form.is_valid():
        return _answer(request, back, [str(errors[0]) for errors in form.errors.values()], now)
    if not rows:
        return _answer(request, back, [gettext("Pilih dulu indikasinya.")], now)
    data = form.cleaned_data
    # SignInMiddleware: the user is never anonymous here.
    done = together.excuse_together(rows, request.user, scope, data["reason"], data["text"], now)  # type: ignore[arg-type]
    problems = [f"{alert.counter.office.name}: {REFUSED[why]}" for alert, why in done.refused.items()]
    number = len(done.lines)
    success = ngettext(
        "%(n)s indikasi diberi izin. Dapat diurungkan selama 10 menit.",
        "%(n)s indikasi diberi izin. Dapat diurungkan selama 10 menit.",
        number,
    )
    return _answer(request, back, problems, now, done.lines, success % {"n": number} if number else "")


def _answer(
    request: HttpRequest,
    back: HttpResponse,
    problems: Sequence[str],
    now: datetime,
    lines: Sequence[Decision] = (),
    success: str = "",
) -> HttpResponse:
    """Return `back` with messages, or JSON to those who prefer it: 409 when nothing was recorded."""
    if request.get_preferred_type(["text/html", "application/json"]) != "application/json":
        for problem in problems:
            messages.error(request, problem)
        if success:
            messages.success(request, success)
        return back
    undoable = bool(lines) and all(line.what in DECISIONS for line in lines)
    answer = {
        "message": " ".join([success, *problems]).strip(),
        "done": [
            {
                "alert": line.alert_id,
                "line": line.pk,
                "address": reverse("indication-decide", args=[line.alert_id]),
                "outcome": line.alert.outcome,
                "word": line.alert.get_outcome_display(),
            }
            for line in lines
        ],
        "undo_until": (now + UNDO).isoformat() if undoable else None,
        "waiting": inbox.count_waiting(scope_of(request.user), now),
    }
    return JsonResponse(answer, status=200 if lines else 409)
