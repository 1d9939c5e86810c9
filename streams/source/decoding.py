"""Decode a camera's pictures with PyAV: single keyframes, or every picture where keyframes come too rarely."""

from typing import Any

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from streams.source.gop import CodedRun

WIDEST = 1280  # pixels; wider pictures are scaled down while converting: the detector gains nothing from them
# Options of FFmpeg's decoders. A few kilobytes can announce a picture of hundreds of megabytes; one of more than 8K is
# refused before memory is taken for it.
BOUNDED = {"max_pixels": "36000000"}
H265 = ("hevc", "h265")


class PictureDecoder:
    """Decode pictures of one stream. `size`: width and height of the last picture, before it was scaled down."""

    def __init__(self, codec: str, extradata: bytes) -> None:
        self.codec, self.extradata = codec, extradata
        self.size = 0, 0
        self.broken_pictures = 0
        self._decoder: av.VideoCodecContext | None = None  # kept only while every picture is decoded
        self._newest: av.VideoFrame | None = None

    @property
    def continuous(self) -> bool:
        """Whether pictures are being decoded one after the other."""
        return self._decoder is not None

    def reset(self) -> None:
        """Forget the pictures before: the next one is a keyframe."""
        self._decoder = self._newest = None

    def decode(self, packet: Any, wanted: bool, every_picture: bool) -> NDArray[np.uint8] | None:
        """Decode an av.Packet; return the newest picture when `wanted` and there is one: rows x columns x 3, BGR.

        every_picture: packets follow one another; otherwise each is a keyframe by itself.
        """
        # A decoder keeps a pool of pictures, 2 MB per camera. Creating one per keyframe takes no longer and halves the
        # memory of a hundred cameras.
        decoder = self._decoder or self._new_decoder()
        try:
            frames = decoder.decode(packet)
            if not every_picture:
                frames = frames or decoder.decode(None)  # with reordering the only picture is held back
        except av.error.FFmpegError:  # InvalidData, or whatever else a decoder raises for damaged data
            self.broken_pictures += 1
            self.reset()  # pictures predicted from this one are broken too
            return None
        self._decoder = decoder if every_picture else None
        sound = [frame for frame in frames if not frame.is_corrupt]
        self.broken_pictures += len(frames) - len(sound)
        if sound:
            self._newest = sound[-1]
        if not wanted or self._newest is None:
            return None
        newest, self._newest = self._newest, None
        self.size = newest.width, newest.height
        return _pixels(newest)

    def newest(self, run: CodedRun) -> NDArray[np.uint8] | None:
        """Decode a run and return its last picture as `decode` does, None when it is damaged."""
        if run.restarts:
            self.reset()
        elif not run.alone and not self.continuous:  # a picture before was damaged
            return None
        image = None
        for number, data in enumerate(run.pictures, 1):
            image = self.decode(av.Packet(data), wanted=number == len(run.pictures), every_picture=not run.alone)
            if not run.alone and not self.continuous:
                return None
        return image

    def _new_decoder(self) -> av.VideoCodecContext:
        decoder = av.VideoCodecContext.create(self.codec, "r")
        assert isinstance(decoder, av.VideoCodecContext)
        decoder.extradata = self.extradata or None
        decoder.thread_count = 1
        decoder.options = dict(BOUNDED)
        if self.codec in H265:
            # FFmpeg flags a damaged H.264 picture, but returns a damaged H.265 one as sound; the counter then looks
            # empty.
            decoder.options = BOUNDED | {"err_detect": "explode"}
        return decoder


def _pixels(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """Return the frame as height x width x 3 uint8 BGR, at most WIDEST wide."""
    if frame.width > WIDEST:
        height = round(frame.height * WIDEST / frame.width / 2) * 2
        frame = frame.reformat(width=WIDEST, height=height, format="bgr24", threads=1)
    # More threads would be started again for each picture.
    return frame.to_ndarray(format="bgr24", threads=1).astype(np.uint8, copy=False)
