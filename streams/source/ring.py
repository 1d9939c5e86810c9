"""The newest seconds of each camera's packets, as they came, within bounds. No clock of its own, no I/O.

A ring holds whole groups of pictures: it starts on a keyframe, and what it drops is its oldest group. All rings
stand on one shelf. When that is over its bound the fullest ring gives, so that one lavish camera never takes the
past of the others.
"""

from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import NamedTuple

PACKET_COST = 32  # bytes that a packet's numbers take beside its data
JUMP_S = 5.0  # the stream's clock and ours may drift so far apart between two packets
PARAMETERS = {"h264": {7, 8}, "hevc": {32, 33, 34}}  # NAL units: SPS, PPS; VPS, SPS, PPS


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """One connection to a camera for as long as its picture keeps its form: only its packets go into one file."""

    codec: str  # FFmpeg's name: h264, hevc
    extradata: bytes  # what a decoder has to know before the first packet
    tick_s: float  # of pts and dts


class Packet(NamedTuple):
    data: bytes
    pts: int | None
    dts: int | None
    keyframe: bool


class Gop:
    """A keyframe and the pictures that need it, packed: a hundred cameras keep 40,000 packets."""

    __slots__ = ("began", "clocks", "data", "dts", "ends", "pts", "stream")

    def __init__(self, stream: Stream, began: float) -> None:
        self.stream, self.began = stream, began
        self.data: bytes | bytearray = bytearray()
        self.ends, self.pts, self.dts, self.clocks = array("I"), array("q"), array("q"), array("d")

    @property
    def size(self) -> int:
        return len(self.data) + PACKET_COST * len(self.ends)

    def close(self) -> None:
        """Nothing more comes: give back what the array had grown ahead."""
        self.data = bytes(self.data)

    def packets(self, until: float) -> Iterator[Packet]:
        begin = 0
        for index, end in enumerate(self.ends):
            if self.clocks[index] > until:
                return
            yield Packet(bytes(self.data[begin:end]), self.pts[index], self.dts[index], keyframe=index == 0)
            begin = end


@dataclass(frozen=True, slots=True)
class Clip:
    """Packets of one stream, from a keyframe on, in the order they came. `began` is the first one's clock."""

    stream: Stream
    began: float
    packets: Sequence[Packet]


class RingPool:
    """All rings of this process and their common bound. Safe to use from many threads.

    most_bytes: of all rings together; most_each: of one ring; span_s: what a ring keeps without being asked.
    """

    def __init__(self, most_bytes: int, most_each: int, span_s: float) -> None:
        self.most_bytes, self.most_each, self.span_s = most_bytes, most_each, span_s
        self.size = 0
        self.lock = Lock()
        self.rings: set[Ring] = set()

    def ring(self) -> "Ring":
        ring = Ring(self)
        with self.lock:
            self.rings.add(ring)
        return ring

    def fit(self) -> None:
        """Drop groups, the fullest ring's oldest first, until the bound holds. Call it with the lock held."""
        while self.size > self.most_bytes:
            max(self.rings, key=lambda ring: ring.size).drop_oldest()


class Ring:
    """One camera's newest packets. `clock` is the reader's own, in seconds, and only ever grows."""

    def __init__(self, shelf: RingPool) -> None:
        self._shelf = shelf
        self._gops: deque[Gop] = deque()
        self._stream: Stream | None = None
        self._parameters = b""
        self._waiting = True  # for a keyframe
        self._holds: list[float] = []
        self.size = 0

    def begin(self, codec: str, extradata: bytes, tick_s: float) -> None:
        """A new connection: what it brings never joins what came before."""
        with self._shelf.lock:
            self._start(Stream(codec, extradata, tick_s))
            self._parameters = b""

    def add(self, data: bytes, pts: int | None, dts: int | None, keyframe: bool, clock: float) -> None:
        """Copy one packet, of any kind of buffer. Those before the first keyframe with a time stamp are of no use."""
        stamp = (
            dts if pts is None else pts
        )  # written out, not taken apart: a hundred cameras call it 1,600 times a second
        with self._shelf.lock:
            if self._stream is None:
                return
            if not self._waiting and stamp is not None:
                gop = self._gops[-1]
                if abs((stamp - gop.pts[-1]) * self._stream.tick_s - (clock - gop.clocks[-1])) > JUMP_S:
                    self._start(replace(self._stream))
            if keyframe:
                self._open(bytes(data), stamp, clock)
            if self._waiting:
                return
            gop = self._gops[-1]
            before = len(gop.data)
            gop.data += data
            gop.ends.append(len(gop.data))
            gop.pts.append(gop.pts[-1] if stamp is None else stamp)
            gop.dts.append(gop.pts[-1] if dts is None else dts)
            gop.clocks.append(clock)
            self._grow(len(gop.data) - before + PACKET_COST)
            self._trim(clock)

    def hold(self, since: float) -> None:
        """Keep what came after `since` until `release`, within the bounds."""
        with self._shelf.lock:
            self._holds.append(since)

    def release(self, since: float) -> None:
        with self._shelf.lock:
            self._holds.remove(since)

    def cut(self, start: float, end: float, moment: float) -> Clip | None:
        """From the last keyframe at or before `start` to `end`, of the stream that ran at `moment`; what there is."""
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
        """The camera is not read any more: leave the shelf."""
        with self._shelf.lock:
            self._stream, self._waiting = None, True
            while self._gops:
                self.drop_oldest()
            self._shelf.rings.discard(self)

    def drop_oldest(self) -> None:
        """Call it with the shelf's lock held."""
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
        while self.size > shelf.most_each:
            self.drop_oldest()
        if shelf.size > shelf.most_bytes:
            shelf.fit()

    def _free(self, until: float) -> bool:
        """Nobody holds what came before `until`."""
        return all(since >= until for since in self._holds)

    def _grow(self, by: int) -> None:
        self.size += by
        self._shelf.size += by


def parameter_sets(keyframe: bytes, codec: str) -> bytes:
    """The parameter sets before the first slice of an Annex B keyframe, one after the other; b"" without any."""
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
