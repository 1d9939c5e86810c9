"""Pages of spot checks: starting one, its result, and the statistics of each office."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks import office_record, round_screen, snapshots
from discipline.spotchecks import pdf as spotcheck_pdf
from discipline.spotchecks import result as spotcheck_result
from discipline.spotchecks.conduct import MOST_OFFICES, Checker, SpotCheckRefused
from discipline.spotchecks.findings import answers
from discipline.spotchecks.forms import StartForm
from discipline.spotchecks.models import SpotCheck, SpotPicture, SpotStop
from discipline.spotchecks.scope import stops_within
from offices.access.file_log import log_file
from offices.access.gate import User, kelurahan_for, office_for, scope_of
from offices.access.models import FileAccess
from offices.hours.schedule import local_day
from offices.places.models import Kelurahan
from streams.live import picture_gate

A_PAGE = 20
USUAL_COUNT = 8
REFUSED = {
    SpotCheckRefused.EMPTY: _("Tidak ada kantor berkamera untuk diinspeksi di sini."),
    SpotCheckRefused.NOT_YOURS: _("Kantor itu di luar wilayah Anda."),
}


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the form to start a check, and the checks so far. ?kantor= (codes, repeatable) preselects, ?hal= pages."""
    if scope_of(request.user).empty:
        raise PermissionDenied
    chosen = request.GET.getlist("kantor")
    first = {"how": SpotCheck.How.LIST if chosen else SpotCheck.How.DRAW, "count": USUAL_COUNT, "kantor": chosen}
    return _index(request, first, {})


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Start a check and redirect to its round; 422 with the form when it is invalid."""
    checker = spotchecks.checker_for(request.user)
    if checker is None:
        raise PermissionDenied
    form = StartForm(request.POST, checker=checker, reason_needed=not _any_on_duty(checker))
    if not form.is_valid():
        typed = request.POST.dict() | {"kantor": request.POST.getlist("kantor")}
        return _index(request, typed, {name: errors[0] for name, errors in form.errors.items()}, status=422)
    try:
        check = _start(request.user, checker, form.cleaned_data)
    except SpotCheckRefused as refusal:
        messages.error(request, REFUSED[refusal.why])
        return redirect("spot-checks")
    return redirect("spot-check-run", check.pk)


def _start(user: User, checker: Checker, data: dict[str, Any]) -> SpotCheck:
    now, how = timezone.now(), data["how"]
    if how == SpotCheck.How.DRAW:
        return spotchecks.start_drawn(user, data["count"], data["reason"], now)
    offices = [*data["kantor"], *data["kantor_camat"]]
    if how == SpotCheck.How.KECAMATAN:
        offices = list(checker.offices.filter(kecamatan=data["kecamatan"]).order_by("code"))
    return spotchecks.start_with(user, how, offices, data["reason"], now)


def _index(request: HttpRequest, values: dict[str, Any], errors: dict[str, object], status: int = 200) -> HttpResponse:
    """Render the start page with these values in the form and the first error of each field."""
    checker, scope = spotchecks.checker_for(request.user), scope_of(request.user)
    finished = spotcheck_result.visible_checks(request.user, scope).filter(finished_at__isnull=False)
    page = Paginator(finished.order_by("-finished_at", "-pk"), A_PAGE).get_page(request.GET.get("hal"))
    marks = spotcheck_result.count_marks_by_check(list(page), scope)
    context: dict[str, Any] = {
        "checker": checker,
        "values": values,
        "errors": errors,
        "most": MOST_OFFICES,
        "waiting_list": answers.waiting_for(request.user)[:A_PAGE],
        "page": page,
        "rows": [(check, marks[check.pk]) for check in page],
        "now": timezone.now(),
    }
    if checker is not None:
        offices = list(checker.offices)
        unfinished = SpotCheck.objects.filter(by=request.user.pk, finished_at=None).order_by("-started_at")
        context |= {
            "districts": office_record.by_kecamatan(offices),
            "kecamatan_offices": checker.kecamatan_offices,
            "waiting_words": round_screen.words_for_browser()["waiting"],
            "reason_needed": not _any_on_duty(checker),
            "unfinished": [
                (check, check.stops.count(), check.stops.exclude(mark="").count()) for check in unfinished[:A_PAGE]
            ],
        }
    return render(request, "spotchecks/start.html", context, status=status)


def _any_on_duty(checker: Checker) -> bool:
    """Return whether one of the offices is on duty now. If none is, starting a check needs a reason."""
    return bool(picture_gate.on_duty(timezone.now(), checker.ids))


def _readable(request: HttpRequest, pk: int) -> SpotCheck:
    """Return the check. Raises Http404 also when the user may not read it."""
    check: SpotCheck = get_object_or_404(spotcheck_result.visible_checks(request.user, scope_of(request.user)), pk=pk)
    return check


@never_cache
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the result of a check, or redirect to its round when it is unfinished. 404 if the user may not read it."""
    return _result(request, _readable(request, pk))


