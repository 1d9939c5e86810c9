"""Which indications lack evidence that was not recorded, for a full disk or a watch that did not run."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from discipline.alerts.models import Alert, AlertQuerySet
from discipline.core import provenance
from discipline.staffing.alert_kinds import ACCUSATIONS
from streams.evidence.models import Evidence

RECORDED_IN = timedelta(minutes=5)  # evidence still absent after so long was not recorded
COUNTED_FOR = timedelta(days=7)
KINDS = (Evidence.Kind.FIRST_EMPTY, Evidence.Kind.DEADLINE)  # the stills without which nobody can see why


def incomplete_among(alerts: AlertQuerySet, now: datetime) -> AlertQuerySet:
    """Return those of the alerts that accuse and lack a still of KINDS; what was destroyed since was recorded."""
    found = alerts.filter(kind__in=ACCUSATIONS, raised_at__lt=now - RECORDED_IN)
    if history := provenance.current_history():
        found = found.filter(since__gte=history.until)  # most of the demo data has no pictures
    return found.exclude(*(_recorded(kind) for kind in KINDS))


def count_incomplete(alerts: AlertQuerySet, now: datetime) -> int:
    """Return how many of the alerts of the last COUNTED_FOR that count are incomplete."""
    lately = alerts.filter(raised_at__gte=now - COUNTED_FOR, superseded_by=None, withdrawn_by=None)
    return incomplete_among(lately, now).count()


def _recorded(kind: Evidence.Kind) -> Q:
    """Return whether the alert, or one that it superseded, has an original of this kind."""
    originals = Alert.evidence.through.objects.filter(evidence__kind=kind, evidence__form=Evidence.Form.ORIGINAL)
    # Two subqueries, each of which an index answers; one with OR would read the whole table for each alert.
    own, earlier = originals.filter(alert=OuterRef("pk")), originals.filter(alert__superseded_by=OuterRef("pk"))
    return Q(Exists(own)) | Q(Exists(earlier))
