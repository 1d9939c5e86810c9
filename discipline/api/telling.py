"""What is said of each row, to who asks and to webhooks alike: the shapes of schemas.py."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from discipline.models import Standing
from offices.models import Counter, Kelurahan


def place(row: Any) -> dict[str, Any]:
    return {"code": row.code, "name": row.name}


def where(counter: Counter) -> dict[str, Any]:
    """A counter and its places; needs kelurahan and kecamatan loaded."""
    office: Kelurahan = counter.kelurahan
    return {
        "counter": {"id": counter.pk, "name": counter.name},
        "kelurahan": place(office),
        "kecamatan": place(office.kecamatan),
    }


def office(row: Kelurahan) -> dict[str, Any]:
    return {
        **place(row),
        "official_name": row.official_name,
        "kecamatan": place(row.kecamatan),
        "latitude": row.latitude,
        "longitude": row.longitude,
        "counters": [{"id": one.pk, "name": one.name, "watched": one.active} for one in row.counters.all()],
    }


def standing(row: Standing) -> dict[str, Any]:
    return {
        **where(row.counter),
        "state": row.state,
        "reason": row.reason,
        "since": row.since,
        "last_look_at": row.last_look_at,
    }


def indication(alert: Any) -> dict[str, Any]:
    """Needs with_explained() and the counter's places. Also what webhooks say."""
    return {
        "id": alert.pk,
        "kind": alert.kind,
        **where(alert.counter),
        "since": alert.since,
        "raised_at": alert.raised_at,
        "ended_at": alert.ended_at,
        "outcome": alert.outcome or None,
        "explained": alert.explained,
        "explain_by": alert.explain_by,
        "superseded_by": alert.superseded_by_id,
        "withdrawn": alert.withdrawn_by_id is not None,
        "url": str(settings.SITE_URL).rstrip("/") + reverse("indication", args=[alert.pk]),
    }
