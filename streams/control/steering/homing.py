"""Bring cameras home that nobody steers any more. Celery calls `sweep`, so it also finds what a crash left behind."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from streams.cameras.models import Camera
from streams.control.device import DeviceError, DeviceLogin
from streams.control.steering import away, leases
from streams.control.steering.models import CameraAway, HomePreset, SteeringLease, SteeringLog
from streams.control.steering.onvif_ptz import OnvifPtz, open_ptz
from streams.control.steering.presets import pictures

log = logging.getLogger(__name__)

RETRY = timedelta(seconds=60)
LONGEST_S = 20.0
MOST = 20  # cameras in one sweep

What = SteeringLog.What


def address_of(camera: Camera) -> tuple[str, int | None, DeviceLogin, str]:
    """Return the arguments of open_ptz for a camera."""
    home = HomePreset.objects.filter(camera=camera).first()
    login = DeviceLogin(camera.username, camera.password.reveal() if camera.username else "")
    return urlsplit(camera.url).hostname or "", home.onvif_port if home else None, login, camera.url


def sweep(now: datetime) -> int:
    """End leases that were not renewed, and send idle cameras home. Return how many went home.

    Old pictures of presets are deleted.
    """
    pictures.forget_old(now)
    expired = list(SteeringLease.objects.filter(ended_at=None, expires_at__lte=now).values_list("camera", flat=True))
    leases.end_expired(now)
    for camera in Camera.objects.filter(pk__in=expired).select_related("place"):
        _ask(camera, OnvifPtz.stop)  # should its process have died while the motor ran
    return sum(send_home(row.camera, now) for row in _due(now))


def send_home(camera: Camera, now: datetime) -> bool:
    """Send a camera home that nobody steers; return whether it went. Failures are logged, once until it is back."""
    with transaction.atomic():
        row = CameraAway.objects.select_for_update(of=("self",)).filter(camera=camera, back_at=None).first()
        home = HomePreset.objects.filter(camera=camera).first()
        if row is None or home is None:
            return False
        first = row.tried_at is None
        CameraAway.objects.filter(pk=row.pk).update(tried_at=now)

    async def go(ptz: OnvifPtz) -> None:
        await ptz.stop()
        await ptz.go_to_preset(home.token)

    problem = _ask(camera, go)
    if problem:
        if first:
            leases.write_log(camera, What.HOME_FAILED, now, None, reason=problem)
        return False
    if not away.note_back(camera, row.moved_at, timezone.now()):
        return False
    leases.write_log(camera, What.HOME, timezone.now(), None)
    leases.announce(camera.pk)
    return True


def set_home(camera: Camera, token: str, name: str, now: datetime, by: int) -> None:
    """Make a preset the camera's home; the camera must have been sent there before."""
    with transaction.atomic():
        HomePreset.objects.update_or_create(camera=camera, defaults={"token": token, "name": name})
        leases.write_log(camera, What.HOME_SET, now, by, reason=name)


def _due(now: datetime) -> list[CameraAway]:
    """Return the cameras that nobody steers and that have been left alone long enough."""
    steered = SteeringLease.objects.filter(camera=OuterRef("camera"), ended_at=None)
    tried = Q(tried_at=None) | Q(tried_at__lt=now - RETRY)
    rows = CameraAway.objects.filter(tried, ~Exists(steered), back_at=None, camera__home_preset__isnull=False)
    found = rows.select_related("camera__place", "camera__home_preset").order_by("moved_at")
    idle = [row for row in found if row.moved_at + timedelta(seconds=row.camera.home_preset.idle_s) <= now]
    return idle[:MOST]


def _ask(camera: Camera, work: Callable[[OnvifPtz], Awaitable[None]]) -> str:
    """Do the work with the camera; return the code of what went wrong, "" for nothing."""

    async def within_time() -> None:
        async with asyncio.timeout(LONGEST_S), open_ptz(*address) as ptz:
            await work(ptz)

    address = address_of(camera)
    try:
        asyncio.run(within_time())
    except DeviceError as error:
        return error.code
    except TimeoutError:
        return "slow"
    return ""
