"""Samples kept run-length: one row while a counter's looks say the same."""

from collections.abc import Iterable
from datetime import timedelta

from streams.cameras.models import OccupancySpan
from streams.pixels.occupancy import Sample

LONGEST_GAP = timedelta(seconds=150)  # outside duty a look comes every minute


def extend_spans(looks: Iterable[tuple[Sample, bool]]) -> None:
    """Add samples, in order of time per counter, each with whether it begins a span though it says the same.

    Call it where the counters' standings are locked.
    """
    told = list(looks)
    subjects = {sample.counter for sample, _ in told}  # a counter's subject has its id
    newest = {
        span.subject_id: span
        for span in OccupancySpan.objects.filter(subject__in=subjects)
        .order_by("subject_id", "-started_at")
        .distinct("subject_id")
    }
    grown: dict[int, OccupancySpan] = {}
    made: list[OccupancySpan] = []
    for sample, begins in told:
        span = newest.get(sample.counter)
        if span is not None and sample.at <= span.ended_at:
            continue  # out of order or seen twice
        if span is not None and not begins and _continues(span, sample):
            span.ended_at = sample.at
            span.looks += 1
            span.people_min, span.people_max = min(span.people_min, sample.people), max(span.people_max, sample.people)
            if span.pk:
                grown[span.pk] = span
            continue
        newest[sample.counter] = OccupancySpan(
            subject_id=sample.counter,
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
