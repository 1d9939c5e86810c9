"""Pictures of more than 8K are refused before memory is taken for them, wherever pictures of cameras are decoded."""

from fractions import Fraction
from pathlib import Path

import av
import pytest

from streams.evidence.redaction.clip import blur_clip
from streams.evidence.redaction.still import UnreadableOriginal
from streams.source.decoding import PictureDecoder
from streams.source.mp4_file import Keyframe, MuxError, decode_keyframe, write_mp4
from streams.source.ring import Clip, Packet, Stream


def keyframe(width: int, height: int) -> bytes:
    """Return a picture without content in H.264."""
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, 10)
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "threads": "1"}
    (packet,) = [*encoder.encode(av.VideoFrame(width, height, "yuv420p")), *encoder.encode(None)]
    return bytes(packet)


def test_a_picture_of_any_camera_that_is_sold_is_decoded() -> None:
    decoder = PictureDecoder("h264", b"")
    assert decoder.decode(av.Packet(keyframe(3840, 2160)), wanted=True, every_picture=False) is not None
    assert decoder.size == (3840, 2160)


def test_a_larger_one_is_refused_by_watch_by_stills_and_by_clips(tmp_path: Path) -> None:
    huge = keyframe(9216, 4096)
    decoder = PictureDecoder("h264", b"")
    for every_picture in (False, True):
        assert decoder.decode(av.Packet(huge), wanted=True, every_picture=every_picture) is None
    assert (decoder.size, decoder.broken_pictures) == ((0, 0), 2)
    with pytest.raises(MuxError):
        decode_keyframe(Keyframe("h264", b"", huge))
    clip = Clip(Stream("h264", b"", 1 / 10), 0.0, [Packet(huge, 0, 0, True)])
    write_mp4(clip, tmp_path / "huge.mp4")
    with pytest.raises(UnreadableOriginal):
        blur_clip((tmp_path / "huge.mp4").read_bytes(), (), lambda _picture: ())
