"""Shapes of flat faces, what of them is seen where, and what moves on a street."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from streams.simulator.street.paint.view import Array

SHIFT = 4  # fractional bits of corners


@dataclass(frozen=True, slots=True)
class Face:
    """A convex face by its vertices' numbers, outside seen anticlockwise. paint: None is the vehicle's own colour."""

    vertices: tuple[int, ...]
    shade: float
    paint: tuple[int, int, int] | None = None


class Shape:
    """A kind of vehicle, its front at positive z. lamps: half the distance and the height of its lamps, metres.

    Of its parts the farther are drawn first; faces within a part in their order.
    """

    def __init__(
        self, vertices: Array, parts: Sequence[Sequence[Face]], length: float, width: float, lamps: tuple[float, float]
    ) -> None:
        self.vertices, self.length, self.width, self.lamps = vertices, length, width, lamps
        self.high = float(vertices[:, 1].max())
        self._parts = [_Part(part) for part in parts if part]

    def paint(self, image: Array, seen: Array, depths: Array, mover: "Mover", air: "Air", *, fine: bool) -> None:
        """Draw the faces that are seen, by its vertices' pixels and depths; only the larger unless `fine`."""
        corners = np.round(seen * 2**SHIFT).astype(np.int32)
        parts = self._parts
        if len(parts) > 1:
            parts = sorted(parts, key=lambda part: -float(depths[part.first]))
        for part in parts:
            one, other, third = seen[part.corners[:, 0]], seen[part.corners[:, 1]], seen[part.corners[:, 2]]
            way, turn = other - one, third - one
            front = way[:, 0] * turn[:, 1] - turn[:, 0] * way[:, 1] < 0
            shown = np.flatnonzero(front if fine else front & part.large)
            tones = air.through(
                np.where(part.own, mover.colour, part.paints)[shown] * part.shades[shown] * mover.light
            ).tolist()
            for number, tone in zip(shown.tolist(), tones, strict=True):
                cv2.fillConvexPoly(image, corners[part.rims[number]], tone, cv2.LINE_AA, SHIFT)


class _Part:
    def __init__(self, faces: Sequence[Face]) -> None:
        self.first = faces[0].vertices[0]
        self.rims = [np.array(face.vertices) for face in faces]
        self.corners = np.array([face.vertices[:3] for face in faces])
        self.own = np.array([[face.paint is None] for face in faces])
        self.paints = np.array([face.paint or (0, 0, 0) for face in faces])
        self.shades = np.array([[face.shade] for face in faces])
        self.large = np.array([len(face.vertices) == 4 for face in faces])


@dataclass(slots=True)
class Mover:
    """Something that moves or stands on the street. `yaw`: degrees, 0 away from the camera, clockwise."""

    kind: str  # a key of shapes(), or "walker"
    x: float
    z: float
    yaw: float
    colour: tuple[int, int, int]
    parked: bool = False  # its lamps are off
    stride: float = 0.0  # of a walker, in radians
    away: float = 0.0  # depth in metres
    light: Array = field(default_factory=lambda: np.ones(3))  # that falls on it, BGR factors


@dataclass(frozen=True, slots=True)
class Air:
    """What the air between takes away, as a share, and puts in its place, BGR."""

    share: float
    colour: Array

    def through(self, colours: Array) -> Array:
        """Return what is seen of colours, at most 255."""
        return np.asarray(np.minimum(colours * (1 - self.share) + self.colour * self.share, 255))
