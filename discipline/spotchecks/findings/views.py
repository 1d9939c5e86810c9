"""Pages of findings: the list by stage, one finding, and the forms to answer and to decide."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.alerts.decisions.views import BAD_FILE
from discipline.core import attachments
from discipline.core.attachments import BadFile
from discipline.core.dialogue import UNDO, NotAllowed, Side
from discipline.spotchecks import result as spotcheck_result
from discipline.spotchecks.findings import answers
from discipline.spotchecks.findings import rule as finding_rule
from discipline.spotchecks.findings.answers import FindingStatement
from discipline.spotchecks.findings.rule import FindingAct, FindingStatus
from discipline.spotchecks.forms import FindingAnswerForm, FindingFollowForm
from discipline.spotchecks.models import Finding
from offices.access.gate import scope_of
from offices.hours.schedule import ZONE, local_day
from offices.places.models import at_office
from streams.cameras.models import Camera

A_PAGE = 30
DRAFT = "answering"  # session key of an answer that was not accepted
# By the value of ?tahap=.
STAGES: dict[str, tuple[str | Promise, tuple[FindingStatus, ...]]] = {
    "jawab": (_("Perlu jawaban"), (FindingStatus.WAITING, FindingStatus.RETURNED)),
    "periksa": (_("Perlu diperiksa"), (FindingStatus.ANSWERED,)),
    "selesai": (_("Selesai"), (FindingStatus.ACCEPTED, FindingStatus.WITHDRAWN)),
    "semua": (_("Semua"), tuple(FindingStatus)),
}
REFUSED = {
    NotAllowed.STALE: _("Ada tanggapan lain yang baru saja masuk. Baca dulu riwayatnya, lalu coba lagi."),
    NotAllowed.ROLE: _("Peran Anda tidak dapat melakukan ini."),
    NotAllowed.NOTHING_TO_UNDO: _("Tidak ada keputusan yang dapat diurungkan."),
    NotAllowed.TOO_LATE: _("Sudah lebih dari 10 menit, jadi tidak dapat diurungkan lagi."),
    NotAllowed.SAME: _("Temuan ini tidak sedang menunggu itu."),
    NotAllowed.NEEDS_TEXT: _("Tulis alasannya."),
}
CONFIRMATIONS = {
    FindingAct.ANSWERED: _("Jawaban terkirim."),
    FindingAct.ACCEPTED: _("Jawaban diterima, temuan selesai. Dapat diurungkan selama 10 menit."),
    FindingAct.RETURNED: _("Jawaban dikembalikan. Dapat diurungkan selama 10 menit."),
    FindingAct.WITHDRAWN: _("Temuan ditarik. Dapat diurungkan selama 10 menit."),
    FindingAct.EXTENDED: _("Tenggat diubah."),
    FindingAct.UNDONE: _("Keputusan diurungkan."),
}


@never_cache
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """List the findings in the user's scope. ?tahap= (STAGES) filters, ?hal= pages."""
    scope = scope_of(request.user)
    if scope.empty:
        raise PermissionDenied
    seen = answers.seen_by(scope)
    stage = request.GET.get("tahap", "")
    stage = stage if stage in STAGES else "semua"
    states = [status.value for status in STAGES[stage][1]]
    order = ("answer_by", "pk") if stage == "jawab" else ("-opened_at", "-pk")
    context = {
        "stage": stage,
        "stages": [
            (code, word, None if code == "semua" else seen.filter(status__in=[s.value for s in statuses]).count())
            for code, (word, statuses) in STAGES.items()
        ],
        "page": Paginator(seen.filter(status__in=states).order_by(*order), A_PAGE).get_page(request.GET.get("hal")),
        "now": timezone.now(),
    }
    return render(request, "spotchecks/findings.html", context)


def _finding(request: HttpRequest, pk: int) -> Finding:
    """Return the finding. Raises Http404 also when its office is out of the user's scope."""
    return get_object_or_404(answers.seen_by(scope_of(request.user)), pk=pk)


@never_cache
@require_safe
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a finding with what the user may do next. 404 if it is out of the user's scope."""
    found, now = _finding(request, pk), timezone.now()
    history = answers.history_of(found)
    entries = answers.entries(history)
    stands, status = answers.standpoint(request.user, found), finding_rule.status(entries)
    last_seen = entries[-1].id if entries else None
    undoable = finding_rule.undoable(entries, now)
    draft = request.session.get(DRAFT) or {}
    typed = draft.get("text", "") if draft.get("finding") == pk else ""
    asked = stands.side is Side.ASKED and not status.closed
    context = {
        "finding": found,
        "cameras": Camera.objects.filter(at_office(found.stop.office), enabled=True).order_by("name"),
        "part": next(
            part
            for part in spotcheck_result.office_results(found.stop.check_of, request.user)
            if part.stop.pk == found.stop_id
        ),
        "history": history,
        "last_seen": last_seen,
        "form": FindingAnswerForm(initial={"text": typed, "last_seen": last_seen}) if asked else None,
        "decides": stands.side is Side.DECIDER and not status.closed,
        "answered": status is FindingStatus.ANSWERED,
        "asks": status.asks,
        "overdue": bool(status.asks and found.answer_by and found.answer_by < now),
        "undo_until": undoable.at + UNDO if undoable and stands.side is Side.DECIDER else None,
        "today": local_day(now),
    }
    return render(request, "spotchecks/finding.html", context)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an answer and redirect to the finding, with the error as a message if it was refused."""
    found = _finding(request, pk)
    form = FindingAnswerForm(request.POST, request.FILES)
    # Kept until the answer is accepted: after a refusal the page fills the text in again.
    request.session[DRAFT] = {"finding": pk, "text": request.POST.get("text", "")}
    if not form.is_valid():
        return _flash_errors(request, form, pk)
    try:
        _answer(request, found, form.cleaned_data)
    except BadFile as bad:
        messages.error(request, BAD_FILE[str(bad)])
    except NotAllowed as refusal:
        messages.error(request, REFUSED[refusal.why])
    except OSError:
        messages.error(request, _("Lampiran tidak dapat disimpan. Coba lagi; jawaban belum terkirim."))
    else:
        request.session.pop(DRAFT, None)
        messages.success(request, CONFIRMATIONS[FindingAct.ANSWERED])
    return redirect("finding", pk)


def _answer(request: HttpRequest, found: Finding, data: dict[str, Any]) -> None:
    with attachments.kept_with(data["attachment"], request.user.pk) as file:
        statement = FindingStatement(FindingAct.ANSWERED, data["last_seen"], data["text"], attachment=file)
        answers.record_finding_statement(found, request.user, statement, timezone.now())


@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a decision and redirect to the finding, with the error as a message if it was refused."""
    found, now = _finding(request, pk), timezone.now()
    form = FindingFollowForm(request.POST, today=local_day(now))
    if not form.is_valid():
        return _flash_errors(request, form, pk)
    data = form.cleaned_data
    act = FindingAct(data["act"])
    until = datetime.combine(data["until"], time(23, 59), tzinfo=ZONE) if data["until"] else None
    try:
        statement = FindingStatement(act, data["last_seen"], data["text"], until)
        answers.record_finding_statement(found, request.user, statement, now)
    except NotAllowed as refusal:
        messages.error(request, REFUSED[refusal.why])
    else:
        messages.success(request, CONFIRMATIONS[act])
    return redirect("finding", pk)


def _flash_errors(request: HttpRequest, form: forms.Form, pk: int) -> HttpResponse:
    for errors in form.errors.values():
        messages.error(request, str(errors[0]))
    return redirect("finding", pk)
