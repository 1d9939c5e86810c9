"""Draw a rubbish heap that grows: bags and sheets at the kerb."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from streams.simulator.street.layouts import Street
from streams.simulator.street.paint.canvas import Canvas, Thing

LITTER = (
    (228, 230, 232), (44, 44, 48), (206, 212, 214), (190, 120, 50), (60, 64, 66), (70, 80, 190), (100, 136, 160),
    (216, 220, 224), (80, 140, 90), (90, 190, 210), (38, 38, 42),
)  # fmt: skip


def heap(street: Street, size: float) -> list[Thing]:
    """Return a rubbish heap of this size, 0 to 1: bags and sheets."""
    dice = np.random.default_rng([street.seed, 404])
    x, z = street.heap
    things: list[Thing] = []
    for number in range(round(420 * size**0.7)):
        reach, angle = float(dice.uniform(0, 1)) ** 0.55, float(dice.uniform(0, 2 * np.pi))
        wide, deep, high = 0.5 + 1.5 * size, 0.6 + 2.4 * size, 0.3 + 0.95 * size
        spot = (x + wide * reach * float(np.cos(angle)), high * (1 - reach**1.6) * float(dice.uniform(0.35, 1)),
                z + deep * reach * float(np.sin(angle)))  # fmt: skip
        colour = np.array(LITTER[number % len(LITTER)]) * float(dice.uniform(0.65, 1.05))
        radius = float(dice.uniform(0.1, 0.3))
        things.append((spot[2], partial(_bag, spot, radius, colour, dice.uniform(0.6, 1.2, 8))))
    return things


def _bag(spot: Sequence[float], radius: float, colour: np.ndarray, rim: np.ndarray, canvas: Canvas) -> None:
    """Draw one bag or sheet: its outline, and the lit part of it."""
    x, y, z = spot
    angles = np.linspace(0, 2 * np.pi, len(rim) + 1)[:-1]
    for size, light, lift in ((1.0, 0.62, 0.0), (0.72, 1.0, 0.22)):
        outline = [
            (
                x + radius * size * float(r * np.cos(a)),
                max(0.01, y + radius * (lift + size * 0.75 * float(r * np.sin(a)))),
                z,
            )
            for a, r in zip(angles, rim, strict=True)
        ]
        canvas.face(outline, np.clip(colour * light, 0, 255))
