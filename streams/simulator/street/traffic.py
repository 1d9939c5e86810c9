"""Where vehicles and people are at each time of a loop of LOOP_S, so that its end meets its beginning."""

from collections.abc import Iterator

import numpy as np

from streams.simulator.street.layouts import Lane, Roadside, Street
from streams.simulator.street.paint.mesh import Mover
from streams.simulator.street.paint.shapes import shapes
from streams.simulator.street.paint.vehicles import PAINTS, SHIRTS

LOOP_S = 8.0
NEAR_M, FAR_M = 4.0, 100.0
VAN_PAINTS = ((40, 150, 60), (40, 170, 220), (60, 60, 190), (190, 110, 40))  # of the lines of city minibuses
BUS_PAINTS = ((210, 150, 60), (230, 230, 228), (60, 60, 180))
_KINDS = ("mpv", "car", "mpv", "van", "truck", "bus")
_SHARES = (0.34, 0.26, 0.14, 0.14, 0.08, 0.04)


class Traffic:
    """What moves on one street. share: how busy it is, 0 to 1; jam: the lanes away from the camera stand."""

    def __init__(self, street: Street, share: float = 1.0, *, jam: bool = False, slow: float = 1.0) -> None:
        self._street = street
        dice = np.random.default_rng([street.seed, 21])
        self._standing = [*_parked(street, dice)]
        self._moving: list[tuple[float, list[tuple[float, float, Mover]]]] = []
        for lane in street.lanes:
            if jam and lane.speed > 0:
                self._standing += _queue(lane, dice)
                continue
            speed = lane.speed * slow
            period = abs(speed) * LOOP_S
            self._moving.append((speed, [*_row(street, lane, period, share, dice)]))
        self._crossing = [*_crossing(street, dice)] if share > 0.4 else []
        self._walkers = [*_walkers(street, dice, round(street.walkers * min(1.0, share + 0.2)))]

    def at(self, t: float) -> list[Mover]:
        """Return all at a time in seconds."""
        movers = [*self._standing]
        for speed, row in self._moving:
            period = abs(speed) * LOOP_S
            for start, x, mover in row:
                first = (start + speed * t) % period
                yaw = 0.0 if speed > 0 else 180.0
                places = np.arange(first, FAR_M, period).tolist()
                movers += [Mover(mover.kind, x, z, yaw, mover.colour) for z in places if z > NEAR_M]
        for start, z, speed, mover in self._crossing:
            x = start + speed * ((t - 4.6) % LOOP_S)
            if abs(x) < 60:
                movers.append(Mover(mover.kind, x, z, 90.0 if speed > 0 else 270.0, mover.colour))
        for place, way, begins, lasts, mover in self._walkers:
            since = (t - begins) % LOOP_S
            if since < lasts:
                x, z = place + way * since
                movers.append(
                    Mover("walker", float(x), float(z), 0.0, mover.colour, stride=7.5 * since * bool(way.any()))
                )
        return movers


def _vehicle(dice: np.random.Generator, bikes: float) -> Mover:
    if dice.random() < bikes:
        return Mover("bike", 0, 0, 0, SHIRTS[int(dice.integers(len(SHIRTS)))])
    kind = str(dice.choice(_KINDS, p=_SHARES))
    paints = {"van": VAN_PAINTS, "bus": BUS_PAINTS}.get(kind, PAINTS)
    return Mover(kind, 0, 0, 0, paints[int(dice.integers(len(paints)))])


