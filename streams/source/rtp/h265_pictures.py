"""H.265 out of RTP payloads (RFC 7798): single units, AP and FU. Pure."""

from streams.source.rtp.pictures import START, OnPicture, PictureAssembler

VPS, SPS, PPS = 32, 33, 34
FIRST_KEY, LAST_KEY, LAST_SLICE = 16, 21, 31  # IRAP pictures: BLA, IDR, CRA
AP, FU = 48, 49
OPENERS = frozenset((32, 33, 34, 35, 39))  # VPS, SPS, PPS, delimiter, prefix SEI (7.4.2.4.4)


class H265Pictures(PictureAssembler):
    """Pictures of an H.265 stream. `don`: packets carry decoding order numbers, which are skipped."""

    parameter_kinds = frozenset((VPS, SPS, PPS))

    def __init__(
        self, payload_type: int, parameters: tuple[bytes, ...], on_picture: OnPicture, *, don: bool = False
    ) -> None:
        self._don = 2 if don else 0
        super().__init__(payload_type, parameters, on_picture)

    def _payload(self, data: bytes, at: int, end: int) -> None:
        kind = data[at] >> 1 & 63
        if end - at < 4:
            self.malformed += 1
        elif kind == FU:
            flags = data[at + 2]
            if flags & 0x80:
                head = bytes((data[at] & 0x81 | (flags & 63) << 1, data[at + 1]))
                self._start_fragment(head, data, at + 3 + self._don)
                at += self._don
            self._fragment(data, at + 3, end, flags)
        elif kind < AP:
            self._whole(data, at, end, self._don)
        elif kind == AP:
            self._aggregate(data, at + 2, end)
        else:
            self.malformed += 1

    def _aggregate(self, data: bytes, at: int, end: int) -> None:
        order = self._don
        while at + order + 2 < end:
            begin = at + order + 2
            stop = begin + (data[begin - 2] << 8 | data[begin - 1])
            if stop > end or stop < begin + 2:
                self.malformed += 1
                self._damaged = True
                return
            self._whole(data, begin, stop, 0)
            at, order = stop, self._don // 2  # later units have a difference of one byte

    def _whole(self, data: bytes, at: int, end: int, skip: int) -> None:
        if self._in_fragment:  # whose end is missing
            self._in_fragment = False
            self._damaged = True
        unit = data[at : at + 2] + data[at + 2 + skip : end]
        self._note(unit[0], unit, 2)
        self._unit += START
        self._unit += unit
        if unit[0] >> 1 & 63 in self.parameter_kinds:
            self._keep_set(unit)

    def _note(self, head: int, data: bytes, at: int) -> None:
        kind = head >> 1 & 63
        is_slice = kind <= LAST_SLICE
        is_first = is_slice and at < len(data) and data[at] >= 0x80  # first_slice_segment_in_pic_flag
        self._begin(is_slice, is_first, FIRST_KEY <= kind <= LAST_KEY, kind in OPENERS)

    def _identity(self, unit: bytes) -> bytes:
        # Only a PPS has its number at the front; cameras use one VPS and one SPS.
        kind = unit[0] >> 1 & 63
        return bytes((kind, unit[2] if kind == PPS and len(unit) > 2 else 0))
