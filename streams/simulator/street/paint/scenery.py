"""Place what stands along a street: houses, trees, lamps, cables, a bridge's towers, a viaduct, stalls."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from streams.simulator.street.layouts import Roadside, Street
from streams.simulator.street.paint.canvas import Canvas, Thing
from streams.simulator.street.paint.structures import FAR_M, draw_box, gauge, railing, towers, viaduct
from streams.simulator.street.paint.textures import BANNERS, cottage, crown, front

LAMP_GAP_M, LAMP_HIGH_M = 27.0, 8.5
STEEL = (150, 152, 152)


def lamps(street: Street) -> list[tuple[float, float, float]]:
    """Return where the street's lamps shine, in metres."""
    left, right = street.road
    zs = np.arange(14.0 + 3 * (street.seed % 4), FAR_M, LAMP_GAP_M)
    if street.median > 1.5 and not street.viaduct:
        return [(side, LAMP_HIGH_M, float(z)) for z in zs for side in (-1.6, 1.6)]
    return [
        (left + 0.9, LAMP_HIGH_M, float(z)) if number % 2 else (right - 0.9, LAMP_HIGH_M, float(z))
        for number, z in enumerate(zs)
    ]


def scenery(street: Street) -> list[Thing]:
    """Return all that stands, the farthest first."""
    things = [*_sides(street), *_lamp_posts(street), *_cables(street)]
    if street.viaduct:
        things += viaduct()
    if street.towers:
        things += towers(street)
    if street.gauge[1]:
        things += gauge(street)
    return sorted(things, key=lambda thing: -thing[0])


