"""The clips that are wanted of counters, and those that were taken.

Apart from lookout.py, so that the web server can name them without the network.
"""

from dataclasses import dataclass
from datetime import datetime

from streams.pixels.shapes import DrawnZone


@dataclass(frozen=True, slots=True)
class WantedClip:
    """A clip that is wanted of a counter, by the key of its row, between two moments.

    visitor: only once somebody serves and somebody stands before the counter; otherwise at `since`, as far as the
    packets are still kept.
    """

    key: int
    camera: int
    counter: int
    since: datetime
    until: datetime
    visitor: bool = True


@dataclass(frozen=True, slots=True)
class TakenClip:
    """A clip as MP4. at: the picture for which it was taken; zones: the camera's staff sides."""

    key: int
    at: datetime
    mp4: bytes
    zones: tuple[DrawnZone, ...]
