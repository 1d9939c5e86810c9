"""Project the street onto the picture and the picture's pixels back onto the street."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.simulator.layouts import HEIGHT, WIDTH, Lens
from streams.simulator.room import view_rays

Array = NDArray[Any]
FARTHEST_M = 900.0


class PoleView:
    """What a lens sees, `scale` times the size of the picture."""

    def __init__(self, lens: Lens, scale: int = 1) -> None:
        self.eye = np.array([lens.x, lens.y, 0.0])
        self.axes = np.array(lens.axes)
        self.width, self.height = WIDTH * scale, HEIGHT * scale
        self.focal = lens.focal * self.width
        self.centre = np.array([self.width / 2, self.height / 2])
        self.rays = np.asarray(view_rays(lens, scale), np.float32)  # height x width x 3, 1 long along the axis

    def see(self, points: Array) -> tuple[Array, Array]:
        """Return the pixels (n x 2) of n x 3 points and their depths in metres, at least a decimetre."""
        local = (np.asarray(points, np.float64) - self.eye) @ self.axes.T
        depth = np.maximum(local[:, 2], 0.1)
        return self.centre + self.focal * local[:, :2] / depth[:, None], local[:, 2]

    def to_plane(self, axis: int, at: float) -> Array:
        """Return each pixel's depth at which its ray meets the plane where coordinate `axis` is `at`.

        FARTHEST_M where it never does.
        """
        way = self.rays[..., axis]
        with np.errstate(divide="ignore", invalid="ignore"):
            depth = (at - self.eye[axis]) / way
        return np.asarray(np.where((depth > 0) & (depth < FARTHEST_M), depth, FARTHEST_M), np.float32)

    def spots(self, depth: Array) -> Array:
        """Return what each pixel shows, height x width x 3 metres."""
        return np.asarray(self.eye.astype(np.float32) + self.rays * depth[..., None])
