"""Paint the pictures of a clip: the street in its light, water, shadows, traffic, headlights, rain."""

import math

import cv2
import numpy as np

from streams.simulator.layouts import HEIGHT, WIDTH
from streams.simulator.street.layouts import Street
from streams.simulator.street.paint.backdrop import LIGHTS, lit, paint_street
from streams.simulator.street.paint.mesh import Air, Mover
from streams.simulator.street.paint.shapes import shapes
from streams.simulator.street.paint.vehicles import draw_vehicle, draw_walker
from streams.simulator.street.paint.view import Array
from streams.simulator.street.paint.water import Water
from streams.simulator.street.scenes import FLOODS, HEAPS, StreetLight, StreetScene
from streams.simulator.street.traffic import LOOP_S, Traffic

SUN = (0.55, 0.35)  # how far a shadow falls to the right and away, per metre of height
BUSY = {"day": 1.0, "dusk": 0.9, "night": 0.5, "rain": 0.7}
LAMPS_FROM = 0.1  # light.lamps from which vehicles drive with lamps on
STREAKS = 150  # of rain, in each picture
HEADLAMP, TAIL = (215, 240, 250), (30, 30, 235)


class Film:
    """The pictures of one street in one scene and light; they repeat after LOOP_S."""

    def __init__(self, street: Street, scene: StreetScene, light: StreetLight) -> None:
        self._light = LIGHTS[light]
        self._backdrop = paint_street(street, HEAPS.get(scene, 0.0))
        image, self._bright = lit(self._backdrop, self._light)
        self._base = np.clip(image, 0, 255).astype(np.uint8)
        level = FLOODS.get(scene)
        self._water = Water(self._backdrop, image, self._light, level) if level else None
        self._traffic = Traffic(
            street, BUSY[light] * (0.4 if level else 1.0), jam=scene is StreetScene.JAM, slow=0.45 if level else 1.0
        )

    def picture(self, t: float) -> Array:
        """Return the picture at a time in seconds, height x width x 3 uint8 BGR without noise."""
        image = self._base.copy()
        if self._water:
            self._water.lay(image, 2 * np.pi * t / LOOP_S)
        movers = self._seen(t)
        if self._light.shadow and not self._water:
            self._cast_shadows(image, movers)
        if self._light.lamps > 0.3:
            self._throw_light(image, movers)
        still = image.copy()
        lowest = self._water.level if self._water else 0.0
        for mover in movers:
            self._draw(image, still, mover, lowest)
        if self._light.lamps >= LAMPS_FROM:
            self._shine(image, movers)
        if self._light.wet:
            _rain(image, round(t * 1000))
        return image

    def _seen(self, t: float) -> list[Mover]:
        """Return what moves and lies in the view, the farthest first, with its depth and light."""
        movers = self._traffic.at(t)
        points, depths = self._backdrop.view.see(np.array([(mover.x, 0.1, mover.z) for mover in movers]))
        columns = np.clip(points[:, 0], 0, WIDTH - 1).astype(int)
        rows = np.clip(points[:, 1], 0, HEIGHT - 1).astype(int)
        lights = np.minimum(self._bright[rows, columns], 1.1) * 0.8 + self._light.ambient * 0.3
        if not self._light.lamps:
            lights[:] = self._light.ambient
        for mover, depth, light in zip(movers, depths.tolist(), lights, strict=True):
            mover.away, mover.light = depth, light
        kept = [
            mover for mover, (u, v) in zip(movers, points.tolist(), strict=True)
            if mover.away > 2 and -150 < u < WIDTH + 150 and v < HEIGHT + 200
        ]  # fmt: skip
        return sorted(kept, key=lambda mover: -mover.away)

    def _draw(self, image: Array, still: Array, mover: Mover, lowest: float) -> None:
        draw = draw_walker if mover.kind == "walker" else draw_vehicle
        air = Air(1 - math.exp(-mover.away / self._light.far_m), self._light.sky[1])
        x0, y0, x1, y1 = draw(image, self._backdrop.view, mover, air, lowest)
        if x0 >= x1:
            return
        hidden = self._backdrop.depth[y0:y1, x0:x1] < mover.away - 2.5
        if hidden.any():
            image[y0:y1, x0:x1][hidden] = still[y0:y1, x0:x1][hidden]

    def _cast_shadows(self, image: Array, movers: list[Mover]) -> None:
        mask = np.zeros((HEIGHT, WIDTH), np.uint8)
        outlines = []
        for mover in movers:
            if mover.away > 80:
                continue
            half, length, high = (0.2, 0.4, 1.2) if mover.kind == "walker" else _size(mover)
            dx, dz = (length / 2, half) if mover.yaw in (90.0, 270.0) else (half, length / 2)
            right, away = SUN[0] * high, SUN[1] * high
            outline = (
                (-dx, -dz),
                (dx, -dz),
                (dx + right, away - dz),
                (dx + right, dz + away),
                (right - dx, dz + away),
                (-dx, dz),
            )
            outlines += [(mover.x + x, 0.0, mover.z + z) for x, z in outline]
        if not outlines:
            return
        points, depths = self._backdrop.view.see(np.array(outlines))
        near = depths.reshape(-1, 6).min(axis=1) > 1
        for corners in np.round(points.reshape(-1, 6, 2) * 16).astype(np.int32)[near]:
            cv2.fillConvexPoly(mask, corners, (255,), cv2.LINE_AA, 4)
        mask *= self._backdrop.ground
        factors = cv2.convertScaleAbs(cv2.GaussianBlur(mask, (3, 3), 0.8), alpha=-self._light.shadow, beta=255)
        cv2.multiply(image, cv2.merge((factors, factors, factors)), image, 1 / 255)

    def _throw_light(self, image: Array, movers: list[Mover]) -> None:
        """Light the road before vehicles."""
        pool = np.zeros((HEIGHT // 2, WIDTH // 2), np.uint8)
        for mover in movers:
            if mover.kind == "walker" or mover.parked:
                continue
            turn, half = np.radians(mover.yaw), 0.9 if mover.kind != "bike" else 0.5
            ahead, aside = np.array((np.sin(turn), np.cos(turn))), np.array((np.cos(turn), -np.sin(turn)))
            front = np.array((mover.x, mover.z)) + ahead * shapes()[mover.kind].length / 2
            spots = [
                front - aside * half,
                front + aside * half,
                front + ahead * 9 + aside * 2.2,
                front + ahead * 9 - aside * 2.2,
            ]
            points, depths = self._backdrop.view.see(np.array([(x, 0.0, z) for x, z in spots]))
            if depths.min() > 2:
                cv2.fillConvexPoly(pool, np.round(points * 8).astype(np.int32), (70,), cv2.LINE_AA, 4)
        soft = cv2.GaussianBlur(pool, (0, 0), 3.5)
        large = cv2.resize(soft, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
        large[~(self._backdrop.ground | (self._water.where if self._water else False))] = 0
        cv2.add(image, cv2.merge((large // 5 * 4, large // 10 * 9, large)), image)

    def _shine(self, image: Array, movers: list[Mover]) -> None:
        """Draw the lamps of vehicles with their halo."""
        halo = np.zeros((HEIGHT // 2, WIDTH // 2, 3), np.uint8)
        strength = min(1.0, 0.35 + self._light.lamps)
        for mover in movers:
            if mover.kind == "walker" or mover.parked or mover.yaw in (90.0, 270.0):
                continue
            self._lamps(image, halo, mover, strength)
        soft = cv2.GaussianBlur(halo, (0, 0), 2.6)
        cv2.add(image, cv2.resize(soft, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR), image)

    def _lamps(self, image: Array, halo: Array, mover: Mover, strength: float) -> None:
        shape = shapes()[mover.kind]
        oncoming = abs(mover.yaw - 180) < 20
        z = mover.z - shape.length / 2 - 0.05
        colour = HEADLAMP if oncoming else TAIL
        spots = np.array(
            [(mover.x + side * shape.lamps[0], shape.lamps[1], z) for side in (-1, 1)[: 1 + (shape.lamps[0] > 0)]]
        )
        points, depths = self._backdrop.view.see(spots)
        if depths.min() < 2:
            return
        size = self._backdrop.view.focal / float(depths[0])
        for u, v in np.round(points).astype(int).tolist():
            if not (0 <= u < WIDTH and 0 <= v < HEIGHT) or self._backdrop.depth[v, u] < mover.away - 2.5:
                continue
            radius = size * (0.13 if oncoming else 0.09)
            shown = [value * strength for value in colour]
            cv2.circle(image, (u * 16, v * 16), round(max(0.7, radius) * 16), shown, -1, cv2.LINE_AA, 4)
            wide = max(1.2, radius * (2.2 if oncoming else 1.3)) / 2
            cv2.circle(
                halo, (u * 8, v * 8), round(wide * 16), [value * 0.8 * strength for value in colour], -1, cv2.LINE_AA, 4
            )


def _size(mover: Mover) -> tuple[float, float, float]:
    """Return half the width, the length and the height of a vehicle in metres."""
    shape = shapes()[mover.kind]
    return shape.width / 2, shape.length, shape.high


def _rain(image: Array, seed: int) -> None:
    """Draw streaks of rain that differ from picture to picture."""
    dice = np.random.default_rng(seed)
    layer = np.zeros((HEIGHT, WIDTH), np.uint8)
    starts = dice.integers((0, -20), (WIDTH, HEIGHT), (STREAKS, 2))
    lengths, levels = dice.integers(6, 22, STREAKS), dice.integers(14, 46, STREAKS)
    for (x, y), length, level in zip(starts.tolist(), lengths.tolist(), levels.tolist(), strict=True):
        cv2.line(layer, (x, y), (x - length // 6, y + length), (level,), 1, cv2.LINE_AA)
    cv2.add(image, cv2.merge((layer, layer, layer)), image)
