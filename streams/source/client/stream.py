"""The video of one connection: its packets become pictures with times, and reports are read and answered.

Does no I/O; the connection hands in packets and the time.
"""

import random
from typing import Protocol

from streams.source.client.bounds import ReadingBounds
from streams.source.client.errors import SourceError
from streams.source.client.sdp import VideoTrack
from streams.source.rtp.clocks import DelayMeter, PictureTimes
from streams.source.rtp.h264_pictures import H264Pictures
from streams.source.rtp.h265_pictures import H265Pictures
from streams.source.rtp.pictures import PictureAssembler
from streams.source.rtp.rtcp import Reception, SenderReport, build_receiver_report, parse_rtcp


class StreamListener(Protocol):
    """What becomes of a connection. All calls come in the loop's thread and must not block."""

    def opened(self, codec: str, extradata: bytes) -> None:
        """The camera plays, or its parameter sets changed. `extradata`: parameter sets in Annex B form, maybe empty."""

    def pin(self, certificate: str) -> None:
        """From now on the camera may show only this certificate, by its SHA-256. No authority vouches for it."""

    def picture(self, data: bytes, at: int, keyframe: bool, damaged: bool, clock: float) -> None:
        """A picture in Annex B form. `at`: its time in 1/90000 s; clock: monotonic seconds when it came.

        damaged: it, or one that it refers to, lacks something.
        """

    def ended(self, error: SourceError) -> None:
        """The connection failed or ended, without `close` having been called. It is not opened again by itself."""


def assembler_of(track: VideoTrack, listener: "StreamReception") -> PictureAssembler:
    """Return what takes this track's packets apart."""
    if track.codec == "hevc":
        return H265Pictures(track.payload_type, track.parameters, listener.take_picture, don=track.don)
    return H264Pictures(track.payload_type, track.parameters, listener.take_picture)


class StreamReception:
    """Receive one track from when it began to play. Set `clock` to the time of arrival before handing in packets."""

    def __init__(self, track: VideoTrack, listener: StreamListener, bounds: ReadingBounds, clock: float) -> None:
        self._listener, self._bounds = listener, bounds
        self._codec = track.codec
        self.assembler = assembler_of(track, self)
        self._times, self._delay = PictureTimes(track.clock_hz), DelayMeter(track.clock_hz)
        self.clock = self._began = self._picture_at = self._key_at = self._reported_at = clock
        self.pictures = self._lost_at_key = 0
        self._has_key = False
        self._sender: SenderReport | None = None
        self._sender_at = 0.0
        self._own = random.getrandbits(32)
        self._received_before = self._lost_before = 0
        self._opened = b""

    def begin(self) -> None:
        """Tell the listener that the stream plays."""
        self._opened = self.assembler.extradata
        self._listener.opened(self._codec, self._opened)

    def take_picture(self, data: bytes, stamp: int, keyframe: bool, damaged: bool) -> None:
        """Take a picture from the assembler."""
        self.pictures += 1
        clock = self._picture_at = self.clock
        if keyframe:
            if not damaged:
                self._has_key, self._key_at, self._lost_at_key = True, clock, self.assembler.lost
            if self._opened is not self.assembler.extradata:
                self.begin()
        self._listener.picture(data, self._times.place(stamp, clock), keyframe, damaged, clock)

    def rtcp(self, data: bytes) -> None:
        """Take an RTCP packet. Raises SourceError when the camera ends the stream, or has fallen behind."""
        report, goodbye = parse_rtcp(data)
        if goodbye:
            raise SourceError("broken", "the camera ended the stream")
        if report is not None:
            self._sender, self._sender_at = report, self.clock
            late_s = self._delay.report(report.ntp_s, report.rtp_time, self.clock)
            if late_s > self._bounds.behind_s:
                raise SourceError("behind", f"{late_s:.0f} s behind the camera")

    def receiver_report(self, now: float) -> bytes | None:
        """Return a report when one is due."""
        seen = self.assembler
        if now - self._reported_at < self._bounds.report_s or seen.source is None:
            return None
        self._reported_at = now
        lost = seen.lost - self._lost_before
        expected = max(1, lost + seen.packets - self._received_before)
        self._lost_before, self._received_before = seen.lost, seen.packets
        known = self._sender is not None and self._sender.source == seen.source
        middle = self._sender.middle if known and self._sender else 0
        reception = Reception(seen.source, seen.lost, lost / expected, seen.highest, middle, now - self._sender_at)
        return build_receiver_report(self._own, reception)

    def silent(self, now: float) -> bool:
        """Return whether another track should be tried, as this one has sent nothing."""
        return not self.pictures and now - self._began > self._bounds.silent_s

    def check(self, now: float) -> None:
        """Raise SourceError when no picture, or no sound keyframe, has come for too long."""
        if now - self._picture_at > self._bounds.picture_s:
            unread = self.assembler.packets + self.assembler.malformed + self.assembler.others
            problem = "no_video" if unread and not self.pictures else "timeout"
            raise SourceError(problem, f"no picture for {now - self._picture_at:.0f} s")
        if now - self._key_at > self._bounds.keyframe_s:
            lost = self.assembler.lost - self._lost_at_key
            if lost:
                raise SourceError("damaged", f"no sound keyframe, {lost} packets lost since the last")
            if not self._has_key:
                raise SourceError("no_keyframe", f"no keyframe among {self.pictures} pictures")
