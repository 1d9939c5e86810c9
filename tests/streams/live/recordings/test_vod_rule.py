"""Playlists over the minute files: what they name can be decoded, gaps are marked, and torn files play to their end."""

import re
from datetime import UTC, datetime

import pytest

from streams.evidence.recording.finished import ticks_of
from streams.evidence.recording.minute_file import IndexedKeyframe, MinuteFacts, MinuteLayout, MinuteMaker, scan
from streams.live.recordings.vod_rule import PlayableMinute, playlist, segments_of
from streams.source.fmp4 import TICKS, CodedPicture
from streams.source.h264 import parameter_sets_of, to_length_prefixed
from tests.support.filming import FPS, times
from tests.support.recordings import film

NOON = ticks_of(datetime(2026, 11, 29, 5, tzinfo=UTC))
ENTRY = re.compile(r"#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n\.\./(\d+)\.mp4")


def minute_file(begins: int, repeats: int = 4) -> bytes:
    parameters = parameter_sets_of(film()[0].data)
    assert parameters
    maker = MinuteMaker(parameters, MinuteFacts(1, 1, "street", "", "2026-11-29T05:00:00+00:00"))
    pictures = [
        CodedPicture(to_length_prefixed(one.data), begins + number * TICKS // FPS, 0, one.keyframe)
        for number, one in enumerate(film() * repeats)
    ]
    return b"".join([*map(maker.add, pictures), maker.close()])


def playable(key: int, layout: MinuteLayout) -> PlayableMinute:
    return PlayableMinute(key, layout.size, layout.keyframes, layout.ends)


def pictures_of(files: dict[int, bytes], text: str) -> int:
    """Return how many pictures a player decodes of the playlist's parts."""
    heads = dict(re.findall(r'EXT-X-MAP:URI="\.\./(\d+)\.mp4",BYTERANGE="(\d+)@0"', text))
    data: dict[str, bytes] = {key: files[int(key)][: int(size)] for key, size in heads.items()}
    for _, length, offset, key in ENTRY.findall(text):
        data[key] += files[int(key)][int(offset) : int(offset) + int(length)]
    found = 0
    for one in data.values():
        found += len(times(one))
    return found


def test_what_a_playlist_names_is_every_picture_once_in_segments_of_six_seconds() -> None:
    files = {1: minute_file(NOON), 2: minute_file(NOON + 24 * TICKS)}
    minutes = [playable(key, layout) for key, data in files.items() if (layout := scan(data))]
    text = playlist(minutes, NOON, NOON + 3600 * TICKS)
    assert [float(one[0]) for one in ENTRY.findall(text)] == pytest.approx([6.0] * 8, abs=0.1)
    assert "DISCONTINUITY" not in text
    assert text.count("#EXT-X-MAP") == 2
    assert pictures_of(files, text) == 2 * 24 * FPS
    assert "#EXT-X-PROGRAM-DATE-TIME:2026-11-29T05:00:24.000Z" in text


def test_a_gap_is_a_discontinuity_and_a_torn_file_plays_to_where_it_is_whole() -> None:
    torn = minute_file(NOON)[:-300]
    files = {1: torn, 2: minute_file(NOON + 90 * TICKS)}
    minutes = [playable(key, layout) for key, data in files.items() if (layout := scan(data))]
    text = playlist(minutes, NOON, NOON + 3600 * TICKS)
    assert text.count("#EXT-X-DISCONTINUITY\n") == 1
    assert 2 * 24 * FPS - FPS <= pictures_of(files, text) < 2 * 24 * FPS


def test_only_what_is_asked_for_is_named() -> None:
    layout = scan(minute_file(NOON))
    assert layout
    part = list(segments_of(playable(1, layout), NOON + 7 * TICKS, NOON + 8 * TICKS))
    assert [(one.at - NOON) // TICKS for one in part] == [6]
    empty = playlist([], NOON, NOON + TICKS)
    assert empty.endswith("#EXT-X-ENDLIST\n")
    assert "EXTINF" not in empty
    assert not list(segments_of(PlayableMinute(1, 900, [], NOON + TICKS), NOON, NOON + TICKS))
    odd = PlayableMinute(1, 900, [IndexedKeyframe(NOON, 900)], NOON + TICKS)
    assert not list(segments_of(odd, NOON, NOON + TICKS)), "a file without bytes after its head"
