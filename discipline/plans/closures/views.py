"""Views to list, request, answer, enter, end and revoke closures."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from discipline.alerts.models import Alert
from discipline.plans import applying, changes
from discipline.plans.closures import lifecycle
from discipline.plans.closures.forms import (
    ClosureAnswerForm,
    ClosureForm,
    ClosureRequestForm,
    initial_times,
)
from discipline.plans.closures.lifecycle import AlreadyAnswered, ClosureAnswer
from discipline.plans.closures.scope import may_ask_for, may_close
from discipline.plans.forms import RemovalReasonForm
from discipline.plans.models import PlanChange
from discipline.plans.preview_seal import seal, sealed
from offices.access.accountable import decider
from offices.access.gate import Scope, scope_of, within, within_offices
from offices.hours.models import Closure, ClosureRequest
from offices.hours.schedule import ZONE, local_day

RECENT = 30  # rows of each list of the past
State = ClosureRequest.State
ASKED = (
    "kelurahan__kecamatan", "counter__kelurahan", "counter__place__kecamatan", "asked_by", "decided_by", "closure",
)  # fmt: skip
form_page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
def closures(request: HttpRequest) -> HttpResponse:
    """List waiting requests, present and future closures, and recent past ones."""
    scope, now = scope_of(request.user), timezone.now()
    if scope.empty:
        raise PermissionDenied
    requests = ClosureRequest.objects.filter(_in_scope(scope)).select_related(*ASKED)
    known = Closure.objects.filter(applying.rows_visible_to(scope)).select_related(*applying.NAMED, "request")
    context = {
        "requests": requests.filter(state=State.ASKED).order_by("starts_at"),
        "standing": known.filter(ends_at__gt=now).order_by("starts_at"),
        "over": known.filter(ends_at__lte=now)[:RECENT],
        "declined": requests.exclude(state__in=[State.ASKED, State.GRANTED])[:RECENT],
        "asks": bool(may_ask_for(scope)),
        "enters": scope.operates or bool(scope.kecamatan),
        "now": now,
    }
    return render(request, "plans/closures.html", context)


@never_cache
@form_page
def ask(request: HttpRequest) -> HttpResponse:
    """Request a closure, as a lurah, or as a camat for a counter of the own kecamatan office.

    An indication's page links here with ?tempat= (a place's key), ?mulai= and ?selesai= (2026-11-23T07:30, WIB).
    """
    places, now = may_ask_for(scope_of(request.user)), timezone.now()
    if not places:
        raise PermissionDenied
    form = ClosureRequestForm(request.POST or None, places=places, now=now, initial=_initial_from_query(request))
    if form.is_valid():
        kept = lifecycle.request_closure(form.request(request.user.pk or 0), now)
        messages.success(request, _("Permohonan terkirim kepada %(decider)s.") % {"decider": decider(kept.office)})
        return redirect("closure-request", kept.pk)
    context = {"form": form, "asking": True}
    return render(request, "plans/closure_form.html", context, status=422 if form.errors else 200)


@never_cache
@form_page
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a closure without a request, as a camat or the operator; what affects past days is previewed first."""
    places, now = may_close(scope_of(request.user)), timezone.now()
    if not places:
        raise PermissionDenied
    form = ClosureForm(request.POST or None, places=places, now=now, initial=_initial_from_query(request))
    context: dict[str, Any] = {"form": form, "asking": False}
    if form.is_valid():
        work = lifecycle.entry_work(form.closure(request.user.pk or 0), _answer(request, "", now))
        effect = changes.preview_effect(work, now)
        if effect.harmless or sealed(request):
            changes.apply_work(work, request.user.pk or 0, form.cleaned_data["reason"], now)
            messages.success(request, _("Penutupan tersimpan."))
            return redirect("closures")
        context |= {"effect": effect, "seal": seal(request), **_indications_context(effect)}
    return render(request, "plans/closure_form.html", context, status=422 if form.errors else 200)


def _in_scope(scope: Scope) -> Q:
    return within(scope, "kelurahan") | Q(kelurahan=None) & within_offices(scope, "counter")


def _request_or_404(request: HttpRequest, pk: int) -> ClosureRequest:
    """Return the request. Raises Http404 also when its office is out of the user's scope."""
    seen = ClosureRequest.objects.filter(_in_scope(scope_of(request.user)))
    return get_object_or_404(seen.select_related(*ASKED), pk=pk)


