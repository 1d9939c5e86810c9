"""What takes a camera's packets as `watch` reads them, so that nothing else needs a connection to the camera. Pure."""

from typing import Protocol


class PacketListener(Protocol):
    """Takes the packets of one camera. No call may wait for anything.

    Called in the reading thread: the reading loop's, or FFmpeg's for a camera that it reads; never in both at once.
    """

    def begin(self, codec: str, extradata: bytes, tick_s: float) -> None:
        """The camera plays, or its parameter sets changed.

        codec: FFmpeg's name, as "h264"; tick_s: seconds per unit of pts and dts.
        """

    def add(self, data: bytes, pts: int | None, dts: int | None, keyframe: bool, damaged: bool, clock: float) -> None:
        """Take a picture, in Annex B form if it is of H.264 or H.265. clock: monotonic seconds when it came."""

    def end(self, lost: bool) -> None:
        """The connection ended: `lost` by the camera or the network, otherwise because `watch` reads it no longer."""
