"""What there is to say of a matter now: "alert:123" as it stands, "incident:4" while it lasts. In Indonesian: nobody
has said another language to a phone that lies on a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from discipline.alerts.from_flips import ACCUSATIONS
from discipline.alerts.models import Alert
from discipline.alerts.words import alert_word
from discipline.core.wording import duration, hour
from discipline.notices import rule as notice_rule
from discipline.notices.models import Delivery
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.words import INCIDENTS
from offices.places.models import Kelurahan

Why = Delivery.Why
LINES = 6  # of a digest
MOST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Matter:
    """`over`: a Delivery.Why that keeps it from being told as present; ENDED may still stand in a digest."""

    kind: notice_rule.Kind
    office: Kelurahan | None
    title: str
    body: str
    url: str
    over: str = ""

    @property
    def line(self) -> str:
        first, _, _ = self.body.partition("\n")
        return f"{self.title}: {first}"


def current(keys: Iterable[str], now: datetime) -> dict[str, Matter]:
    """By key; what is gone, and what has words of its own, is missing."""
    wanted: dict[str, dict[int, str]] = {"alert": {}, "incident": {}}
    for key in keys:
        about, _, pk = key.partition(":")
        if about in wanted:
            wanted[about][int(pk)] = key
    with translation.override("id"), timezone.override(settings.TIME_ZONE):
        alerts = {wanted["alert"][pk]: _of_alert(alert, now) for pk, alert in newest(wanted["alert"]).items()}
        incidents = SystemIncident.objects.in_bulk(wanted["incident"])
        return alerts | {wanted["incident"][pk]: _of_incident(one) for pk, one in incidents.items()}


def newest(pks: Iterable[int]) -> dict[int, Any]:
    """Each indication as what it goes on as: an absence that lasted until closing is an early leave."""
    at = {pk: pk for pk in pks}
    known: dict[int, Any] = {}
    while missing := set(at.values()) - known.keys():
        query: Any = Alert.objects.with_explained().select_related("counter__kelurahan__kecamatan")
        found = query.in_bulk(missing)
        if not found:
            break
        known |= found
        at = {pk: _next(known, now_at) for pk, now_at in at.items()}
    return {pk: known[last] for pk, last in at.items() if last in known}


def oldest(pks: Iterable[int]) -> dict[int, int]:
    """The indication as which each began: one emptiness is one matter, whatever it is called later."""
    at = {pk: pk for pk in pks}
    while True:
        before = Alert.objects.filter(superseded_by__in=set(at.values())).order_by("-pk")
        came_from = dict(before.values_list("superseded_by", "pk"))
        if not came_from:
            return at
        at = {pk: came_from.get(now_at, now_at) for pk, now_at in at.items()}


def concluded(alert: Alert) -> bool:
    """Told when it was over already: that is what it says."""
    return alert.ended_at is not None and alert.ended_at <= alert.raised_at


def summary(matters: list[Matter]) -> Matter:
    """Several as one. Raises IndexError for none."""
    lines = [matter.line for matter in matters[:LINES]]
    if len(matters) > LINES:
        lines.append(f"dan {len(matters) - LINES} lainnya")
    url = matters[0].url if len({matter.url for matter in matters}) == 1 else reverse("indications") + "?tahap=semua"
    return Matter(matters[0].kind, None, f"{len(matters)} pemberitahuan", "\n".join(lines), url)


def answered(alert: Any) -> str:
    """Why nobody needs to be told any more; needs with_explained()."""
    if alert.withdrawn_by_id:
        return Why.WITHDRAWN
    return Why.ANSWERED if alert.outcome or alert.explained else ""


def _next(known: dict[int, Any], pk: int) -> int:
    while pk in known and known[pk].superseded_by_id:
        pk = known[pk].superseded_by_id
    return pk


def _of_alert(alert: Any, now: datetime) -> Matter:
    over = answered(alert)
    past = alert.ended_at is not None
    if not over and past and not concluded(alert):
        over = Why.ENDED
    word = str(alert_word(alert.kind, alert.detail))
    lasted = duration(((alert.ended_at or now) - alert.since).total_seconds())
    title = f"{word}, {lasted}, sudah berakhir" if over == Why.ENDED else f"{word} {lasted}"
    when = f"{hour(alert.since)}–{hour(alert.ended_at)} WIB" if past else f"sejak {hour(alert.since)} WIB"
    office = alert.counter.kelurahan
    body = f"{alert.counter.name}, Kelurahan {office.name}, {when}."
    if alert.kind in ACCUSATIONS:
        body += "\nIndikasi, belum pelanggaran sampai diputuskan camat."
    return Matter(
        notice_rule.Kind(alert.kind), office, title[:MOST_TITLE], body, reverse("indication", args=[alert.pk]), over
    )


def _of_incident(incident: SystemIncident) -> Matter:
    cause = str(INCIDENTS[incident.kind]) % {"blind": incident.blind, "total": incident.total}
    body = f"Sejak {hour(incident.since)} WIB, {cause}\nSelama itu tidak ada loket yang dinilai."
    over = Why.ENDED if incident.ended_at else ""
    return Matter(notice_rule.Kind.INCIDENT, None, "Gangguan sistem", body, reverse("board"), over)
