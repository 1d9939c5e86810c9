"""The rule of the cascade, with steps whose results are fixed."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.detect.api import Picture, StepResult, best_by_rank
from streams.detect.cascade import Cascade
from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.pixels.shapes import Box, DrawnZone

IMAGE = np.zeros((4, 4, 3), np.uint8)
STEPS = (DetectionStep.FRAME, DetectionStep.CROP, DetectionStep.POSE)
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


class WrittenStep:
    """A step that finds a fixed number of people in each zone, and records what it is asked for."""

    def __init__(self, step: DetectionStep, people: dict[int, int]) -> None:
        self.step, self._people = step, people
        self.independent = step is not DetectionStep.POSE
        self.asked: list[tuple[list[int], list[list[float]]]] = []

    def score(self, zone: int) -> float:
        return 0.1 * (STEPS.index(self.step) + 1) + 0.01 * zone

    def people(self, zone: DrawnZone) -> list[Box]:
        return [Box(0.0, 0.0, 1.0, 1.0, self.score(zone.id))] * self._people[zone.id]

    def search(self, image: Picture, zones: Sequence[DrawnZone], scores: Sequence[Sequence[float]]) -> list[StepResult]:
        del image  # unused
        self.asked.append(([zone.id for zone in zones], [list(one) for one in scores]))
        return [StepResult(self.people(zone), [self.score(zone.id)]) for zone in zones]


@given(
    quorums=st.lists(st.integers(1, 3), max_size=4),
    counts=st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), max_size=3),
)
def test_a_zone_is_settled_by_the_first_step_that_finds_its_quorum_and_asked_for_no_more(
    quorums: list[int], counts: list[list[int]]
) -> None:
    zones = [DrawnZone(number, number, WHOLE, quorum) for number, quorum in enumerate(quorums)]
    steps = [WrittenStep(step, dict(enumerate(found))) for step, found in zip(STEPS, counts, strict=False)]
    findings = Cascade(steps).detect(IMAGE, zones)

    assert [finding.zone for finding in findings] == [zone.id for zone in zones]
    for zone, finding in zip(zones, findings, strict=True):
        found = [step.people(zone) for step in steps]
        enough = [number for number, people in enumerate(found) if len(people) >= zone.quorum]
        if enough:
            settled = enough[0]
            assert finding == ZoneFinding(zone.id, len(found[settled]), tuple(found[settled]), STEPS[settled])
        else:
            settled = len(steps)
            most = max(found, key=len, default=[])
            assert finding == ZoneFinding(zone.id, len(most), tuple(most), DetectionStep.NOBODY)
        asked = [number for number, step in enumerate(steps) if any(zone.id in zones for zones, _ in step.asked)]
        assert asked == list(range(min(settled + 1, len(steps))))
    assert all(len(step.asked) <= 1 for step in steps)
    assert all(zones for step in steps for zones, _ in step.asked)  # no step runs without a zone to search


def test_a_step_is_given_the_best_scores_of_the_steps_before() -> None:
    steps = [WrittenStep(step, {7: 0}) for step in STEPS]
    Cascade(steps).detect(IMAGE, [DrawnZone(7, 7, WHOLE)])
    assert [step.asked for step in steps] == [[([7], [[]])], [([7], [[0.17]])], [([7], [[0.27]])]]


@given(
    quorums=st.lists(st.integers(1, 3), min_size=1, max_size=4),
    counts=st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=3, max_size=3),
    last=st.lists(st.sampled_from([*STEPS, DetectionStep.NOBODY, DetectionStep.RELIT]), min_size=4, max_size=4),
)
def test_what_settled_a_zone_last_changes_only_the_order(
    quorums: list[int], counts: list[list[int]], last: list[DetectionStep]
) -> None:
    zones = [DrawnZone(number, number, WHOLE, quorum) for number, quorum in enumerate(quorums)]
    steps = [WrittenStep(step, dict(enumerate(found))) for step, found in zip(STEPS, counts, strict=True)]
    plain = Cascade(steps).detect(IMAGE, zones)
    for step in steps:
        step.asked.clear()
    findings = Cascade(steps).detect(IMAGE, zones, dict(enumerate(last)))
    for zone, before, finding in zip(zones, plain, findings, strict=True):
        assert (before.people >= zone.quorum) == (finding.people >= zone.quorum)
        asked = [step.step for step in steps for zones, _ in step.asked if zone.id in zones]
        assert len(asked) == len(set(asked))  # none twice
        tried = next((step for step in steps if step.step is last[zone.id] and step.independent), None)
        if tried and len(tried.people(zone)) >= zone.quorum:
            assert (asked, finding.step) == ([tried.step], tried.step)


def test_a_closed_cascade_says_nothing_about_any_zone() -> None:
    cascade = Cascade([WrittenStep(DetectionStep.FRAME, {1: 0})])
    cascade.close()
    with pytest.raises(AttributeError):
        cascade.detect(IMAGE, [DrawnZone(1, 1, WHOLE)])


@given(st.lists(st.lists(st.floats(0, 1)).map(lambda scores: sorted(scores, reverse=True)), max_size=4))
def test_scores_merged_by_rank_stay_best_first_and_none_is_below_its_own_list(ranked: list[list[float]]) -> None:
    merged = best_by_rank(*ranked)
    assert merged == sorted(merged, reverse=True)
    assert len(merged) == max(map(len, ranked), default=0)
    assert all(one <= best for scores in ranked for one, best in zip(scores, merged, strict=False))
    assert all(any(best in scores[nth : nth + 1] for scores in ranked) for nth, best in enumerate(merged))
