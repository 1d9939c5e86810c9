"""Put RTP packets (RFC 3550) of one video together to whole pictures. Pure.

H264Pictures and H265Pictures know the payloads. A picture ends where the marker says so. Where a camera sets markers
wrongly it ends where the time stamp changes, and where that stands still, too, at the next picture's first slice.
"""

from collections.abc import Callable
from struct import Struct

START = b"\0\0\0\1"
MOST_PICTURE = 8 * 1024 * 1024  # bytes
MOST_LATE = 16  # packets numbered backwards in a row, after which the camera has begun to number anew
MOST_FIELDS = 4  # first slices in one picture, after which neither markers nor stamps are trusted
_HEAD = Struct("!BBHII")

# Picture in Annex B, its RTP time, whether it is a keyframe, whether it or one that it refers to is damaged.
OnPicture = Callable[[bytes, int, bool, bool], None]


class PictureAssembler:
    """Take RTP packets in order and call on_picture with each whole picture in Annex B form.

    `damaged` pictures lack a packet, or refer to pictures that do. Holds at most MOST_PICTURE bytes.
    """

    parameter_kinds: frozenset[int] = frozenset()

    def __init__(self, payload_type: int, parameters: tuple[bytes, ...], on_picture: OnPicture) -> None:
        self.payload_type = payload_type
        self._on_picture = on_picture
        self._sets: dict[bytes, bytes] = {}
        self.extradata = b""
        for unit in parameters:
            self._keep_set(unit)
        self.source: int | None = None
        self.packets = self.lost = self.malformed = self.others = 0
        self.cycles = 0
        self._next: int | None = None
        self._late = 0
        self._stamp = 0
        self._unit = bytearray()
        self._has_slice = self._key = self._damaged = self._in_fragment = False
        self._suspect = False  # a packet is missing before the next unit
        self._unsound = False  # a picture was damaged or lost, and no keyframe has come since
        self._firsts = 0
        self._markers_lie = self._stamps_lie = False
        self._ended_at: int | None = None  # the stamp of the picture that a marker just ended

    @property
    def highest(self) -> int:
        """The extended highest sequence number."""
        return self.cycles << 16 | ((self._next or 0) - 1 & 0xFFFF)

    @property
    def waiting(self) -> int:
        """Bytes of the picture that is not whole yet."""
        return len(self._unit)

    def packet(self, data: bytes, at: int, end: int) -> None:
        """Take the RTP packet data[at:end]."""
        if end - at < 12 or data[at] >> 6 != 2:
            self.malformed += 1
            return
        first, second, sequence, stamp, source = _HEAD.unpack_from(data, at)
        if second & 127 != self.payload_type:
            self.others += 1
            return
        if (sequence != self._next or source != self.source) and not self._jump(sequence, source):
            return
        self._next = sequence + 1 & 0xFFFF
        self.cycles += not self._next
        self.packets += 1
        if stamp != self._stamp:
            self._end()
            self._stamp = stamp
        at += 12
        if first & 63:
            at, end = _skip_options(first, data, at, end)
        if at < end:
            self._payload(data, at, end)
            if len(self._unit) > MOST_PICTURE:
                self._drop()
        if second & 128 and not self._markers_lie:
            self._end()
            self._ended_at = stamp

    def _payload(self, data: bytes, at: int, end: int) -> None:
        raise NotImplementedError

    def _jump(self, sequence: int, source: int) -> bool:
        """Take a number other than the next, or another source; return whether the packet is to be used."""
        if source != self.source:
            self.source, self._next = source, None
        if self._next is None:
            return True
        gap = sequence - self._next & 0xFFFF
        if gap >= 0x8000 and self._late < MOST_LATE:
            self._late += 1  # late or repeated
            return False
        self._late = 0
        self.lost += gap if gap < 0x8000 else 1
        self._damaged |= self._has_slice or self._in_fragment
        self._in_fragment = False
        self._suspect = self._unsound = True
        return True

    def _begin(self, is_slice: bool, is_first: bool, is_key: bool, opens: bool) -> None:
        """Begin a unit: a slice, the picture's first one or not, or one that can only open a picture."""
        if self._has_slice and self._stamps_lie and (opens or is_first):
            self._end()
        if is_slice:
            if not self._has_slice and not is_first:
                self._headless()
            self._firsts += is_first
            if self._firsts > MOST_FIELDS:
                self._markers_lie = self._stamps_lie = True
            self._has_slice = True
            self._key |= is_key
        self._suspect = False

    def _headless(self) -> None:
        """A picture begins in its middle: a packet was lost, or a marker ended the picture too early."""
        if not self._suspect and self._ended_at == self._stamp:
            self._markers_lie = True
        self._damaged = self._unsound = True

    def _start_fragment(self, head: bytes, data: bytes, at: int) -> None:
        """Begin a unit whose header is `head` and whose content begins at data[at]."""
        self._note(head[0], data, at)
        self._in_fragment = True
        self._unit += START
        self._unit += head

    def _fragment(self, data: bytes, at: int, end: int, flags: int) -> None:
        """Take the piece data[at:end] of a unit; flag 0x40: its last."""
        if not self._in_fragment:  # its beginning is missing
            self._damaged = self._unsound = True
            return
        self._unit += data[at:end]
        if flags & 0x40:
            self._in_fragment = False

    def _note(self, head: int, data: bytes, at: int) -> None:
        """Begin the unit with header byte `head` whose content begins at `at`."""
        raise NotImplementedError

    def _keep_set(self, unit: bytes) -> None:
        """Remember a parameter set by its kind and identity, at most 64 of them."""
        identity = self._identity(unit)
        if self._sets.get(identity) != unit and len(self._sets) < 64:
            self._sets[identity] = unit
            self.extradata = b"".join(START + self._sets[key] for key in sorted(self._sets))

    def _identity(self, unit: bytes) -> bytes:
        raise NotImplementedError

    def _end(self) -> None:
        """Hand on the picture, unless nothing of it has come but what may belong to the next."""
        if not self._has_slice:
            self._damaged = False
            return
        self._damaged |= self._in_fragment
        if self._damaged:
            self._unsound = True
        elif self._key:
            self._unsound = False
        picture, key, unsound = bytes(self._unit), self._key, self._unsound
        self._clear()
        self._on_picture(picture, self._stamp, key, unsound)

    def _drop(self) -> None:
        """Drop a picture that is larger than the bound."""
        self._clear()
        self._damaged = self._unsound = True
        self.malformed += 1

    def _clear(self) -> None:
        self._unit.clear()
        self._has_slice = self._key = self._damaged = self._in_fragment = False
        self._firsts = self._late = 0
        self._ended_at = None


def _skip_options(first: int, data: bytes, at: int, end: int) -> tuple[int, int]:
    """Return begin and end of the payload behind sources and header extension and before the padding."""
    at += 4 * (first & 15)
    if first & 16 and at + 4 <= end:
        at += 4 + 4 * (data[at + 2] << 8 | data[at + 3])
    if first & 32 and end > at:
        end -= data[end - 1]
    return at, end
