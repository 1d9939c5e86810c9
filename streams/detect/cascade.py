"""A detector made of steps. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from streams.detect.api import NONE_YET, CascadeStep, Picture, SettledBy, StepResult, best_by_rank
from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.pixels.shapes import Box, DrawnZone


class Cascade:
    """A detector that runs its steps in order, cheapest first.

    Each step searches only the zones in which every step before it found fewer people than the quorum. A zone that
    no step settles gets the most people that one step found, which may be none. What settled a zone the last time is
    tried first, if it is an independent step.
    """

    def __init__(self, steps: Iterable[CascadeStep]) -> None:
        self.steps = tuple(steps)

    def detect(self, image: Picture, zones: Sequence[DrawnZone], settled_by: SettledBy = NONE_YET) -> list[ZoneFinding]:
        """Return one finding per zone, in the order of the zones."""
        searches = [_Search(zone) for zone in zones]
        for step in self.steps:
            if step.independent:
                _run(step, image, [one for one in searches if settled_by.get(one.zone.id) is step.step])
        for step in self.steps:
            _run(step, image, [one for one in searches if not one.settled and step.step not in one.searched_by])
        return [search.finding() for search in searches]

    def close(self) -> None:
        """Free the models. A later `detect` raises AttributeError: it must not report empty zones."""
        del self.steps


def _run(step: CascadeStep, image: Picture, searches: Sequence["_Search"]) -> None:
    if searches:
        results = step.search(image, [one.zone for one in searches], [one.scores for one in searches])
        for search, result in zip(searches, results, strict=True):
            search.add(result, step.step)


@dataclass(slots=True)
class _Search:
    """What the steps have found in one zone so far."""

    zone: DrawnZone
    people: Sequence[Box] = ()
    scores: Sequence[float] = field(default_factory=list)
    step: DetectionStep = DetectionStep.NOBODY
    searched_by: set[DetectionStep] = field(default_factory=set)

    @property
    def settled(self) -> bool:
        return self.step is not DetectionStep.NOBODY

    def add(self, result: StepResult, step: DetectionStep) -> None:
        self.searched_by.add(step)
        if len(result.people) >= self.zone.quorum:
            self.people, self.step = result.people, step
            return
        self.people = max(self.people, result.people, key=len)  # the earlier step's when there are as many
        self.scores = best_by_rank(self.scores, result.scores)

    def finding(self) -> ZoneFinding:
        return ZoneFinding(self.zone.id, len(self.people), tuple(self.people), self.step)
