"""Read parameter sets of H.264 and H.265 bit by bit (ITU-T H.264, 7.2 and 9.1). Pure."""


class BitReader:
    """Read a NAL unit bit by bit, without its emulation prevention bytes."""

    def __init__(self, unit: bytes) -> None:
        plain = unit.replace(b"\0\0\3", b"\0\0")
        self._bits, self._left = int.from_bytes(plain), 8 * len(plain)

    def take(self, count: int) -> int:
        """Return the next bits as a number. Raises ValueError when there are fewer."""
        self._left -= count
        if self._left < 0:
            raise ValueError("the parameter set is cut short")
        return self._bits >> self._left & (1 << count) - 1

    def golomb(self) -> int:
        """Return the next ue(v). Raises ValueError."""
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        """Return the next se(v). Raises ValueError."""
        value = self.golomb()
        return (value + 1) // 2 if value % 2 else -value // 2
