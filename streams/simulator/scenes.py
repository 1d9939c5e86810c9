"""The words of the simulator: what a camera may show and how it may fail."""

from dataclasses import dataclass
from enum import StrEnum


class Scene(StrEnum):
    """What happens in the room."""

    STAFFED = "staffed"  # the clerk sits at the counter
    SERVING = "serving"  # and a visitor stands before it
    EMPTY = "empty"  # nobody
    WAITING = "waiting"  # a visitor, but no clerk


class SimulatedFault(StrEnum):
    """What is wrong with the camera."""

    NONE = "none"
    REFUSE = "refuse"  # closes every connection without an answer
    UNAUTHORIZED = "unauthorized"  # answers 401 to everybody
    STALL = "stall"  # keeps connections, sends nothing
    DROP = "drop"  # closes each connection after a few seconds of playing
    FREEZE = "freeze"  # one picture for ever, while packets go on
    FREEZE_CLOCK = "freeze_clock"  # and the burnt-in clock as well
    DARK = "dark"
    COVER = "cover"
    BLUR = "blur"  # out of focus
    SHIFT = "shift"  # the view has moved
    SCENE = "scene"  # the view of another office
    RESOLUTION = "resolution"  # the picture size changes in mid-stream
    CORRUPT = "corrupt"  # packets arrive garbled
    LONG_GOP = "long_gop"  # a keyframe only every 10 s


SILENT = frozenset({SimulatedFault.REFUSE, SimulatedFault.UNAUTHORIZED})


@dataclass(frozen=True, slots=True)
class CameraAct:
    scene: Scene = Scene.STAFFED
    fault: SimulatedFault = SimulatedFault.NONE
