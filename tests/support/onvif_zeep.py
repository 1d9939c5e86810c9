"""The Ptz of another ONVIF client, onvif-zeep-async, which reads the standard's own WSDL; and what both are asked."""

import asyncio
import importlib.util
import os
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from streams.control.device import DeviceError, DeviceLogin
from streams.control.steering.ptz import Ptz, PtzAbilities, PtzPosition, PtzPreset


def needs_zeep() -> None:
    """Skip the test where onvif-zeep-async is not installed; with REQUIRE_ZEEP=1 it fails then."""
    if importlib.util.find_spec("onvif") is None:
        (pytest.fail if os.environ.get("REQUIRE_ZEEP") == "1" else pytest.skip)("pip install onvif-zeep-async")


class ZeepPtz:
    """A Ptz by its service `ptz` and the token of a media profile."""

    def __init__(self, ptz: Any, profile: str, node: str) -> None:
        self._ptz, self._profile, self._node = ptz, profile, node

    async def abilities(self) -> PtzAbilities:
        """Return what the camera says that it can do."""
        [node] = [one for one in await self._ptz.GetNodes() if one.token == self._node]
        spaces = node.SupportedPTZSpaces
        pan_tilt = bool(spaces and spaces.ContinuousPanTiltVelocitySpace)
        zoom = bool(spaces and spaces.ContinuousZoomVelocitySpace)
        return PtzAbilities(pan_tilt, zoom, bool(await self.presets()))

    async def presets(self) -> list[PtzPreset]:
        """Return the camera's presets."""
        found = await self._ptz.GetPresets({"ProfileToken": self._profile})
        return [PtzPreset(one.token, one.Name) for one in found]

    async def go_to_preset(self, token: str) -> None:
        """Move to a preset. Raises DeviceError, `preset_gone` for whatever the camera refuses."""
        from zeep.exceptions import Fault  # noqa: PLC0415 it may be missing

        try:
            await self._ptz.GotoPreset({"ProfileToken": self._profile, "PresetToken": token})
        except Fault as error:
            raise DeviceError("preset_gone") from error

    async def move(self, pan: float, tilt: float, zoom: float, seconds: float) -> None:
        """Begin to move."""
        speeds = {"PanTilt": {"x": pan, "y": tilt}} if pan or tilt else {"Zoom": {"x": zoom}}
        asked = {"ProfileToken": self._profile, "Velocity": speeds, "Timeout": f"PT{seconds:g}S"}
        await self._ptz.ContinuousMove(asked)

    async def stop(self) -> None:
        """Stop all movement."""
        await self._ptz.Stop({"ProfileToken": self._profile, "PanTilt": True, "Zoom": True})

    async def where(self) -> PtzPosition:
        """Return where the camera points."""
        said = await self._ptz.GetStatus({"ProfileToken": self._profile})
        at, states = said.Position, said.MoveStatus
        moving = "MOVING" in (states.PanTilt, states.Zoom) if states else None
        return PtzPosition(at.PanTilt.x, at.PanTilt.y, at.Zoom.x, moving)


@asynccontextmanager
async def open_zeep(host: str, port: int, login: DeviceLogin) -> AsyncIterator[Ptz]:
    """Yield a session with the camera."""
    from onvif import ONVIFCamera  # noqa: PLC0415 it may be missing

    camera = ONVIFCamera(host, port, login.username, login.password, adjust_time=True)
    try:
        await camera.update_xaddrs()
        for service, address in camera.xaddrs.items():  # a camera may name another host
            camera.xaddrs[service] = urlsplit(address)._replace(netloc=f"{host}:{port}").geturl()
        profiles = await (await camera.create_media_service()).GetProfiles()
        [profile, *_] = [one for one in profiles if one.PTZConfiguration]
        yield ZeepPtz(await camera.create_ptz_service(), profile.token, profile.PTZConfiguration.NodeToken)
    finally:
        await camera.close()


@dataclass(frozen=True, slots=True)
class Said:
    """What a camera said of itself and did. sides: the signs of where it went."""

    abilities: PtzAbilities
    presets: tuple[PtzPreset, ...]
    moving: tuple[bool | None, ...]
    sides: tuple[bool, ...]
    at_preset: PtzPosition
    gone: str


async def ask_everything(ptz: Ptz, preset: str) -> Said:
    """Ask a camera for all that Ptz can, and move it to the right and closer; `preset`: one that it has."""
    abilities, presets = await ptz.abilities(), await ptz.presets()
    await ptz.go_to_preset(preset)
    home = await ptz.where()
    await ptz.move(0.5, 0.0, 0.0, 5.0)
    await asyncio.sleep(0.2)
    on_the_way = await ptz.where()
    await ptz.stop()
    right = await ptz.where()
    await ptz.move(0.0, 0.0, 1.0, 5.0)
    await asyncio.sleep(0.2)
    await ptz.stop()
    closer = await ptz.where()
    await ptz.go_to_preset(preset)
    return Said(
        abilities=abilities,
        presets=tuple(presets),
        moving=(home.moving, on_the_way.moving, right.moving),
        sides=((right.pan or 0) > (home.pan or 0), (closer.zoom or 0) > (right.zoom or 0), right.tilt == home.tilt),
        at_preset=await ptz.where(),
        gone=await _code_of(ptz.go_to_preset("99")),
    )


async def _code_of(work: Awaitable[None]) -> str:
    try:
        await work
    except DeviceError as error:
        return error.code
    return ""
