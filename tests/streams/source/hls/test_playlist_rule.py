"""The playlist of a live stream as text."""

from datetime import UTC, datetime, timedelta

import pytest

from streams.source.hls.playlist_rule import Playlist, VideoSegment, is_public_name, largest_age_s, parse_playlist

AT = datetime(2026, 11, 30, 1, 2, 3, 456000, UTC)
ONE, TWO = "init-0123456789ab.mp4", "init-ba9876543210.mp4"


def segment(number: int, seconds: float = 4.0, init: str = ONE, after_gap: bool = False) -> VideoSegment:
    return VideoSegment(number, seconds, AT + timedelta(seconds=4 * number), init, after_gap)


def playlist(*segments: VideoSegment) -> Playlist:
    made = Playlist()
    for one in segments:
        made = made.added(one)
    return made


def test_the_text_has_what_players_need() -> None:
    text = playlist(segment(7, after_gap=True), segment(8, 4.25), segment(9, init=TWO, after_gap=True)).text()
    assert text.splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-TARGETDURATION:4",
        "#EXT-X-MEDIA-SEQUENCE:7",
        "#EXT-X-DISCONTINUITY-SEQUENCE:0",
        "#EXT-X-DISCONTINUITY",
        f'#EXT-X-MAP:URI="{ONE}"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-30T01:02:31.456Z",
        "#EXTINF:4.000,",
        "seg-7.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-30T01:02:35.456Z",
        "#EXTINF:4.250,",
        "seg-8.m4s",
        "#EXT-X-DISCONTINUITY",
        f'#EXT-X-MAP:URI="{TWO}"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-30T01:02:39.456Z",
        "#EXTINF:4.000,",
        "seg-9.m4s",
    ]


def test_it_keeps_the_newest_six_and_counts_the_gaps_that_it_dropped() -> None:
    made = playlist(*(segment(n, after_gap=n in (1, 2, 5)) for n in range(1, 10)))
    assert [one.number for one in made.segments] == [4, 5, 6, 7, 8, 9]
    assert made.gaps == 2
    with pytest.raises(ValueError, match="segment 11 after 9"):
        made.added(segment(11))


def test_the_longest_segment_is_never_forgotten() -> None:
    made = playlist(segment(1, 10.2), *(segment(n) for n in range(2, 12)))
    assert "#EXT-X-TARGETDURATION:10\n" in made.text()


def test_what_was_written_is_read_again_so_that_a_restart_goes_on() -> None:
    made = playlist(segment(1, 10.2, after_gap=True), segment(2, 4.125), segment(3, init=TWO, after_gap=True))
    assert parse_playlist(made.text()) == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#EXTM3U",
        "#EXTM3U\nseg-1.m4s\n",
        playlist(segment(1), segment(2)).text().replace("seg-2", "seg-4"),
        playlist(segment(1)).text().replace(ONE, "../secret"),
        playlist(segment(1), segment(2)).text()[:-20],
    ],
)
def test_a_torn_playlist_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        parse_playlist(text)


@pytest.mark.parametrize("name", ["index.m3u8", "gambar.jpg", ONE, "seg-123.m4s"])
def test_these_names_are_sent(name: str) -> None:
    assert is_public_name(name)


@pytest.mark.parametrize(
    "name",
    ["", ".seg-1.m4s", "seg-.m4s", "seg-1.m4s\n", "seg-１.m4s", "../index.m3u8", "index.m3u8.bak", "init-XYZ.mp4", "a"],
)
def test_no_other_name_is_sent(name: str) -> None:
    assert not is_public_name(name)


def test_how_long_caches_may_keep_what() -> None:
    assert largest_age_s("index.m3u8", 4) == "public, max-age=4"
    assert largest_age_s("seg-1.m4s", 4) == largest_age_s(ONE, 4) == "public, max-age=3600, immutable"
    assert largest_age_s("gambar.jpg", 4) == "public, max-age=10"
