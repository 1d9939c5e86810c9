"""The figures of /healthz as Prometheus reads them.

All come from the database, Valkey and heartbeats when they are asked for, so that any web server gives the same answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from discipline.ops.health import REASONS, HealthReport

GB = 10**9


def exposition(failing: Sequence[str], report: HealthReport) -> bytes:
    """Return what health.check_health found, in Prometheus' text format. Figures out of reach are omitted."""
    registry = CollectorRegistry()
    registry.register(_Figures(failing, report))
    return generate_latest(registry)


class _Figures(Collector):
    """One answer of check_health as gauges."""

    def __init__(self, failing: Sequence[str], report: HealthReport) -> None:
        self._failing, self._report = failing, report

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        report = self._report
        yield Gauge("sidak_up", "1 unless a part fails", float(not self._failing))
        yield _labelled(
            "sidak_failing", "1 for each part that fails", "part", {name: name in self._failing for name in REASONS}
        )
        yield _labelled("sidak_version_info", "The version that answers", "version", {report["version"]: 1})
        yield _labelled("sidak_cameras", "Cameras in use, and those online", "state", dict(report["cameras"]))
        yield _labelled("sidak_counters", "Active counters by their state", "state", report["counters"])
        yield _labelled("sidak_beat_age_seconds", "Since each part last worked", "part", report["beats"] or {})
        evidence = report["evidence"] or {}
        kinds = {kind: _bytes(evidence.get(f"{kind}_gb")) for kind in ("used", "held", "quota", "free")}
        yield _labelled("sidak_evidence_bytes", "Evidence on disk, its quota, and the room left", "kind", kinds)
        yield from _single("sidak_looks_per_minute", "Looks of all watch processes", report["looks_per_minute"])
        yield from _single("sidak_dropped", "Pictures and samples dropped by live watches", report["dropped"])
        yield from _single("sidak_evidence_lost", "Evidence that live watches lost", report["evidence_lost"])
        yield from _single("sidak_open_indications", "Indications that have not ended", report["open_alerts"])
        yield from _single(
            "sidak_incomplete_evidence", "Recent indications without a still", report["incomplete_evidence"]
        )
        if report["beats"] is not None:  # the database answered, so that no incident means that there is none
            yield from _single("sidak_incident", "1 during a system incident", float(report["incident"] is not None))


def _bytes(gb: object) -> float | None:
    return gb * GB if isinstance(gb, int | float) else None


def _single(name: str, words: str, value: float | None) -> Iterator[Metric]:
    if value is not None:
        yield Gauge(name, words, value)


def _labelled(name: str, words: str, label: str, values: Mapping[str, Any]) -> Metric:
    gauge = Gauge(name, words, labels=[label])
    for key, value in values.items():
        if value is not None:
            gauge.add_metric([str(key)], float(value))
    return gauge
