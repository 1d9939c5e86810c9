"""What MediaPipe's two pose models say, read as evidence: bodies found in a part of a picture, and how sure.

The first model (bodies) proposes bodies by hips, shoulders and size; the second (landmarks), looking at one such
body upright, gives 33 points and the chance that a body is there at all. MediaPipe's own pipeline only asks each
whether it is above a threshold. Here their odds are added up, over three views of the zone and with SSDLite's, since
what a real body shows it shows a little in each, and what a chair shows it shows in one.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from streams.pixels.shapes import Box, Point

Numbers = np.ndarray[Any, Any]

SIDE = 224  # pixels, what the first model takes
UPRIGHT = 256  # what the second takes
GRIDS = ((28, 2), (14, 2), (7, 6))  # cells each way, and guesses per cell
AROUND = 1.25  # of the body's circle, for the second model
HIPS, CROWN, SHOULDERS = 0, 1, 2  # of the first model's points: CROWN is on the body's circle, above its head
NOSE_AND_SHOULDERS = (0, 11, 12)
CLEAR = 5.3  # odds (natural logarithm) beyond which more says nothing: 0.5 % and 99.5 %
MOST_GUESSES = 300  # of the first model that are looked through
APART = 0.5  # of the smaller body's circle, between the shoulders of two bodies

# Weighed on footage of empty and staffed counters, made smaller, darker, hazier, noisier, cut off and half hidden.
PRESENCE, OTHER_MODEL = 0.2, 0.25
SURE, DOUBT = 0.8, -2.0  # evidence from which on somebody is there; and, without the second model's, under which nobody
ENOUGH = 0.1  # evidence at the second examination, of what lies between


@dataclass(frozen=True, slots=True)
class Body:
    """A body that the first model proposes; points are fractions of the part that it saw."""

    odds: float
    hips: Point
    crown: Point
    shoulders: Point


@dataclass(frozen=True, slots=True)
class Marks:
    """What the second model says of one body: the odds that it is one, and its 33 points with their visibility."""

    odds: float
    points: tuple[Point, ...]
    visible: tuple[bool, ...]

    @property
    def head_and_shoulders(self) -> Point:
        xs, ys = zip(*(self.points[i] for i in NOSE_AND_SHOULDERS), strict=True)
        return sum(xs) / len(xs), sum(ys) / len(ys)

    @property
    def box(self) -> Box:
        """Round what is visible of it, within the part."""
        seen = [point for point, visible in zip(self.points, self.visible, strict=True) if visible]
        xs, ys = (np.clip(values, 0.0, 1.0) for values in zip(*(seen or [self.head_and_shoulders]), strict=True))
        return Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))


def odds(share: float) -> float:
    """The odds of a chance between 0 and 1, as a natural logarithm within ±CLEAR."""
    share = min(max(share, 1e-9), 1 - 1e-9)
    return _clear(math.log(share / (1 - share)))


def evidence(views: Sequence[float], presence: float, other: float) -> float:
    """Odds of the first model in each view, best of the second, of SSDLite → to be compared with the limits above."""
    return sum(views) / len(views) + PRESENCE * presence + OTHER_MODEL * other


def bodies(raw: Numbers, logits: Numbers, place: Box, inside: Callable[[Point], bool], most: int) -> list[Body]:
    """The likeliest bodies whose shoulders are inside, at most `most`, best first.

    raw: 2254 x 12, logits: 2254, as the first model puts them out; place: where the part lies in the square that
    the model saw, as fractions of it; inside: judges a place within the part.
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


def upright(body: Body, width: int, height: int) -> Numbers:
    """2 x 3: from pixels of the part (width x height) to the square that the second model takes."""
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


def marks(raw: Numbers, presence: float, turned: Numbers, width: int, height: int) -> Marks:
    """raw: 39 x 5 (x, y, z, visibility, presence) in pixels of the square; turned: as `upright` made it."""
    turn, shift = turned[:, :2], turned[:, 2]
    points = (raw[:33, :2] - shift) @ np.linalg.inv(turn).T / (width, height)
    return Marks(
        odds(presence),
        tuple((float(x), float(y)) for x, y in points),
        tuple(bool(value) for value in raw[:33, 3] > 0),
    )


def _anchors() -> Numbers:
    """2254 x 2: where each guess starts from, as fractions of the square."""
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
