"""Paint a street without traffic: once in daylight with its depths, then in each light."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from streams.simulator.layouts import HEIGHT, WIDTH
from streams.simulator.street.layouts import Roadside, Street
from streams.simulator.street.paint.canvas import Canvas, Thing
from streams.simulator.street.paint.ground import paint_ground
from streams.simulator.street.paint.rubbish import heap
from streams.simulator.street.paint.scenery import lamps, scenery
from streams.simulator.street.paint.textures import crown, noise_at
from streams.simulator.street.paint.view import FARTHEST_M, Array, PoleView

SUPER = 2
RIVER_M = -2.6  # height of the river below the road


@dataclass(frozen=True, eq=False)
class Backdrop:
    """A street without traffic in plain light: colours, light of its own, depth, and which pixels are what."""

    street: Street
    view: PoleView
    image: Array  # float32 BGR
    glow: Array
    depth: Array
    spots: Array  # what each pixel shows, metres
    ground: Array  # bool
    sky: Array
    river: Array


@lru_cache(maxsize=4)
def paint_street(street: Street, rubbish: float = 0.0) -> Backdrop:
    """Return the street with a heap of rubbish of this size, 0 to 1."""
    view = PoleView(street.lens, SUPER)
    canvas = Canvas(view)
    depth = view.to_plane(1, 0.0)
    sky = depth >= FARTHEST_M
    river = np.zeros_like(sky)
    canvas.depth = depth
    canvas.image[sky] = (216, 206, 194)  # seen through edges of what stands before it
    rows = slice(int(np.argmax(~sky.all(axis=1))), None)
    spots = view.spots(depth)
    flat = spots[rows].reshape(-1, 3)
    canvas.image[rows] = paint_ground(street, flat[:, 0], flat[:, 2]).reshape(*spots[rows].shape)
    if street.right is Roadside.RIVER:
        bank = street.road[1] + street.pavement + 0.4
        water = view.to_plane(1, RIVER_M)
        river = (spots[..., 0] > bank) & ~sky & (view.spots(water)[..., 0] > bank)
        canvas.depth = np.where(river, water, depth)
    ground, before = ~sky & ~river, canvas.depth.copy()
    _far_bank(canvas, street)
    things: list[Thing] = [*scenery(street), *(heap(street, rubbish) if rubbish else [])]
    for _distance, draw in sorted(things, key=lambda thing: -thing[0]):
        draw(canvas)
    standing = canvas.depth != before
    return _scaled(street, canvas, ground & ~standing, sky & ~standing, river & ~standing)


def _far_bank(canvas: Canvas, street: Street) -> None:
    """Draw the line of trees and roofs at the end of what is seen."""
    dice = np.random.default_rng([street.seed, 9])
    low, high = (-260, 260)
    for number in range(70):
        x, z = float(dice.uniform(low, high)), float(dice.uniform(230, 340)) - number
        if number % 3:
            canvas.card((x, float(dice.uniform(2, 5)), z), float(dice.uniform(9, 17)), *crown(number % 12))
        elif abs(x) > 20:
            wide, tall = float(dice.uniform(8, 22)), float(dice.uniform(6, 20))
            canvas.face(((x, tall, z), (x + wide, tall, z), (x + wide, 0, z), (x, 0, z)), (166, 172, 176), 0.25)


def _scaled(street: Street, canvas: Canvas, ground: Array, sky: Array, river: Array) -> Backdrop:
    """Return all at the picture's own size."""

    def small(image: Array) -> Array:
        return np.asarray(cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA))

    def half(mask: Array) -> Array:
        return np.ascontiguousarray(mask[SUPER // 2 :: SUPER, SUPER // 2 :: SUPER])

    depth, view = half(canvas.depth), PoleView(street.lens)
    image = small(canvas.image) * (np.array(street.tint, np.float32) / 255)
    return Backdrop(
        street, view, image, small(canvas.glow), depth, view.spots(depth), half(ground), half(sky), half(river)
    )


class Light:
    """How a street is lit at one time of day. Colours are BGR factors or levels.

    `lamps`: how bright the street lamps are; `far_m`: how far one sees through the air.
    """

    def __init__(
        self, name: str, ambient: Sequence[float], sky: tuple[Sequence[float], Sequence[float]],
        lamps: float, glow: float, far_m: float, shadow: float, wet: float = 0.0,
    ) -> None:  # fmt: skip
        self.name, self.lamps, self.glow, self.far_m, self.shadow, self.wet = name, lamps, glow, far_m, shadow, wet
        self.ambient = np.array(ambient, np.float32)
        self.sky = np.array(sky[0], np.float32), np.array(sky[1], np.float32)  # at the top, at the horizon


LIGHTS = {
    light.name: light
    for light in (
        Light("day", (1.08, 1.08, 1.1), ((214, 182, 140), (232, 226, 216)), 0, 0, 420, 0.42),
        Light("dusk", (0.47, 0.37, 0.36), ((122, 90, 76), (132, 150, 192)), 0.55, 0.8, 330, 0.1),
        Light("night", (0.13, 0.11, 0.10), ((34, 24, 20), (52, 46, 48)), 1.0, 1.0, 600, 0.0),
        Light("rain", (0.66, 0.64, 0.62), ((168, 164, 158), (186, 184, 180)), 0.12, 0.35, 130, 0.0, wet=0.5),
    )
}


def lit(backdrop: Backdrop, light: Light) -> tuple[Array, Array]:
    """Return the street in this light (float32 BGR) and the light on each pixel that stands or moves there."""
    brightness = np.broadcast_to(light.ambient, backdrop.image.shape).copy()
    if light.lamps:
        brightness += lamp_light(backdrop, light)
    image = backdrop.image * brightness + backdrop.glow * light.glow
    if backdrop.river.any():
        image[backdrop.river] = _water(backdrop, light)[backdrop.river]
    air = np.exp(-np.minimum(backdrop.depth, 500) / light.far_m)[..., None]
    image = image * air + light.sky[1] * (1 - air)
    image[backdrop.sky] = _sky(backdrop, light)[backdrop.sky]
    if light.wet:
        image = _wet(image, backdrop, light)
    return np.asarray(image, np.float32), np.asarray(brightness, np.float32)


def lamp_light(backdrop: Backdrop, light: Light) -> Array:
    """Return the light of the street's lamps on each pixel."""
    shine = np.zeros(backdrop.depth.shape, np.float32)
    for x, y, z in lamps(backdrop.street):
        away = backdrop.spots - np.array((x, 0.0, z), np.float32)
        square = away[..., 0] ** 2 + away[..., 2] ** 2 * 0.7
        down = np.maximum(y - backdrop.spots[..., 1], 0.3)
        shine += down * y / (square + down**2 + 6) ** 1.2 * 3.6 * (backdrop.spots[..., 1] < y + 0.5)
    tone = np.array(backdrop.street.lamp, np.float32) / 255
    return np.asarray(np.clip(shine, 0, 1.15)[..., None] * tone * light.lamps, np.float32)


def _sky(backdrop: Backdrop, light: Light) -> Array:
    up = np.clip(backdrop.view.rays[..., 1] / 0.35, 0, 1)[..., None]
    sky = light.sky[1] * (1 - up) + light.sky[0] * up
    u = backdrop.view.rays[..., 0] / (np.abs(backdrop.view.rays[..., 1]) + 0.12)
    cloud = noise_at(u * 9 + backdrop.street.seed * 40, 3 / (np.abs(backdrop.view.rays[..., 1]) + 0.08))
    cloud = cv2.GaussianBlur(cloud, (0, 0), 5)
    bright = np.clip(cloud * 1.3 + 0.15, 0, 1)[..., None] * (0.5 if light.name == "day" else 0.2)
    return np.asarray(sky + (light.sky[1] * 1.06 - sky) * bright)


def _water(backdrop: Backdrop, light: Light) -> Array:
    """Return the river's colour: brown, with the sky in its ripples, more the flatter one looks."""
    spots = backdrop.spots
    ripple = noise_at(spots[..., 0] * 4, spots[..., 2] * 7) * np.exp(-backdrop.depth / 160)
    flat = np.clip(0.35 + backdrop.depth / 260, 0, 0.8)[..., None]
    brown = np.array((92, 124, 142), np.float32) * light.ambient
    return np.asarray((brown * (1 - flat) + light.sky[1] * flat) * (1 + 0.07 * ripple)[..., None])


def _wet(image: Array, backdrop: Backdrop, light: Light) -> Array:
    """Return the street wet: darker, with what stands above the horizon mirrored in it."""
    horizon = int(np.argmax(backdrop.ground.any(axis=1)))
    mirrored = np.zeros_like(image)
    high = min(horizon, HEIGHT - horizon)
    mirrored[horizon : horizon + high] = image[horizon - high : horizon][::-1]
    mirrored[horizon + high :] = light.sky[1] * 0.9
    mirrored = cv2.GaussianBlur(mirrored, (0, 0), sigmaX=2, sigmaY=9)
    puddles = np.clip(0.5 + 0.4 * noise_at(backdrop.spots[..., 0] * 0.5, backdrop.spots[..., 2] * 0.3), 0.1, 0.9)
    share = (backdrop.ground * puddles * light.wet)[..., None]
    return np.asarray(image * (1 - 0.25 * backdrop.ground[..., None]) * (1 - share) + mirrored * share)
