"""One camera in the reading loop: its connection, its session, its stream, and the deadlines of each."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from typing import Protocol

from streams.source.client.bounds import ReadingBounds
from streams.source.client.connecting import problem_of
from streams.source.client.errors import SourceError
from streams.source.client.line import CameraLine, LoopServices, UntrustedError
from streams.source.client.login import Authorizer
from streams.source.client.session import CameraAddress, RtspSession, parse_address
from streams.source.client.stream import StreamListener, StreamReception
from streams.source.client.udp import UdpPair

log = logging.getLogger(__name__)


class ConnectionLoop(LoopServices, Protocol):
    """What a connection uses of its loop. `previous`: when the round before this one began."""

    previous: float

    @property
    def bounds(self) -> ReadingBounds:
        """The deadlines."""

    @property
    def connections(self) -> "set[CameraConnection]":
        """The open connections."""


class ConnectionPhase(IntEnum):
    """How far a connection is."""

    CONNECTING = 0
    TALKING = 1
    LEAVING = 2
    CLOSED = 3


class CameraConnection:
    """A connection to a camera. `close` may be called in any thread, all else in the loop's.

    pinned: the SHA-256 of the only certificate that an rtsps camera may show. When it is "", the camera's certificate
    is verified by the authorities; one that none vouches for is trusted, and the listener told to pin it.
    """

    def __init__(self, loop: ConnectionLoop, url: str, listener: StreamListener, pinned: str = "") -> None:
        self._loop, self._url, self._listener, self._pinned = loop, url, listener, pinned
        self._verified = not pinned
        self._bounds = loop.bounds
        self.phase = ConnectionPhase.CONNECTING
        self.session: RtspSession | None = None
        self.stream: StreamReception | None = None
        self._line: CameraLine | None = None
        self._udp: UdpPair | None = None
        self._address: CameraAddress | None = None
        self._since = 0.0  # of this phase; while talking, of the stream
        self._behind_since: float | None = None  # when the socket was last known to be empty, while it is not
        self._skip = self._redirects = 0
        self._kept_login = False  # from the port that the camera referred us to
        self._login: Authorizer | None = None  # of a connection that the camera closed after it asked for a login

    def close(self) -> None:
        """Say goodbye and close. The listener hears no more of the camera, once the loop has taken this up."""
        self._loop.post(self.leave)

    def begin(self) -> None:
        """Begin to connect."""
        self._loop.connections.add(self)
        self._guarded(lambda: self._connect(parse_address(self._url)))

    def _connect(self, address: CameraAddress) -> None:
        self._release()
        self._address = address
        self.phase, self._since = ConnectionPhase.CONNECTING, time.monotonic()
        tls = self._loop.tls(self._verified) if address.scheme == "rtsps" else None
        self._line = CameraLine(self._loop, address.host, tls, self.ready, self._fail)
        self._line.start(address.port)

    def ready(self) -> None:
        """Go on, as a socket has something or takes something."""
        self._guarded(self._go_on)

    def tick(self, now: float) -> None:
        """Look at the deadlines, keep the session alive and report what was received."""
        self._guarded(lambda: self._tick(now))

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except SourceError as error:
            self._fail(self._named(error))
        except (EOFError, ConnectionResetError, BrokenPipeError):
            self._closed_by_camera()
        except OSError as error:
            self._fail(SourceError(problem_of(error), str(error)))
        except Exception as error:  # a listener's fault must not leave a camera that looks as if it were read
            log.exception("reading failed")
            self._fail(SourceError("broken", repr(error)))

    def _closed_by_camera(self) -> None:
        """Log in by a new connection if the camera closed this one after it asked for a login; else give up."""
        session, address = self.session, self._address
        if session is not None and address is not None and session.logging_in and self._login is None:
            self._login = session.login
            self._guarded(lambda: self._connect(address))
        else:
            waited_for = session.state if session else ""
            self._fail(SourceError("broken", f"the camera closed the connection ({waited_for})"))

    def _go_on(self) -> None:
        now = time.monotonic()
        if self.phase is ConnectionPhase.TALKING:
            self._talk(now)
        elif self.phase is ConnectionPhase.LEAVING:
            self._listen_out(now)
        elif self._line is not None and self._address is not None:
            self._begin_to_talk(self._line, self._address, now)

    def _begin_to_talk(self, line: CameraLine, address: CameraAddress, now: float) -> None:
        """Begin the session as soon as the connection is open and its certificate trusted."""
        try:
            if not line.advance():
                return
        except UntrustedError:
            self._verified = False
            self._connect(address)
            return
        if not self._verified and address.scheme == "rtsps":
            self._compare(line.certificate())
        self.phase = ConnectionPhase.TALKING
        self.session = RtspSession(address, self._open_udp, self._play, self._skip, self._login)
        self.session.begin(now)
        line.send(self.session.outgoing)

    def _compare(self, certificate: str) -> None:
        if not self._pinned:
            self._pinned = certificate
            self._listener.pin(certificate)
        elif certificate != self._pinned:
            raise SourceError("certificate", f"the certificate {certificate} is not the one that is pinned")

    def _open_udp(self) -> tuple[int, int]:
        assert self._line is not None
        self._udp = UdpPair(self._loop.selector, self._line.family, self._line.peer, self.ready, self._datagram)
        return self._udp.ports

    def _talk(self, now: float) -> None:
        """Take what has come."""
        session, line, stream = self.session, self._line, self.stream
        assert session is not None
        assert line is not None
        since = self._loop.previous if self._behind_since is None else self._behind_since
        if stream is not None:
            stream.clock = now
            if now - max(since, self._since) > self._bounds.behind_s:
                # Buffered while this process was suspended or too busy: old pictures must not be taken for new ones.
                raise SourceError("behind", f"{now - since:.0f} s behind the camera")
        more = line.read(lambda data: session.receive(data, now))
        self._behind_since = since if more else None
        if self._udp is not None and stream is not None:
            self._udp.read(now, stream.rtcp)
        if session.moved_to:
            self._follow(session.moved_to)
            return
        if session.outgoing:
            line.send(session.outgoing)

    def _play(self) -> None:
        session = self.session
        assert session is not None
        assert session.track is not None
        self._since = time.monotonic()
        self.stream = stream = StreamReception(session.track, self._listener, self._bounds, self._since)
        if self._udp is None:
            session.hand_packets_to(stream.assembler.packet, lambda data, at, end: stream.rtcp(data[at:end]))
        elif session.transport:
            self._udp.punch(session.transport.server_ports)
        stream.begin()

    def _datagram(self, packet: bytes) -> None:
        if self.stream is not None:
            self.stream.assembler.packet(packet, 0, len(packet))

    def _tick(self, now: float) -> None:
        session, line, stream = self.session, self._line, self.stream
        waited_s = now - self._since
        if self.phase is ConnectionPhase.LEAVING:
            if waited_s > self._bounds.goodbye_s:
                self._close()
        elif self.phase is ConnectionPhase.CONNECTING:
            if waited_s > self._bounds.connect_s and line is not None:
                self._since = now
                line.next_address()
        elif session is not None and stream is None:
            if now - session.moved_at > self._bounds.answer_s:
                raise SourceError("slow", f"no answer to {session.state} in {self._bounds.answer_s:.0f} s")
        elif session is not None and stream is not None and line is not None:
            self._keep_up(session, stream, line, now)

    def _keep_up(self, session: RtspSession, stream: StreamReception, line: CameraLine, now: float) -> None:
        if self._skip + 1 < session.tracks and stream.silent(now) and self._address is not None:
            self._skip += 1
            self._say_goodbye(session, line)
            self._connect(self._address)
            return
        self._check(stream, now)
        session.tick(now)
        report = stream.receiver_report(now)
        if report is not None and session.transport is not None:
            if self._udp is not None:
                self._udp.report(report, session.transport.server_ports)
            else:
                head = bytes((0x24, session.transport.channels[1])) + len(report).to_bytes(2, "big")
                session.outgoing += head + report
        if session.outgoing:
            line.send(session.outgoing)

    def _check(self, stream: StreamReception, now: float) -> None:
        try:
            stream.check(now)
        except SourceError as error:
            if error.problem == "timeout" and self._udp is not None and not stream.pictures:
                raise SourceError("udp_lost", "the camera sends by UDP only, and nothing arrives") from error
            raise

    def _follow(self, url: str) -> None:
        """Connect anew to where the camera referred us. A login goes only to the same port."""
        before, target = self._address, parse_address(url)
        assert before is not None
        self._redirects += 1
        if self._redirects > self._bounds.redirects:
            raise SourceError("redirected", f"the camera referred to another address {self._redirects} times")
        self._login = None
        same = (target.scheme, target.port) == (before.scheme, before.port)
        self._kept_login |= before.login is not None and not same
        self._connect(replace(target, login=before.login if same else None))

    # the end

    def leave(self) -> None:
        """Say goodbye and close, without a word to the listener."""
        if self.phase is ConnectionPhase.TALKING and self.session is not None and self._line is not None:
            self.phase, self._since, self.stream = ConnectionPhase.LEAVING, time.monotonic(), None
            self.session.ignore_packets()
            if not self._say_goodbye(self.session, self._line) or self.session.answered:
                self._close()
        elif self.phase is ConnectionPhase.CONNECTING:
            self._close()

    @staticmethod
    def _say_goodbye(session: RtspSession, line: CameraLine) -> bool:
        """Send a goodbye; return whether the connection took it."""
        session.end()
        try:
            line.send(session.outgoing)
        except (OSError, SourceError):
            return False
        return True

    def _listen_out(self, now: float) -> None:
        """Wait for the answer to the goodbye: closed with something unread, the camera might not get it."""
        assert self._line is not None
        session = self.session
        assert session is not None
        if session.outgoing:
            self._line.send(session.outgoing)
        self._line.read(lambda data: session.receive(data, now))
        if session.answered:
            self._close()

    def _named(self, error: SourceError) -> SourceError:
        """Return the error with its real reason: a login that was kept back is not one that nobody typed."""
        if error.problem == "login_needed" and self._kept_login and self._address is not None:
            return SourceError("redirected", f"port {self._address.port}, which the camera refers to, gets no login")
        return error

    def _fail(self, error: SourceError) -> None:
        """Tell the listener why it ends."""
        if self.phase >= ConnectionPhase.LEAVING:
            self._close()
            return
        self.leave()
        self._listener.ended(error)

    def _close(self) -> None:
        self.phase = ConnectionPhase.CLOSED
        self._release()
        self._loop.connections.discard(self)

    def _release(self) -> None:
        self.session = self.stream = None
        self._behind_since = None
        if self._udp is not None:
            self._udp.close()
            self._udp = None
        if self._line is not None:
            self._line.close()
            self._line = None
