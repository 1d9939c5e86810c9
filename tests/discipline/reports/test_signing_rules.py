"""The steps of a month, its document and its amendments, without a database."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from discipline.reports.signing import amendments, snapshot, steps
from discipline.reports.signing import words as signing_words
from discipline.reports.signing.amendments import AmendmentLine, FactChange
from discipline.reports.signing.models import MonthReport, SigningStep
from discipline.reports.signing.snapshot import StoredDocument
from discipline.reports.signing.steps import MonthState, MonthStatus, SignStep, StepRefused

LAST = date(2026, 11, 30)
AFTER = date(2026, 12, 1)

LEAF = st.integers(-5, 5) | st.sampled_from(["", "excused", "apel"])
FACTS = st.recursive(LEAF, lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=3), max_leaves=12)
SECTIONS = st.dictionaries(st.sampled_from(["days", "indications", "total", "bands", "coverage_floor"]), FACTS)


class Steps(SimpleTestCase):
    def test_a_month_goes_from_draft_to_sent(self) -> None:
        state = MonthState.DRAFT
        for step in (SignStep.REVIEWED, SignStep.SIGNED, SignStep.SENT):
            state = steps.next_state(step, MonthStatus(state, LAST), AFTER)
        assert state is MonthState.SENT

    def test_what_was_reviewed_goes_back_with_a_reason_and_what_was_signed_never(self) -> None:
        assert (
            steps.next_state(SignStep.RETURNED, MonthStatus(MonthState.REVIEWED, LAST), AFTER, "Apel belum dicatat")
            is MonthState.DRAFT
        )
        assert (
            self.refused(SignStep.RETURNED, MonthStatus(MonthState.REVIEWED, LAST), text="  ") == StepRefused.NEEDS_TEXT
        )
        for state in steps.FINAL:
            for step in (SignStep.REVIEWED, SignStep.RETURNED, SignStep.SIGNED):
                assert self.refused(step, MonthStatus(state, LAST), text="keliru") == StepRefused.ORDER

    def test_nothing_is_reviewed_or_signed_before_the_month_is_over(self) -> None:
        assert self.refused(SignStep.REVIEWED, MonthStatus(MonthState.DRAFT, LAST), LAST) == StepRefused.NOT_OVER
        assert self.refused(SignStep.SIGNED, MonthStatus(MonthState.REVIEWED, LAST), LAST) == StepRefused.NOT_OVER

    def test_nothing_is_signed_while_days_are_counted_again_or_without_any(self) -> None:
        assert (
            self.refused(SignStep.SIGNED, MonthStatus(MonthState.REVIEWED, LAST, recounting=True))
            == StepRefused.RECOUNTING
        )
        assert self.refused(SignStep.REVIEWED, MonthStatus(MonthState.DRAFT, LAST, empty=True)) == StepRefused.EMPTY

    def test_an_amendment_is_acknowledged_once(self) -> None:
        assert (
            steps.next_state(SignStep.ACKNOWLEDGED, MonthStatus(MonthState.SENT, LAST, amended=True), AFTER)
            is MonthState.SENT
        )
        assert self.refused(SignStep.ACKNOWLEDGED, MonthStatus(MonthState.SENT, LAST)) == StepRefused.ORDER

    def test_a_page_offers_what_can_be_done(self) -> None:
        assert steps.possible_steps(MonthStatus(MonthState.DRAFT, LAST), AFTER) == [SignStep.REVIEWED]
        assert steps.possible_steps(MonthStatus(MonthState.DRAFT, LAST), LAST) == []
        assert steps.possible_steps(MonthStatus(MonthState.REVIEWED, LAST), AFTER) == [
            SignStep.SIGNED,
            SignStep.RETURNED,
        ]
        assert steps.possible_steps(MonthStatus(MonthState.SIGNED, LAST, amended=True), AFTER) == [
            SignStep.ACKNOWLEDGED,
            SignStep.SENT,
        ]
        assert steps.possible_steps(MonthStatus(MonthState.SENT, LAST), AFTER) == []

    def test_five_working_days_to_sign_in(self) -> None:
        weekdays = lambda day: day.weekday() < 5  # noqa: E731
        assert steps.due_day(LAST, weekdays) == date(2026, 12, 7)
        assert steps.due_day(LAST, lambda day: weekdays(day) and day != AFTER) == date(2026, 12, 8)
        assert steps.due_day(LAST, lambda _day: False) == LAST + timedelta(days=steps.FARTHEST_DAYS)

    def test_the_database_knows_the_same_states_and_steps(self) -> None:
        assert MonthReport.State.values == [state.value for state in MonthState]
        assert set(SigningStep.What.values) == {step.value for step in SignStep}

    def refused(self, step: SignStep, month: MonthStatus, today: date = AFTER, text: str = "") -> str:
        with pytest.raises(StepRefused) as refusal:
            steps.next_state(step, month, today, text)
        return refusal.value.why


class Documents(SimpleTestCase):
    def test_a_document_is_the_same_bytes_however_it_was_put_together(self) -> None:
        one = snapshot.build_document({"facts": {"b": 1, "a": 2}, "month": "2026-11"})
        other = snapshot.build_document({"month": "2026-11", "facts": {"a": 2, "b": 1}})
        assert one == other
        assert b" " not in one
        assert snapshot.sha256(one) == sha256(one).hexdigest()

    def test_a_changed_removed_or_foreign_document_is_named(self) -> None:
        bodies = [snapshot.build_document({"facts": {}})]
        for number in (2, 3):
            bodies.append(snapshot.build_document({"facts": {"a": number}}, number, snapshot.sha256(bodies[-1])))
        chain = [StoredDocument(n, body, snapshot.sha256(body)) for n, body in enumerate(bodies, start=1)]
        assert snapshot.broken_documents(chain) == []
        assert snapshot.broken_documents(
            [chain[0], StoredDocument(2, bodies[1] + b" ", chain[1].sha256), chain[2]]
        ) == [2]
        assert snapshot.broken_documents([chain[0], chain[2]]) == [3]
        rewritten = snapshot.build_document({"facts": {"a": 9}}, 2, chain[0].sha256)
        assert snapshot.broken_documents(
            [chain[0], StoredDocument(2, rewritten, snapshot.sha256(rewritten)), chain[2]]
        ) == [3]


class Amendments(SimpleTestCase):
    @given(SECTIONS, SECTIONS)
    def test_nothing_is_different_only_when_all_is_the_same(self, one: dict[str, Any], other: dict[str, Any]) -> None:
        assert (amendments.fact_changes(one, other) == []) == (one == other)
        assert (amendments.amendment_lines(one, other) == []) == (one == other)
        assert amendments.fact_changes(one, one) == []

    @given(SECTIONS, SECTIONS)
    def test_the_way_back_is_the_same_difference(self, one: dict[str, Any], other: dict[str, Any]) -> None:
        back = [FactChange(change.path, change.after, change.before) for change in amendments.fact_changes(other, one)]
        assert amendments.fact_changes(one, other) == back

    def test_what_changed_is_gathered_by_day_and_by_indication(self) -> None:
        day = {"absent_s": 1080, "excused_s": 0, "staffed_s": 9}
        before = {"days": {"loket-5": {"2026-11-16": day}}, "indications": {"7": {"outcome": "", "reason": ""}}}
        later = {**day, "absent_s": 0, "excused_s": 1080}
        after = {
            "days": {"loket-5": {"2026-11-16": later}, "loket-6": {"2026-11-17": day}},
            "indications": {"7": {"outcome": "excused", "reason": "apel"}},
        }
        assert amendments.amendment_lines(before, after) == [
            AmendmentLine(
                ("days", "loket-5", "2026-11-16"),
                {"absent_s": 1080, "excused_s": 0},
                {"absent_s": 0, "excused_s": 1080},
            ),
            AmendmentLine(("days", "loket-6", "2026-11-17"), None, day),
            AmendmentLine(
                ("indications", "7"), {"outcome": "", "reason": ""}, {"outcome": "excused", "reason": "apel"}
            ),
        ]

    def test_a_count_that_only_the_later_document_has_was_0_before(self) -> None:
        line = AmendmentLine(("days", "loket-5", "2026-11-16"), {"excused": None}, {"excused": 2})
        names: snapshot.MonthNames = {
            "offices": {"1": "30 Ilir"},
            "counters": {"loket-5": {"name": "Loket 1", "office": "1"}},
            "bands": {},
        }
        (sentence,) = signing_words.changes_in_words([line], names)
        assert sentence.endswith("indikasi dengan izin 0 → 2")
