"""A picture as it comes from a camera, whoever holds the connection. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreamPicture:
    """A picture in Annex B form. at: in 1/90000 s; clock: monotonic seconds when it came from the camera.

    damaged: it, or one that it refers to, lacks something; a watch passes on none of these.
    """

    data: bytes
    at: int
    keyframe: bool
    damaged: bool
    clock: float
