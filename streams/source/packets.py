"""What takes a camera's packets as `watch` reads them, so that nothing else needs a connection to the camera. Pure."""

from typing import Protocol


class PacketListener(Protocol):
    """Takes the packets of one camera. Called in the reading loop's thread, so no call may wait for anything."""

    def begin(self, codec: str, extradata: bytes) -> None:
        """The camera plays, or its parameter sets changed. `codec` is FFmpeg's name, as "h264"."""

    def add(self, data: bytes, at: int, keyframe: bool, damaged: bool, clock: float) -> None:
        """Take a picture in Annex B form. See stream_picture.StreamPicture."""

    def end(self, lost: bool) -> None:
        """The connection ended: `lost` by the camera or the network, otherwise because `watch` reads it no longer."""
