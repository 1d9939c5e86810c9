"""A camera's time stamps on the feed's clock, which only grows, whatever the camera does to its own."""

JUMP_S = 5.0  # stamps and arrivals may drift so far apart between two packets
BACK_S = 1.0  # pictures sent in another order than they are shown go back by less
DRIFT = 0.0005  # a camera's clock may be so much slower than ours


class StreamClock:
    """Seconds everywhere. `arrived` is when a packet was read, by the feed's clock."""

    def __init__(self) -> None:
        self.ahead_s = 0.0  # of a picture's place here to when it was taken: the least delay that was seen
        self._shift: float | None = None
        self._stamp = self._arrived = self._last = 0.0

    def anew(self) -> None:
        """Another connection: its stamps have nothing to do with those before."""
        self._shift = None

    def place(self, stamp: float, arrived: float) -> float:
        """Where a packet stands. Strictly later than the one before, also after a jump of the camera's clock."""
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
