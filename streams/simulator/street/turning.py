"""The views of a simulated camera that turns: which footage it shows for each position of its motor."""

from dataclasses import replace
from enum import StrEnum

from streams.simulator.layouts import Lens
from streams.simulator.onvif_ptz import Position, PtzHead
from streams.simulator.street.scenes import StreetLight, StreetScene

LEFT_DEG, RIGHT_DEG = 9.0, 24.0  # from home to the views beside it: on the left stands a wall
CLOSER = 0.46  # of the field of view


class StreetView(StrEnum):
    """What a camera that turns has footage of, besides what others show."""

    HOME = "home"
    LEFT = "left"
    RIGHT = "right"
    CLOSE = "close"


PLACES: dict[StreetView, Position] = {
    StreetView.HOME: (0.0, 0.0, 0.0),
    StreetView.LEFT: (-0.5, 0.0, 0.0),
    StreetView.RIGHT: (0.5, 0.0, 0.0),
    StreetView.CLOSE: (0.0, 0.0, 0.6),
}
NAMES = {
    StreetView.HOME: "Pandangan asal",
    StreetView.LEFT: "Kiri",
    StreetView.RIGHT: "Kanan",
    StreetView.CLOSE: "Dekat",
}
TURNED_CLIPS = ((StreetScene.FLOW, StreetLight.DAY), (StreetScene.FLOW, StreetLight.NIGHT))


def turning_head() -> PtzHead:
    """Return a motor with a preset for each view; that of home has the token "1"."""
    return PtzHead(presets={str(number): (NAMES[view], PLACES[view]) for number, view in enumerate(StreetView, 1)})


def read_ports(text: str) -> dict[int, int]:
    """Return the ONVIF ports by camera of a text such as "110:8600,112:8601". Raises ValueError."""
    return {int(number): int(port) for number, _, port in (one.partition(":") for one in text.split(",") if one)}


def view_at(position: Position) -> StreetView:
    """Return the view nearest to a position."""

    def distance(view: StreetView) -> float:
        return sum((one - other) ** 2 for one, other in zip(PLACES[view], position, strict=True))

    return min(StreetView, key=distance)


def turned_lens(lens: Lens, view: StreetView) -> Lens:
    """Return the lens of a street's camera, turned to a view."""
    match view:
        case StreetView.LEFT:
            return replace(lens, yaw=lens.yaw - LEFT_DEG)
        case StreetView.RIGHT:
            return replace(lens, yaw=lens.yaw + RIGHT_DEG)
        case StreetView.CLOSE:
            return replace(lens, field=lens.field * CLOSER, pitch=lens.pitch - 3)
    return lens


def turned_name(clip: str, view: StreetView) -> str:
    """Return the name of a clip as seen in a view."""
    return clip if view is StreetView.HOME else f"{clip}-{view}"
