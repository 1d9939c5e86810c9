"""One thread that reads many cameras.

Wake-ups are gathered: after each round the thread sleeps until GATHER_S have passed since the last one, so that one
read takes what has come meanwhile.
"""

import heapq
import itertools
import logging
import selectors
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from streams.source.client.bounds import ReadingBounds
from streams.source.client.connection import CameraConnection
from streams.source.client.stream import StreamListener

log = logging.getLogger(__name__)

GATHER_S = 0.02
LONGEST_S = 0.5  # of one wait
STOP_S = 1.0
RESOLVERS = 4  # threads that look up host names, started when there is one


class ReadingLoop:
    """Read the cameras given to `open`, from `start` to `stop`. Listeners are called in the loop's thread.

    bounds: the waits of each connection; authorities: what rtsps cameras' certificates are verified by, the system's
    if None.
    """

    def __init__(self, bounds: ReadingBounds | None = None, authorities: ssl.SSLContext | None = None) -> None:
        self.bounds = bounds or ReadingBounds()
        self.selector = selectors.DefaultSelector()
        self.previous = time.monotonic()  # when the round before this one looked which sockets had something
        self.resolver = ThreadPoolExecutor(RESOLVERS, "resolve")
        self.connections: set[CameraConnection] = set()
        self._authorities = authorities
        self._unverified: ssl.SSLContext | None = None
        self._posted: deque[Callable[[], None]] = deque()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._ticked = 0.0
        self._stopping = False
        self._listens, self._wakes = socket.socketpair()
        self._listens.setblocking(False)
        self._wakes.setblocking(False)
        self.selector.register(self._listens, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name="reading", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout_s: float = STOP_S) -> None:
        """Close all connections and end the thread, within about timeout_s seconds."""
        if self._thread.is_alive():
            self.post(self._close_all)
            self._thread.join(timeout_s + 0.5)
        self.resolver.shutdown(wait=False, cancel_futures=True)

    def open(self, url: str, listener: StreamListener, pinned: str = "") -> CameraConnection:
        """Connect to a camera; the listener is told what comes of it. May be called in any thread.

        pinned: the SHA-256 of the only certificate that an rtsps camera may show.
        """
        connection = CameraConnection(self, url, listener, pinned)
        self.post(connection.begin)
        return connection

    def post(self, work: Callable[[], None]) -> None:
        """Have `work` called in the loop's thread, soon."""
        self._posted.append(work)
        with suppress(OSError):  # a full buffer wakes the thread, too; a closed one has none to wake
            self._wakes.send(b"\0")

    def call_later(self, wait_s: float, work: Callable[[], None]) -> None:
        """Have `work` called in the loop's thread after wait_s seconds. May be called in any thread."""
        self.post(lambda: heapq.heappush(self._timers, (time.monotonic() + wait_s, next(self._numbers), work)))

    def tls(self, verified: bool) -> ssl.SSLContext:
        """Return how to encrypt, with or without verifying certificates."""
        if verified:
            self._authorities = self._authorities or ssl.create_default_context()
            return self._authorities
        if self._unverified is None:
            self._unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._unverified.check_hostname = False
            self._unverified.verify_mode = ssl.CERT_NONE  # CameraConnection compares the certificate
        return self._unverified

    def _run(self) -> None:
        while not self._stopping or self.connections:
            ready = self.selector.select(self._wait_s())
            now = time.monotonic()
            for key, _ in ready:
                if key.data is not None:
                    self._guarded(key.data)
                else:
                    with suppress(BlockingIOError):
                        self._listens.recv(4096)
            self.previous = now
            self._serve(now)
            rest_s = GATHER_S - (time.monotonic() - now)
            if rest_s > 0 and not self._posted:
                time.sleep(rest_s)
        self.selector.close()
        self._listens.close()
        self._wakes.close()

    def _wait_s(self) -> float:
        if self._posted:
            return 0.0
        due = min([self._timers[0][0]] if self._timers else [], default=float("inf"))
        return min(LONGEST_S, self.bounds.tick_s, max(0.0, due - time.monotonic()))

    def _serve(self, now: float) -> None:
        """Do what was posted and what is due."""
        for _ in range(len(self._posted)):
            self._guarded(self._posted.popleft())
        while self._timers and self._timers[0][0] <= now and not self._stopping:
            self._guarded(heapq.heappop(self._timers)[2])
        if now - self._ticked >= self.bounds.tick_s:
            self._ticked = now
            for connection in list(self.connections):
                connection.tick(now)

    @staticmethod
    def _guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:  # one camera's fault must not stop the others
            log.exception("reading failed")

    def _close_all(self) -> None:
        self._stopping = True
        for connection in list(self.connections):
            connection.leave()
