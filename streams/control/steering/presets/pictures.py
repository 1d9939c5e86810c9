"""Keep a small picture of what a camera shows at each preset, taken from the newest pictures that `watch` shares.

Only the page of steering shows them, by way of the picture gate and its log.
"""

import asyncio
from datetime import UTC, datetime, timedelta

from channels.db import database_sync_to_async
from django.utils import timezone

from streams.cameras.models import Camera
from streams.control.device import DeviceError
from streams.control.steering import away
from streams.control.steering.models import HomePreset, PresetPicture
from streams.control.steering.ptz import Ptz
from streams.source.newest_picture import SharedTiles

KEPT = timedelta(days=30)
HOME_AGAIN = timedelta(hours=1)
STARTS_S = 2.0  # until a camera that was sent somewhere has begun to move
LONGEST_MOVE_S = 20.0
LATE = timedelta(seconds=1)  # of a picture after what it shows
LONGEST_WAIT_S = 75.0  # for a picture: `watch` looks once a minute at offices that are closed
AGAIN_S = 1.0

_tiles = SharedTiles()


async def take(ptz: Ptz, camera: Camera, token: str) -> bool:
    """Store what the camera shows once it has arrived at a preset to which it was just sent.

    Return whether there was a picture. Cancel it when the camera is moved again.
    """
    await asyncio.sleep(STARTS_S)
    try:
        async with asyncio.timeout(LONGEST_MOVE_S):
            while (await ptz.where()).moving:  # noqa: ASYNC110 only the camera knows
                await asyncio.sleep(AGAIN_S)
    except (DeviceError, TimeoutError):
        return False  # it may show anything
    return await _store_next(camera, token, timezone.now() + LATE)


async def _store_next(camera: Camera, token: str, after: datetime) -> bool:
    loop = asyncio.get_running_loop()
    until = loop.time() + LONGEST_WAIT_S
    while loop.time() < until:
        tile = (await asyncio.to_thread(_tiles.newest, [camera.pk])).get(camera.pk)
        if tile and tile.at_ms > after.timestamp() * 1000:
            at = datetime.fromtimestamp(tile.at_ms / 1000, UTC)
            await database_sync_to_async(store)(camera, token, tile.jpeg, at)
            return True
        await asyncio.sleep(AGAIN_S)
    return False


def take_home(camera: Camera) -> None:
    """Store what the camera shows at home, if it is there, once in HOME_AGAIN."""
    home = HomePreset.objects.filter(camera=camera).first()
    tile = _tiles.newest([camera.pk]).get(camera.pk)
    if home is None or tile is None:
        return
    at = datetime.fromtimestamp(tile.at_ms / 1000, UTC)
    known = PresetPicture.objects.filter(camera=camera, token=home.token, taken_at__gt=at - HOME_AGAIN)
    if away.was_home(camera, at) and not known.exists():
        store(camera, home.token, tile.jpeg, at)


def store(camera: Camera, token: str, jpeg: bytes, at: datetime) -> None:
    """Store the picture of a preset, in place of the former."""
    PresetPicture.objects.update_or_create(camera=camera, token=token, defaults={"jpeg": jpeg, "taken_at": at})


def forget_old(now: datetime) -> None:
    """Delete pictures that were taken before KEPT."""
    PresetPicture.objects.filter(taken_at__lt=now - KEPT).delete()
