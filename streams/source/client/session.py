"""One RTSP session as a state machine (RFC 2326): bytes in, bytes out, no I/O and no clock of its own.

OPTIONS → DESCRIBE → SETUP (TCP interleaved, else UDP) → PLAY → keep-alive → TEARDOWN.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from streams.source.client.errors import TRANSPORT_REFUSED, SourceError, UnspokenError, refusal
from streams.source.client.login import Authorizer, CameraLogin
from streams.source.client.messages import CameraRequest, MessageSplitter, OnPacket, RtspAnswer, format_request
from streams.source.client.sdp import CameraOffer, VideoTrack, join_control, parse_sdp, without_login
from streams.source.client.transport import AgreedTransport, parse_transport

DEFAULT_PORTS = {"rtsp": 554, "rtsps": 322}
MOST_LOGINS = 2  # tries of one request with nonces that were too old
REDIRECTS = (301, 302, 303, 305, 307, 308)
KEEP_ALIVE_S = 30.0  # at most, between two requests
KEEP_ALIVE_SHARE = 0.4  # of the session's time-out
LONGEST_SESSION_S = 86_400.0
AGENT = "Sidak"


class SessionState(StrEnum):
    """What is being waited for."""

    ASKING = "options"
    DESCRIBING = "describe"
    SETTING_UP = "setup"
    STARTING = "play"
    PLAYING = "playing"


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """A camera's address taken apart. `url` is without login."""

    url: str
    scheme: str
    host: str
    port: int
    login: CameraLogin | None


