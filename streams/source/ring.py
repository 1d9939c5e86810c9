"""Keep the newest seconds of each camera's packets in bounded memory. Reads no clock and does no I/O.

A ring holds whole groups of pictures: it starts on a keyframe and drops its oldest group. All rings share one pool.
When the pool exceeds its bound, the largest ring drops, so that one camera with a high bit rate can't push out the
others' packets.
"""

import mmap
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import NamedTuple

LARGEST_GROUP = 4
PACKET_COST = 32  # bytes per packet in addition to its data
LARGE = 32 << 10  # bytes of a group from which on it gets pages of its own; the system bounds their number
JUMP_S = 5.0  # larger differences between stamps and the reader's clock are a jump of the camera's clock
PARAMETERS = {"h264": {7, 8}, "hevc": {32, 33, 34}}  # NAL units: SPS, PPS; VPS, SPS, PPS


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """A stretch of one connection with unchanged parameter sets and clock. A file holds packets of one Stream only."""

    codec: str  # FFmpeg's name: h264, hevc
    extradata: bytes  # parameter sets from the SDP, may be empty
    tick_s: float  # seconds per unit of pts and dts


class Packet(NamedTuple):
    """One coded picture in Annex B form; pts and dts in units of Stream.tick_s."""

    data: bytes
    pts: int | None
    dts: int | None
    keyframe: bool


