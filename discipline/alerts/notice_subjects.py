"""Indications and their reminders as subjects of notices."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.alerts.models import Alert
from discipline.alerts.words import alert_word
from discipline.core.wording import duration, hour
from discipline.notices import rule as notice_rule
from discipline.notices.models import Delivery
from discipline.notices.outbox import BATCH_SIZE, STALE
from discipline.notices.subjects import MOST_TITLE, News, NoticeSubject, SubjectSource
from discipline.staffing.alert_kinds import ABOUT_CAMERAS, ACCUSATIONS, AlertKind
from offices.access.accountable import decider
from streams.cameras.models import Zone
from streams.cameras.troubles.notes import planned_work

if TYPE_CHECKING:
    from discipline.alerts.models import ExplainedAlert

Why = Delivery.Why


class AlertSubjects(SubjectSource):
    """Source of alerts. Keys are "alert:" and the id of the first alert in its chain of superseded ones."""

    def claim(self, now: datetime) -> list[News]:
        """Claim up to BATCH_SIZE alerts; return those younger than STALE, neither superseded nor withdrawn."""
        unclaimed = Alert.objects.filter(notices_queued_at=None).order_by("pk")
        unclaimed = unclaimed.select_related("counter__kelurahan", "counter__place__kecamatan")
        claimed = list(unclaimed.select_for_update(skip_locked=True, no_key=True, of=("self",))[:BATCH_SIZE])
        Alert.objects.filter(pk__in=[alert.pk for alert in claimed]).update(notices_queued_at=now)
        fresh = [
            alert
            for alert in claimed
            if alert.raised_at > now - STALE and not (alert.superseded_by_id or alert.withdrawn_by_id)
        ]
        quiet = _of_planned_work(fresh, now)
        fresh = [alert for alert in fresh if alert.pk not in quiet]
        first = first_alerts(alert.pk for alert in fresh)
        return [
            News(
                f"alert:{first[alert.pk]}",
                notice_rule.NoticeEvent(AlertKind(alert.kind), alert.since, alert.raised_at, alert.ended_at),
                alert.counter.office,
            )
            for alert in fresh
        ]

    def current(self, pks: Collection[int], now: datetime) -> dict[int, NoticeSubject]:
        """Return alerts as they stand at `now`, each as its latest successor."""
        return {pk: _subject(alert, now) for pk, alert in newest_alerts(pks).items()}


class ReminderSubjects(SubjectSource):
    """Source of reminders. Keys are "reminder:<alert id>:<Reminder.When>". Texts are fixed when queued."""

    def obsolete(self, pk: int) -> str:
        """Return WITHDRAWN or ANSWERED when the alert needs no reminder any more, else ""."""
        alert = newest_alerts([pk]).get(pk)
        return answered_reason(alert) if alert else Why.WITHDRAWN


def newest_alerts(pks: Iterable[int]) -> "dict[int, ExplainedAlert]":
    """Return each alert's latest successor: an absence that lasts until closing becomes an early leave."""
    at = {pk: pk for pk in pks}
    known: dict[int, ExplainedAlert] = {}
    while missing := set(at.values()) - known.keys():
        query = Alert.objects.with_explained()
        found = query.select_related("counter__kelurahan__kecamatan", "counter__place__kecamatan").in_bulk(missing)
        if not found:
            break
        known |= found
        at = {pk: _last_superseding(known, now_at) for pk, now_at in at.items()}
    return {pk: known[last] for pk, last in at.items() if last in known}


def first_alerts(pks: Iterable[int]) -> dict[int, int]:
    """Return the id of the first alert in each chain of superseded ones: one absence is one subject throughout."""
    at = {pk: pk for pk in pks}
    while True:
        before = Alert.objects.filter(superseded_by__in=set(at.values())).order_by("-pk")
        came_from = dict(before.values_list("superseded_by", "pk"))
        if not came_from:
            return at
        at = {pk: came_from.get(now_at, now_at) for pk, now_at in at.items()}


def was_over_when_raised(alert: Alert) -> bool:
    """Return whether the alert had ended when it was raised, as NOT_OPENED at closing has."""
    return alert.ended_at is not None and alert.ended_at <= alert.raised_at


def answered_reason(alert: "ExplainedAlert") -> str:
    """Return the Delivery.Why for which notices of the alert are obsolete, or "". Needs with_explained()."""
    if alert.withdrawn_by_id:
        return Why.WITHDRAWN
    return Why.ANSWERED if alert.outcome or alert.explained else ""


def _of_planned_work(alerts: Iterable[Alert], now: datetime) -> set[int]:
    """Return the ids of those about cameras on which operators have planned work that is going on."""
    counters = {alert.counter_id for alert in alerts if alert.kind in ABOUT_CAMERAS}
    if not counters:
        return set()
    zones = list(Zone.objects.filter(subject__in=counters).values_list("camera", "subject"))
    work = planned_work({camera for camera, _counter in zones}, now)
    worked_on = {counter for camera, counter in zones if camera in work}
    return {alert.pk for alert in alerts if alert.kind in ABOUT_CAMERAS and alert.counter_id in worked_on}


def _last_superseding(known: "dict[int, ExplainedAlert]", pk: int) -> int:
    while pk in known and (later := known[pk].superseded_by_id):
        pk = later
    return pk


def _subject(alert: "ExplainedAlert", now: datetime) -> NoticeSubject:
    over = answered_reason(alert)
    if not over and alert.ended_at and not was_over_when_raised(alert):
        over = Why.ENDED
    name = str(alert_word(alert.kind, alert.detail))
    lasted = duration(alert.lasting_s(now))
    words = {"kind": name, "lasted": lasted}
    title = _("%(kind)s, %(lasted)s, sudah berakhir") % words if over == Why.ENDED else f"{name} {lasted}"
    since = hour(alert.since)
    when = f"{since}–{hour(alert.ended_at)} WIB" if alert.ended_at else _("sejak %(at)s WIB") % {"at": since}
    office = alert.counter.office
    body = f"{alert.counter.name}, {office.office_title}, {when}."
    if alert.kind in ACCUSATIONS:
        body += "\n" + _("Indikasi, belum pelanggaran sampai diputuskan %(who)s.") % {"who": decider(office)}
    return NoticeSubject(
        AlertKind(alert.kind),
        office,
        title[:MOST_TITLE],
        body,
        reverse("indication", args=[alert.pk]),
        over,
    )