def parse_address(url: str) -> CameraAddress:
    """Take an address apart. Raises SourceError when it isn't one."""
    try:
        parts = urlsplit(url.strip())
        scheme, host = parts.scheme.lower(), parts.hostname or ""
        port = parts.port or DEFAULT_PORTS[scheme]
    except (ValueError, KeyError) as error:
        raise SourceError("no_route", f"not an address: {error}") from error
    if not host:
        raise SourceError("no_route", "no host in the address")
    login = CameraLogin(unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    plain = without_login(url.strip())
    return CameraAddress(scheme + plain[len(parts.scheme) :], scheme, host, port, login)


class RtspSession:
    """Bring a camera to play one video.

    The owner sends `outgoing`, hands what comes to `receive`, calls `tick` now and then, and learns from `moved_at`
    when the camera last answered. open_udp: returns the two ports of a new pair of UDP sockets; on_play: called when
    PLAY is answered. Everything may raise SourceError, after which the connection must be closed.
    first: how many usable videos to pass over, as they were silent; login: what a former connection of the same camera
    learned of its login.
    """

    def __init__(
        self,
        address: CameraAddress,
        open_udp: Callable[[], tuple[int, int]],
        on_play: Callable[[], None],
        first: int = 0,
        login: Authorizer | None = None,
    ) -> None:
        self.address, self._first, self._open_udp = address, first, open_udp
        self._on_play = on_play
        self.state = SessionState.ASKING
        self.outgoing = bytearray()
        self.track: VideoTrack | None = None
        self.transport: AgreedTransport | None = None
        self.tracks = 0  # usable videos
        self.moved_at = 0.0
        self.moved_to: str | None = None  # the address that the camera redirected to
        self._splitter = MessageSplitter(self._on_message)
        self.login = login or (Authorizer(address.login) if address.login else None)
        self._offer: CameraOffer | None = None
        self._cseq = 0
        self._asked: tuple[str, str, Mapping[str, str], bool] | None = None  # the unanswered request
        self._logins = 0  # refused tries of this request
        self._accepted = False  # a login was accepted in this session
        self._methods: set[str] = set()
        self._session = ""
        self._timeout_s = 60.0
        self._now = self._alive_at = 0.0

    @property
    def waiting(self) -> int:
        """Bytes of what has come incompletely."""
        return self._splitter.waiting

    @property
    def answered(self) -> bool:
        """Whether no request waits for its answer."""
        return self._asked is None

    @property
    def logging_in(self) -> bool:
        """Whether the camera asked for a login, and has not answered the request with it yet."""
        return self._logins > 0 and self._asked is not None

    @property
    def control(self) -> str:
        """The URL for requests about the whole session."""
        return self._offer.control if self._offer else self.address.url

    def hand_packets_to(self, rtp: OnPacket, rtcp: OnPacket) -> None:
        """Have the track's interleaved packets taken by these."""
        assert self.transport is not None
        for channel, taker in zip(self.transport.channels, (rtp, rtcp), strict=True):
            self._splitter.takers[channel] = taker

    def ignore_packets(self) -> None:
        """Have no more packets taken."""
        self._splitter.ignore_packets()

    def begin(self, now: float) -> None:
        """Ask the first question. Times are in seconds on one monotonic clock."""
        self._now = self.moved_at = now
        self._ask("OPTIONS", self.address.url)

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes from the camera."""
        self._now = now
        self._splitter.feed(data)

    def tick(self, now: float) -> None:
        """Keep the session alive."""
        self._now = now
        due = min(KEEP_ALIVE_S, KEEP_ALIVE_SHARE * self._timeout_s)
        if self.state is SessionState.PLAYING and now - self._alive_at >= due:
            self._alive_at = now
            # Some cameras never answer these requests: pictures tell whether the session lives.
            self._ask("GET_PARAMETER" if "GET_PARAMETER" in self._methods else "OPTIONS", self.control)

    def end(self) -> None:
        """Say goodbye, if the camera holds a session for us."""
        if self._session:
            self._ask("TEARDOWN", self.control)

    def _ask(self, method: str, url: str, headers: Mapping[str, str] | None = None, again: bool = False) -> None:
        headers = headers or {}
        if not again:
            self._logins = 0
        self._cseq += 1
        full = {"User-Agent": AGENT, **headers}
        if self._session:
            full["Session"] = self._session
        login = self.login.header(method, url) if self.login else ""
        if login:
            full["Authorization"] = login
        self._asked = method, url, headers, bool(login)
        self.outgoing += format_request(method, url, self._cseq, full)

    def _on_message(self, message: RtspAnswer | CameraRequest) -> None:
        if isinstance(message, CameraRequest):
            status = "200 OK" if message.method in ("OPTIONS", "GET_PARAMETER") else "501 Not Implemented"
            cseq = message.cseq if message.cseq.isdecimal() else "0"
            self.outgoing += f"RTSP/1.0 {status}\r\nCSeq: {cseq}\r\n\r\n".encode()
            return
        if self._asked is None or message.status < 200:
            return  # answers are told apart by their order: some cameras number them wrongly
        method, url, headers, with_login = self._asked
        self._asked, self.moved_at = None, self._now
        if message.status == 401 and method != "TEARDOWN":
            self._log_in(message, method, url, headers, with_login)
            return
        # Many cameras answer OPTIONS to anybody.
        self._accepted |= with_login and message.status == 200 and method != "OPTIONS"
        if self.state is not SessionState.PLAYING:  # a refused keep-alive is no news while pictures come
            self._go_on(message, method)

    def _go_on(self, answer: RtspAnswer, method: str) -> None:
        """Take the answer to a request on the way to playing."""
        if answer.status in REDIRECTS:
            self._redirect(answer)
        elif method == "OPTIONS":
            self._methods = {name.strip().upper() for name in answer.header("public").split(",")}
            self._describe()
        elif method == "SETUP" and answer.status in TRANSPORT_REFUSED:
            self._transport_refused(answer)
        elif answer.status != 200:
            raise refusal(answer.status, method, answer.reason)
        elif method == "DESCRIBE":
            self._described(answer)
        elif method == "SETUP":
            self._set_up(answer)
        elif method == "PLAY":
            self.state, self._alive_at = SessionState.PLAYING, self._now
            self._on_play()

    def _log_in(self, answer: RtspAnswer, method: str, url: str, headers: Mapping[str, str], with_login: bool) -> None:
        """Ask again with a login, or with a new nonce. A login that the camera refused is not tried twice."""
        if self.login is None:
            if method == "OPTIONS" and self.state is SessionState.ASKING:
                self._describe()
                return
            raise SourceError("login_needed", f"{method}: 401 {answer.reason}")
        taken = self.login.take(answer.headers.get("www-authenticate", ()))
        if with_login and self.state is SessionState.PLAYING and self._logins:
            return
        if with_login and not ((self.login.stale or self._accepted) and self._logins < MOST_LOGINS):
            raise SourceError("unauthorized", f"{method}: 401 {answer.reason}")
        if not taken:
            raise SourceError("login_unknown", f"{method}: no known way to log in is offered")
        self._logins += 1
        self._ask(method, url, headers, again=True)

    def _redirect(self, answer: RtspAnswer) -> None:
        """Accept another path or port of the same host. The login goes only to the same port."""
        place = self._absolute(answer.header("location"))
        target = parse_address(place)
        if target.host != self.address.host or (self.address.scheme == "rtsps" and target.scheme != "rtsps"):
            raise SourceError("redirected", f"the camera refers to {target.host}")
        self.moved_to = target.url

    def _absolute(self, url: str) -> str:
        return without_login(url) if "://" in url else join_control(self.address.url, url)

    def _describe(self) -> None:
        self.state = SessionState.DESCRIBING
        self._ask("DESCRIBE", self.address.url, {"Accept": "application/sdp"})

    def _described(self, answer: RtspAnswer) -> None:
        base = answer.header("content-base") or answer.header("content-location") or self.address.url
        self._offer = offer = parse_sdp(answer.body, self._absolute(base))
        self.tracks = len(offer.usable)
        if not offer.usable:
            if offer.others:
                raise UnspokenError(f"video as {', '.join(offer.others)}")
            raise SourceError("no_video", "the description lists no video")
        self.track = offer.usable[self._first % len(offer.usable)]
        self.state = SessionState.SETTING_UP
        self._ask("SETUP", self.track.control, {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"})

    def _transport_refused(self, answer: RtspAnswer) -> None:
        assert self.track is not None
        if self.transport is not None:
            raise SourceError("transport", f"SETUP: {answer.status} for TCP and UDP")
        ports = self._open_udp()
        self.transport = AgreedTransport(client_ports=ports)
        offer = f"RTP/AVP;unicast;client_port={ports[0]}-{ports[1]}"
        self._ask("SETUP", self.track.control, {"Transport": offer})

    def _set_up(self, answer: RtspAnswer) -> None:
        identity, _, more = answer.header("session").partition(";")
        self._session = identity.strip()
        key, _, value = more.strip().partition("=")
        if key.strip().lower() == "timeout" and value.strip().isdecimal() and 0 < float(value) < LONGEST_SESSION_S:
            self._timeout_s = float(value)
        ours = self.transport.client_ports if self.transport else None
        self.transport = parse_transport(answer.header("transport"), ours)
        self.state = SessionState.STARTING
        self._ask("PLAY", self.control, {"Range": "npt=0.000-"})
