"""Put something on a screen, end it, and record that the screen shows it. The only writer of ScreenSpotlight."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import redis
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Least

from discipline.board.screens.events import ScreensChanged, screens_changed
from discipline.board.screens.models import ScreenSpotlight, WallScreen
from offices.access.gate import User

LASTS = timedelta(minutes=10)
KEPT = timedelta(days=30)
LONGEST_S = 2.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewSpotlight:
    """What to put on a screen. pin: latitude and longitude in degrees; places: ids, the nearest first."""

    key: str
    title: str
    place: str
    pin: tuple[float, float] | None
    places: Sequence[int]


def group_of(screen: int) -> str:
    """Return the channel-layer group of the screen's pages."""
    return f"board.screen.{screen}"


def put(screen: WallScreen, new: NewSpotlight, by: User, now: datetime) -> ScreenSpotlight:
    """Show it on the screen for LASTS instead of what was there. The caller must check that the screen may."""
    assert by.pk is not None
    latitude, longitude = new.pin or (None, None)
    with transaction.atomic():
        WallScreen.objects.select_for_update().get(pk=screen.pk)
        _end(ScreenSpotlight.objects.filter(screen=screen, ended_at=None), by, now)
        made = ScreenSpotlight.objects.create(
            screen=screen,
            key=new.key,
            title=new.title[:240],
            place=new.place[:240],
            latitude=latitude,
            longitude=longitude,
            places=list(new.places),
            by_id=by.pk,
            at=now,
            until=now + LASTS,
        )
        _announce(screen.pk)
    return made


def end(spotlight: int, by: User, now: datetime, *, screen: int | None = None) -> bool:
    """End a spotlight by hand, `screen`: that of this screen (id) alone. Return whether it was still shown."""
    rows = ScreenSpotlight.objects.filter(pk=spotlight, ended_at=None)
    if screen is not None:
        rows = rows.filter(screen=screen)
    found = rows.values_list("screen", flat=True).first()
    if found is None:
        return False
    with transaction.atomic():
        _end(rows, by, now)
        _announce(found)
    return True


def record_taken(spotlight: int, screen: int, now: datetime) -> None:
    """Record that the screen shows it."""
    if ScreenSpotlight.objects.filter(pk=spotlight, screen=screen, taken_at=None).update(taken_at=now):
        screens_changed.publish(ScreensChanged())


def forget_old_spotlights(now: datetime) -> None:
    """Delete what was put on screens more than KEPT ago, and screens that nobody has opened since then."""
    ScreenSpotlight.objects.filter(until__lt=now - KEPT).delete()
    WallScreen.objects.filter(seen_at__lt=now - KEPT, spotlights=None).delete()


def _end(rows: QuerySet[ScreenSpotlight], by: User, now: datetime) -> None:
    rows.update(ended_at=Least("until", Value(now)), ended_by=by.pk)


def _announce(screen: int) -> None:
    transaction.on_commit(partial(_send, screen))


def _send(screen: int) -> None:
    async def send() -> None:
        async with asyncio.timeout(LONGEST_S):
            await get_channel_layer().group_send(group_of(screen), {"type": "screen.changed"})

    try:
        async_to_sync(send)()
    except (redis.RedisError, OSError) as error:
        log.warning("Screen %d does not hear of a change: %s", screen, str(error) or "no answer in time")
    screens_changed.publish(ScreensChanged())
