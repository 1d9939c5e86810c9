"""Handlers of the ledger's events, which raise alerts.

When one fails, the next sweep retries: flips stay in the outbox until their alerts are raised.
"""

from discipline.alerts import camera_blinded, from_flips
from discipline.alerts.events import AlertsChanged, alerts_changed
from discipline.staffing.events import FlipsCommitted, Swept


def on_flips(event: FlipsCommitted) -> None:
    """Raise the alerts of all flips in the outbox, not only of this event's."""
    del event  # unused
    _publish(from_flips.raise_alerts())


def on_sweep(event: Swept) -> None:
    """Raise the alerts of flips left in the outbox, and those due by time alone: camera faults, blinded cameras."""
    _publish(
        from_flips.raise_alerts()
        | from_flips.raise_camera_faults(event.now)
        | camera_blinded.raise_blinded_alerts(event.now)
    )


def _publish(alerts: set[int]) -> None:
    if alerts:
        alerts_changed.publish(AlertsChanged(frozenset(alerts)))
