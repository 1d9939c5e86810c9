"""Footage in memory: each clip is read and packetised once and shared by all cameras that show it."""

import base64
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from . import rtp
from .h264 import Format, Glyphs, Place, skipped_picture
from .rtp import Wire

FPS = 15
GOP = 30  # pictures from keyframe to keyframe


@dataclass(frozen=True, slots=True)
class Picture:
    """Packets `before` and `after` the slice that carries the clock; no `place`: there is no such slice."""

    key: bool
    before: Wire
    after: Wire
    place: Place | None


@dataclass(frozen=True, eq=False)
class Clip:
    sps: bytes
    pps: bytes
    form: Format
    pictures: tuple[Picture, ...]
    name: str = ""

    @classmethod
    def parse(cls, stream: bytes, name: str = "") -> "Clip":
        """From an Annex B stream that begins with parameter sets; raises ValueError when it does not."""
        nals = [nal for nal in rtp.nal_units(stream) if rtp.nal_type(nal) not in (rtp.SEI, rtp.AUD)]
        sets = {rtp.nal_type(nal): nal for nal in nals if rtp.nal_type(nal) in (rtp.SPS, rtp.PPS)}
        if len(sets) != 2:
            raise ValueError(f"{name}: no parameter sets")
        form = Format.parse(sets[rtp.SPS], sets[rtp.PPS])
        pictures = []
        for unit in rtp.access_units(nals):
            slices = [nal for nal in unit if rtp.nal_type(nal) in (1, rtp.IDR)]
            place = Place.parse(slices[0], form) if len(slices) > 1 else None
            key = rtp.nal_type(slices[0]) == rtp.IDR
            before = rtp.wire([sets[rtp.SPS], sets[rtp.PPS]] if key else [], last=False)
            pictures.append(Picture(key, before, rtp.wire(slices[1:] if place else slices), place))
        if not pictures or not pictures[0].key:
            raise ValueError(f"{name}: does not begin with a keyframe")
        return cls(sets[rtp.SPS], sets[rtp.PPS], form, tuple(pictures), name)

    def key_before(self, index: int) -> int:
        """The keyframe that picture `index` builds on."""
        return next(i for i in range(index, -1, -1) if self.pictures[i].key)

    @property
    def format_parameters(self) -> str:
        """The value of SDP's fmtp."""
        sets = ",".join(base64.b64encode(nal).decode() for nal in (self.sps, self.pps))
        profile = self.sps[1:4].hex().upper()
        return f"packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={sets}"


@lru_cache(maxsize=256)
def still(clip: Clip, key: int) -> Clip:
    """The keyframe number `key` of this clip for ever: what a hung encoder sends."""
    first = clip.pictures[key]
    place = first.place or Place(0x65, 0, 0)
    header = place.header & 0x60 | 1
    repeats = (
        Picture(
            False,
            Wire(),
            rtp.wire([skipped_picture(clip.form, Place(header, n % (1 << clip.form.frame_num_bits), 0))]),
            None,
        )
        for n in range(1, GOP)
    )
    return Clip(clip.sps, clip.pps, clip.form, (first, *repeats), f"{clip.name} still")


class Library:
    """All clips of a footage folder, by layout and name, with the letters of the clock."""

    def __init__(self, folder: Path) -> None:
        index = json.loads((folder / "index.json").read_text())
        self.layouts: tuple[str, ...] = tuple(index["layouts"])
        self._clips = {
            (layout, name): Clip.parse((folder / file).read_bytes(), file)
            for layout, files in index["layouts"].items()
            for name, file in files.items()
        }
        with np.load(folder / "glyphs.npz") as letters:
            self.glyphs = Glyphs({chr(int(code)): letters[code] for code in letters.files})

    def clip(self, layout: str, name: str) -> Clip:
        return self._clips[layout, name]

    def has(self, layout: str, name: str) -> bool:
        return (layout, name) in self._clips