@never_cache
@require_safe
def asked(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a request, and to its camat what a grant would change."""
    return _asked_page(request, _request_or_404(request, pk))


def _asked_page(request: HttpRequest, found: ClosureRequest, form: ClosureAnswerForm | None = None) -> HttpResponse:
    scope, now = scope_of(request.user), timezone.now()
    grants = found.waits and scope.grants(found.office)
    context: dict[str, Any] = {
        "asked": found,
        "grants": grants,
        "withdraws": found.waits and scope.asks(found.office),
        "form": form,
        "after_the_fact": found.starts_at < found.asked_at,
    }
    if grants:
        effect = lifecycle.preview_grant(found, _answer(request, "", now))
        context |= {"effect": effect, **_indications_context(effect)}
    elif found.closure_id:
        context["change"] = PlanChange.objects.filter(
            what=PlanChange.What.CLOSURE, row=found.closure_id, act=PlanChange.Act.ADDED
        ).first()
    return render(request, "plans/closure_request.html", context, status=422 if form else 200)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or refuse a request as its camat, or withdraw it as its lurah."""
    found, scope, form = _request_or_404(request, pk), scope_of(request.user), ClosureAnswerForm(request.POST)
    act = request.POST.get("act")
    if not (scope.asks(found.office) if act == "withdraw" else scope.grants(found.office)):
        messages.error(request, _("Peran Anda tidak dapat melakukan ini."))
        return redirect("closure-request", found.pk)
    if not form.is_valid():
        return _asked_page(request, found, form)
    respond, message = {
        "grant": (lifecycle.grant_request, _("Penutupan diberikan.")),
        "refuse": (lifecycle.refuse_request, _("Permohonan ditolak.")),
        "withdraw": (lifecycle.withdraw_request, _("Permohonan ditarik.")),
    }[form.cleaned_data["act"]]
    try:
        respond(found, _answer(request, form.cleaned_data["word"], timezone.now()))
    except AlreadyAnswered:
        messages.error(request, _("Permohonan ini sudah dijawab atau ditarik."))
    else:
        messages.success(request, message)
    return redirect("closure-request", found.pk)


def _closure_or_404(request: HttpRequest, pk: int) -> Closure:
    """Return the closure. Raises Http404 also when it affects no office in the user's scope."""
    seen = Closure.objects.filter(applying.rows_visible_to(scope_of(request.user)))
    if scope_of(request.user).empty:
        raise Http404
    return get_object_or_404(seen.select_related(*applying.NAMED, "request", "entered_by"), pk=pk)


def _governs(request: HttpRequest, row: Closure) -> bool:
    scope, place = scope_of(request.user), applying.place_of(row)
    if place.of_kecamatan_office and scope.grants(place.row.office):
        return True
    return scope.governs(applying.kecamatan_of(place))


def _runs(row: Closure, now: datetime) -> bool:
    """Return whether the closure is running and began before the present minute, so that it can be ended early."""
    return row.starts_at < now.replace(second=0, microsecond=0) and now < row.ends_at


@never_cache
@require_safe
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a closure and its changes."""
    row, now = _closure_or_404(request, pk), timezone.now()
    context = {
        "closure": row,
        "place": applying.place_of(row),
        "governs": _governs(request, row),
        "running": _runs(row, now),
        "changes": PlanChange.objects.filter(what=PlanChange.What.CLOSURE, row=row.pk).select_related("by"),
    }
    return render(request, "plans/closure.html", context)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a running closure now."""
    row, now = _closure_or_404(request, pk), timezone.now()
    if not _governs(request, row):
        raise PermissionDenied
    if not _runs(row, now):
        messages.error(request, _("Penutupan ini tidak sedang berlangsung."))
    else:
        changes.apply_work(lifecycle.end_work(row, now), request.user.pk or 0, _("Diakhiri lebih awal"), now)
        messages.success(request, _("Penutupan diakhiri. Jam layanan berlaku lagi."))
    return redirect("closure", row.pk)


@never_cache
@form_page
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview what deleting a closure changes, and delete it when a reason is given."""
    row, now = _closure_or_404(request, pk), timezone.now()
    if not _governs(request, row):
        raise PermissionDenied
    form = RemovalReasonForm(request.POST or None, label_suffix="")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        changes.apply_work(lifecycle.revoke_work(row, _answer(request, reason, now)), request.user.pk or 0, reason, now)
        messages.success(request, _("Penutupan dicabut."))
        return redirect("closures")
    effect = changes.preview_effect(lifecycle.revoke_work(row, _answer(request, "", now)), now)
    context = {"form": form, "closure": row, "place": applying.place_of(row), "effect": effect}
    return render(request, "plans/closure_revoke.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, word: str, now: datetime) -> ClosureAnswer:
    return ClosureAnswer(request.user, word, now)  # type: ignore[arg-type]  # the middleware requires a login


def _indications_context(effect: changes.Effect) -> dict[str, list[Alert]]:
    """Return the indications that a closure excuses and those it overlaps but doesn't excuse."""
    rows = Alert.objects.select_related("counter__kelurahan", "counter__place__kecamatan").in_bulk(
        [*effect.excused, *effect.partly]
    )
    return {"excused": [rows[pk] for pk in effect.excused], "partly": [rows[pk] for pk in effect.partly]}


def _initial_from_query(request: HttpRequest) -> dict[str, Any]:
    start, end = (_moment(request.GET.get(key, "")) for key in ("mulai", "selesai"))
    today = local_day(timezone.now())
    return {"place": request.GET.get("tempat", ""), "start_day": today, **initial_times(start, end)}


def _moment(text: str) -> datetime | None:
    """Return the ISO 8601 time in WIB; None when it is not one."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE)
    except ValueError:
        return None
