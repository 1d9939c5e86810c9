"""Draw clerks and visitors from the public-domain portrait in matplotlib's sample data (`grace_hopper.jpg`)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np

from .layouts import Layout

# Scale of the portrait, from the top of the cap (row 20) to the picture's end (row 600).
PIXELS_PER_M = 1050.0
TOP, NECK = 22, 335
_WAIST = 900  # row down to which the body is continued


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A person from the front or behind: uint8 BGR and float32 alpha 0..1, with the head at the top."""

    image: np.ndarray
    alpha: np.ndarray

    def scaled(self, pixels_per_m: float) -> "Figure":
        """Return the figure at another scale."""
        size = np.array(self.alpha.shape[::-1]) * pixels_per_m / PIXELS_PER_M
        width, height = (max(2, round(float(s))) for s in size)
        cover = cv2.resize(self.alpha, (width, height), interpolation=cv2.INTER_AREA)
        image = cv2.resize(self.image * self.alpha[..., None], (width, height), interpolation=cv2.INTER_AREA)
        image = np.clip(image / np.maximum(cover, 1e-3)[..., None], 0, 255)
        return Figure(image.astype(np.uint8), cover)


def _portrait() -> np.ndarray:
    path = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    image = cv2.imread(str(path))
    if image is None:
        raise FileNotFoundError(f"matplotlib's sample picture is missing: {path}")
    return image


@cache
def cut_out() -> tuple[np.ndarray, np.ndarray]:
    """Return the portrait (float32 BGR) and its alpha, with the body continued below the picture's end."""
    image = _portrait()
    height, width = image.shape[:2]
    mask = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    mask[:TOP] = mask[:330, :130] = mask[:330, 400:] = cv2.GC_BGD
    mask[230:330, :158] = cv2.GC_BGD
    cv2.ellipse(mask, (262, 190), (118, 165), 0, 0, 360, cv2.GC_PR_FGD, -1)
    shoulders = [(200, 330), (330, 330), (480, 395), (511, 450), (511, 599), (10, 599), (20, 460), (40, 395)]
    cv2.fillPoly(mask, [np.array(shoulders)], cv2.GC_PR_FGD)
    cv2.ellipse(mask, (262, 190), (90, 120), 0, 0, 360, cv2.GC_FGD, -1)
    sure = [(205, 360), (320, 360), (440, 420), (480, 599), (50, 599), (80, 420)]
    cv2.fillPoly(mask, [np.array(sure)], cv2.GC_FGD)
    cv2.setRNGSeed(1)
    cv2.grabCut(image, mask, (0, 0, width, height), np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK)
    cover = ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.uint8)
    _, parts, sizes, _ = cv2.connectedComponentsWithStats(cover)
    cover = (parts == 1 + np.argmax(sizes[1:, cv2.CC_STAT_AREA])).astype(np.uint8)
    alpha = cv2.GaussianBlur(cv2.erode(cover, np.ones((3, 3), np.uint8)).astype(np.float32), (0, 0), 1.5)
    below = cv2.resize(image[520:598], (width, _WAIST - height))
    below_alpha = np.tile(alpha[560], (_WAIST - height, 1))
    image, alpha = np.vstack([image, below]), np.vstack([alpha, below_alpha])
    # A flag shows beside one arm, and the other arm is cut off by the picture's edge.
    columns = np.arange(width)
    edge = np.clip(np.minimum(columns - 34, 500 - columns) / 10, 0, 1).astype(np.float32)
    return image.astype(np.float32), alpha * edge


def clerk(layout: Layout) -> Figure:
    """Return the clerk from the front, in this office's uniform and a black cap."""
    image, alpha = cut_out()
    image = image.copy()
    brightness = image.mean(axis=2)
    cloth = np.clip((85 - brightness) / 30, 0, 1)
    cloth[:NECK] = 0
    cloth[NECK : NECK + 15] *= np.linspace(0, 1, 15)[:, None]
    dyed = np.array(layout.uniform, np.float32) * (0.62 + brightness / 55)[..., None]
    image += (dyed - image) * cloth[..., None]
    cap = np.clip((150 - np.arange(len(image))) / 12, 0, 1)[:, None] * np.ones_like(brightness)
    cap[132:] *= brightness[132:] < 70  # below its brim only what is dark
    image += (image.mean(axis=2, keepdims=True) * 0.16 + 14 - image) * cap[..., None]
    return _finished(image, alpha, layout)


def visitor(layout: Layout) -> Figure:
    """Return a visitor from behind: the same outline with hair, neck and shirt."""
    _, alpha = cut_out()
    rows, columns = (np.asarray(axis) for axis in np.indices(alpha.shape, np.float32))
    head = ((columns - 262) / 104) ** 2 + ((rows - 180) / 148) ** 2
    neck = (np.abs(columns - 262) < 62) & (rows > 250) & (rows < 380)
    body = np.where(rows > NECK, alpha, 0)
    alpha = np.maximum(np.maximum(body, np.clip((1.04 - head) * 12, 0, 1)), neck * 1.0).astype(np.float32)
    dice = np.random.default_rng(len(layout.name))
    folds = cv2.GaussianBlur(dice.normal(0, 1, alpha.shape).astype(np.float32), (0, 0), sigmaX=16, sigmaY=60)
    round_off = np.clip(cv2.distanceTransform((alpha > 0.5).astype(np.uint8), cv2.DIST_L2, 5) / 70, 0, 1)
    shade = 0.62 + 0.38 * round_off + folds / folds.std() * 0.05
    dye = np.array(layout.visitor_shirt, np.float32)
    shirt = (0.72 * dye + 0.28 * dye.mean()) * 0.9 * shade[..., None]
    strands = cv2.GaussianBlur(dice.normal(0, 1, alpha.shape).astype(np.float32), (0, 0), sigmaX=2, sigmaY=14)
    gloss = 26 + 9 * strands / strands.std() + 26 * np.clip((110 - rows) / 110, 0, 1)
    hair = gloss[..., None] * np.array([0.9, 0.97, 1.1])
    skin = np.array([92, 122, 165], np.float32) * (0.7 + 0.3 * round_off)[..., None]
    image = np.where((rows > 342)[..., None], shirt, skin)
    image = np.where(((head < 1.04) & (rows < 305))[..., None], hair, image)
    return _finished(np.clip(image, 0, 255).astype(np.float32), alpha, layout)


def _finished(image: np.ndarray, alpha: np.ndarray, layout: Layout) -> Figure:
    gain = 0.25 + 0.72 * layout.light
    image = image * (gain * np.array([1 - 0.1 * layout.warmth, 1, 1 + 0.08 * layout.warmth], np.float32))
    image, alpha = image[TOP - 10 :], alpha[TOP - 10 :]
    if layout.mirrored:
        image, alpha = image[:, ::-1], alpha[:, ::-1]
    return Figure(np.ascontiguousarray(np.clip(image, 0, 255), np.uint8), np.ascontiguousarray(alpha, np.float32))
