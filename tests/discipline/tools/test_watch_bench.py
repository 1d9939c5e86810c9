"""bench: a watch is measured in a process of its own, on the simulator's cameras."""

import os
from urllib.parse import urlsplit

import pytest
from django.db import connection

from discipline.tools.bench.clip_cameras import simulated_view
from discipline.tools.bench.looks import BenchPlan, create_bench_rows, measure_pipeline, scratch_evidence
from streams.simulator.simulator import Simulator


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_watch_is_measured_in_a_process_without_pages(city: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    own = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    monkeypatch.setenv("DATABASE_URL", own.geturl())
    monkeypatch.setenv("CALM_LOOK_S", "5")
    plan = BenchPlan(2, 12, city.url(1).replace("cam001", "cam%03d"), simulated_view)
    create_bench_rows(plan)
    with scratch_evidence():
        figures = measure_pipeline(plan)
    assert (figures["cameras"], figures["reader"]) == (2, {"loop": 2})
    assert figures["looks_per_s"] > 0
    assert figures["longest_gap_s"]["p50"] <= figures["longest_gap_s"]["max"] <= 13
    assert figures["memory_mb"]["own"] < figures["memory_mb"]["rss"] <= figures["rss_mb"]
