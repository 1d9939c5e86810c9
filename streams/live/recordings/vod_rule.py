"""A camera's minute files as an HLS playlist over byte ranges (RFC 8216). Pure."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from streams.evidence.recording.minute_file import IndexedKeyframe
from streams.source.fmp4 import TICKS

SEGMENT_TICKS = 6 * TICKS  # a segment ends with the first keyframe after so long
TOUCHING_TICKS = 2 * TICKS  # minutes that are no farther apart follow one another
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PlayableMinute:
    """One file: its key in the address, its size in bytes, its keyframes, and when it ends, in ticks since 1970."""

    key: int
    size: int
    keyframes: Sequence[IndexedKeyframe]
    ends: int


@dataclass(frozen=True, slots=True)
class ByteSegment:
    """A part of a file that begins with a keyframe. at and ends: in ticks since 1970; offset and length: in bytes."""

    at: int
    ends: int
    offset: int
    length: int


def segments_of(minute: PlayableMinute, since: int, until: int) -> Iterator[ByteSegment]:
    """Yield the segments of a file that show moments from `since` until before `until`, in ticks. They touch."""
    marks = [*minute.keyframes, IndexedKeyframe(minute.ends, minute.size)]
    first = marks[0] if minute.keyframes else None
    for mark in marks[1:]:
        assert first is not None
        if mark.at - first.at < SEGMENT_TICKS and mark is not marks[-1]:
            continue
        if mark.at > since and first.at < until and mark.offset > first.offset:
            yield ByteSegment(first.at, mark.at, first.offset, mark.offset - first.offset)
        first = mark


def playlist(minutes: Iterable[PlayableMinute], since: int, until: int) -> str:
    """Return the playlist of these files, oldest first, for moments from `since` until before `until`, in ticks.

    Each file brings its own head, as a camera may change its parameter sets. After a gap there is a discontinuity. It
    is whole without a segment, too: then nothing was recorded.
    """
    lines: list[str] = []
    longest, ended = 1.0, None
    for minute in minutes:
        for number, segment in enumerate(segments_of(minute, since, until)):
            if ended is not None and abs(segment.at - ended) > TOUCHING_TICKS:
                lines.append("#EXT-X-DISCONTINUITY")
            if number == 0:
                head = minute.keyframes[0].offset
                lines.append(f'#EXT-X-MAP:URI="../{minute.key}.mp4",BYTERANGE="{head}@0"')
            seconds = (segment.ends - segment.at) / TICKS
            longest, ended = max(longest, seconds), segment.ends
            lines += [
                f"#EXT-X-PROGRAM-DATE-TIME:{_moment(segment.at)}",
                f"#EXTINF:{seconds:.3f},",
                f"#EXT-X-BYTERANGE:{segment.length}@{segment.offset}",
                f"../{minute.key}.mp4",
            ]
    head_lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f"#EXT-X-TARGETDURATION:{math.ceil(longest)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
    ]
    return "\n".join([*head_lines, *lines, "#EXT-X-ENDLIST"]) + "\n"


def _moment(ticks: int) -> str:
    at = EPOCH + timedelta(microseconds=ticks * 1_000_000 // TICKS)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
