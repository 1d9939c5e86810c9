"""What a camera that moves can be asked. Pure."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PtzAbilities:
    """What a camera can do of its own account. presets: it lists them."""

    pan_tilt: bool
    zoom: bool
    presets: bool


@dataclass(frozen=True, slots=True)
class PtzPreset:
    """A view that the camera knows by `token`."""

    token: str
    name: str


@dataclass(frozen=True, slots=True)
class PtzPosition:
    """Where a camera points, in its own units; None where it doesn't say. moving: often wrong, as cameras go."""

    pan: float | None = None
    tilt: float | None = None
    zoom: float | None = None
    moving: bool | None = None


class Ptz(Protocol):
    """A camera that moves. Speeds are -1…1. Each method raises DeviceError and takes a bounded number of seconds."""

    async def abilities(self) -> PtzAbilities:
        """Return what the camera can do. Code `no_ptz`: it can't be moved."""

    async def presets(self) -> list[PtzPreset]:
        """Return the camera's presets; none where it doesn't list them."""

    async def go_to_preset(self, token: str) -> None:
        """Move to a preset. Code `preset_gone`: there is none."""

    async def move(self, pan: float, tilt: float, zoom: float, seconds: float) -> None:
        """Begin to move at these speeds; the camera stops by itself after `seconds`, if it can."""

    async def stop(self) -> None:
        """Stop all movement."""

    async def where(self) -> PtzPosition:
        """Return where the camera points."""


def mended_name(name: str) -> str:
    """Return a preset's name; one in UTF-8 that was read as Latin-1 is mended."""
    try:
        return name.encode("latin-1").decode()
    except UnicodeError:
        return name


def bounded(speed: float) -> float:
    """Return a speed within -1…1, 0 for what is no number."""
    return min(1.0, max(-1.0, speed)) if speed == speed else 0.0
