"""The list of indications, by stage and filtered."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.alerts.decisions.panel import OF_EXPLAINING
from discipline.alerts.decisions.rule import DECISIONS
from discipline.alerts.inbox import queries as inbox
from discipline.alerts.inbox.rows import inbox_rows
from discipline.alerts.incomplete_evidence import incomplete_among
from discipline.alerts.models import Alert
from discipline.core.codes import choices
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.gate import Scope, scope_of
from offices.places.models import Kecamatan, Kelurahan

A_PAGE = 30


@never_cache
@require_safe
def indications(request: HttpRequest) -> HttpResponse:
    """Show one page of the list.

    Query: ?tahap= (inbox.STAGES), ?jenis= (ACCUSATIONS), ?kecamatan= (code), ?q= (office), ?dari= and ?sampai= (dates),
    ?hal= (page), ?buka= (id of the indication that the script shows beside the list). Values that are not valid are
    ignored.
    """
    scope = scope_of(request.user)
    if scope.empty:
        raise PermissionDenied
    now, query = timezone.now(), request.GET
    since, until = _day(query.get("dari", "")), _day(query.get("sampai", ""))
    stage, stages = query.get("tahap", ""), inbox.stages_of(scope)
    mine = inbox.waiting_for(scope, now) if inbox.MINE in stages else 0
    counts = {inbox.MINE: mine, **inbox.count_waiting(scope, now)}
    wanted = inbox.InboxFilter(
        stage=stage if stage in stages else _default_stage(scope, counts),
        kind=query.get("jenis", ""),
        kecamatan=query.get("kecamatan", ""),
        query=query.get("q", "").strip(),
        since=since,
        until=until,
    )
    page = Paginator(inbox.list_indications(scope, wanted, now), A_PAGE).get_page(query.get("hal"))
    shown = Alert.objects.filter(pk__in=[alert.pk for alert in page])
    kept = query.copy()
    kept.pop("hal", None)
    kept.pop("buka", None)
    rows = inbox_rows(page, scope, now)
    context = {
        "page": page,
        "rows": rows,
        "decides": any(row.choosable for row in rows),
        "excuses": OF_EXPLAINING,
        "wanted": wanted,
        "stages": [(code, word, counts.get(code)) for code, word in stages.items()],
        "kinds": [(kind.value, kind.label) for kind in ACCUSATIONS],
        "kecamatan_list": _kecamatan(scope),
        "outcomes": [(outcome, number) for outcome, number in inbox.count_outcomes(scope).items()],
        "outcome_words": dict(choices(DECISIONS)),
        "backwards": bool(since and until and until < since),
        "narrowed": bool(wanted.kind or wanted.kecamatan or wanted.query or since or until),
        "incomplete": set(incomplete_among(shown, now).values_list("pk", flat=True)),
        "incomplete_lately": inbox.count_incomplete_lately(scope, now),
        "kept": kept.urlencode(),
        "now": now,
    }
    return render(request, "alerts/indications.html", context)


def _default_stage(scope: Scope, counts: dict[str, int]) -> str:
    """Return the stage at which this user most likely has to act."""
    if scope.mayor and counts[inbox.MINE]:
        return inbox.MINE
    if scope.kelurahan and not scope.city:
        return inbox.TO_EXPLAIN
    if scope.kecamatan and not scope.city and counts[inbox.TO_DECIDE]:
        return inbox.TO_DECIDE
    return inbox.ALL


def _kecamatan(scope: Scope) -> list[Kecamatan]:
    if scope.city:
        return list(Kecamatan.objects.all())
    own = Kelurahan.objects.filter(pk__in=scope.kelurahan).values("kecamatan")
    return list(Kecamatan.objects.filter(pk__in=scope.kecamatan) | Kecamatan.objects.filter(pk__in=own))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
