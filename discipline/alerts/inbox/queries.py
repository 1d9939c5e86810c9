"""Queries of indications by stage: awaiting an explanation, awaiting a decision, decided."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from discipline.alerts.decisions.rule import DECISIONS
from discipline.alerts.incomplete_evidence import count_incomplete
from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.gate import Scope, deciding, explaining, kecamatan_offices, within, within_offices
from offices.hours.schedule import ZONE
from offices.places.models import Kelurahan
from offices.places.search import matches, normalise, search_text

if TYPE_CHECKING:
    from discipline.alerts.models import ExplainedAlert

MINE, TO_EXPLAIN, TO_DECIDE, DONE, ALL = "saya", "jelaskan", "putuskan", "selesai", "semua"
STAGES: dict[str, Promise] = {
    MINE: _("Menunggu Anda"),
    TO_EXPLAIN: _("Perlu penjelasan"),
    TO_DECIDE: _("Perlu keputusan"),
    DONE: _("Selesai"),
    ALL: _("Semua"),
}


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Filters of the list; empty fields match everything. `since` and `until` are WIB days, both included."""

    stage: str = ALL
    kind: str = ""
    kecamatan: str = ""  # code
    query: str = ""
    since: date | None = None
    until: date | None = None


def _in_scope(scope: Scope) -> "QuerySet[ExplainedAlert]":
    accusations = Alert.objects.filter(kind__in=ACCUSATIONS, superseded_by=None, withdrawn_by=None)
    return accusations.filter(within_offices(scope, "counter")).with_explained()


def _stage(stage: str, now: datetime) -> Q:
    """Return the filter of a stage that waits for somebody."""
    overdue = Q(explain_by__isnull=False, explain_by__lt=now)
    if stage == TO_EXPLAIN:
        return Q(outcome="", explained=False) & ~overdue
    # Explained, or not explained by the deadline; or explained again after the decision.
    return Q(outcome="") & (Q(explained=True) | overdue) | Q(new_letter=True)


def _at_stage(alerts: "QuerySet[ExplainedAlert]", stage: str, now: datetime) -> "QuerySet[ExplainedAlert]":
    if stage in (TO_EXPLAIN, TO_DECIDE):
        return alerts.filter(_stage(stage, now))
    return alerts.exclude(outcome="") if stage == DONE else alerts


def list_indications(scope: Scope, wanted: InboxFilter, now: datetime) -> "QuerySet[ExplainedAlert]":
    """Return matching indications, newest first, but those that wait nearest deadline and oldest first."""
    alerts = _waiting_for(scope, now) if wanted.stage == MINE else _at_stage(_in_scope(scope), wanted.stage, now)
    alerts = alerts.select_related("counter__kelurahan__kecamatan", "counter__place__kecamatan")
    if wanted.kind in ACCUSATIONS:
        alerts = alerts.filter(kind=wanted.kind)
    if wanted.kecamatan:
        below = Q(counter__kelurahan__kecamatan__code=wanted.kecamatan)
        alerts = alerts.filter(below | Q(counter__place__kecamatan__code=wanted.kecamatan))
    if wanted.since:
        alerts = alerts.filter(raised_at__gte=datetime.combine(wanted.since, time(), tzinfo=ZONE))
    if wanted.until:
        alerts = alerts.filter(raised_at__lt=datetime.combine(wanted.until, time(), tzinfo=ZONE) + timedelta(days=1))
    if wanted.query:
        alerts = alerts.filter(_offices(scope, wanted.query))
    if wanted.stage in (MINE, TO_EXPLAIN, TO_DECIDE):
        return alerts.order_by(F("explain_by").asc(nulls_last=True), "raised_at", "pk")
    return alerts.order_by("-raised_at", "-pk")


def count_waiting(scope: Scope, now: datetime) -> dict[str, int]:
    """Return the number of indications at TO_EXPLAIN and at TO_DECIDE."""
    alerts = _in_scope(scope)
    return {stage: _at_stage(alerts, stage, now).count() for stage in (TO_EXPLAIN, TO_DECIDE)}


def count_incomplete_lately(scope: Scope, now: datetime) -> int:
    """Return how many recent indications lack evidence that was not recorded."""
    return count_incomplete(Alert.objects.filter(within_offices(scope, "counter")), now)


def count_outcomes(scope: Scope) -> dict[str, int]:
    """Return the number of decided indications by outcome, zeros included."""
    counts = _in_scope(scope).exclude(outcome="").order_by().values_list("outcome").annotate(Count("pk"))
    return dict.fromkeys((outcome.value for outcome in DECISIONS), 0) | dict(counts)


def _offices(scope: Scope, query: str) -> Q:
    """Return a filter for indications of the offices that the query finds."""
    normalised = normalise(query)
    offices = Kelurahan.objects.filter(within(scope)).select_related("kecamatan")
    found = [
        office.pk
        for office in offices
        if matches(normalised, search_text(office.name, office.official_name, office.kecamatan.name))
    ]
    above = [office.pk for office in kecamatan_offices(scope) if matches(normalised, search_text(office.name))]
    return Q(counter__kelurahan__in=found) | Q(counter__place__in=above)


def waiting_for(scope: Scope, now: datetime) -> int:
    """Return how many indications await the user's own action: decisions and explanations, as the role has them."""
    if scope.empty or (scope.city and not scope.mayor):
        return 0
    return _waiting_for(scope, now).count()


def stages_of(scope: Scope) -> dict[str, Promise]:
    """Return the stages that the user's list has: MINE where another's office waits for somebody else's decision."""
    both = scope.mayor or (scope.kecamatan and kecamatan_offices(scope, in_use=True).exists())
    return {code: word for code, word in STAGES.items() if both or code != MINE}


def _waiting_for(scope: Scope, now: datetime) -> "QuerySet[ExplainedAlert]":
    to_decide = deciding(scope, "counter") & _stage(TO_DECIDE, now)
    return _in_scope(scope).filter(to_decide | explaining(scope, "counter") & _stage(TO_EXPLAIN, now))
