"""Props for trials: flat pictures placed in a room, drawn in perspective and partly hidden."""

from dataclasses import dataclass

import cv2
import numpy as np

from .decor import window
from .layouts import HEIGHT, WIDTH, Layout, Point
from .people import NECK, TOP, Figure, clerk, cut_out

Texture = np.ndarray  # height x width x 4 float32: BGR and alpha 0..1


@dataclass(frozen=True, slots=True, eq=False)
class Prop:
    """An upright picture parallel to the back wall, with its centre at (x, y, z) metres."""

    texture: Texture
    x: float
    y: float
    z: float
    width: float
    height: float

    def corners(self, layout: Layout) -> tuple[Point, ...]:
        """Return its corners on the camera's picture, in fractions, clockwise from the top left."""
        dx, dy = self.width / 2, self.height / 2
        return tuple(layout.lens.see(self.x + sx * dx, self.y + sy * dy, self.z) for sx, sy in _TURN)

    def hang(self, image: np.ndarray, layout: Layout, away: np.ndarray, bright: float = 1.0) -> np.ndarray:
        """Return the BGR uint8 picture with the prop. away: z of each pixel in metres, which may hide the prop."""
        rows, columns = self.texture.shape[:2]
        there = np.array(self.corners(layout), np.float32) * (WIDTH, HEIGHT)
        here = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
        turn = cv2.getPerspectiveTransform(here, there.astype(np.float32))
        seen = cv2.warpPerspective(self.texture, turn, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
        cover = (seen[..., 3] * (away > self.z - 0.02))[..., None]
        return np.asarray(np.clip(image * (1 - cover) + seen[..., :3] * bright * cover, 0, 255), np.uint8)


_TURN = ((-1, 1), (1, 1), (1, -1), (-1, -1))


def before(layout: Layout, dx: float, y: float, z: float) -> tuple[float, float, float]:
    """Return the position at depth z that appears beside the clerk: dx metres to the right, at height y."""
    x, depth = layout.clerk
    lens, far = layout.lens, z / depth
    return lens.x + (x + dx - lens.x) * far, lens.y + (y - lens.y) * far, z


def photograph(backdrop: tuple[int, int, int], shift: int = 0) -> np.ndarray:
    """Return the portrait on a plain backdrop, as height x width x 3 uint8."""
    image, alpha = cut_out()
    person = np.roll(np.dstack([image, alpha]), shift, axis=1)[TOP - 15 : 590, 20:500]
    cover = person[..., 3:]
    picture: np.ndarray = np.clip(person[..., :3] * cover + np.array(backdrop) * (1 - cover), 0, 255).astype(np.uint8)
    return picture


def framed(backdrop: tuple[int, int, int] = (190, 130, 80)) -> Texture:
    """Return an official's framed portrait."""
    photo = cv2.resize(photograph(backdrop), (240, 290), interpolation=cv2.INTER_AREA)
    return _solid(cv2.copyMakeBorder(photo, 14, 14, 14, 14, cv2.BORDER_CONSTANT, value=(60, 120, 160)))


def poster() -> Texture:
    """Return a poster of a person with text below."""
    board = np.full((420, 280, 3), (215, 225, 120), np.uint8)
    board[20:320, 20:260] = cv2.resize(photograph((210, 220, 230)), (240, 300), interpolation=cv2.INTER_AREA)
    for row, words in enumerate(("BAYAR PAJAK", "TEPAT WAKTU")):
        cv2.putText(board, words, (22, 358 + 38 * row), cv2.FONT_HERSHEY_DUPLEX, 1.1, (140, 30, 30), 2, cv2.LINE_AA)
    return _solid(board)


def television(at_s: float) -> Texture:
    """Return a television with a newsreader who moves."""
    shown = photograph((150, 70, 30), shift=round(30 * np.sin(1.9 * at_s)))
    shown = cv2.resize(shown, (300, 340))[40:250]
    cv2.rectangle(shown, (0, 178), (300, 210), (40, 40, 190), -1)
    return _solid(cv2.copyMakeBorder(shown, 10, 14, 12, 12, cv2.BORDER_CONSTANT, value=(20, 20, 22)))


def monitor() -> Texture:
    """Return a computer monitor from behind."""
    return _solid(
        cv2.copyMakeBorder(np.full((150, 240, 3), 42, np.uint8), 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=(58,) * 3)
    )


def daylight() -> Texture:
    """Return a bright window."""
    return _solid(window())


def jacket(layout: Layout) -> Texture:
    """Return an empty uniform over the back of a chair."""
    figure = clerk(layout)
    return _of(Figure(figure.image[NECK - TOP + 40 :], figure.alpha[NECK - TOP + 40 :]))


def turned(layout: Layout) -> Figure:
    """Return the clerk from behind: hair instead of the face, and the uniform's back in the photograph's cloth."""
    front = clerk(layout)
    image, alpha = front.image.astype(np.float32), front.alpha
    rows, columns = (axis.astype(np.float32) for axis in np.indices(alpha.shape))
    middle = 512 - 262 if layout.mirrored else 262
    cloth = cv2.GaussianBlur(np.roll(image, 135, axis=1), (0, 0), 2)
    back = (np.clip((150 - np.abs(columns - middle)) / 25, 0, 1) * (rows > NECK - TOP))[..., None]
    image = image * (1 - back) + cloth * back
    strands = cv2.GaussianBlur(np.random.default_rng(9).normal(0, 1, alpha.shape), (0, 0), sigmaX=1.5, sigmaY=12)
    gloss: np.ndarray = 30 + 10 * strands / strands.std() + 30 * np.clip((90 - rows) / 90, 0, 1)
    hair = gloss[..., None] * np.array((0.85, 0.95, 1.1))
    head = np.asarray(np.clip((NECK - TOP - 25 - rows) / 12, 0, 1))
    image = image * (1 - head[..., None]) + hair * layout.light * head[..., None]
    return Figure(np.clip(image, 0, 255).astype(np.uint8), alpha)


def dummy(layout: Layout) -> Texture:
    """Return a mannequin in the office's uniform, with a head without a face."""
    texture = _of(clerk(layout))
    head = texture[: NECK - TOP, :, :3]
    blurred = cv2.GaussianBlur(head, (0, 0), 40)
    texture[: NECK - TOP, :, :3] = 0.25 * blurred + 0.75 * np.array((150, 175, 205), np.float32)
    return texture


def _solid(image: np.ndarray) -> Texture:
    return np.dstack([image.astype(np.float32), np.ones(image.shape[:2], np.float32)])


def _of(figure: Figure) -> Texture:
    return np.dstack([figure.image.astype(np.float32), figure.alpha])
