"""Draw what is built over and beside a street: a viaduct, a bridge's towers, a railing, a water gauge."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from streams.simulator.street.layouts import Street
from streams.simulator.street.paint.canvas import Canvas, Thing

FAR_M = 150.0
CONCRETE, RED = (168, 176, 180), (48, 48, 176)


def draw_box(canvas: Canvas, low: Sequence[float], high: Sequence[float], colour: Sequence[float]) -> None:
    """Draw an upright box: far faces are hidden by near ones, so three faces suffice."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    paint = np.array(colour, np.float64)
    if y1 < canvas.view.eye[1]:
        canvas.face(((x0, y1, z1), (x1, y1, z1), (x1, y1, z0), (x0, y1, z0)), paint * 1.05)
    if y0 > canvas.view.eye[1]:
        canvas.face(((x0, y0, z1), (x1, y0, z1), (x1, y0, z0), (x0, y0, z0)), paint * 0.5)
    if canvas.view.eye[0] < x0:
        canvas.face(((x0, y1, z1), (x0, y1, z0), (x0, y0, z0), (x0, y0, z1)), paint * 0.78)
    if canvas.view.eye[0] > x1:
        canvas.face(((x1, y1, z0), (x1, y1, z1), (x1, y0, z1), (x1, y0, z0)), paint * 0.9)
    canvas.face(((x0, y1, z0), (x1, y1, z0), (x1, y0, z0), (x0, y0, z0)), paint * 0.7)


def viaduct() -> Iterator[Thing]:
    """Yield a railway on pillars over the median."""
    for z in np.arange(30.0, FAR_M, 30.0):
        yield float(z), partial(draw_box, low=(-0.9, 0.0, z), high=(0.9, 9.6, z + 1.8), colour=CONCRETE)
        yield float(z) + 0.1, partial(draw_box, low=(-2.8, 9.6, z - 0.2), high=(2.8, 11.0, z + 2.2), colour=CONCRETE)
        yield float(z) + 1, partial(draw_box, low=(-3.6, 11.0, z), high=(3.6, 13.0, z + 30), colour=CONCRETE)


def towers(street: Street) -> Iterator[Thing]:
    """Yield the towers of a lifting bridge and its railings, and cables like those of the city's landmark."""
    z, half = street.towers, street.road[1] + 2.0
    for side in (-1, 1):
        x = side * half
        yield z, partial(draw_box, low=(x - 1.6, 0, z), high=(x + 1.6, 44, z + 3), colour=RED)
        yield z + 60, partial(draw_box, low=(x - 1.6, 0, z + 60), high=(x + 1.6, 44, z + 63), colour=RED)
    for high in (30.0, 42.0):
        yield z + 0.1, partial(draw_box, low=(-half, high, z), high=(half, high + 2, z + 3), colour=RED)
        yield z + 60, partial(draw_box, low=(-half, high, z + 60), high=(half, high + 2, z + 63), colour=RED)


def railing(edge: float, side: int) -> Iterator[Thing]:
    """Yield the railing between a pavement and the river."""
    x = edge + side * 0.3
    for z in np.arange(6.0, FAR_M, 3.0):
        yield float(z), partial(_fence, x, float(z))


def _fence(x: float, z: float, canvas: Canvas) -> None:
    canvas.bar((x, 0, z), (x, 1.1, z), 0.18, (200, 206, 208))
    for high in (0.5, 1.05):
        canvas.bar((x, high, z), (x, high, z + 3.0), 0.09, (186, 120, 60))


def gauge(street: Street) -> Iterator[Thing]:
    """Yield a water gauge: a board with red and white stripes of a decimetre."""
    x, z = street.gauge
    for number in range(12):
        colour = (40, 40, 200) if number % 2 else (236, 238, 240)
        yield (
            z - 0.001 * number,
            partial(
                draw_box, low=(x - 0.22, 0.1 * number, z), high=(x + 0.22, 0.1 * number + 0.1, z + 0.08), colour=colour
            ),
        )
