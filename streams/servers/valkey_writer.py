"""Write to Valkey in a thread of its own, so that callers never wait for Valkey."""

import logging
import threading
from collections.abc import Callable, Hashable

import redis

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 10.0
STOP_S = 3.0  # longer than the client's time-out


class ValkeyWriter:
    """Stores what `put` is given, one after the other, oldest key first; of each key only the newest waits.

    After a failure it pauses, longer each time up to LONGEST_PAUSE_S, and then stores what is newest by then.
    `replaced` counts what a newer value replaced before it was stored.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._waiting: dict[Hashable, Callable[[], object]] = {}
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self.replaced = 0
        self._thread = threading.Thread(target=self._run, name=f"valkey-{what}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, within STOP_S; what waits is dropped."""
        self._stopping.set()
        with self._changed:
            self._changed.notify()
        self._thread.join(STOP_S)

    def put(self, key: Hashable, store: Callable[[], object]) -> None:
        """Have `store` called soon, unless another one is put under the same key before. Returns at once."""
        with self._changed:
            self.replaced += key in self._waiting
            self._waiting[key] = store
            self._changed.notify()

    def _run(self) -> None:
        pause_s = 0.0
        while (one := self._next()) is not None:
            key, store = one
            try:
                store()
            except redis.RedisError as error:
                if not pause_s:  # logged once, not for each of a thousand
                    log.warning("Can't store %s, Valkey is unreachable: %s", self._what, error)
                pause_s = min(LONGEST_PAUSE_S, pause_s * 2 or FIRST_PAUSE_S)
                with self._changed:
                    self._waiting.setdefault(key, store)
                self._stopping.wait(pause_s)
            except Exception:
                log.exception("Can't store %s", self._what)
            else:
                if pause_s:
                    log.info("Valkey takes %s again", self._what)
                pause_s = 0.0

    def _next(self) -> tuple[Hashable, Callable[[], object]] | None:
        """Wait for something to store and take it; None once the writer stops."""
        with self._changed:
            while not self._waiting and not self._stopping.is_set():
                self._changed.wait()
            if self._stopping.is_set():
                return None
            key = next(iter(self._waiting))
            return key, self._waiting.pop(key)
