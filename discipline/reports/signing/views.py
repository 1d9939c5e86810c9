"""Views of signing: the overview of months, one month's page and its steps, and the signed documents."""

from base64 import b64encode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from discipline.reports.numbers.period import BadPeriod, Period, PeriodKind, parse_period
from discipline.reports.numbers.places import Level, OrgUnit, place_for
from discipline.reports.signing import signatures, steps, taking
from discipline.reports.signing import words as signing_words
from discipline.reports.signing.models import MonthSnapshot
from discipline.reports.signing.page import signing_page
from offices.access.file_log import log_file
from offices.access.gate import scope_of
from offices.access.models import FileAccess
from offices.accounts.visits import visit_of
from offices.hours.schedule import local_day

LONGEST_TEXT = 2000


class StepForm(forms.Form):
    """The fields of taking.StepRequest."""

    step = forms.ChoiceField(choices=[(one.value, one.value) for one in steps.SignStep])
    seen = forms.IntegerField(required=False)
    sha256 = forms.CharField(required=False, max_length=64)
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    password = forms.CharField(required=False, max_length=1000, strip=False)


@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the last months of all kecamatan in scope. Raises PermissionDenied for users who see none."""
    scope = scope_of(request.user)
    if not (scope.city or scope.kecamatan):
        raise PermissionDenied
    now = timezone.now()
    rows = signatures.signing_overview(scope, now)
    shown = [cell.month for cell in rows[0].cells] if rows else signatures.past_months(local_day(now))[:1]
    last = [row.cells[0] for row in rows]
    context = {
        "rows": rows,
        "months": shown,
        "due": signatures.due_days(shown)[shown[0]],
        "signed": sum(cell.signature.state in steps.FINAL for cell in last),
        "late": sum(cell.late for cell in last),
        "watched": sum(cell.watched for cell in last),
        "unread": [cell for row in rows for cell in row.cells if cell.signature.waiting],
    }
    return render(request, "reports/signing/overview.html", context)


@never_cache
@require_safe
def month(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """Show a kecamatan's month with its figures, cautions, history and possible steps."""
    where, when = _asked(request, place, month)
    return render(
        request, "reports/signing/month.html", {"page": signing_page(where, when, request.user, timezone.now())}
    )


@sensitive_post_parameters("password")
@require_POST
def step(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """Take a step and redirect to the month's page, which shows the result or why the step was refused."""
    where, when = _asked(request, place, month)
    back = redirect("month-signing", where.key, when.key)
    form = StepForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Langkah itu tidak dikenal. Muat ulang halaman, lalu coba lagi."))
        return back
    values = form.cleaned_data
    taken = steps.SignStep(values.pop("step"))
    try:
        visit = visit_of(request, request.user.get_username())
        taking.take_step(where, when, request.user, taking.StepRequest(taken, visit=visit, **values), timezone.now())
    except steps.StepRefused as refusal:
        messages.error(request, str(signing_words.REFUSED[refusal.why]))
    else:
        messages.success(request, str(signing_words.STEPS_DONE[taken]))
    return back


@never_cache
@require_safe
def document(request: HttpRequest, place: str, month: str, number: int) -> HttpResponse:
    """Serve the exact bytes that were signed: `sha256sum` of the file gives the hash that the page shows."""
    where, when = _asked(request, place, month)
    stored = get_object_or_404(MonthSnapshot, report__kecamatan=where.row, report__month=when.first, number=number)
    digest = b64encode(bytes.fromhex(stored.sha256)).decode()
    name = f"sidak-{where.key}-{when.key}-{number}.json"
    log_file(request.user, FileAccess.Kind.SIGNED, stored.pk, name)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Repr-Digest": f"sha-256=:{digest}:",  # RFC 9530
        "ETag": f'"{stored.sha256}"',
    }
    return HttpResponse(bytes(stored.body), content_type="application/json", headers=headers)


def _asked(request: HttpRequest, place: str, month: str) -> tuple[OrgUnit, Period]:
    """Return the kecamatan, in the user's scope, and the month, which has begun. Raises Http404."""
    where = place_for(request.user, place)
    try:
        when = parse_period(month, local_day(timezone.now()))
    except BadPeriod as error:
        raise Http404 from error
    if where.level is not Level.KECAMATAN or when.kind is not PeriodKind.MONTH:
        raise Http404
    return where, when
