"""One simulated camera: choose the next picture and send it to the viewers."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from streams.simulator.clips import FootageClip, Library
from streams.simulator.scenes import SILENT, CameraAct, Scene, SimulatedFault
from streams.simulator.street.scenes import StreetLight, StreetScene

from . import rtp
from .rtp import Wire

REPORT_EVERY_S = 5  # between two RTCP sender reports
DROP_AFTER_S = 5  # after which SimulatedFault.DROP closes a connection

_FAULT_CLIPS = {
    SimulatedFault.DARK: "dark",
    SimulatedFault.COVER: "cover",
    SimulatedFault.BLUR: "blur",
    SimulatedFault.SHIFT: "shift",
    SimulatedFault.SCENE: "scene",
    SimulatedFault.RESOLUTION: "resolution",
    SimulatedFault.LONG_GOP: "long_gop",
}
_FROZEN = (SimulatedFault.FREEZE, SimulatedFault.FREEZE_CLOCK)
_PASSAGES = {("staffed", "empty"): "leaving", ("empty", "staffed"): "returning"}


class Viewer(Protocol):
    """A connection that plays a camera."""

    def send(self, data: bytes | bytearray, *, key: bool) -> None:
        """Send one picture's interleaved RTP packets. `key`: it is a keyframe."""

    def report(self, data: bytes) -> None:
        """Send an interleaved RTCP sender report."""

    def close(self) -> None:
        """Close the connection."""


