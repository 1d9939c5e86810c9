"""Water that stands on a street, at any height above the road."""

import cv2
import numpy as np

from streams.simulator.layouts import HEIGHT
from streams.simulator.street.paint.backdrop import Backdrop, Light
from streams.simulator.street.paint.ground import height_at
from streams.simulator.street.paint.textures import noise_at
from streams.simulator.street.paint.view import Array

RIPPLE_CELLS = 5.0  # how far the ripples sway in a loop


class Water:
    """A street's water, `level` metres above the road. where: the pixels on which it is seen."""

    def __init__(self, backdrop: Backdrop, image: Array, light: Light, level: float) -> None:
        self.level = level
        depth = backdrop.view.to_plane(1, level)
        spots = backdrop.view.spots(depth)
        x, z = spots[..., 0], spots[..., 2]
        ashore = height_at(backdrop.street, x, z) > level
        self.where = (depth < backdrop.depth) & ~ashore & ~backdrop.sky & (depth < 200)
        rows = np.flatnonzero(self.where.any(axis=1))
        self._rows = slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) else slice(0, 0)
        self._x, self._z, self._near = x[self._rows], z[self._rows], np.exp(-depth[self._rows] / 55)
        flat = np.clip(0.12 + depth / 110, 0, 0.7)[..., None]
        bright = light.ambient + (0.5 * light.lamps * np.array(backdrop.street.lamp) / 255)
        mud = np.array((82, 112, 134), np.float32) * bright
        colour = mud * (1 - flat) + _mirrored(image, light) * flat
        self._still = np.asarray(colour, np.float32)[self._rows]
        self._mask = self.where[self._rows].astype(np.uint8)

    def lay(self, image: Array, turn: float) -> None:
        """Paint the water over a uint8 picture. turn: where in the loop, radians."""
        sway, swing = RIPPLE_CELLS * np.cos(turn), RIPPLE_CELLS * np.sin(turn)
        ripple = noise_at(self._x * 6 + sway, self._z * 14 + swing) + noise_at(
            self._x * 11 - swing, self._z * 23 - sway
        )
        shown = self._still * (1 + 0.05 * ripple * self._near)[..., None]
        cv2.copyTo(cv2.convertScaleAbs(shown), self._mask, image[self._rows])


def _mirrored(image: Array, light: Light) -> Array:
    """Return what each pixel below the horizon would mirror: the picture upside down, smeared."""
    horizon = HEIGHT // 4
    mirrored = np.empty_like(image)
    mirrored[:] = light.sky[0] * 0.5 + light.sky[1] * 0.5
    mirrored[horizon : 2 * horizon] = image[:horizon][::-1]
    mirrored[2 * horizon :] *= 0.86
    return np.asarray(cv2.GaussianBlur(mirrored, (0, 0), sigmaX=2.5, sigmaY=8))
