"""Ptz by ONVIF: speeds, Stop and presets only, as cameras announce other movements and don't make them."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from onveef import envelopes, parsers

from streams.cameras.addresses import stream_of
from streams.control.device import DeviceError, DeviceLogin
from streams.control.devices import find_port
from streams.control.networks import resolve
from streams.control.onvif import OnvifCamera, distrust
from streams.control.reported import exact_token, short_text
from streams.control.soap import SoapAnswer, SoapLine
from streams.control.steering.ptz import PtzAbilities, PtzPosition, PtzPreset, bounded, mended_name

NAMESPACE = "http://www.onvif.org/ver20/ptz/wsdl"
MOST_PRESETS = 128
MOST_MENDED = 4  # prefixes of one answer
CAN_NOT = ("refused", "unsupported")


class PtzLine(SoapLine):
    """A SoapLine that mends answers of the PTZ service that use prefixes without a namespace, as some cameras do."""

    async def post(self, path: str, envelope: str, login: DeviceLogin) -> SoapAnswer:
        """Send an envelope and return the answer, as SoapLine does. Raises DeviceError."""
        answer = await super().post(path, envelope, login)
        used, named = (set(re.findall(rule, answer.text)) for rule in (r"<(\w+):", r"xmlns:(\w+)="))
        missing = sorted(used - named)[:MOST_MENDED]
        if not missing:
            return answer
        names = "".join(f' xmlns:{prefix}="{NAMESPACE}"' for prefix in missing)
        return replace(answer, text=re.sub(r"(<\w+:Envelope)\b", rf"\1{names}", answer.text, count=1))


class OnvifPtz(OnvifCamera):
    """The movement of the camera whose stream is at `url`. A session: clock and services are read once."""

    def __init__(self, line: SoapLine, login: DeviceLogin, url: str = "", host: str = "") -> None:
        super().__init__(line, login, host)
        self._url, self._profile, self._node = url, "", ""
        self._timed = True  # takes moves that say when they end

    async def abilities(self) -> PtzAbilities:
        """Return what the camera can do, as its media profile says. Raises DeviceError, `no_ptz` when it is fixed."""
        await self._begin()
        try:
            text = await self._ask(envelopes.ptz_get_nodes())
        except DeviceError as error:
            if error.code not in CAN_NOT:
                raise
            nodes = []
        else:
            with distrust():
                nodes = parsers.parse_ptz_nodes(text)
        own = [one for one in nodes if one["token"] == self._node] or nodes
        ranges: dict[str, Any] = own[0].get("ranges", {}) if own else {}
        kinds = ("pan_tilt", "zoom")
        pan_tilt, zoom = (not ranges or any(name.endswith(kind) for name in ranges) for kind in kinds)
        return PtzAbilities(pan_tilt, zoom, await self._list_presets() is not None)

    async def presets(self) -> list[PtzPreset]:
        """Return the camera's presets; none where it doesn't list them. Raises DeviceError."""
        await self._begin()
        return await self._list_presets() or []

    async def go_to_preset(self, token: str) -> None:
        """Move to a preset. Raises DeviceError, `preset_gone` when the camera has none such."""
        await self._begin()
        body = envelopes.ptz_goto_preset(profile_token=self._profile, preset_token=token)
        try:
            await self._ask(body)
        except DeviceError as error:
            raise DeviceError("preset_gone" if error.code in CAN_NOT else error.code) from None

    async def move(self, pan: float, tilt: float, zoom: float, seconds: float) -> None:
        """Begin to move; the camera stops by itself after `seconds`, if it can. Raises DeviceError."""
        await self._begin()
        speeds = {"pan": bounded(pan), "tilt": bounded(tilt), "zoom": bounded(zoom)}
        given = {name: speeds[name] if wanted else None for name, wanted in self._axes(speeds).items()}
        try:
            timeout = f"PT{seconds:g}S" if self._timed else ""
            try:
                await self._ask(self._move_body(given, timeout))
            except DeviceError as error:
                if error.code not in CAN_NOT or not timeout:
                    raise
                await self._ask(self._move_body(given, ""))
                self._timed = False
        except DeviceError as error:
            raise DeviceError("not_moved" if error.code in CAN_NOT else error.code) from None

    async def stop(self) -> None:
        """Stop all movement. Raises DeviceError."""
        await self._begin()
        try:
            await self._ask(envelopes.ptz_stop(profile_token=self._profile, pan_tilt=True, zoom=True))
        except DeviceError as error:
            raise DeviceError("not_moved" if error.code in CAN_NOT else error.code) from None

    async def where(self) -> PtzPosition:
        """Return where the camera points. Raises DeviceError."""
        await self._begin()
        text = await self._ask(envelopes.ptz_get_status(profile_token=self._profile))
        with distrust():
            said = parsers.parse_ptz_status(text)
            states = [one for one in (said.get("move_status") or {}).values() if one]
            moving = any(one == "MOVING" for one in states) if states else None
            return PtzPosition(said.get("pan"), said.get("tilt"), said.get("zoom"), moving)

    async def _begin(self) -> None:
        """Learn the clock, the services, and the profile that shows this stream and moves. Once."""
        if self._profile:
            return
        await self.read_clock()
        await self._find_services()
        if "ptz" not in self._paths:
            raise DeviceError("no_ptz")
        service, found = await self._read_profiles()
        moving = [said for said in found if said.get("ptz")]
        if not moving:
            raise DeviceError("no_ptz")
        said = await self._of_stream(service, moving)
        with distrust():
            self._node, self._profile = exact_token(said["ptz"].get("node_token")), exact_token(said["token"])

    async def _of_stream(self, service: str, profiles: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the profile of this camera's lens; they are told apart by their streams where there are several."""
        with distrust():
            sources = {(said.get("video_source") or {}).get("source_token") for said in profiles}
        if len(sources) > 1:
            for said in profiles:
                if stream_of(await self._stream_address(service, str(said["token"]))) == stream_of(self._url):
                    return said
            raise DeviceError("no_ptz")
        return profiles[0]

    async def _list_presets(self) -> list[PtzPreset] | None:
        try:
            text = await self._ask(envelopes.ptz_get_presets(profile_token=self._profile))
        except DeviceError as error:
            if error.code not in CAN_NOT:
                raise
            return None
        with distrust():
            found = parsers.parse_ptz_presets(text)[:MOST_PRESETS]
            listed = [(exact_token(one.get("token")), short_text(mended_name(one.get("name") or ""))) for one in found]
        return [PtzPreset(token, name or token) for token, name in listed if token]

    async def _ask(self, body: str) -> str:
        return await self._call(self._paths["ptz"], body)

    def _axes(self, speeds: dict[str, float]) -> dict[str, bool]:
        """Return which axes to name: a camera that only zooms refuses the others."""
        turns = bool(speeds["pan"] or speeds["tilt"])
        return {"pan": turns, "tilt": turns, "zoom": bool(speeds["zoom"]) or not turns}

    def _move_body(self, speeds: dict[str, float | None], timeout: str) -> str:
        return str(envelopes.ptz_continuous_move(profile_token=self._profile, **speeds, timeout=timeout))


@asynccontextmanager
async def open_ptz(host: str, port: int | None, login: DeviceLogin, url: str = "") -> AsyncIterator[OnvifPtz]:
    """Yield a session with the camera at `host`; without `port` the usual ones are tried. Raises DeviceError."""
    address = await asyncio.to_thread(resolve, host)
    found = port or await find_port(address)
    async with PtzLine(address, found) as line:
        yield OnvifPtz(line, login, url, host)
