"""Map a camera's time stamps to the feed's clock, which only grows even when the camera's clock jumps."""

JUMP_S = 5.0  # larger differences between stamps and arrival times of two packets are a jump of the camera's clock
BACK_S = 1.0  # stamps of reordered pictures (B-frames) go back by less
DRIFT = 0.0005  # a camera's clock may run slower than the server's by this share


class StreamClock:
    """Place packets on the feed's clock. All times are in seconds; `arrived` is when a packet was read, by that clock.

    `ahead_s`: how far a picture's place is ahead of its arrival, at the smallest delay seen.
    """

    def __init__(self) -> None:
        self.ahead_s = 0.0
        self._shift: float | None = None
        self._stamp = self._arrived = self._last = 0.0

    def restart(self) -> None:
        """Start on a new connection, whose time stamps are unrelated to the earlier ones."""
        self._shift = None

    def place(self, stamp: float, arrived: float) -> float:
        """Return a packet's place: strictly later than the previous one, even after a jump of the camera's clock."""
        jumped = self._shift is not None and (
            stamp < self._stamp - BACK_S or abs((stamp - self._stamp) - (arrived - self._arrived)) > JUMP_S
        )
        if self._shift is None or jumped:
            self._shift = max(arrived, self._last + 0.001) - stamp
            self.ahead_s = -float("inf")
        at = max(stamp + self._shift, self._last + 0.0001)
        self.ahead_s = max(self.ahead_s - DRIFT * (arrived - self._arrived), at - arrived)
        self._stamp, self._arrived, self._last = stamp, arrived, at
        return at
