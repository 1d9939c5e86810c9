"""One point's segments and playlist in its folder. Segments wait, hidden, until the point's delay has passed."""

import os
import time
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from streams.source.hls.muxing import MuxedSegment
from streams.source.hls.playlist_rule import (
    KEPT,
    PLAYLIST,
    SHORTEST_S,
    Playlist,
    VideoSegment,
    newest_first,
    parse_playlist,
)
from streams.source.hls.public_folder import PublicFolder, write_by_rename

MOST_WAITING = 100  # segments: the longest delay, with room


class PointStream:
    """Writes one point's stream; it goes on with the numbers that it finds. Methods raise OSError."""

    def __init__(self, folder: PublicFolder, code: str, delay_s: float = 0.0) -> None:
        self.code, self.delay_s = code, delay_s
        self._folder = folder
        self._path = folder.make_point(code)
        self._waiting: deque[tuple[VideoSegment, float, Path]] = deque()  # with the Unix time of its end
        self._gap = True
        self._playlist = self._found()
        # Files of earlier numbers may be in caches. Segments last SHORTEST_S or longer, so time never falls behind.
        listed = self._playlist.segments
        self._next = listed[-1].number + 1 if listed else int(time.time() / SHORTEST_S)

    def _found(self) -> Playlist:
        for hidden in self._path.glob(".*"):
            hidden.unlink(missing_ok=True)
        with suppress(FileNotFoundError, ValueError, KeyError):
            return parse_playlist((self._path / PLAYLIST).read_text())
        return Playlist()

    def add(self, muxed: MuxedSegment, now: float, clock: float) -> None:
        """Store a segment for when its time comes. now: Unix seconds; clock: monotonic seconds at the same moment."""
        if self._folder.is_closed(self.code):
            self.stop()
            return
        began = now - (clock - muxed.clock)
        at = datetime.fromtimestamp(began, UTC)
        segment = VideoSegment(self._next, muxed.seconds, at, muxed.init, muxed.after_gap or self._gap)
        try:
            self._path = self._folder.make_point(self.code)
            if not (self._path / muxed.init).exists():
                write_by_rename(self._path / muxed.init, muxed.head)
            hidden = self._path / f".{segment.name}"
            write_by_rename(hidden, muxed.data(segment.number))
        except OSError:
            self._gap = True
            raise
        self._gap, self._next = False, self._next + 1
        self._waiting.append((segment, began + muxed.seconds, hidden))
        if len(self._waiting) > MOST_WAITING:
            self._skip()
        self.show(now)

    def _skip(self) -> None:
        """Give up what waits: the numbers begin again behind it."""
        for _, _, hidden in self._waiting:
            hidden.unlink(missing_ok=True)
        self._waiting.clear()
        self._playlist, self._gap = Playlist(gaps=self._playlist.gaps), True

    def show(self, now: float) -> None:
        """Publish the segments whose delay has passed; remove those that nobody asks for any more."""
        due = []
        while self._waiting and self._waiting[0][1] + self.delay_s <= now:
            due.append(self._waiting.popleft())
        if not due:
            return
        if self._folder.is_closed(self.code):
            self.stop()
            return
        for segment, _, hidden in due:
            try:
                hidden.rename(self._path / segment.name)
                self._playlist = self._playlist.added(segment)
            except (FileNotFoundError, ValueError):  # removed by another process
                self._playlist, self._gap = Playlist(gaps=self._playlist.gaps), True
        if self._playlist.segments:
            write_by_rename(self._path / PLAYLIST, self._playlist.text().encode())
        self._tidy()
        if self._folder.is_closed(self.code):  # closed while it was written
            self.stop()

    def _tidy(self) -> None:
        names = os.listdir(self._path)
        for number in newest_first(names)[KEPT:]:
            (self._path / f"seg-{number}.m4s").unlink(missing_ok=True)
        used = {one.init for one in self._playlist.segments} | {one.init for one, _, _ in self._waiting}
        for name in names:
            if name.startswith("init-") and name not in used:
                (self._path / name).unlink(missing_ok=True)

    def after_gap(self) -> None:
        """Note that what follows doesn't continue what was written."""
        self._gap = True

    def stop(self) -> None:
        """Remove the video at once; a still that is there stays unless the point is closed."""
        self._folder.remove_video(self.code)
        if self._folder.is_closed(self.code):
            self._folder.remove(self.code)
        self._waiting.clear()
        self._playlist, self._gap = Playlist(gaps=self._playlist.gaps), True
