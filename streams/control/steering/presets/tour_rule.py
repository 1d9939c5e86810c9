"""What a tour may be. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SHORTEST_S, LONGEST_S, USUAL_S = 5, 300, 20  # at one preset
MOST_STOPS = 20


@dataclass(frozen=True, slots=True)
class Stop:
    """A preset of a tour and how long the camera stays there."""

    token: str
    name: str
    dwell_s: int


def read_stops(asked: Any, names: Mapping[str, str]) -> list[Stop]:
    """Return the stops that a browser asks for, [{"token", "dwell_s"}]; `names`: of the camera's presets, by token.

    Presets that the camera hasn't are left out. Empty for what can't be read, or needs fewer than two different presets
    or more than MOST_STOPS. Seconds are kept within SHORTEST_S and LONGEST_S.
    """
    if not isinstance(asked, list) or len(asked) > MOST_STOPS:
        return []
    stops = []
    for one in asked:
        if not isinstance(one, dict) or not isinstance(one.get("token"), str):
            return []
        dwell_s = one.get("dwell_s", USUAL_S)
        if not isinstance(dwell_s, int | float) or dwell_s != dwell_s:
            return []
        if name := names.get(one["token"]):
            stops.append(Stop(one["token"], name, int(min(max(dwell_s, SHORTEST_S), LONGEST_S))))
    return stops if len({one.token for one in stops}) > 1 else []
