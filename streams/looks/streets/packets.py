"""The newest packets of cameras that give hints, in memory, for the clips of what is noticed."""

from collections.abc import Collection

from streams.cameras.models import Camera
from streams.looks.streets.clips import AFTER_S, BEFORE_S
from streams.source.ring import Ring, RingPool

SPAN_S = BEFORE_S + AFTER_S + 4.0  # a look comes some seconds after its picture
MOST_BYTES, MOST_EACH = 96 << 20, 8 << 20


class HintTape:
    """One camera's newest packets, kept while hints are wanted of it. See PacketListener.

    ring: where they are; None while none are wanted.
    """

    def __init__(self, camera: int, tapes: "HintTapes") -> None:
        self.camera, self._tapes = camera, tapes
        self._stream: tuple[str, bytes, float] | None = None  # of the connection
        self.ring: Ring | None = None

    def begin(self, codec: str, extradata: bytes, tick_s: float) -> None:
        """Take up a connection, or other parameter sets. See PacketListener."""
        self._stream = codec, extradata, tick_s
        if self.ring:
            self.ring.begin(*self._stream)

    def add(self, data: bytes, pts: int | None, dts: int | None, keyframe: bool, damaged: bool, clock: float) -> None:
        """Keep a picture, from a keyframe on. See PacketListener."""
        if not self._tapes.wants(self):
            self.drop()
        elif self.ring:
            self.ring.add(data, pts, dts, keyframe and not damaged, clock)
        elif self._stream:
            self.ring = self._tapes.pool.ring()
            self.ring.begin(*self._stream)
            self.ring.add(data, pts, dts, keyframe and not damaged, clock)

    def end(self, lost: bool) -> None:
        """Keep what came. See PacketListener."""

    def drop(self) -> None:
        """Forget the packets."""
        if self.ring:
            self.ring.clear()
            self.ring = None


class HintTapes:
    """The tapes of one watch process. wanted: the cameras whose packets are kept."""

    def __init__(self) -> None:
        self.pool = RingPool(MOST_BYTES, MOST_EACH, SPAN_S)
        self.wanted: Collection[int] = frozenset()
        self._tapes: dict[int, HintTape] = {}

    def listen(self, camera: Camera) -> HintTape:
        """Return what takes the camera's packets, whether hints are wanted of it now or will be."""
        before = self._tapes.get(camera.pk)
        tape = self._tapes[camera.pk] = HintTape(camera.pk, self)
        if before:
            before.drop()
        return tape

    def wants(self, tape: HintTape) -> bool:
        """Return whether the tape is to keep packets: hints are wanted, and the camera is not read anew since."""
        return tape.camera in self.wanted and self._tapes.get(tape.camera) is tape

    def ring_of(self, camera: int) -> Ring | None:
        """Return the camera's packets; None while none are kept."""
        tape = self._tapes.get(camera)
        return tape.ring if tape else None
