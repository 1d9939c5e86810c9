"""Store samples run-length encoded: one row per run of equal samples of a counter."""

from collections.abc import Iterable
from datetime import timedelta

from streams.cameras.models import OccupancySpan
from streams.pixels.occupancy import Sample

LONGEST_GAP = timedelta(seconds=150)  # outside duty hours there is a sample every minute


def extend_spans(looks: Iterable[tuple[Sample, bool]]) -> None:
    """Add samples, in chronological order per counter, to the counters' spans.

    The bool forces a new span even when the sample equals the previous one.
    The caller must hold the Standing row locks of the counters.
    """
    looks = list(looks)
    counters = {sample.counter for sample, _ in looks}
    newest = {
        span.counter_id: span
        for span in OccupancySpan.objects.filter(counter__in=counters)
        .order_by("counter_id", "-started_at")
        .distinct("counter_id")
    }
    grown: dict[int, OccupancySpan] = {}
    made: list[OccupancySpan] = []
    for sample, begins in looks:
        span = newest.get(sample.counter)
        if span is not None and sample.at <= span.ended_at:
            continue  # out of order or a duplicate
        if span is not None and not begins and _continues(span, sample):
            span.ended_at = sample.at
            span.looks += 1
            span.people_min, span.people_max = min(span.people_min, sample.people), max(span.people_max, sample.people)
            if span.pk:
                grown[span.pk] = span
            continue
        newest[sample.counter] = OccupancySpan(
            counter_id=sample.counter,
            look=sample.look,
            reason=sample.reason,
            started_at=sample.at,
            ended_at=sample.at,
            people_min=sample.people,
            people_max=sample.people,
        )
        made.append(newest[sample.counter])
    OccupancySpan.objects.bulk_create(made)
    if grown:
        OccupancySpan.objects.bulk_update(grown.values(), ["ended_at", "looks", "people_min", "people_max"])


def _continues(span: OccupancySpan, sample: Sample) -> bool:
    same = (span.look, span.reason) == (sample.look, sample.reason)
    return same and sample.at - span.ended_at <= LONGEST_GAP
