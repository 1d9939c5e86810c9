"""Which daily reports are due, and which deadlines of a task were kept."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from discipline.incidents.daily.day_rule import day_of, due_days, first_date
from discipline.incidents.tasks.deadline_rule import ResponseMinutes
from discipline.incidents.tasks.kept_rule import kept_or_missed, reached
from discipline.incidents.tasks.state_rule import TaskState

JAKARTA = ZoneInfo("Asia/Jakarta")
ASKED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("at", "first"), [(wib(24, 6, 59), 23), (wib(24, 7), 24), (wib(24, 23, 59), 24), (wib(25, 0), 24)]
)
def test_a_day_begins_at_seven(at: datetime, first: int) -> None:
    assert first_date(at.astimezone(UTC), JAKARTA) == date(2026, 11, first)
    assert day_of(date(2026, 11, 23), JAKARTA) == (wib(23, 7), wib(24, 7))


@pytest.mark.parametrize(
    ("made", "in_use", "due"),
    [
        (None, None, []),  # no shift yet
        (None, 1, [23]),  # the first report: no older ones
        (None, 24, []),
        (23, 1, []),
        (20, 1, [21, 22, 23]),  # the worker was away
        (10, 1, [17, 18, 19, 20, 21, 22, 23]),
    ],
)
def test_missing_reports_are_made_up_for(made: int | None, in_use: int | None, due: list[int]) -> None:
    made_on, since = (date(2026, 11, day) if day else None for day in (made, in_use))
    assert [day.day for day in due_days(wib(24, 12), JAKARTA, made_on, since)] == due


def test_a_deadline_counts_on_its_day_and_by_what_the_officer_did() -> None:
    deadlines = ResponseMinutes(10, 45, 360).at(ASKED)
    steps = [
        (TaskState.ACCEPTED, ASKED - DAY),  # before the task was sent back
        (TaskState.UNDER_WAY, ASKED + 9 * MINUTE),  # accepted with that
        (TaskState.ARRIVED, ASKED + 46 * MINUTE),
        (TaskState.DONE, ASKED + 2 * DAY),
    ]
    done = reached(steps, ASKED, ASKED + DAY)
    assert {deadline.value: (at - ASKED) / MINUTE for deadline, at in done.items()} == {"acknowledge": 9, "arrive": 46}
    assert kept_or_missed(deadlines, done, ASKED, ASKED + DAY) == (1, 2)
    assert kept_or_missed(deadlines, done, ASKED, ASKED + 60 * MINUTE) == (1, 1)
    assert kept_or_missed(deadlines, done, ASKED + DAY, ASKED + 2 * DAY) == (0, 0)
