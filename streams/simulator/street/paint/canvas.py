"""A picture with the depth and the light of each pixel, on which standing things are drawn from far to near."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from streams.simulator.street.paint.view import FARTHEST_M, Array, PoleView

Corners = Sequence[Sequence[float]]  # in space, metres
Colour = Sequence[float] | Array  # BGR
SHIFT = 4  # fractional bits of corners


class Canvas:
    """Colours (BGR float32, as in daylight), light of their own at night, and depth in metres."""

    def __init__(self, view: PoleView) -> None:
        self.view = view
        shape = view.height, view.width
        self.image = np.zeros((*shape, 3), np.float32)
        self.glow = np.zeros((*shape, 3), np.float32)
        self.depth = np.full(shape, FARTHEST_M, np.float32)

    def hang(self, corners: Corners, texture: Array, glow: Array | None, shade: float) -> None:
        """Draw a flat texture between four corners in space: top left, top right, bottom right, bottom left."""
        points, depths = self.view.see(np.array(corners))
        if depths.min() < 1.5:
            return
        box = self._box(points)
        if box is None:
            return
        x0, y0, x1, y1 = box
        texture, glow = _shrunk(texture, glow, points)
        rows, columns = texture.shape[:2]
        flat = np.array(((0, 0), (columns, 0), (columns, rows), (0, rows)), np.float32)
        warp = cv2.getPerspectiveTransform(flat, (points - (x0, y0)).astype(np.float32))
        size = (x1 - x0, y1 - y0)
        mask = np.zeros((size[1], size[0]), np.uint8)
        cv2.fillConvexPoly(mask, np.round((points - (x0, y0)) * 2**SHIFT).astype(np.int32), (255,), cv2.LINE_AA, SHIFT)
        shown = cv2.warpPerspective(texture, warp, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        cover = (mask / 255.0).astype(np.float32)[..., None]
        part = np.s_[y0:y1, x0:x1]
        self.image[part] += (shown * np.float32(shade) - self.image[part]) * cover
        shining = cv2.warpPerspective(glow, warp, size) if glow is not None else np.zeros_like(shown)
        self.glow[part] += (shining - self.glow[part]) * cover
        self._deepen(part, mask > 127, _plane_depth(self.view, np.array(corners), part))

    def face(self, corners: Corners, colour: Colour, glow: float = 0.0) -> None:
        """Draw a convex flat face of one colour; `glow` is the share of it that shines at night."""
        points, depths = self.view.see(np.array(corners))
        if depths.min() < 1.0:
            return
        box = self._box(points)
        if box is None:
            return
        x0, y0, x1, y1 = box
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.fillConvexPoly(mask, np.round((points - (x0, y0)) * 2**SHIFT).astype(np.int32), (255,), cv2.LINE_AA, SHIFT)
        self._cover(np.s_[y0:y1, x0:x1], mask, colour, glow, _plane_depth(self.view, np.array(corners), box_part(box)))

    def bar(self, start: Sequence[float], end: Sequence[float], wide_m: float, colour: Colour) -> None:
        """Draw a post, pipe or cable."""
        points, depths = self.view.see(np.array((start, end)))
        if depths.min() < 1.5:
            return
        wide = max(1.0, wide_m * self.view.focal / float(depths.mean()))
        cover = min(1.0, wide_m * self.view.focal / float(depths.mean()))
        along = points[1] - points[0]
        across = np.array((-along[1], along[0])) / max(1e-6, float(np.hypot(*along))) * wide / 2
        outline = np.array((points[0] + across, points[1] + across, points[1] - across, points[0] - across))
        box = self._box(outline)
        if box is None:
            return
        x0, y0, x1, y1 = box
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        corners = np.round((outline - (x0, y0)) * 2**SHIFT).astype(np.int32)
        cv2.fillConvexPoly(mask, corners, (255 * cover,), cv2.LINE_AA, SHIFT)
        self._cover(np.s_[y0:y1, x0:x1], mask, colour, 0.0, np.array(depths.mean()))

    def card(self, foot: Sequence[float], size_m: float, image: Array, cover: Array) -> None:
        """Draw a square picture that faces the camera, its middle `foot`."""
        points, depths = self.view.see(np.array((foot,)))
        depth = float(depths[0])
        side = round(size_m * self.view.focal / max(depth, 0.1))
        if depth < 1.5 or not 2 <= side < 2 * self.view.width:
            return
        left, above = (int(value) for value in np.round(points[0] - side / 2))
        x0, y0 = max(0, left), max(0, above)
        x1, y1 = min(self.view.width, left + side), min(self.view.height, above + side)
        if x0 >= x1 or y0 >= y1:
            return
        own = np.s_[y0 - above : y1 - above, x0 - left : x1 - left]
        how = cv2.INTER_AREA if side < image.shape[0] else cv2.INTER_CUBIC
        mask = np.clip(cv2.resize(cover, (side, side), interpolation=how)[own], 0, 1)
        shown = cv2.resize(image, (side, side), interpolation=how)[own].astype(np.float32)
        part = np.s_[y0:y1, x0:x1]
        self.image[part] += (shown - self.image[part]) * mask[..., None]
        self.glow[part] *= 1 - mask[..., None]
        self._deepen(part, mask > 0.5, np.array(depth))

    def _box(self, points: Array) -> tuple[int, int, int, int] | None:
        low, high = np.floor(points.min(axis=0)) - 1, np.ceil(points.max(axis=0)) + 2
        x0, y0 = max(0, int(low[0])), max(0, int(low[1]))
        x1, y1 = min(self.view.width, int(high[0])), min(self.view.height, int(high[1]))
        return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None

    def _cover(self, part: tuple[slice, slice], mask: Array, colour: Colour, glow: float, depth: Array) -> None:
        cover = (mask / 255.0).astype(np.float32)[..., None]
        painted = np.array(colour, np.float32)
        self.image[part] += (painted - self.image[part]) * cover
        self.glow[part] += (painted * glow - self.glow[part]) * cover
        self._deepen(part, mask > 100, depth)

    def _deepen(self, part: tuple[slice, slice], where: Array, depth: Array) -> None:
        known = self.depth[part]
        known[where] = np.broadcast_to(depth, known.shape)[where]


Thing = tuple[float, Callable[[Canvas], None]]  # something that stands: its distance along the road, and its drawing


def box_part(box: tuple[int, int, int, int]) -> tuple[slice, slice]:
    """Return the part of a picture within a box."""
    return np.s_[box[1] : box[3], box[0] : box[2]]


def _plane_depth(view: PoleView, corners: Array, part: tuple[slice, slice]) -> Array:
    """Return the depth at which the part's rays meet the plane of the corners, within the corners' own depths."""
    normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
    ways = view.rays[part] @ normal.astype(np.float32)
    depths = (corners - view.eye) @ view.axes[2]
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = float((corners[0] - view.eye) @ normal) / ways
    return np.asarray(np.clip(np.nan_to_num(depth), depths.min(), depths.max()), np.float32)


def _shrunk(texture: Array, glow: Array | None, points: Array) -> tuple[Array, Array | None]:
    """Scale a texture down to about the size in which it is shown, so that it doesn't flicker."""
    rows, columns = texture.shape[:2]
    wide = max(np.hypot(*(points[1] - points[0])), np.hypot(*(points[2] - points[3])))
    high = max(np.hypot(*(points[3] - points[0])), np.hypot(*(points[2] - points[1])))
    size = max(2, min(columns, round(wide))), max(2, min(rows, round(high)))
    if size == (columns, rows):
        return texture, glow
    small = cv2.resize(texture, size, interpolation=cv2.INTER_AREA)
    return small, None if glow is None else cv2.resize(glow, size, interpolation=cv2.INTER_AREA)
