"""Indications as subjects of notices."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from discipline.alerts.models import Alert
from discipline.alerts.words import alert_word
from discipline.core.wording import duration, hour
from discipline.notices import rule as notice_rule
from discipline.notices.models import Delivery
from discipline.notices.outbox import BATCH_SIZE, STALE
from discipline.notices.subjects import MOST_TITLE, News, NoticeSubject, SubjectSource
from discipline.staffing.alert_kinds import ACCUSATIONS, AlertKind

Why = Delivery.Why


class AlertSubjects(SubjectSource):
    """Keys are "alert:" and the number of the indication as which it began."""

    def claim(self, now: datetime) -> list[News]:
        untold = Alert.objects.filter(told_at=None).select_related("counter__kelurahan").order_by("pk")
        found = list(untold.select_for_update(skip_locked=True, no_key=True, of=("self",))[:BATCH_SIZE])
        Alert.objects.filter(pk__in=[alert.pk for alert in found]).update(told_at=now)
        fresh = [
            alert
            for alert in found
            if alert.raised_at > now - STALE and not (alert.superseded_by_id or alert.withdrawn_by_id)
        ]
        first = first_alerts(alert.pk for alert in fresh)
        return [
            News(
                f"alert:{first[alert.pk]}",
                notice_rule.NoticeEvent(AlertKind(alert.kind), alert.since, alert.raised_at, alert.ended_at),
                alert.counter.kelurahan,
            )
            for alert in fresh
        ]

    def current(self, pks: Collection[int], now: datetime) -> dict[int, NoticeSubject]:
        return {pk: _subject(alert, now) for pk, alert in newest_alerts(pks).items()}


class ReminderSubjects(SubjectSource):
    """Keys are "reminder:", the number of the indication, and which reminder. They carry words of their own."""

    def obsolete(self, pk: int) -> str:
        alert = newest_alerts([pk]).get(pk)
        return answered_reason(alert) if alert else Why.WITHDRAWN


def newest_alerts(pks: Iterable[int]) -> dict[int, Any]:
    """Return each indication's latest successor: an absence that lasted until closing goes on as an early leave."""
    at = {pk: pk for pk in pks}
    known: dict[int, Any] = {}
    while missing := set(at.values()) - known.keys():
        query: Any = Alert.objects.with_explained().select_related("counter__kelurahan__kecamatan")
        found = query.in_bulk(missing)
        if not found:
            break
        known |= found
        at = {pk: _last_superseding(known, now_at) for pk, now_at in at.items()}
    return {pk: known[last] for pk, last in at.items() if last in known}


def first_alerts(pks: Iterable[int]) -> dict[int, int]:
    """Return the indication as which each began: one emptiness is one subject, whatever it is called later."""
    at = {pk: pk for pk in pks}
    while True:
        before = Alert.objects.filter(superseded_by__in=set(at.values())).order_by("-pk")
        came_from = dict(before.values_list("superseded_by", "pk"))
        if not came_from:
            return at
        at = {pk: came_from.get(now_at, now_at) for pk, now_at in at.items()}


def was_over_when_raised(alert: Alert) -> bool:
    """Return whether it was raised only when it was over, as NOT_OPENED at closing is."""
    return alert.ended_at is not None and alert.ended_at <= alert.raised_at


def answered_reason(alert: Any) -> str:
    """Return the Delivery.Why for which nobody needs to hear of it any more, or "". Needs with_explained()."""
    if alert.withdrawn_by_id:
        return Why.WITHDRAWN
    return Why.ANSWERED if alert.outcome or alert.explained else ""


def _last_superseding(known: dict[int, Any], pk: int) -> int:
    while pk in known and known[pk].superseded_by_id:
        pk = known[pk].superseded_by_id
    return pk


def _subject(alert: Any, now: datetime) -> NoticeSubject:
    over = answered_reason(alert)
    past = alert.ended_at is not None
    if not over and past and not was_over_when_raised(alert):
        over = Why.ENDED
    word = str(alert_word(alert.kind, alert.detail))
    lasted = duration(((alert.ended_at or now) - alert.since).total_seconds())
    title = f"{word}, {lasted}, sudah berakhir" if over == Why.ENDED else f"{word} {lasted}"
    when = f"{hour(alert.since)}–{hour(alert.ended_at)} WIB" if past else f"sejak {hour(alert.since)} WIB"
    office = alert.counter.kelurahan
    body = f"{alert.counter.name}, Kelurahan {office.name}, {when}."
    if alert.kind in ACCUSATIONS:
        body += "\nIndikasi, belum pelanggaran sampai diputuskan camat."
    return NoticeSubject(
        AlertKind(alert.kind),
        office,
        title[:MOST_TITLE],
        body,
        reverse("indication", args=[alert.pk]),
        over,
    )