def _row(
    street: Street, lane: Lane, period: float, share: float, dice: np.random.Generator
) -> Iterator[tuple[float, float, Mover]]:
    """Yield the vehicles of a lane; where a road crosses they keep together, so that others can pass between them."""
    length = period * 0.5 if street.cross else period
    z = float(dice.uniform(0, 6))
    while z < length - 6:
        mover = _vehicle(dice, lane.bikes)
        own = shapes()[mover.kind].length
        aside = float(dice.uniform(-0.9, 0.9)) if mover.kind == "bike" else float(dice.uniform(-0.15, 0.15))
        if dice.random() < share:
            start = street.cross[0] - z - own if street.cross else z + own / 2
            if street.cross and lane.speed < 0:
                start = street.cross[1] + z + own
            yield start, lane.x + aside, mover
            if mover.kind == "bike" and dice.random() < 0.45:
                other = -np.sign(aside) * float(dice.uniform(0.5, 0.9))
                yield start + float(dice.uniform(-1.5, 1.5)), lane.x + other, _vehicle(dice, 1.0)
        z += own + float(dice.uniform(0.35, 1.1)) * (lane.gap if mover.kind != "bike" else lane.gap * 0.45)


def _queue(lane: Lane, dice: np.random.Generator) -> Iterator[Mover]:
    """Yield vehicles that stand bumper to bumper, with motorcycles between them."""
    z = 9.0
    while z < FAR_M:
        mover = _vehicle(dice, 0.12)
        own = shapes()[mover.kind].length
        x = lane.x + float(dice.uniform(-0.2, 0.2))
        yield Mover(mover.kind, x, z + own / 2, float(dice.uniform(-2, 2)), mover.colour)
        if dice.random() < 0.5:
            yield Mover("bike", lane.x + 1.45, z + float(dice.uniform(0, own)), 0.0, _vehicle(dice, 1.0).colour)
        z += own + float(dice.uniform(0.9, 2.2))


def _parked(street: Street, dice: np.random.Generator) -> Iterator[Mover]:
    for z in street.parked:
        if dice.random() < 0.4:
            for number in range(4):
                colour = SHIRTS[int(dice.integers(len(SHIRTS)))]
                yield Mover("parked bike", street.road[0] - 0.8, z + 0.8 * number, 70.0, colour, parked=True)
        else:
            colour = PAINTS[int(dice.integers(len(PAINTS)))]
            yield Mover("mpv", street.road[0] + 1.0, z, 0.0, colour, parked=True)


def _crossing(street: Street, dice: np.random.Generator) -> Iterator[tuple[float, float, float, Mover]]:
    """Yield the vehicles of the road that crosses: x at the start of their green light, z, speed."""
    if street.cross is None:
        return
    middle = sum(street.cross) / 2
    for z, speed in ((middle + 2.2, 11.0), (middle - 2.2, -11.0)):
        x = 12.0
        while x < 40:
            mover = _vehicle(dice, 0.5)
            yield -np.sign(speed) * x, z + float(dice.uniform(-0.5, 0.5)), speed, mover
            x += shapes()[mover.kind].length + float(dice.uniform(2, 6))


def _walkers(
    street: Street, dice: np.random.Generator, count: int
) -> Iterator[tuple[np.ndarray, np.ndarray, float, float, Mover]]:
    """Yield people: place, way in m/s, when they step out of a door and for how long they are seen, seconds."""
    for number in range(count):
        side = -1 if number % 2 else 1
        edge = street.road[(side + 1) // 2]
        shop = (street.left, street.right)[(side + 1) // 2]
        place = np.array((edge + side * float(dice.uniform(0.8, street.pavement)), float(dice.uniform(13, 48))))
        mover = Mover("walker", 0, 0, 0, SHIRTS[int(dice.integers(len(SHIRTS)))])
        if number % 3 == 0 or shop is Roadside.STALLS:  # who stands
            yield place, np.zeros(2), 0.0, LOOP_S + 1, mover
        else:
            way = np.array((float(dice.uniform(-0.1, 0.1)), float(dice.choice((-1.2, 1.2)))))
            yield place, way, float(dice.uniform(0, LOOP_S)), float(dice.uniform(5.5, LOOP_S)), mover
    if street.zebra:
        for number in range(2):
            way = np.array((1.5 if number else -1.5, 0.0))
            start = street.road[0 if number else 1]
            lasts = min(7.8, (street.road[1] - street.road[0]) / 1.5)
            mover = Mover("walker", 0, 0, 0, SHIRTS[number])
            yield np.array((start, street.zebra + 0.8 + number)), way, 5.0, lasts, mover
