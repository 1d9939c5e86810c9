"""What an RTSP server sends, cut at any place, and logins and descriptions as cameras write them."""

import base64
import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.source.client.errors import SourceError
from streams.source.client.login import Authorizer, CameraLogin, parse_challenges
from streams.source.client.messages import MOST_BODY, MOST_HEAD, CameraRequest, MessageSplitter, RtspAnswer
from streams.source.client.sdp import join_control, parse_sdp, without_login

ANSWER = b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nSession: 12;timeout=60\r\n\r\n"
BODY = b"RTSP/1.0 200 OK\nCseq: 3\ncontent-length: 4\n\nv=0\n"
REQUEST = b"OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n"
MOST_PACKET = 65_539


class Ear:
    """Collects what a splitter finds."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self.splitter = MessageSplitter(self.heard.append)
        self.splitter.takers[:2] = [lambda data, at, end: self.heard.append(data[at:end])] * 2


def packet(content: bytes, channel: int = 0) -> bytes:
    return b"$" + bytes((channel,)) + len(content).to_bytes(2, "big") + content


@given(st.lists(st.integers(1, 30)))
def test_messages_and_packets_are_told_apart_wherever_they_are_cut(cuts: list[int]) -> None:
    ear = Ear()
    stream = ANSWER + packet(b"one") + BODY + packet(b"RTSP/1.0 200 OK\r\n\r\n", 1) + packet(b"x", 7) + REQUEST
    for size in [*cuts, len(stream)]:
        ear.splitter.feed(stream[:size])
        stream = stream[size:]
    first, one, second, two, request = ear.heard
    assert isinstance(first, RtspAnswer)
    assert isinstance(second, RtspAnswer)
    assert (first.status, first.header("session"), one) == (200, "12;timeout=60", b"one")
    assert (second.body, two, request) == (b"v=0\n", b"RTSP/1.0 200 OK\r\n\r\n", CameraRequest("OPTIONS", "9"))
    assert ear.splitter.waiting == 0


def test_garbage_between_packets_is_skipped() -> None:
    ear = Ear()
    ear.splitter.feed(ANSWER + b"\r\n\x00\x01garbage" + packet(b"after"))
    assert ear.heard[-1] == b"after"
    assert ear.splitter.skipped


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", "not_rtsp"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "not_rtsp"),
        (b"RTSP/1.0 200 OK\r\n" + b"X: y\r\n" * MOST_HEAD, "not_rtsp"),
        (ANSWER + b"RTSP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % (MOST_BODY + 1), "broken"),
    ],
)
def test_what_is_no_rtsp_or_endless_is_refused(sent: bytes, problem: str) -> None:
    with pytest.raises(SourceError) as caught:
        Ear().splitter.feed(sent)
    assert caught.value.problem == problem


@given(
    st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([ANSWER, BODY, REQUEST, packet(b"abc")])), max_size=20)
)
def test_no_bytes_break_the_splitter_or_make_it_grow(pieces: list[bytes]) -> None:
    ear = Ear()
    with contextlib.suppress(SourceError):
        for piece in pieces:
            ear.splitter.feed(piece)
            assert ear.splitter.waiting <= max(MOST_HEAD + MOST_BODY, MOST_PACKET)


# Logins


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def test_the_digests_of_the_standard_s_example() -> None:
    """RFC 7616, 3.9.1."""
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    challenge = 'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    challenge += (
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    expected = {
        "MD5": "8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    }
    for algorithm, response in expected.items():
        login = Authorizer(CameraLogin("Mufasa", "Circle of Life"), cnonce)
        assert login.take([challenge.format(algorithm)])
        assert f'response="{response}"' in login.header("GET", "/dir/index.html")


def test_the_best_of_several_challenges_is_answered() -> None:
    login = Authorizer(CameraLogin('a"b', "x"))
    md5_offer = 'Digest realm="cam", nonce="n1"'
    assert login.take(
        [f'Basic realm="cam", {md5_offer}', 'Digest realm="cam", nonce="n2", algorithm=SHA-256, qop="auth"']
    )
    assert 'nonce="n2"' in login.header("PLAY", "rtsp://c/")
    assert r'username="a\"b"' in login.header("PLAY", "rtsp://c/")
    assert "nc=00000003" in login.header("PLAY", "rtsp://c/")
    assert login.take([md5_offer + ", stale=TRUE", 'Basic realm="cam"'])
    assert login.stale
    secret, request = md5('a"b:cam:x'), md5("PLAY:rtsp://c/")
    assert md5(f"{secret}:n1:{request}") in login.header("PLAY", "rtsp://c/")


def test_a_login_in_the_clear_only_where_nothing_else_is_offered() -> None:
    login = Authorizer(CameraLogin("ü", "p:w"))
    assert login.header("PLAY", "x") == ""
    assert not login.take(["Negotiate", 'Digest realm="c", nonce="n", algorithm=SHA-1', 'Digest realm="c", qop="auth"'])
    assert login.take(['Basic realm="c"'])
    assert login.header("PLAY", "x") == "Basic " + base64.b64encode("ü:p:w".encode()).decode()


@given(st.lists(st.text(max_size=80), max_size=4))
def test_no_challenge_breaks_the_login(values: list[str]) -> None:
    parse_challenges(values)
    login = Authorizer(CameraLogin("a", "b"))
    if login.take(values):
        assert login.header("PLAY", "rtsp://c/")


# Descriptions

SDP = """v=0
s=Media
a=control:*
m=audio 0 RTP/AVP 8
a=control:track9
m=video 0 RTP/AVP 26
a=control:track0
m=video 0 RTP/AVP 98 96
a=rtpmap:98 vnd.onvif/90000
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0IAH5WoFAFuQA==,aM48gA==;profile-level-id=42001f
a=control:track1
m=video 0 RTP/AVP 97
a=rtpmap:97 h265/90000
a=fmtp:97 sprop-vps=QAEMAf//; sprop-sps=QgEBAWAA;sprop-pps=RAHBc9GJ
a=control:rtsp://admin:rahasia@10.0.0.9/second
"""


def test_the_first_usable_video_is_found_among_others() -> None:
    offer = parse_sdp(SDP.encode(), "rtsp://c/live/")
    first, second = offer.usable
    assert (first.codec, first.payload_type, first.control) == ("h264", 96, "rtsp://c/live/track1")
    assert [unit[0] & 31 for unit in first.parameters] == [7, 8]
    assert (second.codec, second.control) == ("hevc", "rtsp://10.0.0.9/second")
    assert [unit[0] >> 1 for unit in second.parameters] == [32, 33, 34]
    assert offer.others == ("jpeg",)


@pytest.mark.parametrize(
    ("base", "control", "url"),
    [
        ("rtsp://c/a", "*", "rtsp://c/a"),
        ("rtsp://c/a/", "t1", "rtsp://c/a/t1"),
        ("rtsp://c/a?x=1", "t1", "rtsp://c/a?x=1/t1"),
        ("rtsp://c:99/a?x=1", "/t1", "rtsp://c:99/t1"),
        ("rtsps://c/a", "RTSPS://d/t", "RTSPS://d/t"),
    ],
)
def test_control_addresses_as_cameras_mean_them(base: str, control: str, url: str) -> None:
    assert join_control(base, control) == url


def test_no_password_stays_in_an_address() -> None:
    assert without_login("rtsp://a:p@ss@c/x@y?u=b@c") == "rtsp://c/x@y?u=b@c"


@given(st.lists(st.tuples(st.integers(0, len(SDP)), st.text(max_size=6)), max_size=6), st.binary(max_size=60))
def test_no_description_breaks_the_reader(changes: list[tuple[int, str]], tail: bytes) -> None:
    text = SDP
    for at, change in changes:
        text = text[:at] + change + text[at + len(change) :]
    offer = parse_sdp(text.encode() + tail, "rtsp://c/")
    assert all(track.codec in ("h264", "hevc") and track.clock_hz > 0 for track in offer.usable)
