"""A detector made of steps. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from streams.detect.api import CascadeStep, Picture, StepResult, best_by_rank
from streams.pixels.occupancy import DetectionStep, ZoneFinding
from streams.pixels.shapes import Box, DrawnZone


class Cascade:
    """A detector that runs its steps in order, cheapest first.

    Each step searches only the zones in which every step before it found fewer people than the quorum. A zone that
    no step settles gets the most people that one step found, which may be none.
    """

    def __init__(self, steps: Iterable[CascadeStep]) -> None:
        self.steps = tuple(steps)

    def detect(self, image: Picture, zones: Sequence[DrawnZone]) -> list[ZoneFinding]:
        """Return one finding per zone, in the order of the zones."""
        searches = [_Search(zone) for zone in zones]
        for step in self.steps:
            unsettled = [search for search in searches if not search.settled]
            if not unsettled:
                break
            results = step.search(image, [one.zone for one in unsettled], [one.scores for one in unsettled])
            for search, result in zip(unsettled, results, strict=True):
                search.add(result, step.step)
        return [search.finding() for search in searches]

    def close(self) -> None:
        """Free the models. A later `detect` raises AttributeError: it must not report empty zones."""
        del self.steps


@dataclass(slots=True)
class _Search:
    """What the steps have found in one zone so far."""

    zone: DrawnZone
    people: Sequence[Box] = ()
    scores: Sequence[float] = field(default_factory=list)
    step: DetectionStep = DetectionStep.NOBODY

    @property
    def settled(self) -> bool:
        return self.step is not DetectionStep.NOBODY

    def add(self, result: StepResult, step: DetectionStep) -> None:
        if len(result.people) >= self.zone.quorum:
            self.people, self.step = result.people, step
            return
        self.people = max(self.people, result.people, key=len)  # the earlier step's when there are as many
        self.scores = best_by_rank(self.scores, result.scores)

    def finding(self) -> ZoneFinding:
        return ZoneFinding(self.zone.id, len(self.people), tuple(self.people), self.step)
