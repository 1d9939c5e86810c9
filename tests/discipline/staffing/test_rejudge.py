"""Rejudging a day from its stored spans gives the same flips as the day itself."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.rejudge import JudgedIndication, Span, indications_of, rejudge, samples_of, starts_new_span
from discipline.staffing.rule import State, StateChange, Tolerances, initial_standing, step
from offices.hours.duty import Interval
from streams.pixels.occupancy import Look, Sample
from tests.support.clock import wib
from tests.support.office import BLIND, DUTY, EMPTY, RULE, STAFFED, Office, office_day
from tests.support.short_days import DAY_S, duties, histories, many, rules, second

LONGEST_GAP_S = 150


def kept(samples: list[Sample], rule: Tolerances, duty: tuple[Interval, ...]) -> tuple[list[Span], list[StateChange]]:
    """Return the spans and flips of a day as the ledger stores them."""
    standing = initial_standing(second(-60))
    flips: list[StateChange] = []
    spans: list[Span] = []
    for sample in samples:
        before = standing.last_look_at
        standing, moved = step(standing, rule, duty, sample.at, sample)
        flips += moved
        begins = before is None or starts_new_span(before, sample.at, rule, duty)
        begins |= any(flip.new is State.STAFFED and flip.at == sample.at for flip in moved)
        last = spans[-1] if spans else None
        same = last and (last.look, last.reason) == (sample.look, sample.reason)
        if last and same and not begins and sample.at - last.ended_at <= timedelta(seconds=LONGEST_GAP_S):
            spans[-1] = last._replace(ended_at=sample.at, looks=last.looks + 1)
        else:
            spans.append(Span(sample.look, sample.reason, sample.at, sample.at, 1))
    return spans, flips + step(standing, rule, duty, second(2 * DAY_S))[1]


@many
@given(rules, duties(), histories())
def test_the_spans_of_any_history_give_its_very_flips(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample]
) -> None:
    spans, flips = kept(history, rule, duty)
    assert rejudge(spans, rule, duty, second(-60), second(2 * DAY_S)) == flips


@many
@given(
    rules,
    duties(),
    histories(st.tuples(st.sampled_from([STAFFED, EMPTY]), st.integers(20, 200), st.integers(1, 4), st.just(3))),
)
def test_a_long_quiet_day_is_rejudged_from_few_looks(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample]
) -> None:
    spans, flips = kept(history, rule, duty)
    assert rejudge(spans, rule, duty, second(-60), second(2 * DAY_S)) == flips
    few = list(samples_of(spans, rule))
    length_s = sum((span.ended_at - span.started_at).total_seconds() for span in spans)
    assert len(few) <= length_s / rule.stale_s + 3 * len(spans)
    assert {span.ended_at for span in spans} <= {sample.at for sample in few}


class TestBreaks:
    def test_looks_every_five_seconds_stay_one_span(self) -> None:
        assert not starts_new_span(wib("09:00"), wib("09:00:05"), RULE, DUTY)

    def test_a_gap_as_long_as_staleness_on_duty_begins_a_new_one(self) -> None:
        assert not starts_new_span(wib("09:00"), wib("09:00:59"), RULE, DUTY)
        assert starts_new_span(wib("09:00"), wib("09:01"), RULE, DUTY)

    def test_the_slow_looks_of_the_night_stay_one_span(self) -> None:
        assert not starts_new_span(wib("20:00"), wib("20:01"), RULE, DUTY)

    def test_opening_and_closing_begin_a_new_one(self) -> None:
        assert starts_new_span(wib("07:29:58"), wib("07:30"), RULE, DUTY)
        assert starts_new_span(wib("11:59:58"), wib("12:00"), RULE, DUTY)
        assert not starts_new_span(wib("12:00"), wib("12:00:05"), RULE, DUTY)


class TestMatters:
    def setup_method(self) -> None:
        self.office = Office()

    def indications(self) -> list[JudgedIndication]:
        return indications_of(self.office.flips, {AlertKind.CAMERA_FAULT: 300, AlertKind.BLINDED: 60}.__getitem__)

    def test_an_absence_of_eighteen_minutes(self) -> None:
        self.office.sees(STAFFED, "07:29", "09:42:05")
        self.office.sees(EMPTY, "09:42:05", "10:00:10")
        self.office.sees(STAFFED, "10:00:10")
        absence = JudgedIndication("absence", wib("09:42:05"), wib("09:52:05"), wib("10:00:10"), "staffed")
        assert self.indications() == [absence]

    def test_an_absence_that_lasts_until_closing_is_also_an_early_leave(self) -> None:
        self.office.sees(STAFFED, "07:29", "15:30")
        self.office.sees(EMPTY, "15:30", "16:00")
        self.office.clock("16:00")
        absence, leave = self.indications()
        assert (absence.kind, absence.ended_at, absence.ended_by) == ("absence", wib("16:00"), "closed")
        assert leave == JudgedIndication("early_leave", wib("15:30"), wib("16:00"), wib("16:00"), "closed")

    def test_a_late_opening_becomes_not_opened(self) -> None:
        self.office.sees(EMPTY, "07:29", "09:31")
        late, shut = self.indications()
        assert late == JudgedIndication("late_opening", wib("07:30"), wib("07:35"), wib("09:30"), "absent")
        assert shut == JudgedIndication("not_opened", wib("07:30"), wib("09:30"))

    def test_a_counter_not_opened_until_closing_is_one_indication(self) -> None:
        self.office = Office(duty=(Interval(wib("07:30"), wib("12:00"), first=True, last=True),))
        self.office.sees(EMPTY, "07:29", "12:00")
        self.office.clock("12:00")
        _late, shut = self.indications()
        assert shut == JudgedIndication("not_opened", wib("07:30"), wib("09:30"), wib("12:00"), "closed")

    def test_a_blind_camera_is_a_fault_after_five_minutes_and_not_before(self) -> None:
        self.office.sees(STAFFED, "07:29", "09:00")
        self.office.sees(BLIND, "09:00", "09:04")
        self.office.sees(STAFFED, "09:04", "09:10")
        self.office.sees(BLIND, "09:10", "09:14", reason="dark")
        self.office.sees(BLIND, "09:14", "09:20", reason="covered")
        self.office.sees(STAFFED, "09:20")
        fault, note = self.indications()
        assert fault == JudgedIndication("camera_fault", wib("09:10"), wib("09:15"), wib("09:20"), "staffed")
        assert note == JudgedIndication("blinded", wib("09:14"), wib("09:15"), wib("09:20"), "staffed")

    def test_a_steered_camera_is_no_fault(self) -> None:
        self.office.sees(STAFFED, "07:29", "09:00")
        self.office.sees(BLIND, "09:00", "09:03", reason="dark")
        self.office.sees(BLIND, "09:03", "09:30", reason="steered")
        self.office.sees(BLIND, "09:30", "09:36", reason="dark")
        self.office.sees(STAFFED, "09:36")
        assert self.indications() == [
            JudgedIndication("camera_fault", wib("09:30"), wib("09:35"), wib("09:36"), "staffed")
        ]

    def test_a_camera_that_is_uncovered_within_a_minute_is_not_noted(self) -> None:
        self.office.sees(STAFFED, "07:29", "09:00")
        self.office.sees(BLIND, "09:00", "09:00:50", reason="covered")
        self.office.sees(BLIND, "09:00:50", "09:03", reason="dark")
        self.office.sees(STAFFED, "09:03")
        assert self.indications() == []


def test_without_looks_the_clock_alone_opens_and_closes() -> None:
    flips = rejudge([], RULE, office_day(), wib("07:00"), wib("16:00"))
    assert [flip.new for flip in flips] == ["unknown", "closed", "unknown", "closed"]


def test_one_look_is_one_look() -> None:
    (sample,) = samples_of([Span(Look.EMPTY, "", wib("09:00"), wib("09:00"), 1)], RULE)
    assert (sample.at, sample.look) == (wib("09:00"), Look.EMPTY)
