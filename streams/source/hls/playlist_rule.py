"""The media playlist of a live stream as text, and the names of its files (RFC 8216). Pure."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

LISTED = 6  # segments in the playlist
KEPT = 8  # segments whose files stay: a slow viewer still asks for what the playlist has just dropped
SHORTEST_S = 4.0  # of a segment that ends with a keyframe
PLAYLIST, STILL = "index.m3u8", "gambar.jpg"
INIT = re.compile(r"init-[0-9a-f]{12}\.mp4", re.ASCII)
SEGMENT = re.compile(r"seg-([0-9]{1,12})\.m4s", re.ASCII)


@dataclass(frozen=True, slots=True)
class VideoSegment:
    """One file of video. at: when its first picture came; init: the name of its initialization segment.

    after_gap: it doesn't continue the one before it.
    """

    number: int
    seconds: float
    at: datetime
    init: str
    after_gap: bool = False

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"seg-{self.number}.m4s"


@dataclass(frozen=True, slots=True)
class Playlist:
    """The newest segments, oldest first, numbered without holes.

    gaps: how many segments after a gap were dropped before the first one; target_s: EXT-X-TARGETDURATION.
    """

    segments: tuple[VideoSegment, ...] = ()
    gaps: int = 0
    target_s: int = math.ceil(SHORTEST_S)

    def added(self, segment: VideoSegment) -> "Playlist":
        """Return the playlist with one more segment, and without those beyond LISTED. Raises ValueError for a hole."""
        if self.segments and segment.number != self.segments[-1].number + 1:
            raise ValueError(f"segment {segment.number} after {self.segments[-1].number}")
        every = (*self.segments, segment)
        dropped, kept = every[:-LISTED], every[-LISTED:]
        # Players trust that the longest is never longer, so it only grows.
        target_s = max(self.target_s, math.ceil(segment.seconds - 0.5))
        return Playlist(kept, self.gaps + sum(one.after_gap for one in dropped), target_s)

    def text(self) -> str:
        """Return the file's content."""
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:7",
            "#EXT-X-INDEPENDENT-SEGMENTS",
            f"#EXT-X-TARGETDURATION:{self.target_s}",
            f"#EXT-X-MEDIA-SEQUENCE:{self.segments[0].number if self.segments else 0}",
            f"#EXT-X-DISCONTINUITY-SEQUENCE:{self.gaps}",
        ]
        init = ""
        for segment in self.segments:
            if segment.after_gap:
                lines.append("#EXT-X-DISCONTINUITY")
            if segment.init != init:
                init = segment.init
                lines.append(f'#EXT-X-MAP:URI="{init}"')
            moment = segment.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
            lines += [f"#EXT-X-PROGRAM-DATE-TIME:{moment}Z", f"#EXTINF:{segment.seconds:.3f},", segment.name]
        return "\n".join(lines) + "\n"


def parse_playlist(text: str) -> Playlist:
    """Return the playlist that `text()` wrote. Raises ValueError when it is none."""
    if not text.startswith("#EXTM3U\n") or not text.endswith("\n"):
        raise ValueError("not a whole playlist")
    head = {key: int(value) for key, value in re.findall(r"^#EXT-X-([A-Z-]+):(\d+)$", text, re.MULTILINE)}
    segments: list[VideoSegment] = []
    init, gap, at, seconds = "", False, None, 0.0
    for line in text.splitlines():
        tag, _, value = line.partition(":")
        if tag == "#EXT-X-DISCONTINUITY":
            gap = True
        elif tag == "#EXT-X-MAP":
            init = value.removeprefix('URI="').removesuffix('"')
        elif tag == "#EXT-X-PROGRAM-DATE-TIME":
            at = datetime.fromisoformat(value)
        elif tag == "#EXTINF":
            seconds = float(value.rstrip(","))
        elif found := SEGMENT.fullmatch(line):
            segments.append(_checked(int(found[1]), seconds, at, init, gap))
            gap = False
    numbers = [one.number for one in segments]
    if not segments or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise ValueError("segments are missing")
    return Playlist(tuple(segments), head["DISCONTINUITY-SEQUENCE"], head["TARGETDURATION"])


def _checked(number: int, seconds: float, at: datetime | None, init: str, gap: bool) -> VideoSegment:
    if at is None or not INIT.fullmatch(init):
        raise ValueError(f"segment {number} lacks its time or its initialization segment")
    return VideoSegment(number, seconds, at, init, gap)


def is_public_name(name: str) -> bool:
    """Return whether a file of this name may be sent: nothing hidden, nothing half written, no other path."""
    return name in (PLAYLIST, STILL) or bool(INIT.fullmatch(name) or SEGMENT.fullmatch(name))


def largest_age_s(name: str, playlist_target_s: int) -> str:
    """Return the value of Cache-Control for a file. Names of segments are never used again."""
    if name == PLAYLIST:
        return f"public, max-age={playlist_target_s}"
    if name == STILL:
        return "public, max-age=10"
    return "public, max-age=3600, immutable"


def newest_first(names: Sequence[str]) -> list[int]:
    """Return the numbers of the segments among these names, the newest first."""
    return sorted((int(found[1]) for name in names if (found := SEGMENT.fullmatch(name))), reverse=True)