def _sides(street: Street) -> Iterator[Thing]:
    for side, kind in ((-1, street.left), (1, street.right)):
        dice = np.random.default_rng([street.seed, side + 1])
        edge = street.road[(side + 1) // 2] + side * street.pavement
        if kind in (Roadside.SHOPS, Roadside.STALLS):
            yield from _shops(street, side, edge + side * street.setback, dice)
        if kind is Roadside.STALLS:
            yield from _stalls(edge, side, dice)
        if kind is Roadside.HOUSES:
            yield from _houses(street, side, edge + side * (street.setback + 2.5), dice)
        if kind in (Roadside.HOUSES, Roadside.TREES):
            yield from _trees(street, side, edge, dice, dense=kind is Roadside.TREES)
        if kind is Roadside.RIVER:
            yield from railing(edge, side)


def _clear(street: Street, z0: float, z1: float) -> bool:
    """Return whether nothing lies across a side road."""
    return street.cross is None or z1 <= street.cross[0] - 2.5 or z0 >= street.cross[1] + 2.5


def _shops(street: Street, side: int, wall: float, dice: np.random.Generator) -> Iterator[Thing]:
    z = 11.0 if street.lens.x * side > 0 else 5.0  # none right beside the camera
    while z < FAR_M:
        wide, floors = float(dice.uniform(4.2, 6.5)), int(dice.choice((1, 2, 2, 3)))
        sign = street.signs[int(dice.integers(len(street.signs)))]
        texture, glow = front(wide, floors, sign, dice)
        if _clear(street, z, z + wide):
            yield z + wide / 2, partial(_block, side, wall, z, wide, floors * 3.4, texture, glow)
        elif street.cross and z < street.cross[0]:
            z = street.cross[1] + 2.5 - wide
        z += wide + (float(dice.uniform(0, 3)) if dice.random() < 0.15 else 0.0)


def _block(
    side: int, wall: float, z: float, wide: float, high: float, texture: np.ndarray, glow: np.ndarray, canvas: Canvas
) -> None:
    """Draw a house with a flat roof: its end that faces the camera, its roof, its front."""
    back, end = wall + side * 11, z + wide
    plain = texture[:6].mean(axis=(0, 1))
    canvas.face(((wall, high, z), (back, high, z), (back, 0, z), (wall, 0, z)), plain * 0.66)
    canvas.face(((wall, high, end), (back, high, end), (back, high, z), (wall, high, z)), (122, 128, 134))
    near, far = (z, end) if side > 0 else (end, z)
    corners = ((wall, high, far), (wall, high, near), (wall, 0, near), (wall, 0, far))
    if side < 0:
        corners = ((wall, high, z), (wall, high, end), (wall, 0, end), (wall, 0, z))
    canvas.hang(corners, texture, glow, 0.94 if side < 0 else 0.8)


def _houses(street: Street, side: int, wall: float, dice: np.random.Generator) -> Iterator[Thing]:
    z = 7.0
    while z < FAR_M:
        wide = float(dice.uniform(6.5, 9.5))
        texture, glow = cottage(wide, dice)
        roof = np.array(((58, 84, 150), (70, 80, 96), (60, 96, 132), (92, 98, 104))[int(dice.integers(4))])
        if _clear(street, z, z + wide):
            yield z + wide / 2, partial(_cottage, side, wall, z, wide, texture, glow, roof)
        z += wide + float(dice.uniform(1.5, 5))


def _cottage(
    side: int,
    wall: float,
    z: float,
    wide: float,
    texture: np.ndarray,
    glow: np.ndarray,
    roof: np.ndarray,
    canvas: Canvas,
) -> None:
    """Draw a low house under a pitched roof, its ridge along the road."""
    end, ridge, back = z + wide, wall + side * 3.6, wall + side * 7.2
    eaves, top = wall - side * 0.6, 5.0
    gable = texture[4:10].mean(axis=(0, 1)) * 0.7
    canvas.face(((wall, 3.1, z), (ridge, top, z), (back, 3.1, z), (back, 0, z), (wall, 0, z)), gable)
    near, far = (z, end) if side < 0 else (end, z)
    canvas.hang(((wall, 3.1, near), (wall, 3.1, far), (wall, 0, far), (wall, 0, near)), texture, glow, 0.86)
    canvas.face(((eaves, 2.8, z - 0.4), (ridge, top, z - 0.4), (ridge, top, end), (eaves, 2.8, end)), roof)


def _trees(street: Street, side: int, edge: float, dice: np.random.Generator, *, dense: bool) -> Iterator[Thing]:
    rows = ((0.5, 9.0), (6.0, 6.0), (13.0, 6.5)) if dense else ((1.2, 17.0), (12.0, 8.0))
    for out, gap in rows:
        z = (18.0 if street.lens.x * side > 0 else 8.0) + float(dice.uniform(0, gap))
        while z < FAR_M:
            if _clear(street, z - 1, z + 1):
                x = edge + side * (out + float(dice.uniform(0, 1.2)))
                high, size = float(dice.uniform(3.6, 5.6)), float(dice.uniform(4.4, 7.2))
                yield z, partial(_tree, x, z, high, size, int(dice.integers(12)))
            z += gap * float(dice.uniform(0.7, 1.4))


def _tree(x: float, z: float, high: float, size: float, seed: int, canvas: Canvas) -> None:
    canvas.bar((x, 0, z), (x, high, z), 0.32, (58, 74, 92))
    canvas.card((x, high + size * 0.18, z), size, *crown(seed))


def _lamp_posts(street: Street) -> Iterator[Thing]:
    for x, y, z in lamps(street):
        foot = x - np.sign(x) * 1.6 if street.median > 1.5 and not street.viaduct else x + np.sign(x) * 1.6
        yield z, partial(_lamp_post, float(foot), x, y, z)


def _lamp_post(foot: float, x: float, y: float, z: float, canvas: Canvas) -> None:
    canvas.bar((foot, 0, z), (foot, y, z), 0.16, STEEL)
    canvas.bar((foot, y, z), (x, y + 0.3, z), 0.1, STEEL)
    head = ((x - 0.5, y + 0.3, z), (x + 0.5, y + 0.3, z), (x + 0.5, y + 0.05, z), (x - 0.5, y + 0.05, z))
    canvas.face(head, (222, 232, 236), glow=1.0)


def _cables(street: Street) -> Iterator[Thing]:
    """Yield a row of electricity poles on one side, with their cables."""
    side = 1 if street.seed % 2 else -1
    if (street.right if side > 0 else street.left) in (Roadside.RIVER, Roadside.TREES):
        return
    x = street.road[(side + 1) // 2] + side * (street.pavement - 0.5)
    for z in np.arange(11.0 + street.seed, FAR_M, 30.0):
        yield float(z), partial(_pole, x, float(z))


def _pole(x: float, z: float, canvas: Canvas) -> None:
    canvas.bar((x, 0, z), (x, 9.4, z), 0.26, (128, 132, 134))
    canvas.bar((x - 0.9, 9.0, z), (x + 0.9, 9.0, z), 0.12, (90, 94, 98))
    for offset, high in ((-0.8, 9.0), (0.0, 8.9), (0.8, 9.0), (0.1, 7.4)):
        steps = np.linspace(0, 1, 9)
        sag = high - 3.2 * steps * (1 - steps)
        for one, other, low, up in zip(steps, steps[1:], sag, sag[1:], strict=False):
            canvas.bar((x + offset, low, z + 30 * one), (x + offset, up, z + 30 * other), 0.035, (40, 42, 44))


def _stalls(edge: float, side: int, dice: np.random.Generator) -> Iterator[Thing]:
    z = 13.0
    while z < 70:
        cloth = BANNERS[int(dice.integers(len(BANNERS)))]
        yield z, partial(_stall, edge - side * 0.4, side, z, np.array(cloth), int(dice.integers(1000)))
        z += float(dice.uniform(3.2, 4.6))


def _stall(x: float, side: int, z: float, cloth: np.ndarray, seed: int, canvas: Canvas) -> None:
    dice = np.random.default_rng(seed)
    low, high = sorted((x - side * 1.1, x + side * 1.0))
    draw_box(canvas, (low, 0.0, z), (high, 0.8, z + 2.4), (70, 100, 140))
    for _ in range(26):  # fruit and vegetables
        at = float(dice.uniform(low, high)), 0.82, float(dice.uniform(z + 0.1, z + 2.3))
        colour = ((50, 140, 60), (40, 90, 220), (60, 200, 230), (50, 50, 190), (120, 200, 140))[int(dice.integers(5))]
        canvas.bar(at, (at[0], at[1] + 0.16, at[2]), 0.24, colour)
    for corner in (z + 0.1, z + 2.3):
        canvas.bar((low, 0, corner), (low, 2.3, corner), 0.07, STEEL)
        canvas.bar((high, 0, corner), (high, 2.3, corner), 0.07, STEEL)
    roof = (
        (low - 0.3, 2.2, z - 0.2),
        (high + 0.3, 2.5, z - 0.2),
        (high + 0.3, 2.5, z + 2.6),
        (low - 0.3, 2.2, z + 2.6),
    )
    canvas.face(roof, np.clip(cloth * 0.9 + 30, 0, 255))
