"""The timeline of one indication."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from discipline.alerts.case.timeline import GAP, IndicationTimeline, build_timeline, pick_pictures
from discipline.staffing.rejudge import Span
from streams.pixels.occupancy import Look
from tests.support.clock import wib
from tests.support.office import office_day

ABSENCE = (wib("09:42:05"), wib("09:52:05"), wib("10:00:10"))
MORNING = (
    Span(Look.STAFFED, "", wib("07:30"), wib("09:42"), 1585),
    Span(Look.EMPTY, "", wib("09:42:05"), wib("10:00:05"), 217),
    Span(Look.STAFFED, "", wib("10:00:10"), wib("10:30"), 360),
)


def drawn(
    spans: tuple[Span, ...] = MORNING,
    indication: tuple[datetime, datetime, datetime | None] = ABSENCE,
    known: str = "10:30",
    pictures: tuple[datetime, ...] = (),
) -> IndicationTimeline:
    return build_timeline(spans, office_day(), indication, wib(known), pictures, width=1000, picture=96)


def test_an_absence_stands_between_the_looks_before_and_after_it() -> None:
    shown = drawn()
    assert [band.kind for band in shown.seen] == ["staffed", "empty", "staffed"]
    assert [mark.kind for mark in shown.marks] == ["since", "due", "end"]
    before, empty, after = shown.seen
    assert (before.x, before.x + before.width) == (0, empty.x)
    assert empty.x == shown.marks[0].x
    assert empty.x + empty.width == shown.marks[2].x == after.x
    assert after.x + after.width == 1000
    assert shown.start < ABSENCE[0] < wib("10:00:10") < shown.end < wib("10:05")


def test_an_absence_that_lasts_ends_where_knowledge_ends() -> None:
    shown = drawn(
        (*MORNING[:1], Span(Look.EMPTY, "", wib("09:42:05"), wib("09:55"), 155)), (*ABSENCE[:2], None), "09:55"
    )
    assert shown.end == wib("09:55")
    assert [mark.kind for mark in shown.marks] == ["since", "due"]


def test_a_hole_between_looks_stays_a_hole() -> None:
    late = Span(Look.EMPTY, "", wib("09:44"), wib("10:00:05"), 190)
    _before, empty, _after = drawn((MORNING[0], late, MORNING[2])).seen
    assert drawn((MORNING[0], late, MORNING[2])).seen[0].end == wib("09:42")
    assert empty.start == wib("09:44")


def test_a_run_cut_by_the_hours_is_drawn_as_one() -> None:
    halves = (MORNING[1]._replace(ended_at=wib("09:50")), MORNING[1]._replace(started_at=wib("09:50:05")))
    assert drawn((MORNING[0], *halves, MORNING[2])).seen == drawn().seen


def test_time_outside_duty_is_drawn_as_break_or_closed() -> None:
    noon = drawn((), (wib("11:40"), wib("11:50"), wib("12:00")), "13:30")
    assert [band.kind for band in noon.hours] == ["duty", "break"]
    evening = drawn((), (wib("15:00"), wib("16:00"), wib("16:00")), "17:00")
    assert [band.kind for band in evening.hours] == ["duty", "closed"]
    early = drawn((), (wib("07:30"), wib("07:35"), wib("09:30")), "17:00")
    assert [band.kind for band in early.hours] == ["closed", "duty"]
    assert [band.kind for band in build_timeline((), (), ABSENCE, wib("11:00"), width=500, picture=90).hours] == [
        "closed"
    ]


moments = st.lists(st.integers(0, 1100), max_size=30).map(
    lambda s: [ABSENCE[0] + timedelta(seconds=n) for n in sorted(s)]
)


@given(moments)
def test_pictures_stand_in_order_side_by_side_and_inside(pictures: list[datetime]) -> None:
    shown = drawn(pictures=tuple(pictures))
    assert [shot.number for shot in shown.shots] == list(range(len(pictures)))
    assert all(after.x - before.x >= 96 + GAP for before, after in pairwise(shown.shots))
    assert all(0 <= shot.x <= shown.width - 96 for shot in shown.shots)


@given(st.integers(60, 36_000))
def test_the_axis_has_some_moments_and_not_too_many(length_s: int) -> None:
    since = wib("07:30")
    shown = drawn((), (since, since + timedelta(seconds=30), since + timedelta(seconds=length_s)), "23:00")
    assert 1 <= len(shown.ticks) <= 11
    assert all(abs(tick.x - mark.x) > 30 for tick in shown.ticks for mark in shown.marks)
    assert all(shown.start <= tick.at < shown.end for tick in shown.ticks)


@given(moments, st.data())
def test_of_many_pictures_the_important_ones_stay(pictures: list[datetime], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(pictures), max_size=len(pictures)))
    most = data.draw(st.integers(1, 12))
    chosen = pick_pictures(pictures, kept, most)
    assert {index for index, keep in enumerate(kept) if keep} <= set(chosen)
    assert len(chosen) == len(set(chosen)) == max(sum(kept), min(most, len(pictures)))
    assert [pictures[index] for index in chosen] == sorted(pictures[index] for index in chosen)
