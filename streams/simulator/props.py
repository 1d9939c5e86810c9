"""What is hung or put into a room for a trial: flat pictures in the room, seen in perspective and partly hidden."""

from dataclasses import dataclass

import cv2
import numpy as np

from .decor import window
from .layouts import HEIGHT, WIDTH, Layout, Point
from .people import NECK, TOP, Figure, clerk, cut_out

Texture = np.ndarray  # H×W×4 float32: BGR, and alpha 0..1


@dataclass(frozen=True, slots=True, eq=False)
class Prop:
    """Upright and across the room, its middle at (x, y, z) metres."""

    texture: Texture
    x: float
    y: float
    z: float
    width: float
    height: float

    def corners(self, layout: Layout) -> tuple[Point, ...]:
        """On the picture, as fractions, from the top left clockwise."""
        dx, dy = self.width / 2, self.height / 2
        return tuple(layout.lens.see(self.x + sx * dx, self.y + sy * dy, self.z) for sx, sy in _TURN)

    def hang(self, image: np.ndarray, layout: Layout, away: np.ndarray, bright: float = 1.0) -> np.ndarray:
        """The picture (BGR uint8) with it; away: z of what each pixel shows, which may stand before it."""
        rows, columns = self.texture.shape[:2]
        there = np.array(self.corners(layout), np.float32) * (WIDTH, HEIGHT)
        here = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
        turn = cv2.getPerspectiveTransform(here, there.astype(np.float32))
        seen = cv2.warpPerspective(self.texture, turn, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
        cover = (seen[..., 3] * (away > self.z - 0.02))[..., None]
        return np.clip(image * (1 - cover) + seen[..., :3] * bright * cover, 0, 255).astype(np.uint8)


_TURN = ((-1, 1), (1, 1), (1, -1), (-1, -1))


def before(layout: Layout, dx: float, y: float, z: float) -> tuple[float, float, float]:
    """Where at depth z a thing stands that is seen beside the clerk: dx metres right of them, y high."""
    x, depth = layout.clerk
    lens, far = layout.lens, z / depth
    return lens.x + (x + dx - lens.x) * far, lens.y + (y - lens.y) * far, z


def photograph(backdrop: tuple[int, int, int], shift: int = 0) -> np.ndarray:
    """The portrait itself before a plain backdrop: H×W×3 uint8."""
    image, alpha = cut_out()
    person = np.roll(np.dstack([image, alpha]), shift, axis=1)[TOP - 15 : 590, 20:500]
    cover = person[..., 3:]
    return np.clip(person[..., :3] * cover + np.array(backdrop) * (1 - cover), 0, 255).astype(np.uint8)


def framed(backdrop: tuple[int, int, int] = (190, 130, 80)) -> Texture:
    """An official's framed portrait, as in every office."""
    photo = cv2.resize(photograph(backdrop), (240, 290), interpolation=cv2.INTER_AREA)
    return _solid(cv2.copyMakeBorder(photo, 14, 14, 14, 14, cv2.BORDER_CONSTANT, value=(60, 120, 160)))


def poster() -> Texture:
    """A person with words under them."""
    board = np.full((420, 280, 3), (215, 225, 120), np.uint8)
    board[20:320, 20:260] = cv2.resize(photograph((210, 220, 230)), (240, 300), interpolation=cv2.INTER_AREA)
    for row, words in enumerate(("BAYAR PAJAK", "TEPAT WAKTU")):
        cv2.putText(board, words, (22, 358 + 38 * row), cv2.FONT_HERSHEY_DUPLEX, 1.1, (140, 30, 30), 2, cv2.LINE_AA)
    return _solid(board)


def television(at_s: float) -> Texture:
    """A newsreader who moves."""
    shown = photograph((150, 70, 30), shift=round(30 * np.sin(1.9 * at_s)))
    shown = cv2.resize(shown, (300, 340))[40:250]
    cv2.rectangle(shown, (0, 178), (300, 210), (40, 40, 190), -1)
    return _solid(cv2.copyMakeBorder(shown, 10, 14, 12, 12, cv2.BORDER_CONSTANT, value=(20, 20, 22)))


def monitor() -> Texture:
    """From behind."""
    return _solid(
        cv2.copyMakeBorder(np.full((150, 240, 3), 42, np.uint8), 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=(58,) * 3)
    )


def daylight() -> Texture:
    return _solid(window())


def jacket(layout: Layout) -> Texture:
    """A uniform without anybody in it, over the back of a chair."""
    figure = clerk(layout)
    return _of(Figure(figure.image[NECK - TOP + 40 :], figure.alpha[NECK - TOP + 40 :]))


def turned(layout: Layout) -> Figure:
    """The clerk from behind: hair where the face was, the back of the uniform, in the photograph's own cloth."""
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
    """A tailor's dummy in the office's uniform: a head without a face."""
    texture = _of(clerk(layout))
    head = texture[: NECK - TOP, :, :3]
    blurred = cv2.GaussianBlur(head, (0, 0), 40)
    texture[: NECK - TOP, :, :3] = 0.25 * blurred + 0.75 * np.array((150, 175, 205), np.float32)
    return texture


def _solid(image: np.ndarray) -> Texture:
    return np.dstack([image.astype(np.float32), np.ones(image.shape[:2], np.float32)])


def _of(figure: Figure) -> Texture:
    return np.dstack([figure.image.astype(np.float32), figure.alpha])
