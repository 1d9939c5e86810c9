"""Who may end a shift and sign its handover, and that a sheet comes back as it was stored."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.incidents.shifts import shift_rule
from discipline.incidents.shifts.sheet_rule import MOST, SheetLine, SheetPart, from_json, sheet_of, to_json
from discipline.incidents.shifts.shift_rule import LONGEST, SIGNED_WITHIN, ShiftRefused
from tests.support.base import MORNING

CHIEF, OTHER, NEXT = 1, 2, 3
LINES = st.builds(
    SheetLine,
    title=st.text(max_size=9),
    place=st.text(max_size=9),
    owner=st.sampled_from(["", "Ani"]),
    since=st.none() | st.integers(0, 90).map(lambda minutes: MORNING + timedelta(minutes=minutes)),
)


@pytest.mark.parametrize(
    ("by", "on_duty", "hours", "why"),
    [
        (CHIEF, True, 1, None),
        (OTHER, True, 11, ShiftRefused.NOT_CHIEF),
        (OTHER, True, 12, None),
        (OTHER, False, 12, ShiftRefused.NOT_ON_DUTY),
    ],
)
def test_the_chief_ends_a_shift_and_another_on_duty_after_twelve_hours(
    by: int, on_duty: bool, hours: int, why: str | None
) -> None:
    assert timedelta(hours=12) == LONGEST
    now = MORNING + timedelta(hours=hours)
    if why is None:
        shift_rule.check_end(by, CHIEF, MORNING, now, on_duty=on_duty)
    else:
        with pytest.raises(ShiftRefused, match=f"^{why}$"):
            shift_rule.check_end(by, CHIEF, MORNING, now, on_duty=on_duty)


@pytest.mark.parametrize(
    ("by", "handed_over_by", "new_chief", "why"),
    [
        (NEXT, CHIEF, NEXT, None),
        (CHIEF, CHIEF, CHIEF, ShiftRefused.SAME_PERSON),
        (CHIEF, OTHER, CHIEF, ShiftRefused.SAME_PERSON),  # another ended the chief's shift
        (OTHER, OTHER, OTHER, ShiftRefused.SAME_PERSON),
        (OTHER, CHIEF, NEXT, ShiftRefused.NOT_NEXT_CHIEF),
        (NEXT, CHIEF, None, ShiftRefused.NOT_NEXT_CHIEF),
    ],
)
def test_only_the_next_chief_who_is_another_person_signs(
    by: int, handed_over_by: int, new_chief: int | None, why: str | None
) -> None:
    if why is None:
        shift_rule.check_signature(by, handed_over_by, CHIEF, new_chief)
    else:
        with pytest.raises(ShiftRefused, match=f"^{why}$"):
            shift_rule.check_signature(by, handed_over_by, CHIEF, new_chief)


def test_a_handover_waits_too_long_after_thirty_minutes() -> None:
    assert not shift_rule.unsigned_too_long(MORNING, MORNING + SIGNED_WITHIN)
    assert shift_rule.unsigned_too_long(MORNING, MORNING + timedelta(minutes=30, seconds=1))


@given(st.dictionaries(st.sampled_from(SheetPart), st.lists(LINES, max_size=4)))
def test_a_sheet_comes_back_as_it_was_stored_with_all_parts(found: dict[SheetPart, list[SheetLine]]) -> None:
    sheet = sheet_of(found)
    assert [one.part for one in sheet] == list(SheetPart)
    assert from_json(json.loads(json.dumps(to_json(sheet)))) == sheet
    assert {one.part: list(one.lines) for one in sheet if one.lines} == {k: v for k, v in found.items() if v}


def test_a_long_part_says_how_many_lines_it_leaves_out() -> None:
    (part, *_) = sheet_of({SheetPart.INCIDENTS: [SheetLine("x")] * (MOST + 3)})
    assert (len(part.lines), part.total, part.left_out) == (MOST, MOST + 3, 3)


def test_a_sheet_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="2"):
        from_json({"version": 2, "parts": []})
