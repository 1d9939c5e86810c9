"""Make system incidents subjects of notices."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline.core.wording import hour
from discipline.notices.models import Delivery
from discipline.notices.outbox import STALE
from discipline.notices.rule import NoticeEvent, Topic
from discipline.notices.subjects import News, NoticeSubject, SubjectSource
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.words import INCIDENTS


class IncidentSubjects(SubjectSource):
    """Keys are "incident:" and the pk of a SystemIncident."""

    def claim(self, now: datetime) -> list[News]:
        """Mark new incidents as notified and return those that are not stale yet. Call within a transaction."""
        unnotified = SystemIncident.objects.filter(notices_queued_at=None).select_for_update(
            skip_locked=True, no_key=True
        )
        incidents = list(unnotified)
        SystemIncident.objects.filter(pk__in=[incident.pk for incident in incidents]).update(notices_queued_at=now)
        return [
            News(f"incident:{incident.pk}", NoticeEvent(Topic.INCIDENT, incident.since, incident.raised_at), None)
            for incident in incidents
            if incident.raised_at > now - STALE
        ]

    def current(self, pks: Collection[int], now: datetime) -> dict[int, NoticeSubject]:
        """Return the incidents as they are now, by pk; deleted ones are omitted."""
        del now  # unused
        return {pk: _subject(incident) for pk, incident in SystemIncident.objects.in_bulk(list(pks)).items()}


def _subject(incident: SystemIncident) -> NoticeSubject:
    cause = str(INCIDENTS[incident.kind]) % {"blind": incident.blind, "total": incident.total}
    if incident.counters is None:
        effect = _("Selama itu tidak ada loket yang dinilai.")
    else:
        number = len(incident.counters)
        some = ngettext("Selama itu %(n)s loket tidak dinilai.", "Selama itu %(n)s loket tidak dinilai.", number)
        effect = some % {"n": number} if number else _("Tidak ada loket yang terdampak.")
        effect = _("Server pemantau: %(name)s.") % {"name": incident.watcher} + f" {effect}"
    body = _("Sejak %(at)s WIB, %(cause)s") % {"at": hour(incident.since), "cause": cause} + f"\n{effect}"
    over = Delivery.Why.ENDED if incident.ended_at else ""
    return NoticeSubject(Topic.INCIDENT, None, _("Gangguan sistem"), body, reverse("board"), over)
