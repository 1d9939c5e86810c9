"""When a camera is in trouble, since when, and how much of a day it was well."""

from datetime import UTC, date, datetime, timedelta

import pytest

from streams.cameras.troubles.rule import DAYS, Streak, cause_of, next_streak, percent, uptime

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("report", "cause"),
    [
        ({"state": "online", "reason": "", "problem": ""}, ""),
        ({"state": "online", "reason": "covered"}, "covered"),
        ({"state": "online", "reason": "dark"}, "dark"),
        ({"state": "online", "reason": "dark", "on_duty": False}, None),
        ({"state": "online", "reason": "covered", "on_duty": False}, "covered"),
        ({"state": "offline", "reason": "offline", "problem": "not_rtsp", "on_duty": False}, "not_rtsp"),
        ({"state": "offline", "reason": "", "problem": ""}, "offline"),
        ({"state": "opening", "reason": "stale"}, "stale"),
        ({"state": "opening", "reason": ""}, None),
        ({}, None),
    ],
)
def test_the_cause_of_a_report(report: dict[str, object], cause: str | None) -> None:
    assert cause_of(report) == cause


def after(*steps: tuple[int, str | None]) -> Streak | None:
    """Return the streak after causes that were seen at these seconds."""
    streak = None
    for second, cause in steps:
        streak = next_streak(streak, cause, START + timedelta(seconds=second))
    return streak


@pytest.mark.parametrize(
    ("steps", "cause", "since", "settled"),
    [
        ([(0, "refused"), (29, "refused")], "refused", 0, False),
        ([(0, "refused"), (15, "timeout"), (30, "timeout")], "timeout", 0, True),
        ([(0, "refused"), (15, None), (30, "refused")], "refused", 0, True),
        ([(0, "refused"), (20, ""), (40, "refused")], "refused", 40, False),
        ([(0, "refused"), (31, "refused")], "refused", 31, False),  # nobody looked in between
        ([(0, "")] + [(second, "") for second in range(20, 60, 20)], "", 0, False),
        ([(second, "") for second in range(0, 61, 20)], "", 0, True),
    ],
)
def test_a_streak_settles(steps: list[tuple[int, str | None]], cause: str, since: int, settled: bool) -> None:
    streak = after(*steps)
    assert streak
    assert (streak.cause, streak.since, streak.settled) == (cause, START + timedelta(seconds=since), settled)


def test_uptime_counts_only_what_was_observed() -> None:
    seen = {
        TODAY: (3600.0, 0.0),
        TODAY - timedelta(days=1): (86_000.0, 400.0),
        TODAY - timedelta(days=2): (0.0, 86_400.0),
        TODAY - timedelta(days=40): (0.0, 86_400.0),
    }
    found = uptime(seen, TODAY)
    assert [len(found.days), found.days[-1].day] == [DAYS, TODAY]
    assert [one.level for one in found.days[-4:]] == ["none", "poor", "good", "good"]
    assert found.share == pytest.approx(89_600 / 176_400)
    assert found.paths["poor"] == "M108 0h3v10h-3z"
    assert uptime({}, TODAY).share is None


def test_a_percentage_never_hides_a_failure() -> None:
    assert [percent(1.0), percent(0.99999), percent(0.5), percent(0.9)] == [100.0, 99.9, 50.0, 90.0]
