"""Open and close points to the public. Each change is logged, and takes effect when its transaction commits.

Callers: the operator's page, the steering of cameras (CAUSE steering) and incidents (CAUSE incident).
"""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from offices.access.gate import User
from offices.places.models import Place
from streams.live.public import plan
from streams.live.public.models import PublicChange, PublicClosure, PublicLimits, PublicPoint

Cause = PublicClosure.Cause
What = PublicChange.What

log = logging.getLogger(__name__)


def close_point(
    point: PublicPoint,
    cause: PublicClosure.Cause,
    reason: str,
    now: datetime,
    by: User | None = None,
    until: datetime | None = None,
) -> PublicClosure:
    """Close the point to the public, until `until` or until it is reopened; `reason` is shown to the public.

    A closure of the same cause that holds is replaced. Raises ValidationError without a reason, and when `until` has
    passed.
    """
    reason = reason.replace("\0", "").strip()[:200]
    if not reason:
        raise ValidationError({"reason": _("Tulis alasannya; publik membacanya.")})
    if until is not None and until <= now:
        raise ValidationError({"until": _("Pilih saat yang akan datang.")})
    with transaction.atomic():
        PublicPoint.objects.select_for_update().get(pk=point.pk)
        _end(point, cause, now)
        closure = PublicClosure.objects.create(
            point=point, cause=cause, reason=reason, by_id=by.pk if by else None, started_at=now, until=until
        )
        facts = {"cause": cause.value, "until": until.isoformat() if until else None}
        _write(What.CLOSED, now, by, point.place, reason, facts)
        transaction.on_commit(partial(_in_folder, plan.folder().close, point.place.point_code))
    return closure


def reopen(point: PublicPoint, cause: PublicClosure.Cause, now: datetime, by: User | None = None) -> bool:
    """End the closure of this cause; return whether there was one. Closures of other causes hold on."""
    with transaction.atomic():
        PublicPoint.objects.select_for_update().get(pk=point.pk)
        if not _end(point, cause, now):
            return False
        _write(What.REOPENED, now, by, point.place, "", {"cause": cause.value})
        if not plan.open_closures(now).filter(point=point).exists():
            transaction.on_commit(partial(_in_folder, plan.folder().reopen, point.place.point_code))
    return True


def save_point(point: PublicPoint, now: datetime, by: User | None = None) -> None:
    """Check and save what the public sees of a point. Raises ValidationError."""
    point.full_clean(validate_unique=False)
    with transaction.atomic():
        point.save()
        _write(What.CHANGED, now, by, point.place, "", model_to_dict(point))
        if not point.shown:
            transaction.on_commit(partial(_in_folder, plan.folder().close, point.place.point_code))
        elif not point.live:
            transaction.on_commit(partial(_in_folder, plan.folder().remove_video, point.place.point_code))


def save_limits(limits: PublicLimits, now: datetime, by: User | None = None) -> None:
    """Check and save the city's limits. Raises ValidationError."""
    limits.full_clean(validate_unique=False)
    with transaction.atomic():
        limits.save()
        _write(What.LIMITS, now, by, None, "", {"most_viewers": limits.most_viewers})


def limits() -> PublicLimits:
    """Return the city's limits, saved or not."""
    return PublicLimits.objects.first() or PublicLimits()


def _end(point: PublicPoint, cause: PublicClosure.Cause, now: datetime) -> bool:
    """End the closure of this cause, at its `until` where that has passed; return whether it still held."""
    held = False
    for one in PublicClosure.objects.filter(point=point, cause=cause, ended_at=None):
        held = one.until is None or one.until > now
        end = max(now, one.started_at) if held or one.until is None else one.until
        PublicClosure.objects.filter(pk=one.pk).update(ended_at=end)
    return held


def _write(
    what: PublicChange.What, now: datetime, by: User | None, place: Place | None, reason: str, facts: dict[str, Any]
) -> None:
    name = f"{place.point_code} {place.point_name}"[:120] if place else ""
    by_id = by.pk if by else None
    PublicChange.objects.create(
        what=what, place=place, place_name=name, reason=reason, facts=facts, by_id=by_id, at=now
    )


def _in_folder(act: Callable[[str], None], code: str) -> None:
    """Do it at once; should it fail, or the folder be another machine's, `watch` follows within a heartbeat."""
    try:
        act(code)
    except OSError as error:
        log.warning("The files of public point %s: %s", code, error)
