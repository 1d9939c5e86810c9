"""H.264 and H.265 as the demo cameras send them: packets, parameter sets, and the clock burnt into each picture."""

import base64
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import av
import numpy as np
import pytest

from streams.simulator import rtp
from streams.simulator.clips import CODECS, FootageClip, Library
from streams.simulator.clock import Letters
from streams.simulator.encoders import ENCODERS, letters
from streams.simulator.h264 import H264
from streams.simulator.h265 import H265
from streams.simulator.nal import MTU, Codec, nal_units
from streams.simulator.scenes import SimulatedFault
from streams.simulator.simulator import Simulator
from streams.source.rtsp import Source
from tests.support.viewers import Client, ffprobe, frames, gstreamer

H265_CAMERA = 2


@pytest.fixture
def films(footage: Path, footage_h265: Path) -> dict[str, Path]:
    return {"h264": footage, "h265": footage_h265}


@pytest.fixture(scope="module")
def mixed(footage: Path, footage_h265: Path) -> Iterator[Simulator]:
    """A city in which one camera sends H.265."""
    with Simulator(cameras=3, footage=footage, footage_of={H265_CAMERA: footage_h265}) as running:
        yield running


def h264_units(payloads: list[bytes]) -> list[bytes]:
    """Reassemble NAL units from RTP payloads, after RFC 6184 and independently of the packetiser."""
    units: list[bytes] = []
    for payload in payloads:
        kind = payload[0] & 31
        if kind == 24:
            units += sized(payload[1:])
        elif kind == 28:
            if payload[1] & 0x80:
                units.append(bytes([payload[0] & 0xE0 | payload[1] & 31]))
            units[-1] += payload[2:]
        else:
            units.append(payload)
    return units


def h265_units(payloads: list[bytes]) -> list[bytes]:
    """Reassemble NAL units from RTP payloads, after RFC 7798."""
    units: list[bytes] = []
    for payload in payloads:
        kind = payload[0] >> 1 & 63
        if kind == 48:
            units += sized(payload[2:])
        elif kind == 49:
            if payload[2] & 0x80:
                units.append(bytes([payload[0] & 0x81 | (payload[2] & 63) << 1, payload[1]]))
            units[-1] += payload[3:]
        else:
            units.append(payload)
    return units


def sized(data: bytes) -> list[bytes]:
    units = []
    while data:
        end = 2 + int.from_bytes(data[:2], "big")
        units.append(data[2:end])
        data = data[end:]
    return units


def unit(header: bytes, size: int) -> bytes:
    return header + bytes(i % 251 for i in range(size - len(header)))


# packets


@pytest.mark.parametrize("size", [2, 1398, 1399, 1400, 1401, 2799, 20_000])
def test_an_h264_unit_of_any_size_arrives_whole(size: int) -> None:
    sent = [b"\x67sps", b"\x68pps", unit(b"\x65", size)]
    packets = list(H264.payloads(sent))
    assert h264_units(packets) == sent
    assert max(map(len, packets)) <= MTU
    assert packets[0][0] & 31 == 24
    if size > MTU:
        assert [p[1] >> 7 for p in packets[1:]] == [1] + [0] * (len(packets) - 2)
        assert [p[1] >> 6 & 1 for p in packets[1:]] == [0] * (len(packets) - 2) + [1]


@pytest.mark.parametrize("size", [3, 1397, 1398, 1399, 1400, 1401, 2797, 20_000])
def test_an_h265_unit_of_any_size_arrives_whole(size: int) -> None:
    sent = [b"\x40\x01vps", b"\x42\x01sps", b"\x44\x01pps", unit(b"\x28\x01", size)]
    packets = list(H265.payloads(sent))
    assert h265_units(packets) == sent
    assert max(map(len, packets)) <= MTU
    assert packets[0][0] >> 1 & 63 == 48
    if size > MTU:
        parts = packets[1:]
        assert {(p[0] >> 1 & 63, p[1], p[2] & 63) for p in parts} == {(49, 1, 20)}
        assert [p[2] >> 6 for p in parts] == [0b10, *[0b00] * (len(parts) - 2), 0b01]


def test_h265_slices_share_packets_up_to_the_limit() -> None:
    sent = [unit(b"\x02\x01", size) for size in (20, 600, 700, 90, 3, 1399, 5)]
    packets = list(H265.payloads(sent))
    assert h265_units(packets) == sent
    assert [len(p) for p in packets] == [2 + 22 + 602 + 702, 2 + 92 + 5, 1399, 5]
    assert [p[0] >> 1 & 63 for p in packets] == [48, 48, 1, 1]


