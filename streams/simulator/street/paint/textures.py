"""Flat textures: fronts of shop houses and houses, crowns of trees, and noise. Colours are BGR."""

from functools import lru_cache

import cv2
import numpy as np

from streams.simulator.layouts import WIDTH
from streams.simulator.street.paint.view import Array

PIXELS_PER_M = 24  # of fronts
WALLS = ((196, 214, 226), (170, 196, 214), (204, 196, 176), (150, 190, 222), (214, 220, 222), (168, 178, 196),
         (140, 168, 206), (190, 210, 180))  # fmt: skip
BANNERS = ((40, 40, 190), (150, 80, 30), (40, 120, 40), (30, 170, 230), (120, 40, 110), (60, 60, 60), (200, 160, 40))


@lru_cache(maxsize=1)
def noise() -> Array:
    """Return a 512 x 512 field of smooth noise with mean 0 and deviation 1 that joins at its edges."""
    grain = np.random.default_rng(11).normal(0, 1, (512, 512)).astype(np.float32)
    joined = cv2.GaussianBlur(np.tile(grain, (2, 2)), (0, 0), 1.4)[256:768, 256:768]
    return np.asarray(joined / joined.std())


def noise_at(u: Array, v: Array) -> Array:
    """Return the noise at these places, a unit being one cell. A flat list of them fills whole rows of pictures."""
    shape = np.shape(u)
    rows = -1, shape[-1] if len(shape) > 1 else WIDTH  # remap takes no long rows
    at_u, at_v = (np.asarray(at, np.float32).reshape(rows) for at in (u, v))
    return np.asarray(cv2.remap(noise(), at_u, at_v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)).reshape(shape)


