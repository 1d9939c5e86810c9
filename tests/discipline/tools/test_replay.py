"""Replaying recorded stories through the rule."""

import json
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from discipline.tools.evaluate.replay import BadLineError, as_json, replay
from tests.support.paths import REPLAYS

STORIES = REPLAYS
HEADER = '{"plan": "07:30-12:00,13:00-16:00", "days": ["2026-11-23"]}'
LOOK = '{"counter": 1, "at": "2026-11-23T00:30:05Z", "look": "staffed", "people": 2, "reason": ""}'
TICK = '{"tick": "2026-11-23T00:29:00Z"}'

with_settings = pytest.mark.skipif(
    find_spec("discipline.settings") is None, reason="the command needs discipline/settings.py"
)


def names() -> list[str]:
    return sorted(path.name.removesuffix(".flips.jsonl") for path in STORIES.glob("*.flips.jsonl"))


def flips_of(*lines: str) -> list[str]:
    return [as_json(judged) for judged in replay(lines)]


def test_there_are_stories_to_replay() -> None:
    assert len(names()) >= 8


@pytest.mark.parametrize("name", names())
def test_a_story_is_judged_as_it_was(name: str) -> None:
    expected = (STORIES / f"{name}.flips.jsonl").read_text().splitlines()
    with (STORIES / f"{name}.jsonl").open() as lines:
        assert flips_of(*lines) == expected


def test_ticks_move_every_counter_met_so_far() -> None:
    other = LOOK.replace('"counter": 1', '"counter": 2')
    late = '{"tick": "2026-11-23T05:00:00Z"}'
    found = [json.loads(flip) for flip in flips_of(HEADER, TICK, LOOK, other, late)]
    assert [(flip["counter"], flip["new"]) for flip in found] == [
        (1, "unknown"),
        (1, "staffed"),
        (2, "unknown"),
        (2, "staffed"),
        (1, "unknown"),
        (1, "closed"),
        (2, "unknown"),
        (2, "closed"),
    ]


def test_rule_and_hours_may_stand_in_separate_lines_and_times_in_any_zone() -> None:
    wib = LOOK.replace("2026-11-23T00:30:05Z", "2026-11-23T07:30:05+07:00")
    together = HEADER[:-1] + ', "rule": {"enter_looks": 1}}'
    assert flips_of('{"rule": {}}', "", HEADER, wib) == flips_of(together, LOOK)


def test_duty_may_be_given_as_it_was() -> None:
    duty = '{"duty": [["2026-11-23T00:30:00Z", "2026-11-23T05:00:00Z", true, false]]}'
    assert flips_of(duty, TICK, LOOK) == flips_of(HEADER, TICK, LOOK)


def test_the_plans_of_the_city_are_known_by_name() -> None:
    ramadan = '{"plan": "ramadan", "days": ["2026-11-23"]}'
    assert flips_of(ramadan, LOOK) == []
    assert len(flips_of(ramadan, LOOK.replace("T00:30", "T01:00"))) == 2


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["{"], "line 1: Expecting property name"),
        ([HEADER, "[]"], "line 2: not a JSON object"),
        ([LOOK], "line 1: what happened comes after a header"),
        ([HEADER, TICK, HEADER], "line 3: a header after"),
        ([HEADER, HEADER], "line 2: days, plan given twice"),
        ([HEADER, '{"duty": []}'], "line 2: either duty, or plan and days"),
        (['{"plan": "normal"}', TICK], "line 2: what happened comes after a header"),
        (['{"rule": {"stale_s": 900}}'], "line 1: stale_s must be shorter"),
        (['{"rule": {"grace": 9}}'], "line 1: .*unexpected keyword argument 'grace'"),
        (['{"rule": {"stale_s": "9"}}'], "line 1: stale_s must be a whole number"),
        (['{"rule": {"exit_looks": true}}'], "line 1: exit_looks must be a whole number"),
        (['{"rule": 9}'], "line 1: an object is needed"),
        (['{"plan": "pagi", "days": ["2026-11-23"]}'], "line 1: 'pagi' is not a span"),
        (['{"plan": ["07:30-09:00"], "days": []}'], "line 1: .* is not text"),
        ([HEADER, "{}"], "line 2: neither a header"),
        (['{"plan": "normal", "days": ["23-11-2026"]}'], "line 1: Invalid isoformat"),
        (['{"plan": "normal", "days": "2026-11-23"}'], "line 1: a list is needed"),
        (['{"duty": [["2026-11-23T00:30:00Z", "2026-11-23T05:00:00Z"]]}'], "line 1: each row of duty"),
        (['{"duty": [["2026-11-23T05:00:00Z", "2026-11-23T00:30:00Z", true, true]]}'], "in order of time"),
        ([HEADER, "", LOOK.replace("staffed", "asleep")], "line 3: 'asleep' is not a valid Look"),
        ([HEADER, LOOK.replace("staffed", "blind")], "line 2: '' is not a valid Blind"),
        ([HEADER, LOOK.replace('""', '"dark"')], "line 2: only a blind look has a reason"),
        ([HEADER, LOOK.replace("05Z", "05")], "line 2: .* has no time zone"),
        ([HEADER, LOOK.replace('"counter": 1', '"counter": "1"')], "line 2: counter must be a whole number"),
        ([HEADER, LOOK.replace("people", "persons")], "line 2: neither a header"),
        ([HEADER, '{"tick": 5}'], "line 2: 5 is not text"),
    ],
)
def test_a_line_without_sense_is_named(lines: list[str], complaint: str) -> None:
    with pytest.raises(BadLineError, match=complaint):
        flips_of(*lines)


@with_settings
def test_the_command_prints_the_flips_without_a_database() -> None:
    out = StringIO()
    call_command("replay", str(STORIES / "late_opening.jsonl"), stdout=out)
    assert out.getvalue() == (STORIES / "late_opening.flips.jsonl").read_text()


@with_settings
def test_the_command_says_which_line_of_which_file_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(f"{HEADER}\nnonsense\n")
    with pytest.raises(CommandError, match=r"bad\.jsonl: line 2: "):
        call_command("replay", str(bad))
    with pytest.raises(CommandError, match="No such file"):
        call_command("replay", str(tmp_path / "none.jsonl"))
