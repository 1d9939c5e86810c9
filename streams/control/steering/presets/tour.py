"""A tour: a camera goes round some of its presets, for as long as its holder watches and does not steer otherwise."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

from django.db import transaction

from streams.cameras.models import Camera
from streams.control.steering.models import TourStop
from streams.control.steering.presets.tour_rule import Stop

LONGEST_S = 3600.0  # after which a tour ends by itself: the camera judges nothing meanwhile


class SteeringTour:
    """One round after another. Use `run` as a task and cancel it to end the tour.

    go: sends the camera to a preset. watched: whether the holder's browser was heard of lately. arrived: gets the
    preset to which the camera goes.
    """

    def __init__(
        self,
        stops: Sequence[Stop],
        go: Callable[[str], None],
        watched: Callable[[], bool],
        arrived: Callable[[str], Awaitable[None]],
    ) -> None:
        self._stops, self._go, self._watched, self._arrived = list(stops), go, watched, arrived
        self._gone: set[str] = set()
        self._skip = asyncio.Event()

    def skip(self, token: str) -> None:
        """Leave out a preset that is gone from now on."""
        self._gone.add(token)
        self._skip.set()

    async def run(self) -> None:
        """Go round until nobody watches, no preset is left, or LONGEST_S have passed."""
        began = monotonic()
        while stops := [one for one in self._stops if one.token not in self._gone]:
            for stop in stops:
                if monotonic() - began > LONGEST_S or not self._watched():
                    return
                await self._stay(stop)

    async def _stay(self, stop: Stop) -> None:
        self._skip.clear()
        await self._arrived(stop.token)
        self._go(stop.token)
        try:
            await asyncio.wait_for(self._skip.wait(), stop.dwell_s)
        except TimeoutError:
            return


def stops_of(camera: Camera) -> list[Stop]:
    """Return the camera's tour as it was last started."""
    return [Stop(one.token, one.name, one.dwell_s) for one in TourStop.objects.filter(camera=camera)]


def save_stops(camera: Camera, stops: Sequence[Stop]) -> None:
    """Store the camera's tour in place of the former."""
    with transaction.atomic():
        Camera.objects.select_for_update(of=("self",)).get(pk=camera.pk)
        TourStop.objects.filter(camera=camera).delete()
        TourStop.objects.bulk_create(
            TourStop(camera=camera, number=number, token=one.token, name=one.name, dwell_s=one.dwell_s)
            for number, one in enumerate(stops, 1)
        )