def _result(request: HttpRequest, check: SpotCheck) -> HttpResponse:
    if check.finished_at is None:
        return redirect("spot-check-run", check.pk)
    shown = spotcheck_result.office_results(check, request.user)
    shared = request.build_absolute_uri(reverse("spot-check-shared", args=[spotcheck_result.share_token(check)]))
    context = {
        "check": check,
        "parts": shown,
        "counts": spotcheck_result.count_marks(shown),
        "unmarked": sum(1 for part in shown if not part.stop.mark),
        "total": check.stops.count(),
        "drawing": spotcheck_result.repeat_draw(check, request.user),
        "shared": shared,
        "shared_days": spotcheck_result.SHARED_FOR.days,
    }
    return render(request, "spotchecks/result.html", context)


@never_cache
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show the result by its shared address. It grants no rights: 404 if the user may not read the check, 410 if it has
    expired.
    """
    try:
        pk = spotcheck_result.check_from_token(token)
    except spotcheck_result.ShareExpired:
        return render(request, "spotchecks/over.html", status=410)
    except ValueError as error:
        raise Http404 from error
    return _result(request, _readable(request, pk))


@never_cache
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the result as a PDF of A4 pages. 404 if the check is unfinished or the user may not read it."""
    check = _readable(request, pk)
    if check.finished_at is None:
        raise Http404
    shown, drawing = (
        spotcheck_result.office_results(check, request.user),
        spotcheck_result.repeat_draw(check, request.user),
    )
    offices = [part.stop.kelurahan_id for part in shown]  # none of a kecamatan office
    log_file(request.user, FileAccess.Kind.SPOT_CHECK, check.pk, check, offices)
    answer = HttpResponse(spotcheck_pdf.sheet(check, shown, drawing, timezone.now()), content_type="application/pdf")
    name = f"sidak-{check.pk}-{local_day(check.started_at)}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a snapshot with faces hidden. 404 unless the user may read its check and see its office."""
    readable = spotcheck_result.visible_checks(request.user, scope_of(request.user))
    shown = SpotPicture.objects.filter(entry__stop__isnull=False, removed_at=None)
    seen = shown.filter(stops_within(scope_of(request.user), "entry__stop"))
    snapshot = get_object_or_404(
        seen.filter(entry__check_of__in=readable)
        .exclude(shown_path="")
        .select_related("entry__stop__kelurahan", "entry__stop__kecamatan__place"),
        pk=pk,
    )
    if snapshot.destroyed_at:
        raise Http404
    try:
        data = snapshots.read_blurred(snapshot)
    except snapshots.SnapshotAltered as error:
        raise Http404 from error
    if stop := snapshot.entry.stop:
        log_file(request.user, FileAccess.Kind.SNAPSHOT, snapshot.pk, stop, [stop.kelurahan_id])
    answer = HttpResponse(data, content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@never_cache
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Show how often each office was checked and with which results; offices never checked come first."""
    if scope_of(request.user).empty:
        raise PermissionDenied
    districts = office_record.by_kecamatan(kelurahan_for(request.user))
    context = {
        "districts": districts,
        "offices": sum(len(district.offices) for district in districts),
        "never": sum(district.never for district in districts),
        "number": sum(district.total.number for district in districts),
    }
    return render(request, "spotchecks/statistics.html", context)


@never_cache
@require_safe
def office(request: HttpRequest, code: str) -> HttpResponse:
    """Show all finished checks of one office, newest first."""
    found = office_for(request.user, code)
    at = Q(kelurahan=found) if isinstance(found, Kelurahan) else Q(kecamatan=found.kecamatan_id)
    stops = SpotStop.objects.filter(at, check_of__finished_at__isnull=False).exclude(mark="")
    page = Paginator(stops.select_related("check_of__by", "finding").order_by("-marked_at", "-pk"), A_PAGE).get_page(
        request.GET.get("hal")
    )
    context = {
        "office": found,
        "checked": office_record.spot_check_totals(SpotStop.objects.filter(at)).get(
            found.office_id, office_record.SpotCheckTotals()
        ),
        "page": page,
    }
    return render(request, "spotchecks/office.html", context)