class SimulatedCamera:
    """A camera that sends the same bytes to all viewers; a new viewer first gets the pictures since the last keyframe.

    `script` returns what the camera does at a time in seconds; `scene`, `light` and `fault`, when set, take precedence.
    """

    def __init__(
        self, number: int, library: Library, layout: str, script: Callable[[float], CameraAct], seed: int = 0
    ) -> None:
        self.number = number
        self.layout = layout
        self.scene: Scene | StreetScene | None = None
        self.light: StreetLight | None = None
        self.fault: SimulatedFault | None = None
        self._library = library
        self._ticks = rtp.CLOCK_HZ // library.fps  # from picture to picture
        self._script = script
        self._random = random.Random(f"{seed}/{number}")  # noqa: S311 a demo's dice
        self._source = self._random.getrandbits(32)
        self._sequence = self._random.getrandbits(16)
        self._base = self._random.getrandbits(32)
        self._count = 0
        self._viewers: dict[Viewer, int] = {}
        self._packets = self._octets = 0
        self._recent: list[bytes | bytearray] = []
        self._shown = ""
        self._held: str | None = None
        self.act = replace(script(0.0), fault=SimulatedFault.NONE)
        self._next: FootageClip | None = None
        self._clip = self._clip_for(self.act)
        self._index = self._random.randrange(len(self._clip.pictures))  # so that keyframes don't coincide

    @property
    def fps(self) -> int:
        """Pictures a second."""
        return self._library.fps

    @property
    def clip(self) -> FootageClip:
        """The clip that is shown now."""
        return self._clip

    def _clip_for(self, act: CameraAct) -> FootageClip:
        name = _FAULT_CLIPS.get(act.fault, act.clip)
        return self._library.clip(self.layout, name if self._library.has(self.layout, name) else self._library.usual)

    def direct(self, at_s: float, label: str = "") -> None:
        """Apply the script and the commands for this time; a change of picture takes effect at once.

        `label` is the text overlaid on the picture.
        """
        wanted = self._script(at_s)
        wanted = CameraAct(self.scene or wanted.scene, self.fault or wanted.fault, self.light or wanted.light)
        if wanted == self.act:
            return
        before, self.act = self.act, wanted
        if wanted.fault in SILENT:
            for viewer in list(self._viewers):
                viewer.close()
        if wanted.fault in _FROZEN:
            self._freeze(label if wanted.fault is SimulatedFault.FREEZE else None)
            return
        if before.fault in _FROZEN:
            self._held = None
        elif self._clip_for(before) is self._clip_for(wanted):
            return
        passage = _PASSAGES.get((str(before.scene), str(wanted.scene)))
        calm = before.fault not in _FAULT_CLIPS and wanted.fault not in _FAULT_CLIPS
        target = self._clip_for(wanted)
        if passage and calm and self._library.has(self.layout, passage):
            self._cut(self._library.clip(self.layout, passage), target)
        else:
            self._cut(target)

    def _cut(self, clip: FootageClip, following: FootageClip | None = None) -> None:
        self._clip, self._next, self._index = clip, following, -1

    def _freeze(self, label: str | None) -> None:
        """Hold the current picture, and also the overlaid text, unless `label` is None."""
        key = self._clip.key_before(max(0, self._index))
        self._held = None if label is None else self._shown or label
        self._cut(self._library.still(self._clip, key, ticking=label is None))

    def tick(self, label: str, at_unix_s: float, lost: int = 0) -> None:
        """Send the next picture with `label` as overlaid text. `lost`: pictures that were skipped before it."""
        self._count += 1 + lost
        self._index += 1
        if self._index >= len(self._clip.pictures):
            if self._next:
                self._clip, self._next = self._next, None
            self._index = 0
        if not self._viewers or self.act.fault is SimulatedFault.STALL:
            self._recent.clear()
            return
        if not self._recent and not self._clip.pictures[self._index].key:
            self._rewind(label)
        data, key = self._make(self._index, label, self._count)
        for viewer, since in list(self._viewers.items()):
            viewer.send(data, key=key)
            if (self._count - since) % (REPORT_EVERY_S * self._library.fps) == 1:
                viewer.report(self._report(at_unix_s))
            if self.act.fault is SimulatedFault.DROP and self._count - since > DROP_AFTER_S * self._library.fps:
                viewer.close()

    def _rewind(self, label: str) -> None:
        """Send the pictures since the last keyframe again, on which the current one depends, after a pause."""
        key = self._clip.key_before(self._index)
        for index in range(key, self._index):
            data, is_key = self._make(index, label, self._count - (self._index - index))
            for viewer in list(self._viewers):
                viewer.send(data, key=is_key)

    def _make(self, index: int, label: str, count: int) -> tuple[bytearray, bool]:
        picture = self._clip.pictures[index]
        packets = picture.after
        if picture.place:
            text = label if self._held is None else self._held
            clock = self._clip.clock(picture.place, self._library.letters, text, self._shown)
            packets = picture.before + clock + packets
            self._shown = text
        elif picture.key:
            packets = picture.before + packets
        data = packets.stamped(self._sequence, self._base + count * self._ticks, self._source)
        self._sequence = self._sequence + len(packets.heads) & 0xFFFF
        self._packets += len(packets.heads)
        self._octets += len(data) - 16 * len(packets.heads)
        if self.act.fault is SimulatedFault.CORRUPT:
            self._garble(data, packets)
        if picture.key:
            self._recent.clear()
        self._recent.append(data)
        return data, picture.key

    def _garble(self, data: bytearray, packets: Wire) -> None:
        ends = [*(head - 4 for head in packets.heads[1:]), len(data)]
        for head, end in zip(packets.heads, ends, strict=True):
            for _ in range(8):
                data[self._random.randrange(head + 13, end)] ^= self._random.randrange(1, 256)

    def _report(self, at_unix_s: float) -> bytes:
        timestamp = self._base + self._count * self._ticks
        return rtp.sender_report(self._source, at_unix_s, timestamp, self._packets, self._octets)

    def join(self, viewer: Viewer) -> None:
        """Add a viewer and send it the pictures since the last keyframe."""
        if viewer in self._viewers:
            return
        self._viewers[viewer] = self._count
        for number, data in enumerate(self._recent):
            viewer.send(data, key=number == 0)

    def leave(self, viewer: Viewer) -> None:
        """Remove a viewer, if present."""
        self._viewers.pop(viewer, None)

    def upcoming(self) -> tuple[int, int]:
        """Return sequence number and RTP time of the first packet that a viewer joining now will get."""
        if self._recent:
            first = self._recent[0]
            return int.from_bytes(first[6:8], "big"), int.from_bytes(first[8:12], "big")
        coming = (self._index + 1) % len(self._clip.pictures)
        ahead = self._count + 1 - (coming - self._clip.key_before(coming))
        return self._sequence, self._base + ahead * self._ticks & 0xFFFFFFFF

    @property
    def viewers(self) -> int:
        """Number of viewers."""
        return len(self._viewers)
