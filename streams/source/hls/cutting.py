"""Cut a camera's pictures into stretches that begin with a keyframe. Runs in the reading thread and does no I/O."""

from dataclasses import dataclass, field

from streams.source.hls.playlist_rule import SHORTEST_S
from streams.source.ring import JUMP_S

LONGEST_S = 30.0  # a camera with rarer keyframes is not shown
MOST_BYTES = 16 << 20


@dataclass(slots=True)
class CutPicture:
    """One picture in Annex B form; stamp in units of Stretch.tick_s. clock: monotonic seconds when it came."""

    data: bytes
    stamp: int
    keyframe: bool
    clock: float


@dataclass(slots=True)
class Stretch:
    """Pictures from a keyframe on. end: the stamp at which the next one continues, None when none does.

    after_gap: it doesn't continue the stretch before it.
    """

    extradata: bytes
    tick_s: float
    after_gap: bool
    pictures: list[CutPicture] = field(default_factory=list)
    end: int | None = None


class StretchCutter:
    """Collects one camera's pictures. `begin` and `add` return the stretch that they complete, if any."""

    def __init__(self) -> None:
        self._stretch: Stretch | None = None
        self._codec, self._extradata, self._tick_s = "", b"", 1.0
        self._gap = True
        self._size = 0

    def begin(self, codec: str, extradata: bytes, tick_s: float) -> Stretch | None:
        """Start a connection, or go on with other parameter sets."""
        done = self.end()
        self._codec, self._extradata, self._tick_s = codec, extradata, tick_s
        return done

    def end(self) -> Stretch | None:
        """Note that the connection ended: what follows comes after a gap."""
        done, self._stretch, self._gap, self._size = self._stretch, None, True, 0
        return done

    def lost(self) -> None:
        """Note that a stretch could not be handed on."""
        self._gap = True
        if self._stretch:
            self._stretch.after_gap = True

    def add(
        self, data: bytes, pts: int | None, dts: int | None, keyframe: bool, damaged: bool, clock: float
    ) -> Stretch | None:
        """Take a picture. After a damaged one, and after a jump of the camera's clock, a keyframe is waited for."""
        stamp = dts if pts is None else pts
        if self._codec != "h264" or stamp is None:
            return None
        done = None
        if damaged or self._jumped(stamp, clock):
            done = self.end()
        elif self._too_long(stamp):
            self.end()
        if keyframe and not damaged and (self._stretch is None or self._seconds(stamp) >= SHORTEST_S):
            done = self._next(stamp) or done
        if self._stretch is not None:
            self._stretch.pictures.append(CutPicture(bytes(data), stamp, keyframe, clock))
            self._size += len(data)
        return done

    def _next(self, stamp: int) -> Stretch | None:
        done = self._stretch
        if done:
            done.end = stamp
        self._stretch, self._size = Stretch(self._extradata, self._tick_s, self._gap), 0
        self._gap = False
        return done

    def _seconds(self, stamp: int) -> float:
        assert self._stretch is not None
        return (stamp - self._stretch.pictures[0].stamp) * self._tick_s

    def _jumped(self, stamp: int, clock: float) -> bool:
        if self._stretch is None:
            return False
        last = self._stretch.pictures[-1]
        return abs((stamp - last.stamp) * self._tick_s - (clock - last.clock)) > JUMP_S

    def _too_long(self, stamp: int) -> bool:
        return self._stretch is not None and (self._seconds(stamp) > LONGEST_S or self._size > MOST_BYTES)
