"""One RTSP session without a socket: what it asks, in which order, and what it makes of any answer."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.source.client.errors import SourceError
from streams.source.client.messages import MOST_BODY, MOST_HEAD
from streams.source.client.session import RtspSession, SessionState, parse_address

SDP = b"v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:t1\r\n"
CHALLENGE = 'WWW-Authenticate: Digest realm="c", nonce="%s"'


class Talk:
    """A session and what it asked."""

    def __init__(self, url: str = "rtsp://admin:p%40ss@c:554/live") -> None:
        self.asked: list[str] = []
        self.plays = 0
        self.session = RtspSession(parse_address(url), lambda: (5000, 5001), self._play)
        self.session.begin(0.0)
        self.now = 0.0

    def _play(self) -> None:
        self.plays += 1

    def answer(self, status: int = 200, *headers: str, body: bytes = b"") -> str:
        """Answer the request that waits; return the next one."""
        self.session.outgoing.clear()
        head = [f"RTSP/1.0 {status} Word", "CSeq: 0", *headers, f"Content-Length: {len(body)}"]
        self.session.receive("\r\n".join(head).encode() + b"\r\n\r\n" + body, self.now)
        return self.session.outgoing.decode()

    def play(self) -> None:
        self.answer(200, "Public: OPTIONS, GET_PARAMETER")
        self.answer(body=SDP)
        self.answer(200, "Session: 77;timeout=20", "Transport: RTP/AVP/TCP;unicast;interleaved=2-3")
        self.answer()
        assert self.session.state is SessionState.PLAYING


def test_a_session_goes_from_options_to_playing_and_is_kept_alive() -> None:
    talk = Talk()
    assert talk.session.outgoing.startswith(b"OPTIONS rtsp://c:554/live RTSP/1.0\r\n")
    assert talk.answer(200, "Public: OPTIONS, GET_PARAMETER").startswith("DESCRIBE rtsp://c:554/live ")
    assert talk.answer(200, "Content-Base: rtsp://c/base/", body=SDP).startswith("SETUP rtsp://c/base/t1 ")
    assert "Session: 77\r\n" in talk.answer(200, "Session: 77;timeout=20", "Transport: RTP/AVP/TCP;interleaved=2-3")
    talk.answer()
    assert (talk.plays, talk.session.transport and talk.session.transport.channels) == (1, (2, 3))
    talk.session.tick(7.9)
    assert not talk.session.outgoing
    talk.session.tick(8.1)
    assert talk.session.outgoing.startswith(b"GET_PARAMETER rtsp://c/base/ ")
    assert talk.answer(454) == ""  # pictures tell whether the session lives
    talk.session.end()
    assert talk.session.outgoing.startswith(b"TEARDOWN rtsp://c/base/ ")


def test_a_login_is_given_when_asked_for_and_a_nonce_may_grow_old() -> None:
    talk = Talk()
    talk.answer()
    asked = talk.answer(401, CHALLENGE % "one")
    assert asked.startswith("DESCRIBE")
    assert 'nonce="one"' in asked
    asked = talk.answer(200, body=SDP)
    assert asked.startswith("SETUP")
    assert 'nonce="two"' in talk.answer(401, CHALLENGE % "two")  # not called stale, but a login was accepted before
    assert talk.answer(200, "Session: 1").startswith("PLAY")
    for number in range(2):
        talk.answer(401, CHALLENGE % number)
    with pytest.raises(SourceError, match="PLAY: 401"):
        talk.answer(401, CHALLENGE % "last")


def test_a_login_that_was_refused_is_not_tried_again() -> None:
    talk = Talk()
    talk.answer()
    talk.answer(401, CHALLENGE % "one", 'WWW-Authenticate: Basic realm="c"')
    with pytest.raises(SourceError) as caught:
        talk.answer(401, CHALLENGE % "two", 'WWW-Authenticate: Basic realm="c"')
    assert caught.value.problem == "unauthorized"


@pytest.mark.parametrize("status", [461, 406])
def test_udp_is_asked_for_where_tcp_is_refused(status: int) -> None:
    talk = Talk()
    talk.answer()
    assert "RTP/AVP/TCP;" in talk.answer(body=SDP)
    assert "RTP/AVP;unicast;client_port=5000-5001\r\n" in talk.answer(status)
    talk.answer(200, "Session: 1", "Transport: RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001")
    assert talk.session.transport
    assert talk.session.transport.server_ports == (6000, 6001)


def test_the_camera_s_own_requests_are_answered() -> None:
    talk = Talk()
    talk.play()
    talk.session.outgoing.clear()
    talk.session.receive(b"OPTIONS * RTSP/1.0\r\nCSeq: 4\r\n\r\nSET_PARAMETER x RTSP/1.0\r\nCSeq: 5\r\n\r\n", 1.0)
    assert talk.session.outgoing == b"RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\nRTSP/1.0 501 Not Implemented\r\nCSeq: 5\r\n\r\n"


@pytest.mark.parametrize(
    ("place", "problem"),
    [("rtsp://d/live", "redirected"), ("rtsp://c@d:1/x", "redirected"), ("ftp://c/", "no_route"), ("", "")],
)
def test_a_redirection_leads_to_the_same_host_only(place: str, problem: str) -> None:
    talk = Talk()
    with pytest.raises(SourceError) if problem else contextlib.nullcontext() as caught:
        talk.answer(302, f"Location: {place}")
    assert (caught.value.problem if caught else "") == problem


ANSWERS = st.sampled_from(
    [
        b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nSession: 7;timeout=9\r\nTransport: interleaved=0-1\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s" % (len(SDP), SDP),
        b'RTSP/1.0 401 No\r\nWWW-Authenticate: Digest realm="c", nonce="n", stale=true\r\n\r\n',
        b"RTSP/1.0 461 No\r\n\r\n",
        b"RTSP/1.0 302 No\r\nLocation: rtsp://c/other\r\n\r\n",
        b"$\0\0\4abcd",
        b"OPTIONS * RTSP/1.0\r\nCSeq: 4\r\n\r\n",
    ]
)
CHANGES = st.lists(st.tuples(st.integers(0, 120), st.binary(max_size=3)), max_size=3)


@given(st.lists(st.tuples(ANSWERS, CHANGES), max_size=12))
def test_no_answer_breaks_the_session_or_makes_it_grow(answers: list[tuple[bytes, list[tuple[int, bytes]]]]) -> None:
    talk = Talk()
    with contextlib.suppress(SourceError):
        for number, (answer, changes) in enumerate(answers):
            for at, change in changes:
                answer = answer[:at] + change + answer[at + len(change) :]
            talk.session.receive(answer, float(number))
            talk.session.tick(float(number))
            assert talk.session.waiting <= MOST_HEAD + MOST_BODY
            assert len(talk.session.outgoing) < 1000 * (number + 2)
