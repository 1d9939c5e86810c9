"""The TCP connection to a camera, with or without TLS. No call waits."""

import hashlib
import selectors
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from typing import Protocol

from streams.cameras.networks import is_allowed_host
from streams.source.client.connecting import Target, look_up, problem_of, start_connecting
from streams.source.client.errors import SourceError

RECEIVED = 65_536  # bytes asked for at once
MOST_READS = 4  # in one round, so that one camera can't hold up the others
MOST_TLS_READS = 64  # each gives a record of at most 16 KiB, and what TLS itself holds wakes no loop
MOST_UNSENT = 65_536  # bytes
BOTH = selectors.EVENT_READ | selectors.EVENT_WRITE
WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class LoopServices(Protocol):
    """What the sockets use of their loop."""

    @property
    def selector(self) -> selectors.BaseSelector:
        """The selector; its data are called when the socket is ready."""

    @property
    def resolver(self) -> Executor:
        """Threads that look up names."""

    def post(self, work: Callable[[], None]) -> None:
        """Have `work` called in the loop's thread."""

    def tls(self, verified: bool) -> ssl.SSLContext:
        """Return how to encrypt, with or without verifying certificates."""


class UntrustedError(SourceError):
    """No authority that this machine trusts vouches for the camera's certificate."""


class CameraLine:
    """Connect to `host`, trying all its addresses, and agree on TLS when given a context for it.

    on_ready is called when the socket has something or takes something: then call `advance` until it returns True, and
    afterwards `read`. on_failed is called when the name has no address.
    """

    def __init__(
        self,
        loop: LoopServices,
        host: str,
        tls: ssl.SSLContext | None,
        on_ready: Callable[[], None],
        on_failed: Callable[[SourceError], None],
    ) -> None:
        self._loop, self._host, self._tls = loop, host, tls
        self._on_ready, self._on_failed = on_ready, on_failed
        self._targets: list[Target] = []
        self._socket: socket.socket | None = None
        self._agreeing = self.open = self._closed = False
        self.peer = ""
        self.family = socket.AF_INET

    def start(self, port: int) -> None:
        """Look up the host and connect."""
        look_up(self._host, port, self._loop.resolver, self._loop.post, self._found)

    def _found(self, targets: Sequence[Target], problem: str) -> None:
        if self._closed:
            return
        # Each time, and the address that was checked is the one connected to: a name may come to mean another host.
        self._targets = [target for target in targets if is_allowed_host(str(target[1][0]))]
        if not self._targets:
            code = "not_allowed" if targets else "no_route"
            self._on_failed(SourceError(code, problem or f"{self._host} is in no network of CAMERA_NETWORKS"))
            return
        try:
            self.next_address()
        except SourceError as error:
            self._on_failed(error)

    def next_address(self, error: OSError | None = None) -> None:
        """Connect to the host's next address. Raises SourceError when there is none."""
        while self._targets:
            self._drop()
            self.family, place = self._targets.pop(0)
            self.peer = str(place[0])
            try:
                self._socket = start_connecting(self.family, place)
            except OSError as failed:
                error = failed
            else:
                self._loop.selector.register(self._socket, selectors.EVENT_WRITE, self._on_ready)
                return
        error = error or TimeoutError("no connection in time")
        raise SourceError(problem_of(error), str(error))

    def advance(self) -> bool:
        """Go on connecting; return whether the connection is open. Raises SourceError."""
        if self.open or self._socket is None:
            return self.open
        if not self._agreeing:
            failed = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if failed:
                self.next_address(OSError(failed, "connect"))
                return False
            if self._tls:
                self._wrap(self._socket, self._tls)
        self.open = not self._tls or self._handshake()
        if self.open:
            self._loop.selector.modify(self._socket, selectors.EVENT_READ, self._on_ready)
        return self.open

    def _wrap(self, plain: socket.socket, tls: ssl.SSLContext) -> None:
        self._loop.selector.unregister(plain)
        self._socket = tls.wrap_socket(plain, server_hostname=self._host, do_handshake_on_connect=False)
        self._loop.selector.register(self._socket, BOTH, self._on_ready)
        self._agreeing = True

    def _handshake(self) -> bool:
        assert isinstance(self._socket, ssl.SSLSocket)
        try:
            self._socket.do_handshake()
        except ssl.SSLWantReadError:
            self._loop.selector.modify(self._socket, selectors.EVENT_READ, self._on_ready)
            return False
        except ssl.SSLWantWriteError:
            self._loop.selector.modify(self._socket, BOTH, self._on_ready)
            return False
        except ssl.SSLCertVerificationError as error:
            raise UntrustedError("certificate", str(error)) from error
        return True

    def certificate(self) -> str:
        """Return the SHA-256 of the camera's certificate in hexadecimal digits, "" without TLS."""
        shown = self._socket.getpeercert(binary_form=True) if isinstance(self._socket, ssl.SSLSocket) else None
        return hashlib.sha256(shown).hexdigest() if shown else ""

    def read(self, take: Callable[[bytes], None]) -> bool:
        """Hand on what has come, up to a bound; return whether more may wait. Raises OSError, EOFError."""
        secure = isinstance(self._socket, ssl.SSLSocket)
        for _ in range(MOST_TLS_READS if secure else MOST_READS):
            if self._socket is None:  # closed by what was taken
                return False
            try:
                data = self._socket.recv(RECEIVED)
            except WOULD_BLOCK:
                return False
            if not data:
                raise EOFError
            take(data)
            if len(data) < RECEIVED and not secure:
                return False
        return True

    def send(self, outgoing: bytearray) -> None:
        """Send what the socket takes and remove it from `outgoing`. Raises OSError, SourceError."""
        assert self._socket is not None
        with suppress(*WOULD_BLOCK):
            del outgoing[: self._socket.send(outgoing)]
        if len(outgoing) > MOST_UNSENT:
            raise SourceError("broken", "the camera takes no requests")
        self._loop.selector.modify(self._socket, BOTH if outgoing else selectors.EVENT_READ, self._on_ready)

    def close(self) -> None:
        """Close the socket."""
        self._closed = True
        self._drop()

    def _drop(self) -> None:
        if self._socket is not None:
            with suppress(KeyError, ValueError):
                self._loop.selector.unregister(self._socket)
            self._socket.close()
            self._socket = None
