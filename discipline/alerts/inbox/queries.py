"""The indications that wait for somebody's word, and those that have had it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from discipline.alerts.decisions.rule import DECISIONS
from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.gate import Scope, within
from offices.hours.schedule import ZONE
from offices.places.models import Kelurahan
from offices.places.search import matches, normalise, search_text

TO_EXPLAIN, TO_DECIDE, DONE, ALL = "jelaskan", "putuskan", "selesai", "semua"
STAGES: dict[str, Any] = {
    TO_EXPLAIN: _("Perlu penjelasan"),
    TO_DECIDE: _("Perlu keputusan"),
    DONE: _("Selesai"),
    ALL: _("Semua"),
}


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What is wanted of the list; empty fields ask for everything."""

    stage: str = ALL
    kind: str = ""
    kecamatan: str = ""  # code
    query: str = ""
    since: date | None = None
    until: date | None = None


def _seen_by(scope: Scope) -> QuerySet[Any]:
    told = Alert.objects.filter(kind__in=ACCUSATIONS, superseded_by=None, withdrawn_by=None)
    seen = told.filter(within(scope, "counter__kelurahan"))
    return seen.with_explained()


def _at_stage(alerts: QuerySet[Any], stage: str, now: datetime) -> QuerySet[Any]:
    if stage == TO_EXPLAIN:
        return alerts.filter(outcome="", explained=False).exclude(explain_by__lt=now)
    if stage == TO_DECIDE:  # explained, or nobody explained in time
        return alerts.filter(Q(explained=True) | Q(explain_by__lt=now), outcome="")
    return alerts.exclude(outcome="") if stage == DONE else alerts


def list_indications(scope: Scope, wanted: InboxFilter, now: datetime) -> QuerySet[Alert]:
    """Newest first where it is done, nearest deadline first where somebody waits."""
    alerts = _at_stage(_seen_by(scope), wanted.stage, now).select_related("counter__kelurahan__kecamatan")
    if wanted.kind in ACCUSATIONS:
        alerts = alerts.filter(kind=wanted.kind)
    if wanted.kecamatan:
        alerts = alerts.filter(counter__kelurahan__kecamatan__code=wanted.kecamatan)
    if wanted.since:
        alerts = alerts.filter(raised_at__gte=datetime.combine(wanted.since, time(), tzinfo=ZONE))
    if wanted.until:
        alerts = alerts.filter(raised_at__lt=datetime.combine(wanted.until, time(), tzinfo=ZONE) + timedelta(days=1))
    if wanted.query:
        alerts = alerts.filter(counter__kelurahan__in=_offices(scope, wanted.query))
    if wanted.stage in (TO_EXPLAIN, TO_DECIDE):
        return alerts.order_by(F("explain_by").asc(nulls_last=True), "-raised_at", "-pk")
    return alerts.order_by("-raised_at", "-pk")


def count_waiting(scope: Scope, now: datetime) -> dict[str, int]:
    """How many wait at each of the two stages."""
    seen = _seen_by(scope)
    return {stage: _at_stage(seen, stage, now).count() for stage in (TO_EXPLAIN, TO_DECIDE)}


def count_outcomes(scope: Scope) -> dict[str, int]:
    """How many were decided which way: what the mayor asks."""
    found = _seen_by(scope).exclude(outcome="").order_by().values_list("outcome").annotate(Count("pk"))
    return dict.fromkeys((outcome.value for outcome in DECISIONS), 0) | dict(found)


def _offices(scope: Scope, query: str) -> list[int]:
    wanted = normalise(query)
    found = Kelurahan.objects.filter(within(scope)).select_related("kecamatan")
    return [
        office.pk
        for office in found
        if matches(wanted, search_text(office.name, office.official_name, office.kecamatan.name))
    ]


def waiting_for(scope: Scope) -> int:
    """Return how many indications wait for this scope: a camat's for a decision, a lurah's for an explanation."""
    if scope.city or scope.empty:
        return 0
    return count_waiting(scope, timezone.now())[TO_DECIDE if scope.kecamatan else TO_EXPLAIN]
