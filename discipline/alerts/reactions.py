"""What the ledger publishes → alerts. What fails here is found again by the next sweep: flips stay in the outbox."""

from discipline.alerts import camera_blinded, from_flips
from discipline.alerts.events import AlertsChanged, alerts_changed
from discipline.staffing.events import FlipsCommitted, Swept


def on_flips(event: FlipsCommitted) -> None:
    _publish(from_flips.raise_alerts())


def on_sweep(event: Swept) -> None:
    _publish(
        from_flips.raise_alerts()
        | from_flips.raise_camera_faults(event.now)
        | camera_blinded.raise_blinded_alerts(event.now)
    )


def _publish(alerts: set[int]) -> None:
    if alerts:
        alerts_changed.publish(AlertsChanged(frozenset(alerts)))
