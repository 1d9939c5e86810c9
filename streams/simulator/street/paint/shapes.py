"""The shapes of vehicles, built of blocks and panels."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from streams.simulator.street.paint.mesh import Face, Shape

GLASS, TYRE, DARK = (74, 62, 52), (30, 30, 32), (46, 46, 48)


class _Builder:
    def __init__(self) -> None:
        self.vertices: list[tuple[float, float, float]] = []
        self.faces: list[Face] = []
        self.parts: list[tuple[Face, ...]] = []

    def next_part(self) -> None:
        """Begin another part."""
        self.parts.append(tuple(self.faces))
        self.faces = []

    def block(
        self, width: tuple[float, float], y: tuple[float, float], low: tuple[float, float], high: tuple[float, float],
        paint: tuple[int, int, int] | None = None, top: tuple[int, int, int] | None = None, base: float = 1.0,
    ) -> None:  # fmt: skip
        """Add a block that may taper: widths, heights and lengths (rear, front) of its bottom and top."""
        first = len(self.vertices)
        for half, high_y, (rear, front) in ((width[0] / 2, y[0], low), (width[1] / 2, y[1], high)):
            self.vertices += [
                (-half, high_y, rear),
                (half, high_y, rear),
                (half, high_y, front),
                (-half, high_y, front),
            ]
        sides = (((0, 1, 5, 4), 0.66), ((1, 2, 6, 5), 0.8), ((2, 3, 7, 6), 0.84), ((3, 0, 4, 7), 0.92))
        for numbers, shade in sides:
            self.faces.append(Face(tuple(first + n for n in numbers), shade * base, paint))
        self.faces.append(Face(tuple(first + n for n in (4, 5, 6, 7)), 1.04 * base, top))

    def side_panel(
        self, half: float, y: tuple[float, float], z: tuple[float, float], paint: tuple[int, int, int]
    ) -> None:
        """Add a panel on both sides, as windows are."""
        for side in (-1, 1):
            first, x = len(self.vertices), side * (half + 0.01)
            corners = [(x, y[0], z[0]), (x, y[0], z[1]), (x, y[1], z[1]), (x, y[1], z[0])]
            self.vertices += corners if side < 0 else corners[::-1]
            self.faces.append(Face(tuple(range(first, first + 4))[::-1], 1.0, paint))

    def end_panel(self, z: float, half: float, y: tuple[float, float], paint: tuple[int, int, int]) -> None:
        """Add a panel at the front or, with a negative z, at the rear."""
        first, at = len(self.vertices), z + (0.01 if z > 0 else -0.01)
        corners = [(-half, y[0], at), (half, y[0], at), (half, y[1], at), (-half, y[1], at)]
        self.vertices += corners if z < 0 else corners[::-1]
        self.faces.append(Face(tuple(range(first, first + 4)), 1.0, paint))

    def wheels(self, half: float, radius: float, places: Sequence[float]) -> None:
        """Add wheels as octagons on both sides."""
        angles = np.linspace(0, 2 * np.pi, 9)[:-1]
        for side in (-1, 1):
            for z in places:
                first, x = len(self.vertices), side * (half + 0.02)
                rim = [(x, radius + radius * float(np.sin(a)), z + radius * float(np.cos(a))) for a in angles]
                self.vertices += rim if side < 0 else rim[::-1]
                self.faces.append(Face(tuple(range(first, first + 8))[::-1], 1.0, TYRE))

    def shape(self, length: float, width: float, lamps: tuple[float, float]) -> Shape:
        """Return what was built."""
        self.next_part()
        return Shape(np.array(self.vertices), tuple(self.parts), length, width, lamps)


@lru_cache(maxsize=1)
def shapes() -> dict[str, Shape]:
    """Return all kinds of vehicles by name."""
    bikes = {"bike": _bike(ridden=True), "parked bike": _bike(ridden=False)}
    return {"car": _car(), "mpv": _mpv(), "van": _van(), "bus": _bus(), "truck": _truck(), **bikes}


def _car() -> Shape:
    one = _Builder()
    one.block((1.7, 1.7), (0.22, 0.86), (-2.05, 2.05), (-2.0, 1.95))
    one.wheels(0.85, 0.31, (-1.3, 1.3))
    one.end_panel(2.05, 0.62, (0.3, 0.48), DARK)
    one.block((1.62, 1.25), (0.86, 1.42), (-1.75, 0.85), (-1.2, 0.15), GLASS, None)
    return one.shape(4.1, 1.7, (0.62, 0.66))


def _mpv() -> Shape:
    one = _Builder()
    one.block((1.7, 1.7), (0.24, 0.95), (-2.1, 2.1), (-2.1, 1.95))
    one.wheels(0.85, 0.33, (-1.3, 1.35))
    one.end_panel(2.1, 0.62, (0.32, 0.54), DARK)
    one.block((1.66, 1.4), (0.95, 1.66), (-2.05, 1.15), (-1.85, 0.3), GLASS, None)
    return one.shape(4.2, 1.7, (0.64, 0.76))


def _van() -> Shape:
    """Return a city minibus."""
    one = _Builder()
    one.block((1.66, 1.66), (0.25, 1.1), (-1.95, 1.95), (-1.95, 1.95))
    one.wheels(0.83, 0.3, (-1.2, 1.25))
    one.block((1.66, 1.5), (1.1, 1.85), (-1.95, 1.85), (-1.9, 1.25))
    one.side_panel(0.8, (1.12, 1.55), (-1.75, 1.1), GLASS)
    one.end_panel(-1.95, 0.66, (1.12, 1.6), GLASS)
    return one.shape(3.9, 1.66, (0.6, 0.8))


def _bus() -> Shape:
    one = _Builder()
    one.block((2.4, 2.4), (0.3, 3.0), (-4.6, 4.6), (-4.6, 4.5))
    one.wheels(1.2, 0.46, (-2.9, 2.9))
    one.side_panel(1.2, (1.35, 2.4), (-4.2, 4.0), GLASS)
    one.end_panel(4.6, 1.08, (1.2, 2.5), GLASS)
    one.end_panel(-4.6, 0.95, (1.5, 2.4), GLASS)
    return one.shape(9.2, 2.4, (0.95, 0.7))


def _truck() -> Shape:
    one = _Builder()
    one.wheels(1.0, 0.42, (-2.2, 0.2))
    one.block((2.1, 2.1), (0.75, 2.5), (-3.1, 1.0), (-3.1, 1.0), (70, 110, 150), (60, 84, 104))
    one.next_part()
    one.wheels(0.95, 0.42, (1.9,))
    one.block((1.95, 1.85), (0.5, 2.25), (1.15, 2.75), (1.2, 2.5))
    one.end_panel(2.76, 0.8, (1.35, 2.05), GLASS)
    return one.shape(5.9, 2.1, (0.75, 0.85))


def _bike(*, ridden: bool) -> Shape:
    """Return a motorcycle, with a rider whose shirt has the vehicle's colour or without."""
    one = _Builder()
    one.block((0.16, 0.16), (0.02, 0.6), (0.35, 0.9), (0.42, 0.8), TYRE, TYRE)
    one.next_part()
    one.block((0.16, 0.16), (0.02, 0.6), (-0.9, -0.35), (-0.8, -0.42), TYRE, TYRE)
    one.next_part()
    one.block((0.3, 0.34), (0.35, 0.82), (-0.75, 0.6), (-0.8, 0.5), None if not ridden else DARK, DARK)
    if ridden:
        one.block((0.62, 0.42), (0.5, 0.85), (-0.2, 0.35), (-0.3, 0.2), (70, 52, 44), (70, 52, 44))
        one.block((0.42, 0.52), (0.8, 1.36), (-0.42, -0.02), (-0.36, 0.06))
        one.block((0.28, 0.24), (1.38, 1.66), (-0.3, 0.02), (-0.26, -0.02), (52, 50, 48), (70, 66, 62))
    return one.shape(1.9, 0.6, (0.0, 0.85))
