"""Scripts: what each camera shows at each time. Pure, seeded and endless.

In the demo's first two minutes a fixed set of cameras plays given roles.
"""

import random
from collections.abc import Callable
from functools import cache

from streams.simulator.scenes import CameraAct, Scene, SimulatedFault

Script = Callable[[int, float, int], CameraAct]  # camera number, seconds, seed

OFFICE_CAMERAS = 109  # of the 107 kelurahan offices and two kecamatan offices
STREET_CAMERAS = 41
DEMO_CAMERAS = OFFICE_CAMERAS + STREET_CAMERAS
FIRST_S = 130.0  # length of the first part
ROUND_S = 300.0  # then each camera plays rounds, in some of which its counter is empty for a while
ABSENT_SHARE = 0.17  # share of cameras per round: about 5 counters of 109 are empty at any time
_CALM = CameraAct()


def _dice(*what: object) -> random.Random:
    return random.Random("/".join(map(str, what)))  # noqa: S311 a demo's dice


# Ilir Barat I, whose camat and first lurah have demo accounts, has the cameras 19 to 24 (by index). These change roles
# with others, so that the lurah's counter is empty for a while soon and all of the camat's cameras work.
_CHANGED = {19: 11, 11: 19, 21: 60, 60: 21, 22: 61, 61: 22}


@cache
def _cast(seed: int) -> dict[int, str]:
    """Return the roles by index of the demo's offices; larger fleets repeat them, smaller ones have fewer."""
    roles = ["leaves"] * 8 + ["never opened"] * 4 + ["refuse"] * 3 + ["unauthorized"]
    roles += ["freeze", "freeze later", "cover", "cover", "dark", "shift", "scene", "blur", "freeze clock"]
    numbers = _dice(seed, "cast").sample(range(107), len(roles))
    cast = {_CHANGED.get(number, number): role for number, role in zip(numbers, roles, strict=True)}
    return cast | {107: "leaves"}  # the kecamatan office of the camat with a demo account


_LASTING = {
    "refuse": SimulatedFault.REFUSE,
    "unauthorized": SimulatedFault.UNAUTHORIZED,
    "freeze": SimulatedFault.FREEZE,
}
_LATER = {  # role: fault, from second
    "freeze later": (SimulatedFault.FREEZE, 20.0),
    "cover": (SimulatedFault.COVER, 10.0),
    "dark": (SimulatedFault.DARK, 15.0),
    "shift": (SimulatedFault.SHIFT, 40.0),
    "scene": (SimulatedFault.SCENE, 30.0),
    "blur": (SimulatedFault.BLUR, 35.0),
    "freeze clock": (SimulatedFault.FREEZE_CLOCK, 25.0),
}


def demo(camera: int, t_s: float, seed: int = 0) -> CameraAct:
    """Play the demo: most counters staffed, some empty for a while, a few cameras in trouble."""
    role = _cast(seed).get((camera - 1) % OFFICE_CAMERAS, "")
    if role in _LASTING:
        return CameraAct(_busy(camera, t_s, seed), _LASTING[role])
    if role in _LATER:
        fault, from_s = _LATER[role]
        return CameraAct(_busy(camera, t_s, seed), fault if t_s >= from_s else SimulatedFault.NONE)
    if role == "never opened":
        return CameraAct(Scene.WAITING if _dice(seed, camera, int(t_s // 40)).random() < 0.4 else Scene.EMPTY)
    if t_s < FIRST_S:
        if role != "leaves":
            return CameraAct(_busy(camera, t_s, seed))
        at_s, dice = t_s, _dice(seed, camera, "first leave")
        leaves_s = dice.uniform(15, 60)
        returns_s = leaves_s + dice.uniform(30, 70)
    else:
        # Each camera's rounds begin at a different time, so that absences are spread evenly.
        played_s = t_s - FIRST_S + _dice(seed, camera, "phase").uniform(0, ROUND_S)
        at_s, dice = played_s % ROUND_S, _dice(seed, camera, int(played_s // ROUND_S))
        if dice.random() >= ABSENT_SHARE:
            return CameraAct(_busy(camera, t_s, seed))
        leaves_s = dice.uniform(0, ROUND_S - 121)
        returns_s = leaves_s + dice.uniform(30, 120)
    if not leaves_s <= at_s < returns_s:
        return CameraAct(_busy(camera, t_s, seed))
    waits = leaves_s + 10 < at_s and dice.random() < 0.4
    return CameraAct(Scene.WAITING if waits else Scene.EMPTY)


def _busy(camera: int, t_s: float, seed: int) -> Scene:
    """Return the scene of a staffed counter, which has a visitor in about a third of the half minutes."""
    shifted = t_s + camera * 7.3
    return Scene.SERVING if _dice(seed, camera, "visit", int(shifted // 30)).random() < 0.35 else Scene.STAFFED


def steady(camera: int, t_s: float, seed: int = 0) -> CameraAct:
    """Play staffed counters with occasional visitors and no faults, for measurements."""
    return CameraAct(_busy(camera, t_s, seed))


def calm(_camera: int, _t_s: float, _seed: int = 0) -> CameraAct:
    """Play staffed counters; only commands change anything."""
    return _CALM


SCRIPTS: dict[str, Script] = {"demo": demo, "steady": steady, "none": calm}


def state_at(camera: int, t_s: float, seed: int = 0) -> CameraAct:
    """Return what a camera of the demo shows at a time."""
    return demo(camera, t_s, seed)
