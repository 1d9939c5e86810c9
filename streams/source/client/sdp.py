"""Read a camera's session description (RFC 4566): its video tracks, best first. Pure."""

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

CODECS = {"H264": "h264", "H265": "hevc", "HEVC": "hevc"}  # FFmpeg's names by those of RTP
STATIC = {26: "JPEG", 31: "H261", 32: "MPV", 34: "H263"}  # payload types without an rtpmap
SPROPS = ("sprop-vps", "sprop-sps", "sprop-pps", "sprop-parameter-sets")
MOST_TRACKS, MOST_SETS, MOST_SET = 16, 32, 4096
DEFAULT_HZ = 90_000


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """A video that the camera offers.

    codec: FFmpeg's name of it, or RTP's in lower case; control: its URL; parameters: parameter sets without start
    codes; don: packets carry decoding order numbers; plain: this client can take its packets apart.
    """

    codec: str
    payload_type: int
    clock_hz: int
    control: str
    parameters: tuple[bytes, ...] = ()
    don: bool = False
    plain: bool = True


@dataclass(frozen=True, slots=True)
class CameraOffer:
    """All tracks of a description. `control`: the URL for PLAY, keep-alive and TEARDOWN; `others`: their codecs."""

    control: str
    usable: tuple[VideoTrack, ...]
    others: tuple[str, ...] = ()


def parse_sdp(body: bytes, base: str) -> CameraOffer:
    """Return what the description offers. `base`: Content-Base, or the URL that was asked."""
    session: list[str] = []
    media: list[list[str]] = []
    for line in body.decode("utf-8", "replace").splitlines():
        if line.startswith("m="):
            media.append([])
        (media[-1] if media else session).append(line.strip())
    control = join_control(base, _attribute(session, "control"))
    tracks = [
        track
        for lines in media[:MOST_TRACKS]
        if lines[0].startswith("m=video") and "a=inactive" not in lines
        for track in [_track(lines, control)]
        if track is not None
    ]
    usable = tuple(track for track in tracks if track.plain)
    return CameraOffer(control, usable, tuple(track.codec for track in tracks if not track.plain))


def join_control(base: str, control: str) -> str:
    """Return a control attribute as URL. Relative ones are appended, also behind a query, as cameras expect."""
    if control in ("", "*"):
        return base
    if re.match(r"rtsps?://", control, re.IGNORECASE):
        return without_login(control)
    if control.startswith("/"):
        return urlunsplit(urlsplit(base)._replace(path="", query="", fragment="")) + control
    return base.rstrip("/") + "/" + control


def without_login(url: str) -> str:
    """Return the URL without user name and password."""
    return re.sub(r"^([\w.+-]+://)[^/?#]*@", r"\1", url)


def _track(lines: list[str], base: str) -> VideoTrack | None:
    """Return the medium's first payload type of a known codec, or its first one; None when there is none."""
    types = [int(word) for word in lines[0].split()[3:] if word.isascii() and word.isdecimal() and len(word) < 4]
    tracks = [_format(lines, base, number) for number in types[:MOST_TRACKS]]
    return next((track for track in tracks if track.plain), tracks[0] if tracks else None)


def _format(lines: list[str], base: str, payload_type: int) -> VideoTrack:
    name, _, rate = _numbered(lines, "rtpmap", payload_type).partition("/")
    name = (name or STATIC.get(payload_type, "unknown")).strip()
    hz = rate.split("/")[0].strip()
    fields = {
        key.strip().lower(): value.strip()
        for key, _, value in (part.partition("=") for part in _numbered(lines, "fmtp", payload_type).split(";"))
    }
    codec = CODECS.get(name.upper(), "")
    return VideoTrack(
        codec or name.lower(),
        payload_type,
        int(hz) if hz.isascii() and hz.isdecimal() and 0 < len(hz) < 10 and int(hz) else DEFAULT_HZ,
        join_control(base, _attribute(lines, "control")),
        _sets(",".join(fields.get(key, "") for key in SPROPS)) if codec else (),
        don=codec == "hevc" and fields.get("sprop-max-don-diff", "0") != "0",
        plain=bool(codec) and fields.get("packetization-mode") != "2",
    )


def _attribute(lines: list[str], name: str) -> str:
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(f"a={name}:")), "")


def _numbered(lines: list[str], name: str, payload_type: int) -> str:
    found = (re.match(rf"a={name}:\s*{payload_type}\s+(.*)", line) for line in lines)
    return next((match[1] for match in found if match), "")


def _sets(text: str) -> tuple[bytes, ...]:
    """Return parameter sets from base64, without those that can't be read."""
    found = []
    for part in text.split(",")[:MOST_SETS]:
        try:
            unit = base64.b64decode(part.strip() + "=" * (-len(part.strip()) % 4))
        except (binascii.Error, ValueError):
            continue
        unit = unit.removeprefix(b"\0").removeprefix(b"\0\0\1")
        if 1 < len(unit) <= MOST_SET:
            found.append(unit)
    return tuple(found)
