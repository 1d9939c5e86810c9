"""What a camera says about itself, what may be written to it, and how that fails. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class DeviceError(Exception):
    """A camera can't be read or written. `code`: a key of words.DEVICE_PROBLEMS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class DeviceLogin:
    """The account at the camera; an empty `username` asks anonymously."""

    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """A camera's clock. offset_s: its time minus ours in seconds; timezone: as POSIX writes it, or ""."""

    offset_s: float
    by_ntp: bool = False
    timezone: str = ""
    daylight: bool = False


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """One stream that a camera offers.

    source: the token of its lens or channel; service and encoder: where its encoder is set; codec: h264, h265, another
    name or ""; gop: pictures from a keyframe to the next; gop_range: what the camera allows of that; url: its RTSP
    address on the host that was asked, "" if there is no usable one.
    """

    token: str
    name: str = ""
    source: str = ""
    service: str = ""
    encoder: str = ""
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float | None = None
    gop: int | None = None
    gop_range: tuple[int, int] | None = None
    bitrate_kbps: int | None = None
    url: str = ""

    @property
    def gop_s(self) -> float | None:
        """Seconds from a keyframe to the next, as far as the camera says."""
        return self.gop / self.fps if self.gop and self.fps else None


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What a camera at `port` said of itself. clock: None if it names no time."""

    port: int
    make: str = ""
    model: str = ""
    firmware: str = ""
    clock: DeviceClock | None = None
    profiles: tuple[DeviceProfile, ...] = ()


@dataclass(frozen=True, slots=True)
class GopChange:
    """Pictures from a keyframe to the next, to be written to one encoder. `former`: as last read, None if not named."""

    service: str
    encoder: str
    name: str
    former: int | None
    wanted: int


class CameraControl(Protocol):
    """A camera as it can be asked and set. Each method raises DeviceError and takes a bounded number of seconds."""

    async def read(self) -> DeviceReport:
        """Return all that the camera says of itself."""

    async def read_gop(self, change: GopChange) -> int:
        """Return the present distance of keyframes. Code `changed`: it is not `former` any more."""

    async def set_gop(self, change: GopChange) -> None:
        """Write the distance of keyframes and nothing else, and see that the camera keeps it."""

    async def set_clock(self, now: datetime) -> None:
        """Set the clock, keeping the time zone, and see that the camera keeps it."""
