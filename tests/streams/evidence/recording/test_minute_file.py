"""One camera's minute: what is in the file, where a moment is, and what is left of a file that was torn."""

import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.evidence.recording import minute_file
from streams.evidence.recording.minute_file import FRAGMENT_TICKS, MinuteFacts, MinuteMaker
from streams.source.fmp4 import TICKS, CodedPicture
from streams.source.h264 import parameter_sets_of, to_length_prefixed
from tests.support.filming import filmed, times

NOON = 1_790_000_000 * TICKS
FACTS = MinuteFacts(7, 3, "street", "camera", "2026-11-30T05:00:00.250000+00:00")
PACKETS = filmed()
SETS = parameter_sets_of(PACKETS[0].data)
assert SETS


def made_of(pictures: list[CodedPicture]) -> tuple[MinuteMaker, list[bytes]]:
    """Return the maker and what it appended to the file, piece by piece."""
    assert SETS
    maker = MinuteMaker(SETS, FACTS)
    return maker, [piece for piece in [*map(maker.add, pictures), maker.close()] if piece]


FILM = [
    CodedPicture(to_length_prefixed(packet.data), NOON + number * TICKS // 15, 0, packet.keyframe)
    for number, packet in enumerate(PACKETS)
]
MAKER, PIECES = made_of(FILM)
WHOLE = b"".join(PIECES)


def test_a_player_finds_every_picture_at_its_time() -> None:
    seen = times(WHOLE)
    assert len(seen) == len(PACKETS)
    assert [one - seen[0] for one in seen] == pytest.approx([n / 15 for n in range(len(PACKETS))], abs=0.001)
    assert MAKER.layout.size == len(WHOLE)
    assert (MAKER.layout.ends - MAKER.layout.begins) / TICKS == pytest.approx(len(PACKETS) / 15, abs=0.001)


def test_a_file_tells_its_camera_and_its_keyframes_without_a_database() -> None:
    assert minute_file.read_facts(WHOLE) == FACTS
    assert minute_file.scan(WHOLE) == MAKER.layout
    index = minute_file.unpack_index(minute_file.pack_index(MAKER.layout), MAKER.layout.begins)
    assert [(one.at, one.offset) for one in index] == [(one.at, one.offset) for one in MAKER.layout.keyframes]
    assert len(index) == 3  # in six seconds, one every two


@given(cut=st.integers(0, len(WHOLE)), garbage=st.binary(max_size=64))
@example(cut=len(WHOLE), garbage=b"")
@example(cut=len(WHOLE) - 1, garbage=bytes(64))
def test_a_crash_after_any_byte_loses_at_most_the_last_fragment(cut: int, garbage: bytes) -> None:
    """What a file system leaves after the last whole write may be anything, as blocks of zeros."""
    ends = [sum(map(len, PIECES[: n + 1])) for n in range(len(PIECES))]
    whole = max((end for end in ends if end <= cut), default=0)
    found = minute_file.scan(WHOLE[:cut] + (garbage if cut in (0, whole) else b""))
    if not whole:
        assert found is None
    else:
        assert found
        assert found.size == whole
        assert hashlib.sha256(WHOLE[: found.size]).digest() == hashlib.sha256(WHOLE[:whole]).digest()
        assert [one for one in MAKER.layout.keyframes if one.offset < whole] == found.keyframes


def test_no_fragment_lasts_a_second() -> None:
    """So that a crash of the program never costs more, with what waits to be written."""
    assert len(PIECES) >= 6 * TICKS // (FRAGMENT_TICKS + TICKS // 10)
    assert len(times(WHOLE[: minute_file.scan(WHOLE[:-1]).size])) >= len(PACKETS) - 9  # type: ignore[union-attr]


@given(since=st.floats(-2, 8), lasts=st.floats(0.01, 8))
def test_the_bytes_of_a_moment_play_from_the_keyframe_before_it(since: float, lasts: float) -> None:
    first, end = minute_file.range_of(MAKER.layout, NOON + round(since * TICKS), NOON + round((since + lasts) * TICKS))
    offsets = [one.offset for one in MAKER.layout.keyframes]
    assert first == offsets[max(n for n in range(3) if n == 0 or n * 2 <= since + 1e-6)]
    assert end > first
    assert end == len(WHOLE) or offsets.index(end) * 2 >= since + lasts - 1e-4


def test_a_range_plays_behind_the_head() -> None:
    first, end = minute_file.range_of(MAKER.layout, NOON + 3 * TICKS, NOON + 4 * TICKS)
    assert len(times(WHOLE[: MAKER.layout.head] + WHOLE[first:end])) == 30


@given(st.lists(st.tuples(st.integers(1, TICKS), st.booleans()), min_size=1, max_size=60))
def test_every_spacing_of_pictures_and_keyframes_is_read_back(spaced: list[tuple[int, bool]]) -> None:
    pictures, at = [], NOON
    for number, (passes, key) in enumerate(spaced):
        pictures.append(CodedPicture(bytes([number]) * 9, at, 0, key or not number))
        at += passes
    maker, pieces = made_of(pictures)
    assert minute_file.scan(b"".join(pieces)) == maker.layout
    # No keyframe hides in a fragment that began without one: it could never be jumped to.
    keyed = [one.at for one in maker.layout.keyframes]
    for picture in pictures:
        if picture.key:
            assert any(picture.dts - 2 * FRAGMENT_TICKS < one <= picture.dts for one in keyed)


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"\xff" * 100, WHOLE[: MAKER.layout.head], b"\0\0\0\x0cfree{}{}"])
def test_what_is_no_minute_is_said_to_be_none(data: bytes) -> None:
    assert minute_file.scan(data) is None
    assert minute_file.read_facts(data) in (None, FACTS)
