"""A camera's clock beside ours. Time stamps order and space pictures; they are never taken for the time. Pure."""

TICKS = 90_000  # per second, of PictureTimes
FOLLOW_S = 1.5  # how fast a picture's time follows its arrival
JUMP_S = 5.0  # a larger difference is a jump of the camera's clock
BURST_S = 30.0  # what a new connection may send at once
SLOWER = 0.02  # by this share at most the times run slower after a burst
MOST_JUMPS = 3  # after which the camera's clock is ignored
DRIFT = 0.0005  # clocks may differ by this share of the time


def unwrapped(before: int, stamp: int) -> int:
    """Return the 32-bit `stamp` as the number nearest to `before` that ends with its bits."""
    return before + ((stamp - before + 0x80000000) & 0xFFFFFFFF) - 0x80000000


class PictureTimes:
    """Give each picture a time for clips, in TICKS: spaced as the camera's stamps, but paced by the arrival.

    Stamps that stand still, jump, run backwards or at another speed only make the spacing less even. Pictures that came
    in a burst keep the spacing of their stamps.
    """

    def __init__(self, clock_hz: float) -> None:
        self._hz = clock_hz
        self._stamp: int | None = None
        self._shift = self._arrived = 0.0
        self._jumps = 0

    def place(self, stamp: int, arrived: float) -> int:
        """Return the time of a picture with this RTP time that arrived at `arrived` seconds."""
        if self._stamp is None:
            self._stamp, self._arrived = stamp, arrived
            self._shift = arrived - stamp / self._hz
        before, self._stamp = self._stamp, unwrapped(self._stamp, stamp)
        passed_s, self._arrived = arrived - self._arrived, arrived
        at = self._stamp / self._hz
        late_s = arrived - at - self._shift
        if abs((self._stamp - before) / self._hz - passed_s) > JUMP_S or not -BURST_S < late_s < JUMP_S:
            self._jumps += 1
            self._shift += late_s
        elif self._jumps > MOST_JUMPS:
            self._shift += late_s
        else:
            self._shift += max(late_s * min(1.0, passed_s / FOLLOW_S), -SLOWER * passed_s)
        return round((at + self._shift) * TICKS)


class DelayMeter:
    """How much later reports come than the earliest did, by both of the camera's clocks.

    One clock alone may run slowly, be set or stand still; a delay is only believed when both show it.
    """

    def __init__(self, clock_hz: int) -> None:
        self._hz = clock_hz
        self._rtp: int | None = None
        self._least = [float("inf"), float("inf")]
        self._arrived = 0.0

    def report(self, ntp_s: float, rtp_time: int, arrived: float) -> float:
        """Take a sender report; return the delay in seconds, 0.0 for the earliest."""
        self._rtp = rtp_time if self._rtp is None else unwrapped(self._rtp, rtp_time)
        drift = DRIFT * max(0.0, arrived - self._arrived)
        offsets = (arrived - ntp_s, arrived - self._rtp / self._hz)
        self._least = [min(least + drift, offset) for least, offset in zip(self._least, offsets, strict=True)]
        self._arrived = arrived
        return min(offset - least for offset, least in zip(offsets, self._least, strict=True))
