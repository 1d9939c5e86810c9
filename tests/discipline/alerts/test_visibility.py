"""How well the camera saw a counter."""

from discipline.alerts.case.visibility import Visibility, measure_visibility
from discipline.staffing.rejudge import Span
from streams.pixels.occupancy import Look
from tests.support.clock import wib
from tests.support.office import office_day


def span(look: Look, since: str, until: str, looks: int, reason: str = "") -> Span:
    return Span(look, reason, wib(since), wib(until), looks)


MORNING = (
    span(Look.EMPTY, "07:20", "07:29", 10),
    span(Look.STAFFED, "07:30", "09:41:55", 1584),
    span(Look.EMPTY, "09:42", "09:59:55", 216),
    span(Look.STAFFED, "10:00", "11:59:55", 1440),
)


def seen(*spans: Span, since: str = "09:42", until: str = "10:00") -> Visibility:
    return measure_visibility(spans, office_day(), wib(since), wib(until), 60)


def test_a_camera_that_never_slept() -> None:
    found = seen(*MORNING)
    assert (found.looks, found.every_s) == (216, 5.0)
    assert (found.pauses, found.blind, found.blind_s) == ((), (), 0)


def test_a_gap_of_stale_s_is_a_pause_when_it_touches_the_indication() -> None:
    early = span(Look.EMPTY, "09:42", "09:45", 37)
    late = span(Look.EMPTY, "09:46", "09:59:55", 168)
    found = seen(*MORNING[:2], early, late, MORNING[3])
    assert found.pauses == ((wib("09:45"), wib("09:46")),)
    assert found.looks == 205
    assert seen(*MORNING[:2], early, late, MORNING[3], since="10:30", until="11:00").pauses == ()


def test_the_night_and_the_break_are_no_pauses() -> None:
    afternoon = span(Look.STAFFED, "13:00", "15:00", 1440)
    assert seen(*MORNING, afternoon, since="07:00", until="15:30").pauses == ()


def test_blindness_counts_on_duty_only() -> None:
    night = span(Look.BLIND, "06:00", "07:29", 90, "dark")
    blind = span(Look.BLIND, "08:00", "08:04:55", 60, "covered")
    found = seen(night, blind, *MORNING[2:])
    assert found.blind == (blind,)
    assert found.blind_s == 295


def test_without_looks_there_is_nothing_to_say() -> None:
    assert seen() == Visibility(0, 0.0, (), (), 0)
