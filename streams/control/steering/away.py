"""Cameras that are off their home preset: they judge nothing, and their public point is closed.

A row is committed before the first move is sent to the camera, so no picture that shows another view is judged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from offices.access.gate import User
from streams.cameras.models import Camera, Zone
from streams.control.steering.models import CameraAway, SteeringLease
from streams.live.public import closures
from streams.live.public.models import PublicPoint
from streams.pixels.occupancy import Blind, Look, Sample

SETTLE = timedelta(seconds=15)  # after a camera is back: motors turn slowly, and pictures come late


def note_move(camera: Camera, now: datetime, by: User | None = None) -> None:
    """Note that the camera is about to be moved, and close its public point. Call it before the move."""
    if CameraAway.objects.filter(camera=camera, back_at=None).update(moved_at=now, tried_at=None):
        return
    with transaction.atomic():
        _row, created = CameraAway.objects.get_or_create(
            camera=camera, back_at=None, defaults={"since": now, "moved_at": now}
        )
        point = PublicPoint.objects.filter(camera=camera).select_related("place").first()
        if created and point:
            with override("id"):
                reason = _("Kamera sedang diarahkan operator.")
            closures.close_point(point, closures.Cause.STEERING, reason, now, by)


def note_back(camera: Camera, moved_at: datetime, now: datetime) -> bool:
    """Note that the camera is back at its home preset, unless it was moved after `moved_at` or is steered again.

    Its public point opens when it has settled. Return whether the row was ended.
    """
    steered = SteeringLease.objects.filter(camera=OuterRef("camera"), ended_at=None, moved_at__gt=moved_at)
    with transaction.atomic():
        rows = CameraAway.objects.filter(~Exists(steered), camera=camera, back_at=None, moved_at__lte=moved_at)
        if not rows.update(back_at=now):
            return False
        point = PublicPoint.objects.filter(camera=camera).select_related("place").first()
        if point:
            with override("id"):
                reason = _("Kamera kembali ke pandangan asalnya.")
            closures.close_point(point, closures.Cause.STEERING, reason, now, until=now + SETTLE)
    return True


def cameras_away(now: datetime) -> set[int]:
    """Return the ids of the cameras that are off their home preset, or came back just now. One query."""
    return set(_since(now - SETTLE).values_list("camera", flat=True))


def was_home(camera: Camera, at: datetime) -> bool:
    """Return whether the camera was at home at this time, and had settled there, as far as is known now."""
    return not _since(at - SETTLE).filter(camera=camera).exists()


def stays_away(cameras: Iterable[int]) -> set[int]:
    """Return those of the cameras (ids) that are off and stay there, as they have no home preset. One query."""
    rows = CameraAway.objects.filter(camera__in=cameras, back_at=None, camera__home_preset=None)
    return set(rows.values_list("camera", flat=True))


def without_steered(samples: Sequence[Sample]) -> list[Sample]:
    """Return the samples; those of cameras that were steered at the time are BLIND. One query where none was."""
    if not samples:
        return []
    rows = list(_since(min(sample.at for sample in samples) - SETTLE))
    if not rows:
        return list(samples)
    camera_of = dict(
        Zone.objects.filter(camera__in={row.camera_id for row in rows}).values_list("subject_id", "camera_id")
    )

    def steered(sample: Sample) -> bool:
        return any(
            row.camera_id == camera_of.get(sample.counter)
            and row.since <= sample.at
            and (row.back_at is None or sample.at < row.back_at + SETTLE)
            for row in rows
        )

    blind = {"look": Look.BLIND, "people": 0, "reason": Blind.STEERED.value}
    return [replace(sample, **blind) if steered(sample) else sample for sample in samples]  # type: ignore[arg-type]


def _since(at: datetime) -> QuerySet[CameraAway]:
    return CameraAway.objects.filter(Q(back_at=None) | Q(back_at__gt=at))
