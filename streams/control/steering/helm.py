"""One holder's hand on one camera: its abilities, presets, movements and tours."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any

from channels.db import database_sync_to_async
from django.db import DatabaseError

from streams.cameras.models import Camera
from streams.control import words
from streams.control.device import DeviceError
from streams.control.steering import homing
from streams.control.steering.driver import STILL, Speeds, SteeringDriver
from streams.control.steering.leases import LEASE
from streams.control.steering.onvif_ptz import OnvifPtz, open_ptz
from streams.control.steering.presets import pictures, tour
from streams.control.steering.presets.listing import preset_rows
from streams.control.steering.presets.tour_rule import Stop, read_stops
from streams.control.steering.ptz import PtzPreset

Message = dict[str, Any]


class Helm:
    """Steers one camera. Use `run` as a task; before it is connected, wishes are ignored.

    may_move: asked before each movement; False when the lease is lost. send: sends a message to the browser, as
    consumers.py lists them.
    """

    def __init__(
        self, camera: Camera, may_move: Callable[[], Awaitable[bool]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        self._camera, self._may_move, self._send = camera, may_move, send
        self._ptz: OnvifPtz | None = None
        self._driver: SteeringDriver | None = None
        self._presets: list[PtzPreset] | None = None  # None: the camera doesn't list them
        self._gone: set[str] = set()
        self._tour: tuple[tour.SteeringTour, asyncio.Task[None]] | None = None
        self._photo: asyncio.Task[None] | None = None
        self._watched_at = monotonic()

    async def run(self) -> None:
        """Connect, send what the camera can do, and drive it until cancelled; then stop the motor."""
        try:
            address = await database_sync_to_async(homing.address_of)(self._camera)
            async with open_ptz(*address) as self._ptz:
                can = await self._ptz.abilities()
                self._presets = await self._ptz.presets() if can.presets else None
                await database_sync_to_async(pictures.take_home)(self._camera)
                self._driver = SteeringDriver(self._ptz, self._may_move, self._failed, self._sent_to)
                await self._send({"type": "abilities", "pan_tilt": can.pan_tilt, "zoom": can.zoom})
                await self._send_presets()
                await self._send_tour("")
                await self._driver.run()
        except DeviceError as error:
            await self._send_problem(error.code)
        finally:
            self._driver = None
            await self._cancel_all()

    def watched(self) -> None:
        """Note that the holder's browser was heard of."""
        self._watched_at = monotonic()

    @property
    def on_tour(self) -> bool:
        """Whether the camera is on a tour."""
        return self._tour is not None

    def move(self, speeds: Speeds) -> None:
        """Move at the speeds, until others are wanted or nothing is heard for a while."""
        if self._driver:
            self.stop()
            self._driver.want(speeds)

    def stop(self) -> None:
        """Stop the motor and end a tour."""
        self._end_tour()
        self._stop_photo()
        if self._driver:
            self._driver.want(STILL)

    def go(self, token: str) -> None:
        """Move to one of the presets."""
        if self._driver and self.name_of(token):
            self.stop()
            self._driver.want_preset(token)

    def name_of(self, token: object) -> str:
        """Return the name of one of the camera's presets, "" for others."""
        return next((one.name for one in self._presets or () if one.token == token), "")

    async def go_now(self, token: str) -> bool:
        """Move to a preset at once; return whether the camera took it. The caller must hold the lease."""
        if self._ptz is None or self._driver is None:
            return False
        self.stop()
        try:
            await self._ptz.go_to_preset(token)
        except DeviceError as error:
            await self._failed(error.code, token)
            return False
        self._sent_to(token)
        return True

    def usable_stops(self, asked: object) -> list[Stop]:
        """Return the stops that the browser asks for, none when the camera can't go round them."""
        usable = {one.token: one.name for one in self._presets or () if one.token not in self._gone}
        return read_stops(asked, usable) if self._driver else []

    def start_tour(self, stops: Sequence[Stop]) -> None:
        """Go round these presets, until the holder steers otherwise. They must be stored (tour.save_stops)."""
        if self._driver is None:
            return
        self.stop()
        made = tour.SteeringTour(stops, self._driver.want_preset, self._is_watched, self._send_tour)
        self._tour = made, asyncio.create_task(self._go_round(made))

    async def _go_round(self, made: tour.SteeringTour) -> None:
        try:
            await made.run()
        finally:
            if self._tour and self._tour[0] is made:
                self._tour = None
            if self._tour is None and self._driver:
                await self._send_tour("")

    def _is_watched(self) -> bool:
        return monotonic() - self._watched_at < LEASE.total_seconds()

    def _end_tour(self) -> None:
        if self._tour:
            self._tour[1].cancel()
            self._tour = None

    def _stop_photo(self) -> None:
        if self._photo:
            self._photo.cancel()
            self._photo = None

    async def _cancel_all(self) -> None:
        tasks: Sequence[asyncio.Task[None]] = [one for one in (self._photo, self._tour and self._tour[1]) if one]
        self._photo = self._tour = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _sent_to(self, token: str) -> None:
        self._stop_photo()
        self._photo = asyncio.create_task(self._photograph(token))

    async def _photograph(self, token: str) -> None:
        assert self._ptz
        with suppress(DatabaseError):  # the next time will do
            if await pictures.take(self._ptz, self._camera, token):
                await self._send_presets()

    async def _failed(self, code: str, token: str) -> None:
        await self._send_problem(code, self.name_of(token))
        if code == "preset_gone" and token:
            self._gone.add(token)
            if self._tour:
                self._tour[0].skip(token)
            await self._send_presets()

    async def _send_presets(self) -> None:
        rows = await database_sync_to_async(preset_rows)(self._camera, self._presets, self._gone)
        await self._send({"type": "presets", "presets": rows})

    async def _send_tour(self, at: str) -> None:
        stops = await database_sync_to_async(tour.stops_of)(self._camera)
        listed = [{"token": one.token, "dwell_s": one.dwell_s} for one in stops]
        await self._send({"type": "tour", "at": at, "stops": listed})

    async def _send_problem(self, code: str, preset: str = "") -> None:
        what, advice = map(str, words.problem_words(code))
        await self._send({"type": "problem", "what": f"{what} ({preset})" if preset else what, "advice": advice})
