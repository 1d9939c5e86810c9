"""Make the segments of a stretch: length-prefixed pictures with growing decoding times. No Django, no I/O."""

import hashlib
import itertools
from dataclasses import dataclass
from statistics import median

from streams.source import h264
from streams.source.fmp4 import TICKS, CodedPicture, init_segment, media_fragment
from streams.source.hls.cutting import CutPicture, Stretch

BASE = 10 * TICKS  # so that no decoding time is negative
SHORTEST_TICKS = TICKS // 2  # a shorter rest of a connection is not worth a file


@dataclass(frozen=True, slots=True)
class MuxedSegment:
    """A segment without its number. clock: monotonic seconds at which its first picture came.

    pictures, end: for media_fragment; head: its initialization segment.
    """

    head: bytes
    pictures: tuple[CodedPicture, ...]
    end: int
    seconds: float
    clock: float
    after_gap: bool

    @property
    def init(self) -> str:
        """The name of the initialization segment: of its content, so that it never changes."""
        return f"init-{hashlib.sha256(self.head).hexdigest()[:12]}.mp4"

    def data(self, number: int) -> bytes:
        """Return the file's content."""
        return media_fragment(number, self.pictures, self.end)


class SegmentMuxer:
    """Makes one camera's segments. Pictures that are sent before others that are shown earlier (B pictures) may come
    without decoding times, as RTP has none.
    """

    def __init__(self) -> None:
        self._parameters: h264.ParameterSets | None = None
        self._shift = 0  # by which pictures are sent before they are shown
        self._last = 0

    def segments(self, stretch: Stretch) -> list[MuxedSegment]:
        """Return the stretch as segments: several when its parameter sets change in between. Raises ValueError."""
        parts: list[tuple[h264.ParameterSets, bool, list[CutPicture]]] = []
        for picture in stretch.pictures:
            own = h264.parameter_sets_of(picture.data) if picture.keyframe else None
            if picture.keyframe and not parts:
                own = own or h264.parameter_sets_of(stretch.extradata)
            if own and own != self._parameters:
                parts.append((own, bool(parts) or stretch.after_gap or self._parameters is not None, []))
                self._parameters = own
            elif not parts:
                if self._parameters is None:
                    raise ValueError("no parameter sets")
                parts.append((self._parameters, stretch.after_gap, []))
            parts[-1][2].append(picture)
        ends = [pictures[0].stamp for _, _, pictures in parts[1:]]
        made = [
            self._segment(stretch, parameters, gap, pictures, end)
            for (parameters, gap, pictures), end in zip(parts, [*ends, stretch.end], strict=True)
        ]
        return [one for one in made if one.end - one.pictures[0].dts >= SHORTEST_TICKS]

    def _segment(
        self, stretch: Stretch, parameters: h264.ParameterSets, gap: bool, pictures: list[CutPicture], end: int | None
    ) -> MuxedSegment:
        shown = [BASE + round(picture.stamp * stretch.tick_s * TICKS) for picture in pictures]
        in_order = sorted(shown)
        usual = round(median(b - a for a, b in itertools.pairwise(in_order))) if len(shown) > 1 else TICKS
        until = BASE + round(end * stretch.tick_s * TICKS) if end is not None else in_order[-1] + usual
        if gap:
            self._shift = self._last = 0
        self._shift = max(self._shift, *(b - a for a, b in zip(shown, in_order, strict=True)))
        coded = []
        for picture, at, place in zip(pictures, shown, in_order, strict=True):
            sent = max(place - self._shift, self._last + 1)
            self._last = sent
            coded.append(CodedPicture(h264.to_length_prefixed(picture.data), sent, at - sent, picture.keyframe))
        return MuxedSegment(
            head=init_segment(parameters),
            pictures=tuple(coded),
            end=max(until - self._shift, self._last + 1),
            seconds=(until - in_order[0]) / TICKS,
            clock=pictures[0].clock,
            after_gap=gap,
        )
