"""Find a camera's addresses and connect without waiting."""

import errno
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future

Place = tuple[str, int] | tuple[str, int, int, int]
Target = tuple[socket.AddressFamily, Place]
NO_ROUTE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EHOSTDOWN, errno.ENETDOWN)


def problem_of(error: OSError) -> str:
    """Return the code for a socket's error."""
    if isinstance(error, ssl.SSLError):
        return "encryption"
    if isinstance(error, ConnectionRefusedError) or error.errno == errno.ECONNREFUSED:
        return "refused"
    if isinstance(error, TimeoutError) or error.errno == errno.ETIMEDOUT:
        return "timeout"
    return "no_route" if error.errno in NO_ROUTE else "broken"


def look_up(
    host: str,
    port: int,
    resolver: Executor,
    post: Callable[[Callable[[], None]], None],
    found: Callable[[Sequence[Target], str], None],
) -> None:
    """Have `found` posted with the addresses, or with none and what is wrong. Names are looked up in a thread."""
    try:
        targets = _targets(host, port, socket.AI_NUMERICHOST)
    except OSError:
        future = resolver.submit(_targets, host, port, 0)
        future.add_done_callback(lambda done: post(lambda: found(*_outcome(done))))
    else:
        found(targets, "")


def start_connecting(family: socket.AddressFamily, place: Place) -> socket.socket:
    """Return a socket that is being connected. Raises OSError."""
    new = socket.socket(family, socket.SOCK_STREAM)
    try:
        new.setblocking(False)
        new.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        failed = new.connect_ex(place)
        if failed not in (0, errno.EINPROGRESS):
            raise OSError(failed, "connect")
    except BaseException:
        new.close()
        raise
    return new


def _targets(host: str, port: int, flags: int) -> list[Target]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return [(family, place) for family, _, _, _, place in found if family in (socket.AF_INET, socket.AF_INET6)]  # type: ignore[misc]


def _outcome(done: "Future[list[Target]]") -> tuple[Sequence[Target], str]:
    if done.cancelled():
        return (), "cancelled"
    error = done.exception()
    return ((), str(error)) if error else (done.result(), "")
