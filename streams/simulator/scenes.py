"""The scenes that a simulated camera can show, and the faults that it can have."""

from dataclasses import dataclass
from enum import StrEnum

from streams.simulator.street.scenes import StreetLight, StreetScene, clip_name


class Scene(StrEnum):
    """Who is in the room."""

    STAFFED = "staffed"  # the clerk sits at the counter
    SERVING = "serving"  # the clerk, and a visitor in front of the counter
    EMPTY = "empty"  # no one
    WAITING = "waiting"  # a visitor, but no clerk


class SimulatedFault(StrEnum):
    """What is wrong with the camera."""

    NONE = "none"
    REFUSE = "refuse"  # closes every connection without an answer
    UNAUTHORIZED = "unauthorized"  # answers every request with 401
    STALL = "stall"  # keeps connections, sends nothing
    DROP = "drop"  # closes each connection after a few seconds of playing
    FREEZE = "freeze"  # repeats one picture, while packets keep coming
    FREEZE_CLOCK = "freeze_clock"  # the same, while the overlaid clock keeps running
    DARK = "dark"
    COVER = "cover"
    BLUR = "blur"  # out of focus
    SHIFT = "shift"  # the view has moved
    SCENE = "scene"  # the view of another office
    RESOLUTION = "resolution"  # the picture size changes in mid-stream
    CORRUPT = "corrupt"  # packets contain wrong bytes
    LONG_GOP = "long_gop"  # a keyframe only every 10 s


SILENT = frozenset({SimulatedFault.REFUSE, SimulatedFault.UNAUTHORIZED})


@dataclass(frozen=True, slots=True)
class CameraAct:
    """What a camera shows and what is wrong with it. light: how a street is lit."""

    scene: Scene | StreetScene = Scene.STAFFED
    fault: SimulatedFault = SimulatedFault.NONE
    light: StreetLight | None = None

    @property
    def clip(self) -> str:
        """The name of the scene's clip."""
        return clip_name(self.scene, self.light) if self.light else str(self.scene)
