"""Draw vehicles and people at the picture's own size."""

from collections.abc import Sequence

import cv2
import numpy as np

from streams.simulator.street.paint.mesh import SHIFT, Air, Mover
from streams.simulator.street.paint.shapes import shapes
from streams.simulator.street.paint.view import Array, PoleView

PAINTS = ((232, 232, 230), (205, 206, 206), (60, 58, 56), (40, 40, 46), (140, 140, 142), (52, 48, 150), (120, 74, 40),
          (150, 168, 178), (96, 40, 36))  # fmt: skip
SHIRTS = ((60, 60, 180), (190, 110, 50), (230, 230, 230), (50, 50, 56), (80, 150, 70), (40, 160, 220), (150, 90, 160))
SKIN = (92, 124, 168)


def draw_vehicle(image: Array, view: PoleView, mover: Mover, air: Air, lowest: float) -> tuple[int, int, int, int]:
    """Draw a vehicle through this air; what lies below `lowest` is hidden. Return its box, may be empty."""
    shape = shapes()[mover.kind]
    turn = np.radians(mover.yaw)
    cos, sin = np.cos(turn), np.sin(turn)
    local = shape.vertices
    points = np.empty_like(local)
    points[:, 0] = mover.x + local[:, 0] * cos + local[:, 2] * sin
    points[:, 1] = np.maximum(local[:, 1], lowest)
    points[:, 2] = mover.z - local[:, 0] * sin + local[:, 2] * cos
    seen, depths = view.see(points)
    if depths.min() < 1.0:
        return 0, 0, 0, 0
    low, high = seen.min(axis=0), seen.max(axis=0)
    box = (
        max(0, int(low[0]) - 1),
        max(0, int(low[1]) - 1),
        min(view.width, int(high[0]) + 2),
        min(view.height, int(high[1]) + 2),
    )
    if box[0] >= box[2] or box[1] >= box[3]:
        return 0, 0, 0, 0
    shape.paint(image, seen, depths, mover, air, fine=mover.away < 45)
    return box


def draw_walker(image: Array, view: PoleView, mover: Mover, air: Air, lowest: float) -> tuple[int, int, int, int]:
    """Draw a person on foot through this air; what lies below `lowest` is hidden. Return the box, may be empty."""
    heights = np.array((max(0.0, lowest), max(0.0, lowest), 0.82, 1.42, 1.58, 1.7))
    points = np.stack([np.full(6, mover.x), heights, np.full(6, mover.z)], axis=1)
    seen, depths = view.see(points)
    if depths.min() < 2.0:
        return 0, 0, 0, 0
    metre = view.focal / float(depths.mean())
    swing = 0.24 * np.sin(mover.stride) * metre
    feet = seen[:2] + np.array(((swing, 0), (-swing, 0)))
    box = (int(seen[5, 0] - metre * 0.5), int(seen[5, 1]) - 2, int(seen[5, 0] + metre * 0.5) + 2, int(seen[0, 1]) + 3)
    box = max(0, box[0]), max(0, box[1]), min(view.width, box[2]), min(view.height, box[3])
    if box[0] >= box[2] or box[1] >= box[3]:
        return 0, 0, 0, 0

    def dot(point: Array) -> tuple[int, int]:
        return round(float(point[0]) * 2**SHIFT), round(float(point[1]) * 2**SHIFT)

    def tone(colour: Sequence[float]) -> list[float]:
        return [float(value) for value in air.through(mover.light * colour)]

    thick = max(1, round(0.16 * metre))
    for foot in feet:
        cv2.line(image, dot(seen[2]), dot(foot), tone((70, 56, 50)), thick, cv2.LINE_AA, SHIFT)
    half, hip = 0.23 * metre, 0.17 * metre
    body = np.array((seen[3] - (half, 0), seen[3] + (half, 0), seen[2] + (hip, 0), seen[2] - (hip, 0)))
    cv2.fillConvexPoly(image, np.round(body * 2**SHIFT).astype(np.int32), tone(mover.colour), cv2.LINE_AA, SHIFT)
    head = seen[4]
    cv2.circle(image, dot(head), round(0.13 * metre * 2**SHIFT), tone(SKIN), -1, cv2.LINE_AA, SHIFT)
    cv2.circle(
        image, dot(head - (0, 0.05 * metre)), round(0.12 * metre * 2**SHIFT), tone((34, 32, 32)), -1, cv2.LINE_AA, SHIFT
    )
    return box
