"""Render an empty office: boxes under ceiling lamps, ray traced once per layout."""

from functools import lru_cache

import cv2
import numpy as np

from streams.simulator.furniture import Cuboid, furniture

from .layouts import HEIGHT, WIDTH, Layout, Lens

SUPER = 2  # supersampling factor in each direction
_LAMPS, _NEAR_RAYS = 6, 10
_EPSILON = 1e-3


class _Rays:
    """Nearest hits of rays with boxes."""

    def __init__(self, boxes: list[Cuboid]) -> None:
        self.low = np.array([b.low for b in boxes], np.float32)
        self.high = np.array([b.high for b in boxes], np.float32)

    def enter(self, box: int, origin: np.ndarray, inverse: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the distances (in ray lengths) at which rays enter a box, inf where they miss, and the axes."""
        near, far = [], []
        for axis in range(3):
            to_low = (self.low[box, axis] - origin[..., axis]) * inverse[..., axis]
            to_high = (self.high[box, axis] - origin[..., axis]) * inverse[..., axis]
            near.append(np.minimum(to_low, to_high))
            far.append(np.maximum(to_low, to_high))
        enter = np.maximum(np.maximum(near[0], near[1]), near[2])
        leave = np.minimum(np.minimum(far[0], far[1]), far[2])
        by = np.where(enter == near[2], 2, np.where(enter == near[1], 1, 0))
        return np.where((enter < leave) & (enter > _EPSILON), enter, np.inf), by

    def blocked(self, origin: np.ndarray, way: np.ndarray, up_to: float) -> np.ndarray:
        """Return for each ray whether it hits a box within `up_to` ray lengths."""
        inverse = 1 / np.where(np.abs(way) < 1e-6, 1e-6, way)
        hit = np.zeros(len(origin), bool)
        for box in range(len(self.low)):
            hit |= self.enter(box, origin, inverse)[0] < up_to
        return hit


def view_rays(lens: Lens, scale: int) -> np.ndarray:
    """Return one ray per pixel, height x width x 3 at `scale` times the size; 1 long along the camera's axis."""
    right, down, ahead = (np.array(axis, np.float32) for axis in lens.axes)
    u = ((np.arange(WIDTH * scale, dtype=np.float32) + 0.5) / (WIDTH * scale) - 0.5) / lens.focal
    v = ((np.arange(HEIGHT * scale, dtype=np.float32) + 0.5) / (HEIGHT * scale) - 0.5) / lens.focal * HEIGHT / WIDTH
    return ahead + u[None, :, None] * right + v[:, None, None] * down


@lru_cache(maxsize=8)  # each office is needed twice: another office's camera shows it as SimulatedFault.SCENE
def paint_room(layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Return the room without people (height x width x 3 uint8 BGR) and each pixel's z (float32 metres)."""
    boxes = furniture(layout)
    rays = _Rays(boxes)
    ways = view_rays(layout.lens, SUPER)
    eye = np.array([layout.lens.x, layout.lens.y, 0], np.float32)
    height, width = ways.shape[:2]
    inverse = 1 / np.where(np.abs(ways) < 1e-6, 1e-6, ways)
    reach = np.full((height, width), np.inf, np.float32)
    owner = np.zeros((height, width), np.int16)
    axis = np.zeros((height, width), np.int8)
    for number, box in enumerate(boxes):
        rows, columns = _window(layout.lens, box, height, width)
        enter, by = rays.enter(number, eye, inverse[rows, columns])
        closer = enter < reach[rows, columns]
        reach[rows, columns][closer] = enter[closer]
        owner[rows, columns][closer] = number
        axis[rows, columns][closer] = by[closer]
    reach[np.isinf(reach)] = 8
    spots = eye + ways * reach[..., None]
    normals = np.zeros_like(spots)
    np.put_along_axis(normals, axis[..., None].astype(np.int64), 1, axis=2)
    normals *= -np.sign((normals * ways).sum(axis=2, keepdims=True))
    image = _albedo(boxes, owner, axis, spots)
    image *= _light(layout, rays, spots, normals)[..., None]
    for number, box in enumerate(boxes):
        if box.glow:
            image[owner == number] = 255 * box.glow
    image *= np.array([1 - 0.1 * layout.warmth, 1, 1 + 0.08 * layout.warmth], np.float32)
    image = cv2.GaussianBlur(image, (0, 0), 0.9)
    image = cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.clip(image, 0, 255).astype(np.uint8), np.ascontiguousarray(
        spots[SUPER // 2 :: SUPER, SUPER // 2 :: SUPER, 2]
    )


def _window(lens: Lens, box: Cuboid, height: int, width: int) -> tuple[slice, slice]:
    """Return the rows and columns of the picture that a box may cover."""
    if box.low[2] < 0.3:
        return slice(None), slice(None)
    corners = [
        lens.see(x, y, z)
        for x in (box.low[0], box.high[0])
        for y in (box.low[1], box.high[1])
        for z in (box.low[2], box.high[2])
    ]
    u, v = zip(*corners, strict=True)
    left, right = int(max(0, min(u) * width)), int(max(0, min(width, max(u) * width + 2)))
    above, below = int(max(0, min(v) * height)), int(max(0, min(height, max(v) * height + 2)))
    return slice(above, below), slice(left, right)


def _albedo(boxes: list[Cuboid], owner: np.ndarray, axis: np.ndarray, spots: np.ndarray) -> np.ndarray:
    image = np.array([b.colour for b in boxes], np.float32)[owner]
    kinds = np.array([{"wood": 1, "tile": 2, "plaster": 3}.get(b.grain, 0) for b in boxes], np.int8)[owner]
    x, y, z = spots[..., 0], spots[..., 1], spots[..., 2]
    noise = cv2.GaussianBlur(np.random.default_rng(7).normal(0, 1, (256, 256)).astype(np.float32), (0, 0), 1.2)
    noise = noise / noise.std()

    def at(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.asarray(cv2.remap(noise, u % 256, v % 256, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP))

    image *= np.where(kinds == 1, 1 + 0.11 * at(x * 7, y * 60 + z * 110), 1)[..., None]
    image *= np.where(kinds == 3, 1 + 0.012 * at((x + z) * 14, (y + z) * 14), 1)[..., None]
    tile_x, tile_z = x / 0.4, z / 0.4
    joint = (np.abs(tile_x - np.round(tile_x)) < 0.022) | (np.abs(tile_z - np.round(tile_z)) < 0.022)
    shade = 1 + 0.05 * at(np.floor(tile_x) * 3, np.floor(tile_z) * 3)
    image *= np.where(kinds == 2, np.where(joint, 0.78, shade), 1)[..., None]
    for number, box in enumerate(boxes):
        if box.face is not None:
            shown = (owner == number) & (axis == 2)
            rows, columns = box.face.shape[:2]
            u = (x[shown] - box.low[0]) / (box.high[0] - box.low[0])
            v = (box.high[1] - y[shown]) / (box.high[1] - box.low[1])
            image[shown] = box.face[
                np.clip(v * rows, 0, rows - 1).astype(int), np.clip(u * columns, 0, columns - 1).astype(int)
            ]
    return np.asarray(image)


def _light(layout: Layout, rays: _Rays, spots: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Return the brightness of each pixel: two lamps with soft shadows, and ambient light, darker in corners."""
    dice = np.random.default_rng(3)
    size = spots.shape[1::-1]

    def coarsely(step: int) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
        some = spots[::step, ::step]
        facing = normals[::step, ::step].reshape(-1, 3)
        return some.reshape(-1, 3) + 4 * _EPSILON * facing, facing, (some.shape[0], some.shape[1])

    light = np.zeros(spots.shape[:2], np.float32)
    start, facing, shape = coarsely(3 * SUPER)
    for x in (-layout.side / 2, layout.side / 2):
        lamp = np.array([x, 2.85, 2.75], np.float32)
        free = np.zeros(len(start), np.float32)
        for _ in range(_LAMPS):
            aim = lamp + dice.uniform((-0.6, 0, -0.3), (0.6, 0, 0.3)).astype(np.float32)
            free += ~rays.blocked(start, aim - start, 0.97)
        soft = cv2.GaussianBlur(cv2.resize((free / _LAMPS).reshape(shape), size), (0, 0), 3.5)
        way = lamp - spots
        distance = np.sqrt((way * way).sum(axis=2))
        slant = np.clip((way * normals).sum(axis=2) / distance, 0, 1)
        light += soft * (0.25 + 0.75 * slant) * 2.0 / (1.2 + distance**2)
    start, facing, shape = coarsely(4 * SUPER)
    near = np.zeros(len(start), np.float32)
    for _ in range(_NEAR_RAYS):
        way = facing + dice.normal(0, 0.55, facing.shape).astype(np.float32)
        near += rays.blocked(start, way, 0.45)
    nooks = cv2.GaussianBlur(cv2.resize((near / _NEAR_RAYS).reshape(shape), size), (0, 0), 9)
    return layout.light * (0.6 * (1 - 0.55 * nooks) + 0.95 * light)
