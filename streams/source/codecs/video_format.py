"""What is different between H.264 and H.265 when pictures go into MP4, by FFmpeg's name of the codec."""

from collections.abc import Callable
from dataclasses import dataclass

from streams.source import h264
from streams.source.codecs import h265

VideoParameters = h264.ParameterSets | h265.HevcParameterSets


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """How to find parameter sets in an Annex B stream, and how to make a picture of one length-prefixed."""

    parameter_sets_of: Callable[[bytes], VideoParameters | None]
    to_length_prefixed: Callable[[bytes], bytes]


FORMATS = {
    "h264": VideoFormat(h264.parameter_sets_of, h264.to_length_prefixed),
    "hevc": VideoFormat(h265.parameter_sets_of, h265.to_length_prefixed),
}
