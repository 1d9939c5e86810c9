"""H.264 out of RTP payloads (RFC 6184): single units, STAP-A and FU-A. Pure."""

from streams.source.rtp.pictures import START, PictureAssembler

SPS, PPS = 7, 8
IDR, LAST_SLICE = 5, 5
STAP_A, FU_A = 24, 28
OPENERS = frozenset((6, 7, 8, 9, 14, 15, 16, 17, 18))  # units that come only before a picture's first slice (7.4.1.2.3)


class H264Pictures(PictureAssembler):
    """Pictures of an H.264 stream in non-interleaved mode."""

    parameter_kinds = frozenset((SPS, PPS))

    def _payload(self, data: bytes, at: int, end: int) -> None:
        kind = data[at] & 31
        if kind == FU_A:
            if end - at < 3:
                self.malformed += 1
                return
            flags = data[at + 1]
            if flags & 0x80:
                self._start_fragment(bytes((data[at] & 0xE0 | flags & 31,)), data, at + 2)
            self._fragment(data, at + 2, end, flags)
        elif 0 < kind < STAP_A:
            self._whole(data, at, end)
        elif kind == STAP_A:
            self._aggregate(data, at + 1, end)
        else:
            self.malformed += 1

    def _aggregate(self, data: bytes, at: int, end: int) -> None:
        while at + 2 < end:
            stop = at + 2 + (data[at] << 8 | data[at + 1])
            if stop > end or stop == at + 2:
                self.malformed += 1
                self._damaged = True
                return
            self._whole(data, at + 2, stop)
            at = stop

    def _whole(self, data: bytes, at: int, end: int) -> None:
        if self._in_fragment:  # whose end is missing
            self._in_fragment = False
            self._damaged = True
        self._note(data[at], data, at + 1)
        self._unit += START
        self._unit += data[at:end]
        if data[at] & 31 in self.parameter_kinds:
            self._keep_set(data[at:end])

    def _note(self, head: int, data: bytes, at: int) -> None:
        kind = head & 31
        is_slice = 0 < kind <= LAST_SLICE
        # first_mb_in_slice is 0 when its Exp-Golomb code is a single 1.
        is_first = is_slice and at < len(data) and data[at] >= 0x80
        self._begin(is_slice, is_first, kind == IDR, kind in OPENERS)

    def _identity(self, unit: bytes) -> bytes:
        # An SPS has its number behind three bytes, a PPS at once; as far as cameras use them they fit a byte.
        content = unit[4:5] if unit[0] & 31 == SPS else unit[1:2]
        return bytes((unit[0] & 31, _golomb(content)))


def _golomb(content: bytes) -> int:
    """Return the Exp-Golomb number at the beginning of a byte; 15 when it is longer than a byte."""
    bits = content[0] if content else 0
    zeros = 8 - bits.bit_length()
    return (bits >> 7 - 2 * zeros) - 1 if zeros < 4 else 15
