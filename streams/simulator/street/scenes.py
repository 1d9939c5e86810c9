"""What can be seen on a street."""

from enum import StrEnum


class StreetScene(StrEnum):
    """What happens on the street."""

    FLOW = "flow"  # traffic flows
    JAM = "jam"  # a queue stands on one side
    FLOOD_LOW = "flood-low"  # water up to the kerbs
    FLOOD_HIGH = "flood-high"  # and over the pavements
    RUBBISH_SOME = "rubbish-some"
    RUBBISH_MUCH = "rubbish-much"  # a heap that reaches the road


class StreetLight(StrEnum):
    """The time of day, or rain by day."""

    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"
    RAIN = "rain"


FLOODS = {StreetScene.FLOOD_LOW: 0.13, StreetScene.FLOOD_HIGH: 0.42}  # metres of water above the road
HEAPS = {StreetScene.RUBBISH_SOME: 0.35, StreetScene.RUBBISH_MUCH: 1.0}  # sizes


def clip_name(scene: StrEnum, light: StreetLight) -> str:
    """Return the name of the clip in the footage."""
    return f"{scene}-{light}"
