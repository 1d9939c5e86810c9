"""The clip of a hint, cut from the packets that `watch` keeps of each camera."""

import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from streams.source.mp4_file import write_mp4
from streams.source.ring import Ring

BEFORE_S = AFTER_S = 6.0
MOST_BYTES = 8 << 20  # of a clip; one that is larger is not kept


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was noticed, with the camera's packets. clock: monotonic seconds when the picture came.

    before_s, after_s: the clip's length before and after it.
    """

    ring: Ring
    at: datetime
    clock: float
    before_s: float = BEFORE_S
    after_s: float = AFTER_S

    def hold(self) -> None:
        """Keep the packets before the moment until `release`."""
        self.ring.hold(self.clock - self.before_s)

    def release(self) -> None:
        """End one `hold`."""
        self.ring.release(self.clock - self.before_s)

    @property
    def past(self) -> bool:
        """Whether all packets of the clip have come."""
        return time.monotonic() >= self.clock + self.after_s

    def clip(self) -> tuple[bytes, datetime] | None:
        """Return the clip as MP4, of what has come so far, and when it begins. Raises MuxError, OSError.

        None when no packets of its time are kept, or too many.
        """
        cut = self.ring.cut(self.clock - self.before_s, self.clock + self.after_s, self.clock)
        if cut is None or sum(len(packet.data) for packet in cut.packets) > MOST_BYTES:
            return None
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "clip.mp4"
            write_mp4(cut, path)
            return path.read_bytes(), self.at - timedelta(seconds=self.clock - cut.began)
