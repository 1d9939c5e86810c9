"""Colour the ground: asphalt with markings, kerbs, pavements, grass and river."""

from itertools import pairwise

import numpy as np

from streams.simulator.street.layouts import Roadside, Street
from streams.simulator.street.paint.textures import noise_at
from streams.simulator.street.paint.view import Array

KERB_M, KERB_HIGH_M = 0.35, 0.15
PAINT = (214, 222, 224)


def _of(blue: float, green: float, red: float) -> Array:
    return np.array((blue, green, red), np.float32)


def height_at(street: Street, x: Array, z: Array) -> Array:
    """Return how high the ground lies, metres: the road is cambered, pavements lie higher."""
    middle, half = sum(street.road) / 2, (street.road[1] - street.road[0]) / 2
    beside = np.abs(x - middle) - half
    road = 0.07 * (1 - np.clip(np.abs(x - middle) / half, 0, 1) ** 2)
    out = np.where(beside > 0, KERB_HIGH_M + 0.03 * np.clip(beside, 0, 6), road)
    if street.cross:
        out = np.where((z > street.cross[0]) & (z < street.cross[1]), 0.05, out)
    return np.asarray(out + 0.012 * noise_at(x * 0.8, z * 0.8))


def paint_ground(street: Street, x: Array, z: Array) -> Array:
    """Return the colour of the ground at these places, n x 3 float32."""
    near = np.clip(1 - z / 70, 0.12, 1)  # fine structure vanishes with distance
    rough = noise_at(x * 14, z * 14) * near
    patches = noise_at(x * 0.55 + street.seed * 31, z * 0.22)
    grey = 98 + 5 * rough + 4.5 * patches
    image = np.repeat(grey[:, None], 3, axis=1) * _of(1.0, 0.99, 0.985)
    left, right = street.road
    crossing = np.zeros(len(x), bool)
    if street.cross:
        crossing = (z > street.cross[0]) & (z < street.cross[1])
    on_road = ((x > left) & (x < right)) | crossing
    _worn(street, image, x, near)
    _markings(street, image, x, z, crossing)
    beside = np.maximum(left - x, x - right)
    image[~on_road] = _beside(street, x, z, beside, rough)[~on_road]
    kerb = ~on_road & (beside < KERB_M)
    painted = np.where((np.floor(z / 1.2) % 2 == 0)[:, None], _of(206, 210, 212), _of(46, 46, 48))
    image[kerb] = (painted * (1 + 0.05 * rough)[:, None])[kerb]
    if street.median:
        inner = np.abs(x) < street.median / 2
        strip = inner & ~crossing
        edge = strip & (np.abs(x) > street.median / 2 - 0.22)
        grass = _of(58, 116, 82) * (1 + 0.16 * rough + 0.1 * patches)[:, None]
        image[strip] = (grass if street.median > 1.5 else np.full_like(grass, 150) + 5 * rough[:, None])[strip]
        image[edge] = painted[edge]
    return np.asarray(image, np.float32)


def _worn(street: Street, image: Array, x: Array, near: Array) -> None:
    """Darken the lanes' wheel tracks."""
    for lane in street.lanes:
        for track in (-0.75, 0.75):
            image *= (1 - 0.07 * np.exp(-(((x - lane.x - track) / 0.34) ** 2)) * near)[:, None]


def _markings(street: Street, image: Array, x: Array, z: Array, crossing: Array) -> None:
    worn = 0.82 + 0.1 * noise_at(x * 6, z * 6)
    paint = _of(*PAINT) * worn[:, None]
    left, right = street.road
    lines = (np.abs(x - left - 0.35) < 0.07) | (np.abs(x - right + 0.35) < 0.07)
    if not street.median:
        lines |= (np.abs(np.abs(x - sum(street.road) / 2) - 0.12) < 0.055) if len(street.lanes) > 2 else (
            (np.abs(x - sum(street.road) / 2) < 0.07) & (z % 8 < 3.5))  # fmt: skip
    xs = sorted(lane.x for lane in street.lanes)
    for one, other in pairwise(xs):
        if one * other > 0:
            lines |= (np.abs(x - (one + other) / 2) < 0.07) & (z % 8 < 3.2)
    lines &= ~crossing
    if street.zebra:
        away = (z > street.zebra) & (z < street.zebra + 2.8) & (x > left + 0.5) & (x < right - 0.5)
        lines = np.where(away, np.floor(x / 0.55) % 2 == 0, lines)
        stop = (z > street.zebra - 1.5) & (z < street.zebra - 1.1) & (x > left + 0.5) & (x < -street.median / 2 - 0.3)
        lines |= stop
    image[lines] = paint[lines]


def _beside(street: Street, x: Array, z: Array, beside: Array, rough: Array) -> Array:
    tiles = (np.floor(x / 0.6) + np.floor(z / 0.6)) % 2
    paving = _of(150, 160, 170) * (0.95 + 0.05 * tiles + 0.05 * rough)[:, None]
    earth = _of(118, 136, 152) * (1 + 0.06 * rough + 0.06 * noise_at(x * 0.7, z * 0.7))[:, None]
    grass = _of(56, 112, 84) * (1 + 0.15 * rough + 0.14 * noise_at(x * 0.9, z * 0.9))[:, None]
    beyond = beside > street.pavement
    green = np.where(
        x < 0, street.left in (Roadside.TREES, Roadside.HOUSES), street.right in (Roadside.TREES, Roadside.HOUSES)
    )
    lawn = green & (noise_at(x * 0.35, z * 0.35) > -0.5)
    return np.asarray(np.where(beyond[:, None], np.where(lawn[:, None], grass, earth), paving))
