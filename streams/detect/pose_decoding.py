"""Decode the outputs of MediaPipe's two pose models, and weigh them as evidence that a body is there. Pure.

The first model (bodies) proposes bodies by hips, shoulders and size; the second (landmarks), given one such body
upright, returns 33 points and the chance that a body is there at all. MediaPipe's own pipeline compares each with a
threshold. Here their odds are added up, over three views of the zone and with SSDLite's: a real body gives a little
evidence in each of them, a chair in one.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.pixels.shapes import Box, Point

SIDE = 224  # pixels of the square that the first model takes
UPRIGHT = 256  # and of that for the second
GRIDS = ((28, 2), (14, 2), (7, 6))  # cells each way, and guesses per cell
AROUND = 1.25  # of the body's circle, for the second model
HIPS, CROWN, SHOULDERS = 0, 1, 2  # of the first model's points: CROWN is on the body's circle, above its head
NOSE_AND_SHOULDERS = (0, 11, 12)
CLEAR = 5.3  # log odds are cut there: 0.5 % and 99.5 %
MOST_GUESSES = 300  # of the first model, the likeliest
APART = 0.5  # of the smaller body's circle, between the shoulders of two bodies

# Weighed on footage of empty and staffed counters, made smaller, darker, hazier, noisier, cut off and half hidden.
PRESENCE, OTHER_MODEL = 0.2, 0.25
SURE, DOUBT = 0.8, -2.0  # evidence that is enough for a body; and, without the second model's, for none below it
ENOUGH = 0.1  # evidence that is enough when what lies between is examined again


@dataclass(frozen=True, slots=True)
class Body:
    """A body that the first model proposes. Points are fractions of the part that it was given."""

    odds: float  # natural logarithm, as everywhere here
    hips: Point
    crown: Point
    shoulders: Point


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What the second model finds of one body: the odds that it is one, and its 33 points with their visibility."""

    odds: float
    points: tuple[Point, ...]
    visible: tuple[bool, ...]

    @property
    def head_and_shoulders(self) -> Point:
        """Return the middle of nose and shoulders, in fractions of the part."""
        xs, ys = zip(*(self.points[i] for i in NOSE_AND_SHOULDERS), strict=True)
        return sum(xs) / len(xs), sum(ys) / len(ys)

    @property
    def box(self) -> Box:
        """Return the box around what is visible of the body, within the part."""
        seen = [point for point, visible in zip(self.points, self.visible, strict=True) if visible]
        xs, ys = (np.clip(values, 0.0, 1.0) for values in zip(*(seen or [self.head_and_shoulders]), strict=True))
        return Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))


def odds(share: float) -> float:
    """Return the log odds of a chance from 0 to 1, within ±CLEAR."""
    share = min(max(share, 1e-9), 1 - 1e-9)
    return _clear(math.log(share / (1 - share)))


def chance(evidence: float) -> float:
    """Return log odds as a chance from 0 to 1."""
    return 1 / (1 + math.exp(-evidence))


def evidence(views: Sequence[float], presence: float, other: float) -> float:
    """Weigh the odds of the first model in each view, of the second one and of SSDLite; see SURE, DOUBT and ENOUGH."""
    return sum(views) / len(views) + PRESENCE * presence + OTHER_MODEL * other


def bodies(
    raw: NDArray[np.float32], logits: NDArray[np.float32], place: Box, inside: Callable[[Point], bool], most: int
) -> list[Body]:
    """Return the likeliest bodies whose shoulders are inside, at most `most`, best first.

    raw: 2254 × 12, logits: 2254, the first model's outputs. place: of the part in the square that the model was
    given, in fractions of the square. inside: judges a point, in fractions of the part.
    """
    likely = np.argsort(-logits)[:MOST_GUESSES]
    likely = likely[logits[likely] > -CLEAR]
    points = raw[likely, 4:].reshape(-1, 4, 2) / SIDE + ANCHORS[likely, None]
    points = (points - (place.x0, place.y0)) / (place.x1 - place.x0, place.y1 - place.y0)
    found: list[Body] = []
    for logit, four in zip(logits[likely], points.tolist(), strict=True):
        hips, crown, (x, y) = four[HIPS], four[CROWN], four[SHOULDERS]
        body = Body(_clear(float(logit)), tuple(hips), tuple(crown), (x, y))
        # Behind a high counter the shoulders may lie below the part: its edge stands for them.
        if inside((min(1.0, max(0.0, x)), min(1.0, max(0.0, y)))) and all(_apart(body, other) for other in found):
            found.append(body)
            if len(found) == most:
                break
    return found


def upright(body: Body, width: int, height: int) -> NDArray[np.float64]:
    """Return the affine map (2 × 3) from pixels of the part to the square that the second model takes.

    width, height: of the part, in pixels.
    """
    hips, crown = np.multiply(body.hips, (width, height)), np.multiply(body.crown, (width, height))
    along, down = crown - hips
    reach = max(1.0, 2 * AROUND * math.hypot(along, down))
    scale = UPRIGHT / reach
    turn = math.pi / 2 - math.atan2(-down, along)
    cosine, sine = scale * math.cos(turn), scale * math.sin(turn)
    return np.array(
        [
            [cosine, sine, UPRIGHT / 2 - cosine * hips[0] - sine * hips[1]],
            [-sine, cosine, UPRIGHT / 2 + sine * hips[0] - cosine * hips[1]],
        ],
        np.float64,
    )


def landmarks(
    raw: NDArray[np.float32], presence: float, turned: NDArray[np.float64], width: int, height: int
) -> Landmarks:
    """Decode the second model's outputs.

    raw: 39 × 5 (x, y, z, visibility, presence), in pixels of the square. presence: 0 to 1. turned: from `upright`,
    for the same part of width × height pixels.
    """
    turn, shift = turned[:, :2], turned[:, 2]
    points = (raw[:33, :2] - shift) @ np.linalg.inv(turn).T / (width, height)
    return Landmarks(
        odds(presence),
        tuple((float(x), float(y)) for x, y in points),
        tuple(bool(value) for value in raw[:33, 3] > 0),
    )


def _anchors() -> NDArray[np.float32]:
    """Return where each guess starts from: 2254 × 2, in fractions of the square."""
    places = [
        ((x + 0.5) / cells, (y + 0.5) / cells)
        for cells, guesses in GRIDS
        for y in range(cells)
        for x in range(cells)
        for _ in range(guesses)
    ]
    return np.array(places, np.float32)


def _clear(logarithm: float) -> float:
    return min(CLEAR, max(-CLEAR, logarithm))


def _apart(one: Body, other: Body) -> bool:
    circle = min(math.dist(one.hips, one.crown), math.dist(other.hips, other.crown))
    return math.dist(one.shoulders, other.shoulders) >= APART * circle


ANCHORS = _anchors()
