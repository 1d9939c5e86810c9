"""bench --queues with few queues: a real Daphne shows them an incident that goes through its steps."""

import pytest
from django.utils import timezone

from discipline.tools.bench.open_pages.queues import QueuesPlan, measure_queues


@pytest.mark.django_db(transaction=True)
def test_every_open_queue_shows_each_incident() -> None:
    figures = measure_queues(QueuesPlan(12, incidents_an_hour=900, seconds=1.0), timezone.now(), lambda _text: None)
    assert (figures["queues"], figures["incidents"], figures["changes"]) == (12, 1, 4)
    assert figures["missed"] == 0
    assert figures["shown_ms"]["p50"], "a CI machine may be slow; the budget is held by a run by itself"
    assert figures["rows_kb"] > 10
