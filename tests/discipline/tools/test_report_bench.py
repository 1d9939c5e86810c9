"""bench --reports on a small city: generated days, real rollups and real pages."""

from datetime import UTC, datetime

import pytest

from discipline.reports.numbers.models import DayTally
from discipline.staffing.incident_models import SystemIncident
from discipline.tools.bench.reports import ReportPlan, measure_reports
from offices.places.models import Counter

NOW = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_a_small_city_is_written_rolled_up_and_read() -> None:
    messages: list[str] = []
    figures = measure_reports(ReportPlan(offices=4, counters=2, days=70, requests=3, processes=0), NOW, messages.append)
    for spent_ms in (figures["city_month_ms"], figures["city_year_ms"]):
        assert spent_ms["p50"]
        assert spent_ms["p95"]
        assert 0 < spent_ms["p50"] <= spent_ms["p95"] < 60_000
    assert 0 < figures["xlsx_s"] < 60
    assert 30 < figures["rss_mb"] < 4000
    assert figures["counters"] == 8 == Counter.objects.count()
    assert figures["counter_days"] == figures["rollups"] == DayTally.objects.count() > 8 * 40
    assert figures["rebuilt_differently"] == 0
    assert figures["flips"] > 4 * figures["counter_days"]
    assert figures["indications"] > figures["decisions"] / 2 > 10
    assert SystemIncident.objects.exists()
    assert messages[-1].endswith(".xlsx")
