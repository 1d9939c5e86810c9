"""A counter's day as a strip of states."""

from itertools import pairwise

from discipline.staffing.day_strip import WIDTH, Strip, draw_strip
from discipline.staffing.rule import State
from discipline.staffing.tally import Ruling
from offices.hours.duty import Interval
from streams.pixels.occupancy import Look
from tests.support.clock import wib
from tests.support.office import Office, office_day


def drawn(office: Office, clock: str) -> Strip:
    found = draw_strip(office.flips, office_day(), wib(clock), State.CLOSED)
    assert found is not None
    return found


def kinds(found: Strip) -> list[tuple[str, float]]:
    return [(piece.kind, (piece.end - piece.start).total_seconds() / 60) for piece in found.pieces]


def test_the_lunch_break_and_the_afternoon_to_come_are_drawn_as_such() -> None:
    office = Office()
    office.sees(Look.STAFFED, "07:29", "10:00")
    assert kinds(drawn(office, "10:00")) == [("staffed", 150), ("ahead", 120), ("break", 60), ("ahead", 180)]


def test_an_absence_is_drawn_from_its_first_empty_look() -> None:
    office = Office()
    office.sees(Look.STAFFED, "07:29", "09:00")
    office.sees(Look.EMPTY, "09:00", "09:18")
    office.sees(Look.STAFFED, "09:18", "09:30")
    assert kinds(drawn(office, "09:30"))[:3] == [("staffed", 90), ("absent", 18), ("staffed", 12)]


def test_the_pieces_fill_the_strip_from_opening_to_closing_at_any_hour() -> None:
    office = Office()
    office.sees(Look.STAFFED, "07:29", "16:05", every_s=30)
    for clock in ("06:00", "07:30", "09:10", "12:30", "15:59", "16:00", "20:00"):
        found = drawn(office, clock)
        assert all(one.end == other.start for one, other in pairwise(found.pieces))
        assert found.pieces[0].x == "0.0"
        last = found.pieces[-1]
        assert float(last.x) + float(last.width) == WIDTH


def test_now_is_marked_only_during_the_day() -> None:
    office = Office()
    assert drawn(office, "07:00").now_x is None
    assert drawn(office, "11:45").now_x == "500.0"
    assert drawn(office, "16:30").now_x is None


def test_a_day_without_duty_has_no_strip() -> None:
    assert draw_strip([], [], wib("09:00"), State.CLOSED) is None


def test_hours_are_written_sparsely_on_a_day_around_the_clock() -> None:
    whole = (Interval(wib("00:00"), wib("00:00", 24), first=True, last=True),)
    found = draw_strip([], whole, wib("12:00"), State.CLOSED)
    assert found is not None
    assert len(found.ticks) <= 9
    assert {tick.at.minute for tick in found.ticks} == {0}


def test_an_absence_that_was_excused_is_drawn_as_such() -> None:
    office = Office()
    office.sees(Look.STAFFED, "07:29", "09:00")
    office.sees(Look.EMPTY, "09:00", "09:18")
    office.sees(Look.STAFFED, "09:18", "09:30")
    ruling = Ruling(wib("09:00"), wib("09:18"), State.ABSENT, excused=True)
    found = draw_strip(office.flips, office_day(), wib("09:30"), State.CLOSED, [ruling])
    assert found
    assert kinds(found)[:3] == [("staffed", 90), ("excused", 18), ("staffed", 12)]
    assert found.minutes.excused_s == 18 * 60
