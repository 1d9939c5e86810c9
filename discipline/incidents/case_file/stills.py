"""Single pictures out of a clip. No Django."""

from io import BytesIO

import av
import av.error

from streams.evidence.redaction.still import UnreadableOriginal
from streams.pixels.jpeg import Picture
from streams.source.decoding import BOUNDED


def picture_at(film: bytes, at_s: float) -> Picture:
    """Return the picture shown at_s seconds after the clip's beginning as BGR, the last one if it ends before.

    Raises UnreadableOriginal.
    """
    try:
        with av.open(BytesIO(film), "r") as clip:
            video = clip.streams.video[0]
            video.codec_context.options = dict(BOUNDED)
            found = first = None
            for frame in clip.decode(video):
                if frame.time is None:
                    continue
                first = frame.time if first is None else first
                if found is not None and frame.time - first > at_s:
                    break
                found = frame
            if found is None:
                raise UnreadableOriginal("no picture in the clip")
            return found.to_ndarray(format="bgr24")
    except (av.error.FFmpegError, ValueError, IndexError) as error:
        raise UnreadableOriginal(str(error)) from error
