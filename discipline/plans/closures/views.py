"""Closures: asked for, answered, entered, ended and taken away."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
    may_ask_for,
    may_close,
)
from discipline.plans.closures.lifecycle import AlreadyAnswered, ClosureAnswer
from discipline.plans.forms import RemovalReasonForm
from discipline.plans.models import PlanChange
from discipline.plans.preview_seal import seal, sealed
from offices.access.gate import scope_of, within
from offices.hours.models import Closure, ClosureRequest
from offices.hours.schedule import ZONE, local_day

RECENT = 30
State = ClosureRequest.State
ASKED = ("kelurahan__kecamatan", "counter__kelurahan", "asked_by", "decided_by", "closure")
form_page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
def closures(request: HttpRequest) -> HttpResponse:
    """What waits, what stands and what is to come, and what was."""
    scope, now = scope_of(request.user), timezone.now()
    if scope.empty:
        raise PermissionDenied
    requests = ClosureRequest.objects.filter(within(scope, "kelurahan")).select_related(*ASKED)
    known = Closure.objects.filter(applying.rows_visible_to(scope)).select_related(*applying.NAMED, "request")
    context = {
        "requests": requests.filter(state=State.ASKED).order_by("starts_at"),
        "standing": known.filter(ends_at__gt=now).order_by("starts_at"),
        "over": known.filter(ends_at__lte=now)[:RECENT],
        "declined": requests.exclude(state__in=[State.ASKED, State.GRANTED])[:RECENT],
        "asks": bool(scope.kelurahan),
        "enters": scope.operates or bool(scope.kecamatan),
        "now": now,
    }
    return render(request, "plans/closures.html", context)


@never_cache
@form_page
def ask(request: HttpRequest) -> HttpResponse:
    """?tempat= (a place's key), ?mulai= and ?selesai= (2026-11-23T07:30, WIB): as an indication's page links here."""
    places, now = may_ask_for(scope_of(request.user)), timezone.now()
    if not places:
        raise PermissionDenied
    form = ClosureRequestForm(request.POST or None, places=places, now=now, initial=_initial_from_query(request))
    if form.is_valid():
        kept = lifecycle.request_closure(form.request(request.user.pk or 0), now)
        messages.success(request, _("Permohonan terkirim kepada camat."))
        return redirect("closure-request", kept.pk)
    context = {"form": form, "asking": True}
    return render(request, "plans/closure_form.html", context, status=422 if form.errors else 200)


@never_cache
@form_page
def enter(request: HttpRequest) -> HttpResponse:
    """By a camat, or by the operator for the city: without a request."""
    places, now = may_close(scope_of(request.user)), timezone.now()
    if not places:
        raise PermissionDenied
    form = ClosureForm(request.POST or None, places=places, now=now, initial=_initial_from_query(request))
    context: dict[str, Any] = {"form": form, "asking": False}
    if form.is_valid():
        work = lifecycle.entry_work(form.closure(request.user.pk or 0), _answer(request, "", now))
        found = changes.preview_effect(work, now)
        if found.harmless or sealed(request):
            changes.apply_work(work, request.user.pk or 0, form.cleaned_data["reason"], now)
            messages.success(request, _("Penutupan tersimpan."))
            return redirect("closures")
        context |= {"effect": found, "seal": seal(request), **_indications_context(found)}
    return render(request, "plans/closure_form.html", context, status=422 if form.errors else 200)


def _found(request: HttpRequest, pk: int) -> ClosureRequest:
    """404 also when its office is out of the user's scope."""
    seen = ClosureRequest.objects.filter(within(scope_of(request.user), "kelurahan"))
    return get_object_or_404(seen.select_related(*ASKED), pk=pk)


@never_cache
@require_safe
def asked(request: HttpRequest, pk: int) -> HttpResponse:
    return _asked(request, _found(request, pk))


def _asked(request: HttpRequest, found: ClosureRequest, form: ClosureAnswerForm | None = None) -> HttpResponse:
    scope, now = scope_of(request.user), timezone.now()
    grants = found.waits and scope.grants(found.kelurahan)
    context: dict[str, Any] = {
        "asked": found,
        "grants": grants,
        "withdraws": found.waits and scope.asks(found.kelurahan),
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
    found, scope, form = _found(request, pk), scope_of(request.user), ClosureAnswerForm(request.POST)
    act = request.POST.get("act")
    if not (scope.asks(found.kelurahan) if act == "withdraw" else scope.grants(found.kelurahan)):
        messages.error(request, _("Peran Anda tidak dapat melakukan ini."))
        return redirect("closure-request", found.pk)
    if not form.is_valid():
        return _asked(request, found, form)
    say, done = {
        "grant": (lifecycle.grant_request, _("Penutupan diberikan.")),
        "refuse": (lifecycle.refuse_request, _("Permohonan ditolak.")),
        "withdraw": (lifecycle.withdraw_request, _("Permohonan ditarik.")),
    }[form.cleaned_data["act"]]
    try:
        say(found, _answer(request, form.cleaned_data["word"], timezone.now()))
    except AlreadyAnswered:
        messages.error(request, _("Permohonan ini sudah dijawab atau ditarik."))
    else:
        messages.success(request, done)
    return redirect("closure-request", found.pk)


def _closure(request: HttpRequest, pk: int) -> Closure:
    seen = Closure.objects.filter(applying.rows_visible_to(scope_of(request.user)))
    if scope_of(request.user).empty:
        raise Http404
    return get_object_or_404(seen.select_related(*applying.NAMED, "request", "entered_by"), pk=pk)


def _governs(request: HttpRequest, row: Closure) -> bool:
    return scope_of(request.user).governs(applying.kecamatan_of(applying.place_of(row)))


def _runs(row: Closure, now: datetime) -> bool:
    """For a minute or more."""
    return row.starts_at < now.replace(second=0, microsecond=0) and now < row.ends_at


@never_cache
@require_safe
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    row, now = _closure(request, pk), timezone.now()
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
    """Now, before its time."""
    row, now = _closure(request, pk), timezone.now()
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
    row, now = _closure(request, pk), timezone.now()
    if not _governs(request, row):
        raise PermissionDenied
    form = RemovalReasonForm(request.POST or None, label_suffix="")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        changes.apply_work(lifecycle.revoke_work(row, _answer(request, reason, now)), request.user.pk or 0, reason, now)
        messages.success(request, _("Penutupan dicabut."))
        return redirect("closures")
    found = changes.preview_effect(lifecycle.revoke_work(row, _answer(request, "", now)), now)
    context = {"form": form, "closure": row, "place": applying.place_of(row), "effect": found}
    return render(request, "plans/closure_revoke.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, word: str, now: datetime) -> ClosureAnswer:
    return ClosureAnswer(request.user, word, now)  # type: ignore[arg-type]


def _indications_context(found: changes.Effect) -> dict[str, Any]:
    """The indications that a closure is about."""
    rows = Alert.objects.select_related("counter__kelurahan").in_bulk([*found.excused, *found.partly])
    return {"excused": [rows[pk] for pk in found.excused], "partly": [rows[pk] for pk in found.partly]}


def _initial_from_query(request: HttpRequest) -> dict[str, Any]:
    start, end = (_moment(request.GET.get(key, "")) for key in ("mulai", "selesai"))
    today = local_day(timezone.now())
    return {"place": request.GET.get("tempat", ""), "start_day": today, **initial_times(start, end)}


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE)
    except ValueError:
        return None
