"""Send one holder's wishes to a camera, newest first, and stop its motor when nothing is heard from the holder."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic

from streams.control.device import DeviceError
from streams.control.devices import LOGIN_REFUSED
from streams.control.steering.ptz import Ptz

SILENT_S = 1.0  # without a word from the browser after which the motor stops
AGAIN_S = 1.0  # how often a movement that goes on is sent again
MOTOR_S = 2.5  # after which the camera stops by itself, should this process die
TURN_S = 0.1
MOST_TRIES = 3  # to stop a camera that doesn't answer

Speeds = tuple[float, float, float]  # pan, tilt, zoom, -1…1
STILL: Speeds = (0.0, 0.0, 0.0)


class SteeringDriver:
    """Drives one camera. Use `run` as a task.

    may_move: asked before each movement; False when the lease is lost. failed: gets the code of a DeviceError, and the
    preset that was wanted, or "". sent: gets the preset to which the camera was sent.
    """

    def __init__(
        self,
        ptz: Ptz,
        may_move: Callable[[], Awaitable[bool]],
        failed: Callable[[str, str], Awaitable[None]],
        sent: Callable[[str], None],
    ) -> None:
        self._ptz, self._may_move, self._failed, self._arrives = ptz, may_move, failed, sent
        self._wanted, self._sent, self._preset = STILL, STILL, ""
        self._heard_at = self._sent_at = float("-inf")
        self._tries = 0
        self._wake = asyncio.Event()

    def want(self, speeds: Speeds) -> None:
        """Move at these speeds from now on; call it again within SILENT_S to go on."""
        self._wanted, self._heard_at = speeds, monotonic()
        self._wake.set()

    def want_preset(self, token: str) -> None:
        """Stop, and move to a preset."""
        self._wanted, self._preset = STILL, token
        self._wake.set()

    async def run(self) -> None:
        """Drive until cancelled, then stop the motor. Raises DeviceError when the camera refuses the login."""
        try:
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), TURN_S if self._sent != STILL else None)
                self._wake.clear()
                await self._turn()
        finally:
            if self._sent != STILL:
                with suppress(DeviceError):
                    await self._ptz.stop()

    async def _turn(self) -> None:
        if monotonic() - self._heard_at > SILENT_S:
            self._wanted = STILL
        preset, self._preset = self._preset, ""
        try:
            await self._send(preset)
            self._tries = 0
        except DeviceError as error:
            self._wanted, self._preset = STILL, ""
            self._tries += 1
            if error.code in LOGIN_REFUSED or self._tries >= MOST_TRIES:
                self._sent, self._tries = STILL, 0  # the camera stops by itself
            if error.code in LOGIN_REFUSED:
                raise  # another try might lock the account
            await self._failed(error.code, preset)

    async def _send(self, preset: str) -> None:
        wanted = self._wanted
        if self._sent != STILL and wanted == STILL:
            await self._ptz.stop()
            self._sent = STILL
        again = wanted != STILL and monotonic() - self._sent_at > AGAIN_S
        if wanted != STILL and (wanted != self._sent or again):
            if not await self._may_move():
                self._wanted = STILL
                self._wake.set()
                return
            self._sent, self._sent_at = wanted, monotonic()  # before it is sent: it may have moved all the same
            await self._ptz.move(*wanted, MOTOR_S)
        if preset and await self._may_move():
            await self._ptz.go_to_preset(preset)
            self._arrives(preset)
