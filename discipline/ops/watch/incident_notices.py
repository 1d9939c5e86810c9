"""System incidents as subjects of notices."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from discipline.core.wording import hour
from discipline.notices.models import Delivery
from discipline.notices.outbox import STALE
from discipline.notices.rule import NoticeEvent, Topic
from discipline.notices.subjects import News, NoticeSubject, SubjectSource
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.words import INCIDENTS


class IncidentSubjects(SubjectSource):
    """Keys are "incident:" and the number of a SystemIncident."""

    def claim(self, now: datetime) -> list[News]:
        untold = SystemIncident.objects.filter(told_at=None).select_for_update(skip_locked=True, no_key=True)
        found = list(untold)
        SystemIncident.objects.filter(pk__in=[one.pk for one in found]).update(told_at=now)
        return [
            News(f"incident:{one.pk}", NoticeEvent(Topic.INCIDENT, one.since, one.raised_at), None)
            for one in found
            if one.raised_at > now - STALE
        ]

    def current(self, pks: Collection[int], now: datetime) -> dict[int, NoticeSubject]:
        return {pk: _subject(incident) for pk, incident in SystemIncident.objects.in_bulk(list(pks)).items()}


def _subject(incident: SystemIncident) -> NoticeSubject:
    cause = str(INCIDENTS[incident.kind]) % {"blind": incident.blind, "total": incident.total}
    body = f"Sejak {hour(incident.since)} WIB, {cause}\nSelama itu tidak ada loket yang dinilai."
    over = Delivery.Why.ENDED if incident.ended_at else ""
    return NoticeSubject(Topic.INCIDENT, None, "Gangguan sistem", body, reverse("board"), over)