def test_only_the_last_packet_of_a_picture_is_marked_and_numbers_run_over() -> None:
    wire = rtp.wire(H264.payloads([b"\x41" + bytes(5000)]))
    sent = wire.stamped(65_534, 2**32 + 5, 0xABCDEF01)
    heads = [sent[h : h + 12] for h in wire.heads]
    assert [h[1] >> 7 for h in heads] == [0, 0, 0, 1]
    assert [int.from_bytes(h[2:4], "big") for h in heads] == [65_534, 65_535, 0, 1]
    assert {bytes(h[4:12]) for h in heads} == {bytes.fromhex("00000005abcdef01")}


# footage


@pytest.mark.parametrize("codec", CODECS)
def test_a_film_is_cut_into_pictures_that_leave_room_for_the_clock(films: dict[str, Path], codec: str) -> None:
    stream = (films[codec] / f"hall-staffed.{codec}").read_bytes()
    clip = FootageClip.parse(stream, CODECS[codec])
    assert len(clip.pictures) == 60
    assert [i for i, p in enumerate(clip.pictures) if p.key] == [0, 30]
    assert all(p.place for p in clip.pictures)


@pytest.mark.parametrize(("codec", "unit"), [(H264, b"\x41\x80abc"), (H265, b"\x02\x01\x80abc")])
def test_a_film_without_parameter_sets_is_refused(codec: type[Codec], unit: bytes) -> None:
    with pytest.raises(ValueError, match="parameter sets"):
        FootageClip.parse(b"\x00\x00\x01" + unit, codec)


def test_a_film_that_the_clock_cannot_be_written_into_is_refused() -> None:
    grey = [np.full((96, 128, 3), 128, np.uint8)] * 2
    encoder = ENCODERS["h265"]
    planes = [np.full((144, 128), 128, np.uint8)] * 2
    usual = encoder.encode(planes, (128, 96), {"x265-params": "log-level=none"})
    with pytest.raises(ValueError, match="16×16"):
        FootageClip.parse(usual, H265, "usual")
    ours = FootageClip.parse(encoder.film(grey, (128, 96), 2), H265)
    assert [p.place is not None for p in ours.pictures] == [True, True]


def test_letters_of_another_quality_are_refused() -> None:
    sound = letters("h265")
    assert len(H265.letters(sound)) == 41 * 41
    first = next(nal for nal in nal_units(sound) if nal[0] >> 1 == 20)
    with pytest.raises(ValueError, match="letter"):
        H265.letters(sound.replace(first, bytes([*first[:2], first[2] ^ 2, *first[3:]])))


@pytest.mark.parametrize("codec", CODECS)
def test_every_film_can_freeze(films: dict[str, Path], codec: str) -> None:
    library = Library(films[codec])
    for name in ("staffed", "empty", "resolution", "long_gop"):
        clip = library.clip("hall", name)
        frozen = library.still(clip, 0)
        assert frozen.pictures[0] is clip.pictures[0]
        assert sum(len(p.after.data) for p in frozen.pictures[1:]) < 29 * 400, "nothing is repeated"


# the clock


@pytest.mark.parametrize("codec", CODECS)
def test_every_picture_shows_the_text_of_its_moment(films: dict[str, Path], codec: str) -> None:
    """Two GOPs decoded, the text changing between keyframes: each top row equals that of a drawn text."""
    library = Library(films[codec])
    clip = library.clip("hall", "serving")
    texts = [f" CAM042  22-11-2026 07:{30 + n // 40}:{n // 15:02d}" for n in range(60)]
    sizes: list[int] = []
    decoder = av.VideoCodecContext.create({"h264": "h264", "h265": "hevc"}[codec], "r")
    assert isinstance(decoder, av.VideoCodecContext)
    rows: list[np.ndarray] = []
    shown = ""
    for picture, text in zip(clip.pictures, texts, strict=True):
        assert picture.place
        top = clip.clock(picture.place, library.letters, text, shown)
        shown, sent = text, picture.before + top + picture.after
        sizes.append(len(top.data))
        rows += [frame.to_ndarray()[:16] for frame in decoder.decode(av.Packet(annex_b(sent, codec)))]
    rows += [frame.to_ndarray()[:16] for frame in decoder.decode(None)]
    assert len(rows) == 60
    plain = H264.letters(letters("h264"))
    for row, text in zip(rows, texts, strict=True):
        assert np.abs(row.astype(int) - drawn(text, plain)).max() < 16, text
    changed = [n for n in range(60) if n % 30 == 0 or texts[n] != texts[n - 1]]
    assert max(sizes[n] for n in range(60) if n not in changed) < 60, "an unchanged clock costs next to nothing"


