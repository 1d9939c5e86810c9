"""Load footage: each clip is read and packetised once and shared by all cameras that show it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from streams.simulator.nal import Codec, NalKind, SlicePlace

from . import nal, rtp
from .clock import Letters
from .h264 import H264
from .h265 import H265
from .rtp import Wire

CODECS: dict[str, type[Codec]] = {"h264": H264, "h265": H265}
FPS = 15  # pictures a second, unless footage was made for another rate
GOP_S = 2  # seconds from keyframe to keyframe
GOP = GOP_S * FPS


@dataclass(frozen=True, slots=True)
class PacketisedPicture:
    """One picture's packets before and after the top row, which carries the clock.

    Without a `place` there is no clock and all packets are in `after`.
    """

    key: bool
    before: Wire
    after: Wire
    place: SlicePlace | None


@dataclass(frozen=True, eq=False)
class FootageClip:
    """The pictures of one clip, starting with a keyframe."""

    codec: Codec
    pictures: tuple[PacketisedPicture, ...]
    name: str = ""

    @classmethod
    def parse(cls, stream: bytes, codec: type[Codec], name: str = "", *, clock: bool = True) -> "FootageClip":
        """Parse an Annex B stream. With `clock=False` the pictures are left without a place for the clock.

        Raises ValueError when it does not begin with parameter sets and a keyframe.
        """
        nals = list(nal.nal_units(stream))
        sets = nal.parameter_sets(nals, codec)
        if not sets:
            raise ValueError(f"{name}: no parameter sets")
        form = codec.of(sets)
        pictures = tuple(_picture(form, slices, clock) for slices in nal.pictures(nals, codec))
        if not pictures or not pictures[0].key:
            raise ValueError(f"{name}: does not begin with a keyframe")
        return cls(form, pictures, name)

    def key_before(self, index: int) -> int:
        """Return the index of the keyframe that picture `index` depends on."""
        return next(i for i in range(index, -1, -1) if self.pictures[i].key)

    def clock(self, place: SlicePlace, letters: Letters, text: str, shown: str) -> Wire:
        """Return the packets of a picture's top row with `text`, when the previous picture showed `shown`."""
        return rtp.wire(self.codec.payloads(self.codec.clock(place, letters, text, shown)), last=False)


def _picture(codec: Codec, slices: Sequence[bytes], clock: bool) -> PacketisedPicture:
    place = codec.place(slices) if clock else None
    key = codec.kind(slices[0]) is NalKind.KEY
    before = rtp.wire(codec.payloads(codec.sets), last=False) if key else Wire()
    return PacketisedPicture(key, before, rtp.wire(codec.payloads(slices[1:] if place else slices)), place)


class Library:
    """All clips of a footage folder, by layout and name, with the letters of the clock.

    Raises OSError, KeyError or ValueError when the folder holds no footage (see footage.ensure_footage).
    """

    def __init__(self, folder: Path) -> None:
        index = json.loads((folder / "index.json").read_text())
        codec = CODECS[index["made"]["codec"]]
        self.fps: int = index["made"].get("fps", FPS)
        self.usual: str = index.get("usual", "staffed")  # what a layout shows for a clip that it lacks
        self.layouts: tuple[str, ...] = tuple(index["layouts"])
        self.letters = codec.letters((folder / index["letters"]).read_bytes())
        self._clips = {
            (layout, name): FootageClip.parse((folder / file).read_bytes(), codec, file)
            for layout, files in index["layouts"].items()
            for name, file in files.items()
        }
        self._stills = {}
        for file in index["stills"]:
            for ticking in (False, True):
                still = FootageClip.parse((folder / file).read_bytes(), codec, file, clock=ticking)
                self._stills[still.codec, ticking] = still

    def clip(self, layout: str, name: str) -> FootageClip:
        """Return a clip. Raises KeyError."""
        return self._clips[layout, name]

    def has(self, layout: str, name: str) -> bool:
        """Return whether there is such a clip."""
        return (layout, name) in self._clips

    def still(self, clip: FootageClip, key: int, ticking: bool = False) -> FootageClip:
        """Return a clip that repeats keyframe `key` of this clip, as from a hung encoder.

        With `ticking` the clock keeps running, as with a working encoder behind a hung sensor.
        """
        following = self._stills[clip.codec, ticking].pictures[1:]  # they change nothing after any keyframe
        return replace(clip, pictures=(clip.pictures[key], *following), name=f"{clip.name} still")
