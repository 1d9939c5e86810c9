"""Give, renew, take over and end the lease on a camera, write the log, and notify the open sockets."""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

import redis
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.db.models.functions import Greatest

from offices.access.gate import User
from streams.cameras.models import Camera
from streams.control.steering.models import IDLE_S, HomePreset, SteeringLease, SteeringLog
from streams.control.steering.priority_rule import may_take_over

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)  # without a sign of life from the holder's browser
ANNOUNCE_S = 2.0

What = SteeringLog.What


class HeldError(Exception):
    """Somebody else steers the camera. `lease`: theirs."""

    def __init__(self, lease: SteeringLease) -> None:
        super().__init__(str(lease.holder))
        self.lease = lease


def group_of(camera: int) -> str:
    """Return the channel-layer group of the sockets that steer this camera (id)."""
    return f"steering.{camera}"


def holder_of(camera: int) -> SteeringLease | None:
    """Return the open lease on this camera (id), expired or not."""
    return SteeringLease.objects.filter(camera=camera, ended_at=None).select_related("holder").first()


def take(
    camera: Camera, user: User, priority: int, now: datetime, reason: str = "", *, take_over: bool = False
) -> SteeringLease:
    """Return a lease on the camera for the user, whose own is replaced.

    Raises HeldError when somebody else holds it, unless `take_over` is asked for and the priority is higher.
    """
    assert user.pk is not None
    with transaction.atomic():
        Camera.objects.select_for_update(of=("self",)).get(pk=camera.pk)
        held, what, from_whom = holder_of(camera.pk), What.TAKEN, None
        if held and held.holder_id != user.pk and held.expires_at > now:
            if not (take_over and may_take_over(priority, held.priority)):
                raise HeldError(held)
            what, from_whom = What.TAKEN_OVER, held.holder_id
        if held:
            _close(held, now)
            if held.expires_at <= now:
                write_log(camera, What.EXPIRED, held.expires_at, held.holder_id)
        lease = SteeringLease.objects.create(
            camera=camera,
            holder_id=user.pk,
            priority=priority,
            reason=reason,
            since=now,
            moved_at=now,
            expires_at=now + LEASE,
        )
        write_log(camera, what, now, user.pk, from_whom, reason)
        transaction.on_commit(partial(announce, camera.pk))
    return lease


def renew(lease: int, now: datetime, *, moves: bool = False) -> bool:
    """Renew the lease (id) at a sign of life; `moves`: the camera is moved. False when it is no longer held.

    Without a move for as long as the camera may be idle it is not renewed, so that it ends.
    """
    held = SteeringLease.objects.filter(pk=lease, ended_at=None, expires_at__gt=now)
    if moves:
        return bool(held.update(expires_at=now + LEASE, moved_at=now))
    found = held.values_list("camera", "moved_at").first()
    if found is None:
        return False
    if now - found[1] < timedelta(seconds=idle_s(found[0])):
        held.update(expires_at=now + LEASE)
    return True


def release(lease: int, now: datetime, what: SteeringLog.What = What.RELEASED) -> bool:
    """End the lease (id). False when it had ended."""
    with transaction.atomic():
        held = SteeringLease.objects.select_for_update(of=("self",)).filter(pk=lease, ended_at=None).first()
        if held is None:
            return False
        _close(held, now)
        write_log(held.camera, what, now, held.holder_id)
        transaction.on_commit(partial(announce, held.camera_id))
    return True


def end_expired(now: datetime) -> int:
    """End the leases that were not renewed, and return how many."""
    expired = SteeringLease.objects.filter(ended_at=None, expires_at__lte=now).values_list("pk", flat=True)
    return sum(release(pk, now, What.EXPIRED) for pk in list(expired))


def idle_s(camera: int) -> int:
    """Return for how many seconds this camera (id) may be left off its home preset."""
    return HomePreset.objects.filter(camera=camera).values_list("idle_s", flat=True).first() or IDLE_S


def write_log(
    camera: Camera, what: SteeringLog.What, at: datetime, by: int | None, from_whom: int | None = None, reason: str = ""
) -> None:
    """Add a line to the log; `by` and `from_whom` are users' ids."""
    name = f"{camera.place.name}: {camera.name}"[:200]
    SteeringLog.objects.create(
        camera=camera, camera_name=name, what=what, by_id=by, from_whom_id=from_whom, reason=reason, at=at
    )


def announce(camera: int) -> None:
    """Have the open sockets of this camera (id) look up who holds it. Without Valkey they do so within seconds."""

    async def send() -> None:
        async with asyncio.timeout(ANNOUNCE_S):
            await get_channel_layer().group_send(group_of(camera), {"type": "steering.changed"})

    try:
        async_to_sync(send)()
    except (redis.RedisError, OSError) as error:
        log.warning("Can't announce who steers camera %d: %s", camera, str(error) or "no answer in time")


def _close(lease: SteeringLease, now: datetime) -> None:
    SteeringLease.objects.filter(pk=lease.pk).update(ended_at=Greatest("since", now))
