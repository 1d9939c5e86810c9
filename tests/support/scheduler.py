"""Distribute the test files over xdist's workers: some workers take those that mostly wait, the others the rest.

Left to chance, all workers wait at the same time, or all compute: the cores idle first, and later the processes that a
test starts come too late. So WAITERS workers take the files of `order.WAITING` as long as there are any.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

from tests.support.order import WAITING

WAITERS = 2


class WaitingApart(LoadFileScheduling):  # type: ignore[misc] # xdist says nothing of its types
    """Like --dist loadfile; see the module's docstring."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        self._waiters: set[WorkerController] = set()

    def add_node(self, node: WorkerController) -> None:
        """Add a worker; the first ones become those that wait."""
        super().add_node(node)
        if len(self._waiters) < WAITERS:
            self._waiters.add(node)

    def _assign_work_unit(self, node: WorkerController) -> None:
        waits = node in self._waiters
        for path in self.workqueue:
            if (path in WAITING) == waits:
                self.workqueue.move_to_end(path, last=False)
                break
        super()._assign_work_unit(node)
