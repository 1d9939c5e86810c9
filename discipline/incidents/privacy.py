"""Close street points to the public while a sensitive incident is handled near them."""

from datetime import datetime

from django.utils.translation import gettext_noop

from discipline.incidents.finding import open_incidents
from discipline.incidents.models import Incident
from offices.access.gate import User
from streams.live.public.closures import close_point, reopen
from streams.live.public.models import PublicClosure, PublicPoint

REASON = gettext_noop("Ada kejadian yang sedang ditangani di sekitar titik ini.")
CAUSE = PublicClosure.Cause.INCIDENT


def update_closures(incident: Incident, now: datetime, by: User | None) -> None:
    """Close the points of the incident's cameras if it is sensitive and open; reopen them when no such one is left."""
    points = PublicPoint.objects.filter(camera__in=incident.cameras.values("camera")).select_related("place")
    sensitive = open_incidents(Incident.objects.filter(sensitive=True))
    for point in points:
        if sensitive.filter(cameras__camera=point.camera_id).exists():
            if not PublicClosure.objects.filter(point=point, cause=CAUSE, ended_at=None).exists():
                close_point(point, CAUSE, REASON, now, by)
        else:
            reopen(point, CAUSE, now, by)
