"""The pure parts of the demo cameras: packets, scripts, layouts."""

from pathlib import Path

import numpy as np
import pytest

from streams.simulator import rtp
from streams.simulator.clips import Clip
from streams.simulator.layouts import LAYOUTS
from streams.simulator.scenes import Act, Fault, Scene
from streams.simulator.scripts import state_at, steady

ROOT = Path(__file__).resolve().parents[1]


def reassembled(packets: list[bytes]) -> list[bytes]:
    """NAL units from RTP payloads, written from the RFC and not from the packetiser."""
    units: list[bytes] = []
    for payload in packets:
        kind = payload[0] & 31
        if kind == 24:
            at = 1
            while at < len(payload):
                size = int.from_bytes(payload[at : at + 2], "big")
                units.append(payload[at + 2 : at + 2 + size])
                at += 2 + size
        elif kind == 28:
            if payload[1] & 0x80:
                units.append(bytes([payload[0] & 0xE0 | payload[1] & 31]))
            units[-1] += payload[2:]
        else:
            units.append(payload)
    return units


@pytest.mark.parametrize("size", [2, 1398, 1399, 1400, 1401, 2799, 20_000])
def test_a_unit_of_any_size_arrives_whole(size: int) -> None:
    unit = b"\x65" + bytes(i % 251 for i in range(size - 1))
    packets = list(rtp.payloads([b"\x67sps", b"\x68pps", unit]))
    assert reassembled(packets) == [b"\x67sps", b"\x68pps", unit]
    assert max(map(len, packets)) <= rtp.MTU
    assert packets[0][0] & 31 == 24
    if size > rtp.MTU:
        assert [p[1] >> 7 for p in packets[1:]] == [1] + [0] * (len(packets) - 2)
        assert [p[1] >> 6 & 1 for p in packets[1:]] == [0] * (len(packets) - 2) + [1]


def test_only_the_last_packet_of_a_picture_is_marked_and_numbers_run_over() -> None:
    wire = rtp.wire([b"\x41" + bytes(5000)])
    sent = wire.stamped(65_534, 2**32 + 5, 0xABCDEF01)
    heads = [sent[h : h + 12] for h in wire.heads]
    assert [h[1] >> 7 for h in heads] == [0, 0, 0, 1]
    assert [int.from_bytes(h[2:4], "big") for h in heads] == [65_534, 65_535, 0, 1]
    assert {bytes(h[4:12]) for h in heads} == {bytes.fromhex("00000005abcdef01")}


def test_annex_b_is_cut_into_pictures(footage: Path) -> None:
    stream = (footage / "hall-staffed.h264").read_bytes()
    clip = Clip.parse(stream)
    assert len(clip.pictures) == 60
    assert [i for i, p in enumerate(clip.pictures) if p.key] == [0, 30]
    assert all(p.place for p in clip.pictures)
    with pytest.raises(ValueError, match="parameter sets"):
        Clip.parse(b"\x00\x00\x01\x41\x80abc")


def test_the_first_two_minutes_show_everything_once() -> None:
    acts = {n: [state_at(n, t, 0) for t in range(121)] for n in range(1, 108)}
    at_end = [acts[n][-1].fault for n in acts]
    counts = {fault: at_end.count(fault) for fault in Fault}
    assert counts[Fault.REFUSE] == 3
    assert counts[Fault.UNAUTHORIZED] == 1
    assert counts[Fault.FREEZE] == 2
    assert counts[Fault.COVER] == 2
    assert counts[Fault.DARK] == 1
    assert counts[Fault.SHIFT] == 1
    away = (Scene.EMPTY, Scene.WAITING)
    absent = {n: [t for t, act in enumerate(acts[n]) if act.scene in away] for n in acts}
    never = [n for n in absent if len(absent[n]) == 121]
    left = [n for n in absent if 0 < len(absent[n]) < 121]
    assert (len(never), len(left)) == (4, 8)
    for n in left:
        assert 29 <= len(absent[n]) <= 71
        assert absent[n] == list(range(absent[n][0], absent[n][-1] + 1))


def test_afterwards_some_counters_are_always_empty_and_most_never() -> None:
    away = (Scene.EMPTY, Scene.WAITING)
    numbers = [sum(state_at(n, t, 0).scene in away for n in range(1, 108)) for t in range(300, 3900, 10)]
    assert 6 <= np.mean(numbers) <= 13
    assert max(numbers) < 25


def test_a_script_is_the_same_each_time_and_other_for_another_seed() -> None:
    assert [state_at(n, 50, 1) for n in range(1, 108)] == [state_at(n, 50, 1) for n in range(1, 108)]
    assert [state_at(n, 50, 1) for n in range(1, 108)] != [state_at(n, 50, 2) for n in range(1, 108)]
    assert {steady(n, 50).fault for n in range(1, 108)} == {Fault.NONE}
    assert steady(1, 0) in (Act(Scene.STAFFED), Act(Scene.SERVING))


def test_zones_lie_inside_the_picture_and_visitors_outside_the_zone() -> None:
    for layout in LAYOUTS.values():
        assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in layout.zone)
        x, z = layout.visitor
        left, right = (layout.lens.see(x + side, 1.3, z)[0] for side in (-0.24, 0.24))
        xs = [point[0] for point in layout.zone]
        assert right < min(xs) or left > max(xs), layout.name
