"""Views to add, change and remove weekly and Ramadan plans; a change that affects past days is previewed first."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discipline.plans import applying, changes
from discipline.plans import forms as plan_forms
from discipline.plans.changes import Work
from discipline.plans.forms import PlanForm, RemovalReasonForm
from discipline.plans.preview_seal import seal, sealed
from discipline.plans.views import place_or_404
from discipline.reports.numbers.places import CITY_KEY, Level, OrgUnit
from offices.access.gate import operator_required
from offices.hours.models import HoursPlan
from offices.hours.schedule import DAY, local_day

form_page = require_http_methods(["GET", "HEAD", "POST"])


@operator_required
@never_cache
@form_page
def add(request: HttpRequest, key: str) -> HttpResponse:
    """Add a plan to a place. ?istirahat=2 offers two breaks a day."""
    place = place_or_404(request, key)
    if place.level is Level.KECAMATAN_OFFICE:  # rules are of its counters or its kecamatan
        raise Http404
    lines = applying.plan_chain(place, local_day(timezone.now()))
    model = lines[0].plan if lines else None
    initial = plan_forms.plan_initial(model, local_day(timezone.now())) if model else {}
    initial |= {"name": "", "source": "", "valid_from": None, "valid_to": None, "priority": 0}
    form = PlanForm(
        request.POST or None,
        initial=initial,
        spot=applying.columns_of(place),
        breaks=_breaks(request, plan_forms.most_breaks(model) if model else 1),
    )
    return _page(request, form, place, {"title": _("Jam layanan baru")})


@operator_required
@never_cache
@form_page
def ramadan(request: HttpRequest) -> HttpResponse:
    """Add the city's plan for one Ramadan."""
    place = OrgUnit(Level.CITY)
    known = HoursPlan.objects.filter(applying.CITY, priority=plan_forms.RAMADAN_PRIORITY).order_by("-valid_from")
    form = PlanForm(
        request.POST or None,
        initial=plan_forms.ramadan_initial(),
        spot=applying.columns_of(place),
        breaks=_breaks(request, 1),
        ramadan=True,
    )
    return _page(request, form, place, {"title": _("Jam Ramadan"), "known": known})


@operator_required
@never_cache
@form_page
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plan: by a new plan from a day on (the default), or by correcting the plan itself and its past days."""
    plan = get_object_or_404(HoursPlan.objects.select_related(*applying.NAMED), pk=pk)
    form = PlanForm(
        request.POST or None,
        initial=plan_forms.plan_initial(plan, local_day(timezone.now()) + DAY),
        spot={name: getattr(plan, name) for name in ("kecamatan_id", "kelurahan_id", "counter_id")},
        plan=plan,
        breaks=_breaks(request, plan_forms.most_breaks(plan)),
    )
    return _page(request, form, applying.place_of(plan), {"title": _("Ubah jam layanan"), "plan": plan})


@operator_required
@never_cache
@form_page
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview the removal of a plan, and remove it when a reason is given."""
    plan = get_object_or_404(HoursPlan.objects.select_related(*applying.NAMED), pk=pk)
    place, work, now = applying.place_of(plan), changes.remove_work(plan), timezone.now()
    form = RemovalReasonForm(request.POST or None, label_suffix="")
    if form.is_valid():
        changes.apply_work(work, request.user.pk or 0, form.cleaned_data["reason"], now)
        messages.success(request, _("Jam layanan dihapus."))
        return redirect("hours-place", place.key)
    context = {"form": form, "plan": plan, "place": place, "effect": changes.preview_effect(work, now)}
    context |= {"week": applying.week_of(plan)}
    return render(request, "plans/plan_remove.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, form: PlanForm, place: OrgUnit, more: dict[str, Any]) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "place": place, "city": CITY_KEY, **more}
    if form.is_valid():
        now, work = timezone.now(), _work(form)
        effect = changes.preview_effect(work, now)
        if effect.harmless or sealed(request):
            return _apply(request, form, place, work)
        context |= {"effect": effect, "seal": seal(request)}
    return render(request, "plans/plan_form.html", context, status=422 if form.errors else 200)


def _apply(request: HttpRequest, form: PlanForm, place: OrgUnit, work: Work) -> HttpResponse:
    try:
        changes.apply_work(work, request.user.pk or 0, form.cleaned_data["reason"], timezone.now())
    except IntegrityError:  # another request saved an overlapping plan after the form was validated
        messages.error(request, _("Aturan di sini baru saja diubah orang lain. Lihat yang berlaku, lalu ulangi."))
    else:
        messages.success(request, _("Jam layanan tersimpan."))
    return redirect("hours-place", place.key)


def _work(form: PlanForm) -> Work:
    row = form.row()
    if form.plan and form.starts_anew:
        return changes.replace_work(form.plan, row)
    return changes.save_work(row)


def _breaks(request: HttpRequest, known: int) -> int:
    asked = request.GET.get("istirahat", "")
    return max(known, int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 3 else 1)
