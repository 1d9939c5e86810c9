"""Which heads of a copy's picture are hidden: geometry only."""

from discipline.disclosure.footage.marks_rule import (
    UNNUMBERED,
    anchors,
    dump,
    hidden_heads,
    load,
    marks_of,
)
from streams.pixels.shapes import Box

LEFT, RIGHT = Box(0.1, 0.3, 0.15, 0.4), Box(0.8, 0.3, 0.85, 0.4)


def person(face: Box) -> Box:
    """Return the box of a standing person with this face."""
    return Box(face.x0 - 0.03, face.y0 - 0.05, face.x1 + 0.03, face.y0 + 0.55)


def test_heads_are_numbered_from_left_to_right_and_all_hidden_at_first() -> None:
    marks = marks_of([RIGHT, LEFT], [person(RIGHT), person(LEFT)])
    numbers = anchors(marks)
    assert sorted(numbers) == [1, 2]
    assert numbers[1].x0 < 0.1 < numbers[2].x0
    assert len(hidden_heads(marks, [])) == len(marks) == 4
    assert len(hidden_heads(marks, [UNNUMBERED])) == 4


def test_the_chosen_ones_head_is_shown_and_the_others_is_not() -> None:
    marks = marks_of([LEFT, RIGHT], [person(LEFT), person(RIGHT)])
    hidden = hidden_heads(marks, [1])
    assert hidden
    assert all(head.around.x0 > 0.5 for head in hidden)


def test_a_head_found_twice_has_one_number() -> None:
    again = Box(0.105, 0.305, 0.15, 0.405)
    marks = marks_of([LEFT, again], [])
    assert sorted(anchors(marks)) == [1]
    assert hidden_heads(marks, [1]) == []


def test_somebody_turned_away_has_a_number_too() -> None:
    marks = marks_of([LEFT], [person(RIGHT)])
    assert sorted(anchors(marks)) == [1, 2]
    assert [head.around.x0 > 0.5 for head in hidden_heads(marks, [1])] == [True]


def test_somebody_turned_away_behind_the_chosen_one_stays_hidden_and_does_not_hide_that_face() -> None:
    behind = Box(LEFT.x0 + 0.05, 0.32, LEFT.x1 + 0.06, 0.9)
    marks = marks_of([LEFT], [person(LEFT), behind])
    assert sorted(anchors(marks)) == [1, 2]
    hidden = hidden_heads(marks, [1])
    assert [head.around.x0 > LEFT.x0 for head in hidden] == [True]


def test_where_two_heads_are_in_one_persons_box_both_stay_hidden_until_both_are_chosen() -> None:
    near = Box(0.16, 0.3, 0.21, 0.4)
    wide = Box(0.08, 0.25, 0.25, 0.85)
    marks = marks_of([LEFT, near], [wide])
    shared = [mark for mark in marks if len(mark.of) == 2]
    assert len(shared) == 1
    assert shared[0].around in [head.around for head in hidden_heads(marks, [1])]
    assert hidden_heads(marks, [1, 2]) == []


def test_what_is_stored_is_read_again() -> None:
    marks = marks_of([LEFT, RIGHT], [person(RIGHT)])
    assert [(mark.around.x0, mark.around.y1, mark.of) for mark in load(dump(marks))] == [
        (mark.around.x0, mark.around.y1, mark.of) for mark in marks
    ]
