"""The part of a simulated camera's ONVIF that moves it: speeds, presets and home, with faults on demand."""

import re
import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum
from xml.sax.saxutils import escape

REFUSED = "!"  # the answer to what the camera refuses
FULL_SPEED = 0.5  # of the whole range per second
LONGEST_S = 60.0  # of a move without a timeout

Position = tuple[float, float, float]  # pan and tilt -1…1, zoom 0…1


class PtzFault(StrEnum):
    """What is wrong with a camera's movement."""

    NONE = "none"
    NO_PRESETS = "no_presets"  # refuses to list them, as a camera that only zooms
    NO_RELATIVE = "no_relative"  # knows speeds and presets only
    NO_TIMEOUT = "no_timeout"  # refuses a move that says when it ends
    NO_NODES = "no_nodes"  # doesn't say what it can do


@dataclass(slots=True)
class PtzHead:
    """A motor with its presets. `presets`: name and position by token; `moves`: the speeds that it was given, in order.

    Its positions follow the speeds by the clock; presets and home are reached at once.
    """

    fault: PtzFault = PtzFault.NONE
    pan_tilt: bool = True
    presets: dict[str, tuple[str, Position]] = field(default_factory=lambda: {"1": ("Simpang", (0.0, 0.0, 0.0))})
    home: Position = (0.0, 0.0, 0.0)
    moves: list[Position] = field(default_factory=list)
    _at: Position = (0.0, 0.0, 0.0)
    _speed: Position = (0.0, 0.0, 0.0)
    _since: float = 0.0
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def moving(self) -> bool:
        """Whether the motor runs."""
        return any(self._speed) and time.monotonic() < self._until

    @property
    def position(self) -> Position:
        """Where it points now."""
        with self._lock:
            return self._now()

    def answer(self, name: str, request: str) -> str | None:
        """Return the body of the answer to a request of the PTZ service, REFUSED, or None for another service."""
        made = getattr(self, f"_{re.sub(r'(?<!^)(?=[A-Z])', '_', name).lower()}", None)
        if made is None or (name == "GetNodes" and self.fault == PtzFault.NO_NODES):
            return None
        if name == "RelativeMove" and self.fault == PtzFault.NO_RELATIVE:
            return None
        if name == "GetPresets" and self.fault == PtzFault.NO_PRESETS:
            return None
        with self._lock:
            self._at = self._now()
            self._since = time.monotonic()
            answered: str = made(request)
        return answered

    def configuration(self, tag: str) -> str:
        """Return the part of a media profile that says that the camera moves."""
        return f'<{tag} token="ptz"><tt:Name>ptz</tt:Name><tt:NodeToken>node</tt:NodeToken></{tag}>'

    def _now(self) -> Position:
        lasted = max(0.0, min(time.monotonic(), self._until) - self._since)
        moved = [at + speed * FULL_SPEED * lasted for at, speed in zip(self._at, self._speed, strict=True)]
        return _bounded(*moved)

    def _get_nodes(self, _request: str) -> str:
        kinds = (*(("ContinuousPanTiltVelocitySpace",) if self.pan_tilt else ()), "ContinuousZoomVelocitySpace")
        span = "<tt:XRange><tt:Min>-1</tt:Min><tt:Max>1</tt:Max></tt:XRange>"
        spaces = "".join(f"<tt:{kind}><tt:URI>generic</tt:URI>{span}</tt:{kind}>" for kind in kinds)
        return (
            '<tptz:PTZNode token="node"><tt:Name>node</tt:Name>'
            f"<tt:SupportedPTZSpaces>{spaces}</tt:SupportedPTZSpaces><tt:MaximumNumberOfPresets>64"
            "</tt:MaximumNumberOfPresets><tt:HomeSupported>true</tt:HomeSupported></tptz:PTZNode>"
        )

    def _get_configurations(self, _request: str) -> str:
        return self.configuration("tptz:PTZConfiguration")

    def _continuous_move(self, request: str) -> str:
        timeout = re.search(r"Timeout>PT([\d.]+)S<", request)
        speed = _vector(request)
        if speed is None or (timeout and self.fault == PtzFault.NO_TIMEOUT):
            return REFUSED
        self.moves.append(speed)
        self._speed, self._until = speed, self._since + (float(timeout[1]) if timeout else LONGEST_S)
        return ""

    def _relative_move(self, request: str) -> str:
        step = _vector(request)
        if step is None:
            return REFUSED
        self._at, self._speed = _bounded(*(at + by for at, by in zip(self._at, step, strict=True))), (0.0, 0.0, 0.0)
        return ""

    def _stop(self, _request: str) -> str:
        self._speed = (0.0, 0.0, 0.0)
        return ""

    def _get_presets(self, _request: str) -> str:
        return "".join(
            f'<tptz:Preset token="{token}"><tt:Name>{escape(name)}</tt:Name></tptz:Preset>'
            for token, (name, _at) in self.presets.items()
        )

    def _goto_preset(self, request: str) -> str:
        preset = self.presets.get(_inner(request, "PresetToken"))
        if preset is None:
            return REFUSED
        self._at, self._speed = preset[1], (0.0, 0.0, 0.0)
        return ""

    def _set_preset(self, request: str) -> str:
        token = _inner(request, "PresetToken") or str(len(self.presets) + 1)
        self.presets[token] = (_inner(request, "PresetName") or token, self._at)
        return f"<tptz:PresetToken>{token}</tptz:PresetToken>"

    def _goto_home_position(self, _request: str) -> str:
        self._at, self._speed = self.home, (0.0, 0.0, 0.0)
        return ""

    def _get_status(self, _request: str) -> str:
        pan, tilt, zoom = self._at
        moves = "MOVING" if self.moving else "IDLE"
        return (
            f'<tptz:PTZStatus><tt:Position><tt:PanTilt x="{pan}" y="{tilt}"/><tt:Zoom x="{zoom}"/></tt:Position>'
            f"<tt:MoveStatus><tt:PanTilt>{moves}</tt:PanTilt><tt:Zoom>{moves}</tt:Zoom></tt:MoveStatus>"
            "</tptz:PTZStatus>"
        )


def _vector(request: str) -> Position | None:
    """Return the speeds or distances of a request, None when one is out of range."""
    pan_tilt = re.search(r'PanTilt[^>]*x="([-\d.]+)" y="([-\d.]+)"', request)
    zoom = re.search(r'Zoom[^>]*x="([-\d.]+)"', request)
    found = (
        float(pan_tilt[1]) if pan_tilt else 0.0,
        float(pan_tilt[2]) if pan_tilt else 0.0,
        float(zoom[1]) if zoom else 0.0,
    )
    return found if all(-1 <= one <= 1 for one in found) else None


def _bounded(pan: float, tilt: float, zoom: float) -> Position:
    return min(max(pan, -1.0), 1.0), min(max(tilt, -1.0), 1.0), min(max(zoom, 0.0), 1.0)


def _inner(request: str, tag: str) -> str:
    found = re.search(rf"<(?:\w+:)?{tag}\b[^>]*>([^<]*)<", request)
    return found[1] if found else ""
