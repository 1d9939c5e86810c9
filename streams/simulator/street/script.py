"""What each street shows at each time: light by the clock, at one point a flood, at others rubbish and a queue."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, time

from streams.simulator.scenes import CameraAct, SimulatedFault
from streams.simulator.street.layouts import STREETS
from streams.simulator.street.scenes import StreetLight, StreetScene

Clock = Callable[[], datetime]  # the time in Palembang
StreetScript = Callable[[float], CameraAct]  # seconds since the start

SHOWER_S = 600  # it rains for this long at a time, or not
SHOWERS = 0.2  # share of these
BROKEN, FROZEN = 2, 1  # cameras
WELL = 10  # the first cameras are never in trouble
# Seconds of each scene, again and again, at the first point of a street that has footage of it.
FLOODING = (
    (90, StreetScene.FLOW),
    (240, StreetScene.FLOOD_LOW),
    (420, StreetScene.FLOOD_HIGH),
    (240, StreetScene.FLOOD_LOW),
)
DUMPING = ((120, StreetScene.FLOW), (600, StreetScene.RUBBISH_SOME), (1800, StreetScene.RUBBISH_MUCH))
QUEUEING = ((60, StreetScene.FLOW), (540, StreetScene.JAM), (300, StreetScene.FLOW))
_DAWN, _MORNING, _EVENING, _NIGHT = time(5, 35), time(6, 0), time(17, 50), time(18, 20)


def street_scripts(streets: Sequence[str], script: str, seed: int, clock: Clock) -> list[StreetScript]:
    """Return a script for the camera of each of these streets, which may come several times.

    All but the script "demo" show traffic by day. Raises ValueError for an unknown street.
    """
    if unknown := set(streets) - set(STREETS):
        raise ValueError(f"no such street: {', '.join(sorted(unknown))}")
    if script != "demo":
        return [lambda _t: CameraAct(StreetScene.FLOW, light=StreetLight.DAY)] * len(streets)
    rounds = [_round_of(name, streets.index(name) == number) for number, name in enumerate(streets)]
    faults = _faults([number for number, one in enumerate(rounds) if one is None], seed)
    return [
        _script(name, rounds[number], faults.get(number, SimulatedFault.NONE), seed, clock)
        for number, name in enumerate(streets)
    ]


def light_at(now: datetime, street: str, seed: int = 0) -> StreetLight:
    """Return how a street is lit at this local time; showers pass by day."""
    hour = now.time()
    if not _DAWN <= hour < _NIGHT:
        return StreetLight.NIGHT
    if hour < _MORNING or hour >= _EVENING:
        return StreetLight.DUSK
    shower = int(now.timestamp() // SHOWER_S)
    return StreetLight.RAIN if _dice(seed, street, shower).random() < SHOWERS else StreetLight.DAY


def scene_at(rounds: Sequence[tuple[int, StreetScene]], at_s: float) -> StreetScene:
    """Return the scene of a round of scenes at this time."""
    left = at_s % sum(lasts for lasts, _scene in rounds)
    for lasts, scene in rounds:
        if left < lasts:
            return scene
        left -= lasts
    return rounds[0][1]


def _round_of(name: str, first: bool) -> Sequence[tuple[int, StreetScene]] | None:
    street = STREETS[name]
    if not first:
        return None
    if street.gauge[1]:
        return FLOODING
    if street.heap[1]:
        return DUMPING
    return QUEUEING if street.jams else None


def _faults(numbers: Sequence[int], seed: int) -> dict[int, SimulatedFault]:
    """Return which of these cameras are in trouble: none of the first ones, at which newcomers look."""
    later = [number for number in numbers if number >= WELL]
    if len(later) < BROKEN + FROZEN:
        return {}
    chosen = _dice(seed, "streets in trouble").sample(later, BROKEN + FROZEN)
    faults = [SimulatedFault.REFUSE] * BROKEN + [SimulatedFault.FREEZE] * FROZEN
    return dict(zip(chosen, faults, strict=True))


def _script(
    name: str, rounds: Sequence[tuple[int, StreetScene]] | None, fault: SimulatedFault, seed: int, clock: Clock
) -> StreetScript:
    def act(at_s: float) -> CameraAct:
        scene = scene_at(rounds, at_s) if rounds else StreetScene.FLOW
        return CameraAct(scene, fault, light_at(clock(), name, seed))

    return act


def _dice(*what: object) -> random.Random:
    return random.Random("/".join(map(str, what)))  # noqa: S311 a demo's dice