def annex_b(wire: rtp.Wire, codec: str) -> bytes:
    ends = [*(head - 4 for head in wire.heads[1:]), len(wire.data)]
    payloads = [wire.data[head + 12 : end] for head, end in zip(wire.heads, ends, strict=True)]
    units = {"h264": h264_units, "h265": h265_units}[codec](payloads)
    return b"".join(b"\x00\x00\x00\x01" + one for one in units)


def drawn(text: str, plain: Letters) -> np.ndarray:
    """Return the luma of the top row, composed of the plain samples of H.264's letters."""
    pairs = [text[at : at + 2].ljust(2) for at in range(0, len(text), 2)]
    blocks = [np.frombuffer(plain[pair], np.uint8)[:256].reshape(16, 16) for pair in pairs]
    blocks += [np.full((16, 16), 24, np.uint8)] * (40 - len(blocks))
    return np.concatenate(blocks, axis=1).astype(int)


# the stream in players


def test_only_the_camera_that_was_asked_for_speaks_h265(mixed: Simulator) -> None:
    assert {n: ffprobe(mixed.url(n)) for n in (1, H265_CAMERA, 3)} == {
        1: "h264,Constrained Baseline,640,360,15/1",
        H265_CAMERA: "hevc,Main,640,360,15/1",
        3: "h264,Constrained Baseline,640,360,15/1",
    }


def test_gstreamer_plays_h265(mixed: Simulator) -> None:
    gstreamer(mixed.url(H265_CAMERA), "rtph265depay", "video/x-h265,stream-format=byte-stream,alignment=au")


def test_the_description_carries_all_three_parameter_sets(mixed: Simulator) -> None:
    with closing(Client(mixed, H265_CAMERA)) as client:
        body = client.ask("DESCRIBE", Accept="application/sdp")[2].decode()
        assert "a=rtpmap:96 H265/90000\r\n" in body
        parameters = re.search(r"a=fmtp:96 sprop-vps=(\S+);sprop-sps=(\S+);sprop-pps=(\S+)\r\n", body)
        assert parameters is not None
        sets = [base64.b64decode(one) for one in parameters.groups()]
        assert [one[0] >> 1 & 63 for one in sets] == [32, 33, 34]
        client.play()
        channel, packet = client.packet()
    assert (channel, h265_units([packet[12:]])) == (0, sets), "a viewer begins with parameter sets and a keyframe"


def test_sidak_reads_h265_keyframe_by_keyframe(mixed: Simulator) -> None:
    seen, keys = [], 0
    with Source(mixed.url(H265_CAMERA)) as source:
        for packet in source:
            keys += packet.is_keyframe
            if (frame := source.picture(packet, wanted=True, look_s=5.0)) is not None:
                seen.append(frame.image)
            if keys == 3:
                break
    assert (source.codec, source.gop.pictures, source.broken_pictures) == ("hevc", 30, 0)
    assert [image.shape for image in seen] == [(360, 640, 3)] * 3


@pytest.mark.parametrize("number", [1, H265_CAMERA], ids=["h264", "h265"])
def test_a_damaged_picture_is_no_picture(mixed: Simulator, number: int) -> None:
    with Source(mixed.url(number)) as source:
        mixed.set_fault(f"cam{number:03d}", SimulatedFault.CORRUPT)
        keys, seen, packets = 0, [], iter(source)
        for packet in packets:
            seen.append(source.picture(packet, wanted=keys > 1, look_s=5.0))
            keys += packet.is_keyframe  # the first two may have been sent before the damage
            if keys == 4:
                break
        broken = source.broken_pictures
        mixed.set_fault(f"cam{number:03d}", None)
        # Whoever joins now is sent the damaged pictures again, until the next keyframe.
        assert any(source.picture(packet, wanted=True, look_s=5.0) for packet in packets)
    assert not any(seen)
    assert broken >= 1


def test_both_codecs_show_the_same_room(mixed: Simulator) -> None:
    first, other = (frames(mixed.url(n), 1)[0].to_ndarray(format="gray")[20:].astype(float) for n in (1, H265_CAMERA))
    assert np.corrcoef(first.ravel(), other.ravel())[0, 1] > 0.95
