"""The headline's counts. tests/browser/js/headline.test.js runs the same cases in the browser."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.board.headline_rule import headline, is_serving, office_visibility
from discipline.board.rows import GROUPS
from discipline.staffing.rule import State
from tests.support.paths import ROOT

CASES = json.loads((ROOT / "tests/browser/js/headline_cases.json").read_text())
STATES = st.lists(st.sampled_from([state.value for state in State]), max_size=3)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case(case: dict[str, Any]) -> None:
    for office in case["offices"]:
        assert office_visibility(office["states"]) == office["visibility"]
        assert is_serving(office["states"]) == office["serving"]
    assert headline(case["offices"]) == case["headline"]


@given(STATES)
def test_the_figures_say_of_an_office_what_its_tile_says(states: list[str]) -> None:
    worst = min(states, key=GROUPS.index, default="")
    seen = {State.STAFFED: "seen", State.GRACE: "seen", State.ABSENT: "seen", State.UNKNOWN: "unseen"}
    assert office_visibility(states) == seen.get(worst, "")  # type: ignore[call-overload]
    assert is_serving(states) == (worst in (State.STAFFED, State.GRACE))


def row(states: list[str]) -> dict[str, Any]:
    closed = bool(states) and set(states) == {State.CLOSED.value}
    group = State.CLOSED.value if closed else "other"
    return {"visibility": office_visibility(states), "serving": is_serving(states), "group": group}


@given(st.lists(STATES, max_size=12), STATES)
def test_an_unseen_office_never_changes_the_figures(offices: list[list[str]], lost: list[str]) -> None:
    before = headline(row(states) for states in offices)
    unseen = [State.UNKNOWN.value for _ in lost] or [State.UNKNOWN.value]
    after = headline(row(states) for states in [*offices, unseen])
    assert (after["serving"], after["seen"]) == (before["serving"], before["seen"])
    assert after["unseen"] == before["unseen"] + 1


@given(st.lists(STATES, max_size=12))
def test_the_figures_are_of_the_seen_and_there_are_none_where_nothing_is_seen(offices: list[list[str]]) -> None:
    counts = headline(row(states) for states in offices)
    assert 0 <= counts["serving"] <= counts["seen"] <= len(offices) - counts["unseen"]
    assert (counts["kind"] == "seen") == (counts["seen"] > 0)
    empty = sum(State.ABSENT.value in states for states in offices)
    assert counts["seen"] - counts["serving"] == empty, "what is missing in the figure was seen empty"
