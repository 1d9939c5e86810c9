"""Draw people into a rendered room, picture by picture."""

import cv2
import numpy as np

from streams.simulator.room import paint_room

from .layouts import HEIGHT, WIDTH, Layout
from .people import PIXELS_PER_M, Figure, clerk, visitor


class Stage:
    """One office. A pose is (x, top of the head, z, lean) in metres and degrees.

    `figure` replaces the usual clerk.
    """

    def __init__(self, layout: Layout, figure: Figure | None = None) -> None:
        self.layout = layout
        room, self.away = paint_room(layout)
        rows, columns = np.indices((HEIGHT, WIDTH), np.float32)
        corners = 1 - 0.35 * ((columns / WIDTH - 0.5) ** 2 + (rows / HEIGHT - 0.5) ** 2)
        self.room = (room * corners[..., None]).astype(np.uint8)
        self._clerk, self._visitor = figure or clerk(layout), visitor(layout)
        self._sized: dict[str, Figure] = {}

    def picture(
        self,
        clerk: tuple[float, float, float, float] | None = None,
        visitor: tuple[float, float, float, float] | None = None,
        room: np.ndarray | None = None,
    ) -> np.ndarray:
        """Return the room with people in these poses, as BGR without noise. `room` replaces the usual room."""
        image = (self.room if room is None else room).copy()
        if clerk:
            self._put(image, "clerk", self._clerk, clerk)
        if visitor:
            self._put(image, "visitor", self._visitor, visitor)
        return image

    def _put(self, image: np.ndarray, who: str, figure: Figure, pose: tuple[float, float, float, float]) -> None:
        x, top, z, lean = pose
        lens = self.layout.lens
        scale = (
            lens.focal * WIDTH / (sum(a * d for a, d in zip(lens.axes[2], (x - lens.x, top - lens.y, z), strict=True)))
        )
        if who not in self._sized:
            self._sized[who] = figure.scaled(scale)
        size = self._sized[who]
        u, v = lens.see(x, top, z)
        height, width = size.alpha.shape
        # with a margin for leaning
        left, above = u * WIDTH - width / 2, v * HEIGHT
        x0, y0 = max(0, int(left) - 6), max(0, int(above) - 6)
        x1, y1 = min(WIDTH, int(left) + width + 7), min(HEIGHT, int(above) + height + 7)
        if x0 >= x1 or y0 >= y1:
            return
        turn = cv2.getRotationMatrix2D((width / 2, min(height, 0.75 * scale * 900 / PIXELS_PER_M)), lean, 1)
        turn[:, 2] += np.array((left - x0, above - y0))
        box = (x1 - x0, y1 - y0)
        cover = cv2.warpAffine(size.alpha, turn, box)
        body = cv2.warpAffine(size.image, turn, box, borderMode=cv2.BORDER_REPLICATE)
        cover *= self.away[y0:y1, x0:x1] > z
        part = image[y0:y1, x0:x1]
        part[:] = cv2.blendLinear(body, part.copy(), cover, 1 - cover)
