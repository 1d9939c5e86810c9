"""The pulses of Celery's programs: of the worker's event loop, and of beat's scheduler."""

from typing import Any

from celery import bootsteps
from celery.beat import PersistentScheduler

from discipline.core.heartbeats import Part, Pulse

TURN_EVERY_S = 2.0


class WorkerPulse(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no type hints
    """Beats while the worker's event loop turns, which takes the tasks from the broker."""

    requires = {"celery.worker.components:Timer"}

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._pulse = Pulse(Part.WORKER)

    def start(self, worker: Any) -> None:
        """Start with the worker."""
        self._pulse.start()
        worker.timer.call_repeatedly(TURN_EVERY_S, self._pulse.turn)

    def stop(self, worker: Any) -> None:
        """End with the worker."""
        del worker  # unused
        self._pulse.stop()


class BeatingScheduler(PersistentScheduler):  # type: ignore[misc]  # Celery has no type hints
    """Celery's scheduler, with a pulse that stops when sending a task hangs."""

    max_interval = TURN_EVERY_S  # the longest sleep between two ticks

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._pulse = Pulse(Part.BEAT)
        super().__init__(*arguments, **options)

    def setup_schedule(self) -> None:
        """Start the pulse with the schedule: Celery also makes schedulers only to look at them."""
        super().setup_schedule()
        self._pulse.start()

    def tick(self, *arguments: Any, **options: Any) -> float:
        """Send what is due; return the seconds until the next tick."""
        self._pulse.turn()
        seconds: float = super().tick(*arguments, **options)
        return seconds

    def close(self) -> None:
        """End with beat."""
        self._pulse.stop()
        super().close()
