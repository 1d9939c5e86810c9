"""Which heads are hidden: geometry only."""

import pytest

from streams.evidence import http_range
from streams.evidence.redaction.rule import HeadSighting, heads_at, visitor_heads
from streams.pixels.shapes import Box, DrawnZone

DESK = DrawnZone(1, 1, ((0.4, 0.2), (0.7, 0.2), (0.7, 0.8), (0.4, 0.8)))
CLERK, VISITOR = Box(0.5, 0.3, 0.55, 0.4), Box(0.1, 0.3, 0.15, 0.4)


def test_the_clerk_in_the_zone_stays_to_be_seen_and_the_visitor_does_not() -> None:
    hidden = visitor_heads([CLERK, VISITOR], [], DESK)
    assert [head.core for head in hidden] == [VISITOR]


def test_a_face_half_in_the_zone_is_staff_and_one_mostly_outside_is_not() -> None:
    assert not visitor_heads([Box(0.36, 0.3, 0.46, 0.4)], [], DESK)
    assert visitor_heads([Box(0.34, 0.3, 0.44, 0.4)], [], DESK)


def test_hair_and_ears_round_a_face_go_too() -> None:
    (head,) = visitor_heads([VISITOR], [], DESK)
    assert (head.around.x0, head.around.y1) == (pytest.approx(0.085), pytest.approx(0.43))


def test_somebody_turned_away_from_the_camera_loses_the_head_and_keeps_the_legs() -> None:
    (head,) = visitor_heads([], [Box(0.1, 0.2, 0.2, 1.0)], DESK)
    assert head.core is None
    assert head.around.y0 < 0.2
    assert 0.45 < head.around.y1 < 0.55


def test_one_missed_look_shows_nobody() -> None:
    heads = visitor_heads([VISITOR], [], DESK)
    looks = [HeadSighting(0.0, heads), HeadSighting(0.4, ()), HeadSighting(0.8, heads), HeadSighting(4.0, ())]
    assert heads_at(looks, 0.4)[:2] == [*heads, *heads]
    assert heads_at(looks, 4.0) == []


def test_who_walks_is_hidden_on_the_way_from_one_look_to_the_next() -> None:
    there, gone = (visitor_heads([Box(x, 0.3, x + 0.03, 0.4)], [], DESK) for x in (0.1, 0.18))
    looks = [HeadSighting(0.0, there), HeadSighting(0.3, gone)]
    halfway = (0.155, 0.35)
    assert any(h.around.x0 <= halfway[0] <= h.around.x1 for h in heads_at(looks, 0.15))
    assert not any(h.around.x0 <= halfway[0] <= h.around.x1 for h in heads_at(looks, 0.3))
    across = visitor_heads([Box(0.85, 0.3, 0.88, 0.4)], [], DESK)  # another person: nothing between the two is hidden
    assert len(heads_at([HeadSighting(0.0, there), HeadSighting(0.3, across)], 0.15)) == 2


# --- which part of a file is requested -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-1", (0, 1)),  # an iPhone's first request
        ("bytes=10-", (10, 99)),
        ("bytes=-5", (95, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=90-500", (90, 99)),
        ("BYTES = 5 - 5", (5, 5)),
        ("", None),
        ("bytes=-", None),
        ("bytes=9-5", None),
        ("bytes=0-1,5-6", None),
        ("pages=0-1", None),
        ("bytes=a-b", None),
    ],
)
def test_one_range_is_answered_and_nonsense_gets_the_whole_file(header: str, part: tuple[int, int] | None) -> None:
    assert http_range.parse_range(header, 100) == part


@pytest.mark.parametrize(("header", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0)])
def test_a_range_past_the_end_is_refused(header: str, size: int) -> None:
    with pytest.raises(http_range.RangeNotSatisfiable):
        http_range.parse_range(header, size)
