"""One camera's minute as fragmented MP4: made picture by picture, found in by moment, mended when torn. Pure.

Times are in ticks of 1/TICKS second since 1970 (UTC), so that the files of a camera play one after another. A file
begins with ftyp, moov and a free box with its MinuteFacts, and then has fragments of about half a second. A fragment
begins with a keyframe wherever there is one, and no keyframe is left inside a fragment that began without one.
"""

import json
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from streams.source.codecs.video_format import VideoParameters
from streams.source.fmp4 import TICKS, CodedPicture, init_segment, media_fragment

FRAGMENT_TICKS = TICKS // 2
USUAL_TICKS = TICKS // 15  # how long the last picture lasts when its end is unknown
INDEXED_TICKS = TICKS // 2  # a keyframe is indexed when it is so much later than the one indexed before
_INDEX = struct.Struct(">II")  # milliseconds after the file's beginning, bytes
_BOX = struct.Struct(">I4s")
_NOT_SYNC = 0x00010000


@dataclass(frozen=True, slots=True)
class MinuteFacts:
    """What a file holds about itself, so that its row can be made anew: ids, and why there is a gap before it.

    starts_at: when its first picture arrived, in ISO format; class and gap as in RecordedMinute.
    """

    camera: int
    place: int
    kept_as: str
    gap: str
    starts_at: str


@dataclass(frozen=True, slots=True)
class IndexedKeyframe:
    """Where a keyframe's fragment begins. at: in ticks."""

    at: int
    offset: int


@dataclass(slots=True)
class MinuteLayout:
    """What is where in a file: its size in bytes, its keyframes, and its times in ticks."""

    size: int
    begins: int = 0
    ends: int = 0
    keyframes: list[IndexedKeyframe] = field(default_factory=list)

    def note(self, at: int, offset: int) -> None:
        """Index a fragment that begins with a keyframe, unless one was indexed shortly before."""
        if not self.keyframes:
            self.begins = at
        if not self.keyframes or at - self.keyframes[-1].at >= INDEXED_TICKS:
            self.keyframes.append(IndexedKeyframe(at, offset))

    @property
    def head(self) -> int:
        """Bytes of the head, which every player needs first."""
        return self.keyframes[0].offset if self.keyframes else self.size


class MinuteMaker:
    """Make the bytes of one file. Raises ValueError when the parameter sets can't be parsed."""

    def __init__(self, parameters: VideoParameters, facts: MinuteFacts) -> None:
        self.parameters = parameters
        self._head = init_segment(parameters) + _free(json.dumps(asdict(facts)).encode())
        self.layout = MinuteLayout(len(self._head))
        self._waiting: list[CodedPicture] = []
        self._number = 0
        self._usual = USUAL_TICKS

    def add(self, picture: CodedPicture) -> bytes:
        """Add a picture and return the bytes that it completes, often none. The first one must be a keyframe.

        dts must grow from picture to picture.
        """
        made = b""
        if self._waiting:
            first = self._waiting[0]
            passed = picture.dts - first.dts
            self._usual = picture.dts - self._waiting[-1].dts
            if passed >= FRAGMENT_TICKS or (picture.key and not (first.key and passed < FRAGMENT_TICKS // 2)):
                made = self._complete(picture.dts)
        self._waiting.append(picture)
        return made

    def close(self, ends: int | None = None) -> bytes:
        """Return the bytes of the last fragment. ends: when its last picture does; None where that is unknown."""
        if not self._waiting:
            return b""
        return self._complete(
            max(ends or 0, self._waiting[-1].dts + 1) if ends else self._waiting[-1].dts + self._usual
        )

    def _complete(self, until: int) -> bytes:
        self._number += 1
        pictures, self._waiting = self._waiting, []
        if pictures[0].key:
            self.layout.note(pictures[0].dts, self.layout.size)
        made = media_fragment(self._number, pictures, until)
        self.layout.size += len(made)
        self.layout.ends = until
        if self._number == 1:
            return self._head + made
        return made


def read_facts(data: bytes) -> MinuteFacts | None:
    """Return what a file holds about itself; None when its head is not whole or not ours."""
    for kind, begin, end in _boxes(data):
        if kind == b"free":
            try:
                return MinuteFacts(**json.loads(data[begin:end]))
            except (ValueError, TypeError):
                return None
    return None


def scan(data: bytes) -> MinuteLayout | None:
    """Return the layout of what is whole in a file; None when not even its first fragment is.

    `size` is where a torn file must be cut.
    """
    layout: MinuteLayout | None = None
    moof: tuple[int, int, bool, int] | None = None  # where it begins, when it plays and ends, whether by a keyframe
    for kind, begin, end in _boxes(data):
        if kind == b"moof":
            played = _times_of(data[begin:end])
            if played is None:
                break
            moof = (begin - 8, *played)
        elif kind == b"mdat" and moof:
            offset, at, key, ends = moof
            layout = layout or MinuteLayout(offset)
            if key:
                layout.note(at, offset)
            layout.size, layout.ends = end, ends
            moof = None
    return layout if layout and layout.keyframes else None


def range_of(layout: MinuteLayout, since: int, until: int) -> tuple[int, int]:
    """Return the bytes (first, and after the last) that show the moments from `since` to `until`, without the head.

    They begin with the last keyframe that is not later than `since`, or the first one of all.
    """
    times = [one.at for one in layout.keyframes]
    first = max(0, bisect_right(times, since) - 1)
    after = max(first + 1, bisect_left(times, until))
    end = layout.keyframes[after].offset if after < len(times) else layout.size
    return layout.keyframes[first].offset, end


def pack_index(layout: MinuteLayout) -> bytes:
    """Return the keyframes as they are stored with the file's row: eight bytes each."""
    return b"".join(_INDEX.pack((one.at - layout.begins) * 1000 // TICKS, one.offset) for one in layout.keyframes)


def unpack_index(index: bytes, begins: int) -> list[IndexedKeyframe]:
    """Return the keyframes of a file that begins at `begins`, to the millisecond."""
    return [IndexedKeyframe(begins + at * TICKS // 1000, offset) for at, offset in _INDEX.iter_unpack(index)]


def _boxes(data: bytes) -> "Sequence[tuple[bytes, int, int]]":
    """Return the whole top-level boxes: kind, where its content begins, and where it ends."""
    found, at = [], 0
    while at + 8 <= len(data):
        size, kind = _BOX.unpack_from(data, at)
        if size < 8 or at + size > len(data):
            break
        found.append((kind, at + 8, at + size))
        at += size
    return found


def _times_of(moof: bytes) -> tuple[int, bool, int] | None:
    """Return when the fragment of a moof that we made plays, whether it begins with a keyframe, and when it ends."""
    try:
        tfdt, trun = moof.index(b"tfdt"), moof.index(b"trun")
        (at,) = struct.unpack_from(">Q", moof, tfdt + 8)
        (count,) = struct.unpack_from(">I", moof, trun + 8)
        samples = list(struct.iter_unpack(">3Ii", moof[trun + 16 : trun + 16 + 16 * count]))
    except (ValueError, struct.error):
        return None
    if not samples or len(samples) != count:
        return None
    return at, not samples[0][2] & _NOT_SYNC, at + sum(sample[0] for sample in samples)


def _free(content: bytes) -> bytes:
    return _BOX.pack(8 + len(content), b"free") + content