def front(width_m: float, floors: int, sign: str, dice: np.random.Generator) -> tuple[Array, Array]:
    """Return a shop house's front and what of it shines at night, both height x width x 3 uint8."""
    per, high = PIXELS_PER_M, 3.4
    columns, rows = round(width_m * per), round(floors * high * per)
    wall = np.array(WALLS[dice.integers(len(WALLS))], np.float32)
    image = np.full((rows, columns, 3), wall, np.float32)
    stains = cv2.resize(noise()[: rows // 6 + 2, : columns // 3 + 2], (columns, rows))
    image *= (1 + 0.035 * stains)[..., None]
    image *= np.linspace(1.0, 0.86, rows)[:, None, None]
    image = image.astype(np.uint8)
    glow = np.zeros_like(image)
    for floor in range(1, floors):
        _windows(image, glow, rows - floor * round(high * per), columns, dice)
    _shutter(image, glow, rows, columns, dice)
    _banner(image, glow, rows - round(2.9 * per), columns, sign, dice)
    return image, glow


def _windows(image: Array, glow: Array, base: int, columns: int, dice: np.random.Generator) -> None:
    per, count = PIXELS_PER_M, int(dice.integers(2, 4))
    style = int(dice.integers(3))
    cv2.line(image, (0, base), (columns, base), (120, 128, 134), 3)
    for number in range(count):
        middle = round((number + 0.5) * columns / count)
        half = round((0.55 + 0.25 * (style == 1)) * per)
        above, below = base - round(2.5 * per), base - round((0.9 - 0.5 * (style == 2)) * per)
        cv2.rectangle(image, (middle - half - 3, above - 3), (middle + half + 3, below + 3), (232, 236, 238), -1)
        shade = int(dice.integers(40, 80))
        cv2.rectangle(image, (middle - half, above), (middle + half, below), (shade + 24, shade + 10, shade), -1)
        cv2.line(image, (middle, above), (middle, below), (190, 196, 198), 2)
        if dice.random() < 0.35:
            warm = (90, 170, 220) if dice.random() < 0.6 else (200, 215, 215)
            cv2.rectangle(glow, (middle - half, above), (middle + half, below), warm, -1)
        if dice.random() < 0.4:  # an air conditioner
            cv2.rectangle(image, (middle + half + 6, below - 4), (middle + half + 24, below + 12), (205, 208, 208), -1)


def _shutter(image: Array, glow: Array, rows: int, columns: int, dice: np.random.Generator) -> None:
    per = PIXELS_PER_M
    above, left, right = rows - round(2.35 * per), round(0.35 * per), columns - round(0.35 * per)
    if dice.random() < 0.4:
        grey = int(dice.integers(110, 180))
        image[above:, left:right] = (grey, grey, grey)
        image[above::5, left:right] = (grey - 40, grey - 40, grey - 40)
        return
    inside = image[above:, left:right]
    inside[:] = (52, 58, 66)
    height, width = inside.shape[:2]
    for _ in range(34):  # goods on shelves
        x, y = int(dice.integers(0, max(1, width - 12))), int(dice.integers(height // 3, max(2, height - 8)))
        inside[y : y + 9, x : x + 12] = dice.integers(50, 190, 3)
    glow[above:, left:right] = cv2.add(inside, (70.0, 85.0, 95.0, 0.0))
    awning = np.array(BANNERS[dice.integers(len(BANNERS))])
    image[above - 10 : above + 16, max(0, left - 6) : right + 6] = awning


def _banner(image: Array, glow: Array, row: int, columns: int, sign: str, dice: np.random.Generator) -> None:
    colour = tuple(int(value) for value in BANNERS[dice.integers(len(BANNERS))])
    left, right, high = round(0.08 * columns), round(0.92 * columns), 26
    lit = dice.random() < 0.6
    for target in (image, glow)[: 2 if lit else 1]:
        cv2.rectangle(target, (left, row - high), (right, row), colour, -1)
        size = min(0.85, (right - left) / (max(1, len(sign)) * 19))
        cv2.putText(target, sign, (left + 8, row - 6), cv2.FONT_HERSHEY_DUPLEX, size, (245, 245, 245), 2, cv2.LINE_AA)


def cottage(width_m: float, dice: np.random.Generator) -> tuple[Array, Array]:
    """Return the front of a low house and what of it shines at night."""
    per = PIXELS_PER_M
    columns, rows = round(width_m * per), round(3.1 * per)
    image = np.full((rows, columns, 3), WALLS[dice.integers(len(WALLS))], np.uint8)
    glow = np.zeros_like(image)
    image[-round(0.5 * per) :] = (112, 122, 132)
    door = round(columns * dice.uniform(0.4, 0.55))
    image[rows - round(2.1 * per) :, door : door + per] = (50, 76, 110)
    for middle in (columns // 5, columns * 4 // 5):
        box = (middle - 18, rows - round(2.1 * per)), (middle + 18, rows - round(0.9 * per))
        cv2.rectangle(image, *box, (74, 62, 54), -1)
        cv2.rectangle(image, *box, (226, 230, 232), 2)
        if dice.random() < 0.5:
            cv2.rectangle(glow, *box, (100, 180, 225), -1)
    return image, glow


@lru_cache(maxsize=16)
def crown(seed: int) -> tuple[Array, Array]:
    """Return a tree's crown, 160 x 160: BGR uint8 and its cover 0 to 1."""
    dice = np.random.default_rng([77, seed])
    size, count = 160, 900
    base = np.array([44, 88, 60], np.float32) * dice.uniform(0.8, 1.15)
    image = np.full((size, size, 3), base * 0.6, np.float32)
    cover = np.zeros((size, size), np.float32)
    lobes = [(dice.uniform(0, 2 * np.pi), dice.uniform(18, 34), dice.uniform(24, 34)) for _ in range(7)]
    for number in range(count):
        at, out, wide = lobes[number % len(lobes)]
        angle, reach = dice.uniform(0, 2 * np.pi), np.sqrt(dice.uniform(0, 1)) * wide
        x = 80 + out * np.cos(at) * 1.15 + reach * np.cos(angle)
        y = 84 + out * np.sin(at) * 0.8 + reach * np.sin(angle) * 0.8
        light = 0.5 + 0.45 * (1 - y / size) + 0.3 * (1 - reach / wide) * number / count + dice.uniform(-0.12, 0.12)
        colour = tuple(float(value) for value in base * light * (1, 1, dice.uniform(0.85, 1.2)))
        spot, radius = (round(x), round(y)), int(dice.integers(2, 5))
        cv2.circle(image, spot, radius, colour, -1)
        cv2.circle(cover, spot, radius, (1.0,), -1, cv2.LINE_AA)
    return np.clip(image, 0, 255).astype(np.uint8), cover
