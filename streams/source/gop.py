"""Measure a stream's groups of pictures, and keep the pictures that must be decoded for the next look. Pure."""

from collections import deque
from dataclasses import dataclass, field

KEPT_GROUPS = 2  # a camera may space its keyframes unevenly
MOST_PENDING = 16 * 1024 * 1024  # bytes of pictures that wait to be decoded
STEADY_S = 1.0  # a longer gap between two pictures is a pause of the camera
SLACK_S = 0.25  # so much longer than a look a group may be: arrival is measured, not exact
RARE_S = 3600.0  # a camera whose keyframes stopped coming is expected to do so again for this long


@dataclass(slots=True)
class GopMeter:
    """Measure the group of pictures: pictures and seconds between the last two keyframes, None before there are two."""

    pictures: int | None = None
    seconds: float | None = None
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT_GROUPS))
    _number: int = 0
    _at: float | None = None

    def keyframe(self, number: int, at: float) -> None:
        """Record that packet `number`, at `at` seconds by clocks.PictureTimes, is a keyframe."""
        if self._at is not None:
            self.pictures, self.seconds = number - self._number, max(0.0, at - self._at)
            self.recent.append(self.seconds)
        self._number, self._at = number, at

    def reconnected(self) -> None:
        """Measure no group across two connections."""
        self._at = None

    @property
    def longest(self) -> float | None:
        """Seconds of the longest of the last groups, None before there is one."""
        return max(self.recent, default=None)

    @property
    def fps(self) -> float:
        """Pictures per second in the last group, 0.0 before there is one."""
        return self.pictures / self.seconds if self.pictures and self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class CodedRun:
    """Pictures to be decoded for one look at the last of them.

    alone: a keyframe by itself; otherwise the run goes on where the one before ended, or `restarts` with a keyframe.
    clock: monotonic seconds when the last one came.
    """

    codec: str
    extradata: bytes
    pictures: tuple[bytes, ...]
    alone: bool
    restarts: bool
    clock: float


class PictureBacklog:
    """Choose the pictures to decode: wanted keyframes only or, where keyframes come too rarely, every picture.

    A damaged picture is never chosen, nor one that follows it before the next keyframe. Holds at most MOST_PENDING
    bytes. Not thread-safe.
    """

    def __init__(self) -> None:
        self.gop = GopMeter()
        self.ready = False  # whether there is a run to collect
        self.number = 0
        self.codec, self.extradata = "", b""
        self._run: list[bytes] = []
        self._bytes = 0
        self._clock: float | None = None
        self._run_clock = self._rare_until = 0.0
        self._first_clock: float | None = None  # when a keyframe came whose group's length is unknown, if looked at
        self._following = self._sound = self._restarts = self._alone = False
        self._open_s = 0.0  # since the last keyframe, without pauses

    def begin(self, codec: str, extradata: bytes, *, anew: bool = True) -> None:
        """Start a connection or, if not `anew`, go on with other parameter sets."""
        self.codec, self.extradata = codec, extradata
        self._drop()
        if anew:
            self.gop.reconnected()
            self._open_s, self._clock = 0.0, None

    def take(
        self, data: bytes, at: float, keyframe: bool, damaged: bool, clock: float, look_s: float, wanted: bool
    ) -> bool:
        """Take a picture; return whether there is now one to look at, if `wanted`.

        at: its time for measuring; look_s: seconds between looks; the rest as in StreamListener.
        """
        self.number += 1
        if self._clock is not None:
            self._open_s += min(STEADY_S, clock - self._clock)
        self._clock = clock
        if keyframe:
            self.gop.keyframe(self.number, at)
            self._open_s = 0.0
            longest = self.gop.longest
            self._following = longest is None or longest > look_s + SLACK_S or clock < self._rare_until
        if damaged:
            self._damage()
            return False
        if keyframe:
            self._sound = True
            if not (self._following or wanted):
                if not self.ready:
                    self._drop()
                return False
            self._run, self._bytes, self._restarts, self._alone = [data], len(data), True, not self._following
            self._first_clock = clock if longest is None and wanted else None
        elif self._following and self._sound:
            self._run.append(data)
            self._bytes += len(data)
            if self._bytes > MOST_PENDING:
                self._damage()
                self._drop()
        if not self._sound or not (keyframe or self._following):
            return False
        self._run_clock = clock
        self.ready = self.ready or wanted
        return wanted

    def _damage(self) -> None:
        """Choose no more pictures before the next keyframe."""
        self._sound = False
        if not self.ready:
            self._drop()

    def _drop(self) -> None:
        self._run, self._bytes, self.ready, self._sound = [], 0, False, False
        self._first_clock = None

    @property
    def waiting(self) -> int:
        """Bytes of the pictures that are kept."""
        return self._bytes

    def rare(self, look_s: float) -> bool:
        """Return whether keyframes come more rarely than looks, or have stopped coming."""
        return max(self.gop.longest or 0.0, self._open_s) > look_s + SLACK_S

    def overdue(self, look_s: float) -> bool:
        """Return whether the next keyframe has not come for so long that a new connection should bring one."""
        return not (self._following and self._sound) and self._open_s > max(1.5 * look_s, look_s + 2.0)

    def expect_rare_keyframes(self) -> None:
        """Decode every picture of the next connections, as keyframes may stop coming again."""
        self._rare_until = (self._clock or 0.0) + RARE_S

    def collect(self) -> CodedRun | None:
        """Return what must be decoded for the look that is ready, and forget it."""
        if not self.ready:
            return None
        self.ready = False
        if self._first_clock is not None:
            # Nearly all groups are short: their keyframes are decoded by themselves, as a decoder that goes on holds
            # 2 MB. The pictures are kept until the next keyframe tells, or the next look needs them.
            clock, self._first_clock = self._first_clock, None
            return CodedRun(self.codec, self.extradata, (self._run[0],), alone=True, restarts=True, clock=clock)
        run = CodedRun(self.codec, self.extradata, tuple(self._run), self._alone, self._restarts, clock=self._run_clock)
        self._run, self._bytes, self._restarts = [], 0, False
        return run