class Gop:
    """A keyframe and the pictures that depend on it, in arrays: a hundred cameras keep 40,000 packets.

    size: bytes that it takes in memory.
    """

    __slots__ = ("_coming", "_whole", "began", "clocks", "dts", "ends", "pts", "size", "stream")

    def __init__(self, stream: Stream, began: float) -> None:
        self.stream, self.began = stream, began
        self.size = 0
        self._coming: list[bytes] = []
        self._whole: bytes | mmap.mmap = b""
        self.ends, self.pts, self.dts, self.clocks = array("I"), array("q"), array("q"), array("d")

    def add(self, data: bytes, pts: int, dts: int, clock: float) -> int:
        """Append a packet and return the bytes that it takes."""
        self._coming.append(data)
        self.ends.append((self.ends[-1] if self.ends else 0) + len(data))
        self.pts.append(pts)
        self.dts.append(dts)
        self.clocks.append(clock)
        self.size += len(data) + PACKET_COST
        return len(data) + PACKET_COST

    def close(self) -> None:
        """Mark as complete: its packets move into pages of their own, which leave no holes in the heap afterwards."""
        if not self._coming:
            return
        if self.ends[-1] < LARGE:
            self._whole = b"".join(self._coming)
        else:
            self._whole = mmap.mmap(-1, self.ends[-1], mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            for data in self._coming:
                self._whole.write(data)
        self._coming = []

    def packets(self, until: float) -> Iterator[Packet]:
        """Yield the packets that came no later than `until`, on the reader's clock."""
        begin = 0
        for index, end in enumerate(self.ends):
            if self.clocks[index] > until:
                return
            data = self._coming[index] if self._coming else self._whole[begin:end]
            yield Packet(data, self.pts[index], self.dts[index], keyframe=index == 0)
            begin = end


@dataclass(frozen=True, slots=True)
class Clip:
    """Packets of one stream in order of arrival, starting with a keyframe. `began` is when the first one came."""

    stream: Stream
    began: float
    packets: Sequence[Packet]


class RingPool:
    """All rings of this process and their common memory bound. Thread-safe: `lock` guards the pool and its rings.

    most_bytes: bound of all rings together; most_each: bound of one ring, which a single group may exceed up to
    LARGEST_GROUP times; span_s: seconds that a ring keeps by itself.
    """

    def __init__(self, most_bytes: int, most_each: int, span_s: float) -> None:
        self.most_bytes, self.most_each, self.span_s = most_bytes, most_each, span_s
        self.size = 0
        self.lock = Lock()
        self.rings: set[Ring] = set()

    def ring(self) -> "Ring":
        """Add an empty ring and return it."""
        ring = Ring(self)
        with self.lock:
            self.rings.add(ring)
        return ring

    def fit(self) -> None:
        """Drop the largest ring's oldest group until the bound holds. The caller must hold `lock`."""
        while self.size > self.most_bytes:
            max(self.rings, key=lambda ring: ring.size).drop_oldest()


class Ring:
    """One camera's newest packets. Times are in seconds on the reader's monotonic clock."""

    def __init__(self, shelf: RingPool) -> None:
        self._shelf = shelf
        self._gops: deque[Gop] = deque()
        self._stream: Stream | None = None
        self._parameters = b""
        self._waiting = True  # for a keyframe
        self._holds: list[float] = []
        self.size = 0

    def begin(self, codec: str, extradata: bytes, tick_s: float) -> None:
        """Start a new connection: its packets are never joined with earlier ones."""
        with self._shelf.lock:
            self._start(Stream(codec, extradata, tick_s))
            self._parameters = b""

    def add(self, data: bytes, pts: int | None, dts: int | None, keyframe: bool, clock: float) -> None:
        """Keep one packet, or a copy of a buffer. Packets before the first keyframe with a time stamp are dropped."""
        # Inlined for speed: a hundred cameras call this 1,600 times a second.
        data = bytes(data)
        stamp = dts if pts is None else pts
        with self._shelf.lock:
            if self._stream is None:
                return
            if not self._waiting and stamp is not None:
                gop = self._gops[-1]
                if abs((stamp - gop.pts[-1]) * self._stream.tick_s - (clock - gop.clocks[-1])) > JUMP_S:
                    self._start(replace(self._stream))
            if keyframe:
                self._open(data, stamp, clock)
            if self._waiting:
                return
            gop = self._gops[-1]
            stamp = gop.pts[-1] if stamp is None else stamp
            self._grow(gop.add(data, stamp, stamp if dts is None else dts, clock))
            self._trim(clock)

    def hold(self, since: float) -> None:
        """Keep packets that came after `since` until `release(since)`, within the memory bounds."""
        with self._shelf.lock:
            self._holds.append(since)

    def release(self, since: float) -> None:
        """End one `hold(since)`. Raises ValueError when there is none."""
        with self._shelf.lock:
            self._holds.remove(since)

    def cut(self, start: float, end: float, moment: float) -> Clip | None:
        """Return the packets from the last keyframe at or before `start` up to `end`, as far as they are kept.

        Only packets of the stream that was running at `moment` are included. None when there are none.
        """
        with self._shelf.lock:
            gops = [gop for gop in self._gops if gop.began <= end]
            if not gops:
                return None
            stream = ([gop for gop in gops if gop.began <= moment] or gops)[-1].stream
            gops = [gop for gop in gops if gop.stream is stream]
            while len(gops) > 1 and gops[1].began <= start:
                gops.pop(0)
            packets = [packet for gop in gops for packet in gop.packets(end)]
        return Clip(stream, gops[0].began, packets)

    def clear(self) -> None:
        """Drop all packets and leave the pool: the camera is no longer read."""
        with self._shelf.lock:
            self._stream, self._waiting = None, True
            while self._gops:
                self.drop_oldest()
            self._shelf.rings.discard(self)

    def drop_oldest(self) -> None:
        """Drop the oldest group. The caller must hold the pool's lock."""
        self._grow(-self._gops.popleft().size)
        if not self._gops:
            self._waiting = True

    def _start(self, stream: Stream) -> None:
        self._stream, self._waiting = stream, True
        if self._gops:
            self._gops[-1].close()

    def _open(self, keyframe: bytes, stamp: int | None, clock: float) -> None:
        assert self._stream is not None
        parameters = parameter_sets(keyframe, self._stream.codec)
        if parameters and parameters != self._parameters:
            if self._parameters:
                self._start(replace(self._stream))
            self._parameters = parameters
        if self._gops:
            self._gops[-1].close()
        self._waiting = stamp is None
        if not self._waiting:
            self._gops.append(Gop(self._stream, clock))

    def _trim(self, clock: float) -> None:
        gops, shelf = self._gops, self._shelf
        while len(gops) > 1 and gops[1].began <= clock - shelf.span_s and self._free(gops[1].began):
            self.drop_oldest()
        # A clip begins with a keyframe, so a group larger than the bound is kept whole as far as there is room.
        while self.size > shelf.most_each and (len(gops) > 1 or self.size > LARGEST_GROUP * shelf.most_each):
            self.drop_oldest()
        if shelf.size > shelf.most_bytes:
            shelf.fit()

    def _free(self, until: float) -> bool:
        """Return whether no hold covers packets before `until`."""
        return all(since >= until for since in self._holds)

    def _grow(self, by: int) -> None:
        self.size += by
        self._shelf.size += by


def parameter_sets(keyframe: bytes, codec: str) -> bytes:
    """Return the parameter sets before the first slice of an Annex B keyframe, joined by start codes; b"" if none."""
    kinds = PARAMETERS.get(codec, set())
    found, at = [], keyframe.find(b"\0\0\1")
    while at >= 0 and at + 3 < len(keyframe):
        kind = keyframe[at + 3] & 31 if codec == "h264" else keyframe[at + 3] >> 1 & 63
        if _is_slice(kind, codec):
            break
        following = keyframe.find(b"\0\0\1", at + 3)
        if kind in kinds:
            found.append(keyframe[at + 3 : following if following >= 0 else None].rstrip(b"\0"))
        at = following
    return b"\0\0\1".join(found)


def _is_slice(kind: int, codec: str) -> bool:
    return 1 <= kind <= 5 if codec == "h264" else kind < 32
