"""JPEGs as RTP payloads (RFC 2435), as an MJPEG camera sends them."""

MTU = 900
SOF0, SOS, DQT = 0xC0, 0xDA, 0xDB


def jpeg_payloads(jpeg: bytes) -> list[bytes]:
    """Return the payloads of a baseline JPEG with the standard Huffman tables, 4:2:0, sides divisible by 8."""
    tables, height, width, scan = b"", 0, 0, b""
    at = 2
    while not scan:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        body = jpeg[at + 4 : at + 2 + length]
        if marker == DQT:
            tables += b"".join(body[n + 1 : n + 65] for n in range(0, len(body), 65))
        elif marker == SOF0:
            height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
            assert body[7] == 0x22, "4:2:0"
        elif marker == SOS:
            scan = jpeg[at + 2 + length : -2]
        at += 2 + length
    payloads = []
    for offset in range(0, len(scan), MTU):
        head = bytes(1) + offset.to_bytes(3, "big") + bytes((1, 255, width // 8, height // 8))
        quantization = b"" if offset else bytes(2) + len(tables).to_bytes(2, "big") + tables
        payloads.append(head + quantization + scan[offset : offset + MTU])
    return payloads
