"""The ONVIF face of a simulated camera: device and media services over HTTP on the loopback, with faults on demand."""

import base64
import hashlib
import hmac
import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

from streams.simulator.onvif_ptz import REFUSED, PtzHead

MOST_SKEW_S = 5.0  # of the time that a request is signed with, as of many cameras
NAMESPACES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "trt": "http://www.onvif.org/ver10/media/wsdl",
    "tr2": "http://www.onvif.org/ver20/media/wsdl",
    "tptz": "http://www.onvif.org/ver20/ptz/wsdl",
    "tt": "http://www.onvif.org/ver10/schema",
    "ter": "http://www.onvif.org/ver10/error",
}
USER, PASSWORD = "sidak", "rahasia"
ANONYMOUS = ("GetSystemDateAndTime", "GetServices", "GetCapabilities")


class OnvifFault(StrEnum):
    """What is wrong with a camera's ONVIF."""

    NONE = "none"
    REFUSED_DIGEST = "refused_digest"  # refuses every signature
    LOCKED = "locked"
    FIXED_PROFILE = "fixed_profile"  # refuses new settings of encoders
    FORGETFUL = "forgetful"  # accepts new settings and clocks, and keeps the old ones
    FIXED_CLOCK = "fixed_clock"
    OLD = "old"  # names its services in its capabilities only
    OTHER_HOST = "other_host"  # names another host in all addresses
    GUARDED_CLOCK = "guarded_clock"  # names its time only when signed in


@dataclass(slots=True)
class OnvifStream:
    """One stream and its encoder."""

    path: str
    width: int
    height: int
    fps: int = 25
    gop: int = 250
    codec: str = "H264"
    source: str = "lens1"


@dataclass(slots=True)
class OnvifFace:
    """Serve one camera's ONVIF; use it as a context manager.

    host: an address of the loopback; port: 0 for any; clock_s: its clock minus ours; by_ntp: says that it keeps time by
    NTP; version2: offers Media2 and not Media; http_digest: asks for HTTP Digest instead of a signature in the
    envelope; ptz: its motor, None for a fixed camera; requests: the names of those answered or refused, in order.
    """

    user: str = USER
    password: str = PASSWORD
    rtsp_port: int = 554
    streams: dict[str, OnvifStream] = field(default_factory=dict)
    clock_s: float = 0.0
    by_ntp: bool = False
    version2: bool = False
    http_digest: bool = False
    fault: OnvifFault = OnvifFault.NONE
    ptz: PtzHead | None = None
    requests: list[str] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 0
    _server: Any = None

    def __enter__(self) -> Self:
        if not self.streams:
            self.streams = {"main": OnvifStream("/cam001", 1920, 1080), "small": OnvifStream("/cam001-small", 640, 360)}
        self._server = ThreadingHTTPServer((self.host, self.port), type("Bound", (_Handler,), {"face": self}))
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="onvif-face", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def now(self) -> datetime:
        """Return the camera's time."""
        return datetime.now(UTC) + timedelta(seconds=self.clock_s)

    def answer(self, request: str, authorization: str) -> tuple[int, str]:
        """Return the HTTP status and the envelope that answer a request."""
        found = re.search(r"Body[^>]*>\s*<(?:(\w+):)?(\w+)", request)
        name = found[2] if found else ""
        self.requests.append(name)
        guarded = self.fault == OnvifFault.GUARDED_CLOCK and name == "GetSystemDateAndTime"
        if self.fault == OnvifFault.LOCKED and "Security" in request:
            return 400, _fault("Sender", "NotAuthorized", "Account is locked")
        if (name not in ANONYMOUS or guarded) and not self._admits(request, authorization):
            return (401, "") if self.http_digest else (400, _fault("Sender", "NotAuthorized", "Sender not authorized"))
        if self.ptz and (moved := self.ptz.answer(name, request)) is not None:
            if moved == REFUSED:
                return 400, _fault("Sender", "InvalidArgVal", "No such token, or out of range")
            return 200, _envelope(f"<tptz:{name}Response>{moved}</tptz:{name}Response>")
        made = getattr(self, f"_{re.sub(r'(?<!^)(?=[A-Z])', '_', name).lower()}", None)
        if made is None:
            return 500, _fault("Receiver", "ActionNotSupported", "Optional Action Not Implemented")
        answered: str | None = made(request)
        if answered is None:
            return 400, _fault("Sender", "ConfigModify", "The configuration cannot be set")
        prefix = "tds" if name in DEVICE_ACTIONS else ("tr2" if self.version2 else "trt")
        return 200, _envelope(f"<{prefix}:{name}Response>{answered}</{prefix}:{name}Response>")

    def _admits(self, request: str, authorization: str) -> bool:
        if self.fault == OnvifFault.REFUSED_DIGEST:
            return False
        if self.http_digest:
            return _digest_fits(authorization, self.user, self.password)
        user, proof, nonce, created = (_text(request, tag) for tag in ("Username", "Password", "Nonce", "Created"))
        if user != self.user or "PasswordDigest" not in request:
            return False
        if abs((datetime.fromisoformat(created) - self.now()).total_seconds()) > MOST_SKEW_S:
            return False
        digest = hashlib.sha1(base64.b64decode(nonce) + (created + self.password).encode(), usedforsecurity=False)
        return hmac.compare_digest(proof, base64.b64encode(digest.digest()).decode())

    @property
    def _host(self) -> str:
        return "203.0.113.9" if self.fault == OnvifFault.OTHER_HOST else self.host

    def _get_system_date_and_time(self, _request: str) -> str:
        now = self.now()
        time = f"<tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute><tt:Second>{now.second}</tt:Second>"
        date = f"<tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day>"
        return (
            f"<tds:SystemDateAndTime><tt:DateTimeType>{'NTP' if self.by_ntp else 'Manual'}</tt:DateTimeType>"
            "<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>CST-8</tt:TZ></tt:TimeZone>"
            f"<tt:UTCDateTime><tt:Time>{time}</tt:Time><tt:Date>{date}</tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>"
        )

    def _set_system_date_and_time(self, request: str) -> str | None:
        if self.fault == OnvifFault.FIXED_CLOCK or _text(request, "TZ") != "CST-8":
            return None
        names = ("year", "month", "day", "hour", "minute", "second")
        given = datetime(**{name: int(_text(request, name.title())) for name in names}, tzinfo=UTC)
        if self.fault != OnvifFault.FORGETFUL:
            self.clock_s, self.by_ntp = (given - datetime.now(UTC)).total_seconds(), False
        return ""

    def _get_capabilities(self, _request: str) -> str:
        base = f"http://{self._host}:{self.port}/onvif/"
        parts = [("Device", "device_service"), ("Media", "media"), *([("PTZ", "ptz")] if self.ptz else [])]
        said = "".join(f"<tt:{name}><tt:XAddr>{base}{path}</tt:XAddr></tt:{name}>" for name, path in parts)
        return f"<tds:Capabilities>{said}</tds:Capabilities>"

    def _get_services(self, _request: str) -> str | None:
        if self.fault == OnvifFault.OLD:
            return None
        media = "ver20/media" if self.version2 else "ver10/media"
        parts = [("ver10/device", "device_service"), (media, "media"), *([("ver20/ptz", "ptz")] if self.ptz else [])]
        return "".join(
            f"<tds:Service><tds:Namespace>http://www.onvif.org/{namespace}/wsdl</tds:Namespace>"
            f"<tds:XAddr>http://{self._host}:{self.port}/onvif/{path}</tds:XAddr></tds:Service>"
            for namespace, path in parts
        )

    def _get_device_information(self, _request: str) -> str:
        facts = {"Manufacturer": "Sidak", "Model": "Simulator", "FirmwareVersion": "1.0", "SerialNumber": "1"}
        return "".join(f"<tds:{name}>{value}</tds:{name}>" for name, value in facts.items())

    def _get_profiles(self, _request: str) -> str:
        tag = "tr2:Profiles" if self.version2 else "trt:Profiles"
        return "".join(self._profile(token, tag) for token in self.streams)

    def _get_profile(self, request: str) -> str | None:
        token = _text(request, "ProfileToken")
        return self._profile(token, "trt:Profile") if token in self.streams else None

    def _profile(self, token: str, tag: str) -> str:
        source = f"<tt:SourceToken>{self.streams[token].source}</tt:SourceToken>"
        if self.version2:
            parts = f'<tr2:VideoSource token="v">{source}</tr2:VideoSource>{self._encoder(token, "tr2:VideoEncoder")}'
            parts += self.ptz.configuration("tr2:PTZ") if self.ptz else ""
            parts = f"<tr2:Name>{token}</tr2:Name><tr2:Configurations>{parts}</tr2:Configurations>"
            return f'<{tag} token="{token}">{parts}</{tag}>'
        parts = f'<tt:VideoSourceConfiguration token="v">{source}</tt:VideoSourceConfiguration>'
        parts += self._encoder(token, "tt:VideoEncoderConfiguration")
        parts += self.ptz.configuration("tt:PTZConfiguration") if self.ptz else ""
        return f'<{tag} token="{token}"><tt:Name>{token}</tt:Name>{parts}</{tag}>'

    def _encoder(self, token: str, tag: str) -> str:
        one = self.streams[token]
        size = f"<tt:Resolution><tt:Width>{one.width}</tt:Width><tt:Height>{one.height}</tt:Height></tt:Resolution>"
        name = f"<tt:Name>{token} &amp; co</tt:Name><tt:UseCount>1</tt:UseCount>"
        if self.version2:
            return (
                f'<{tag} token="enc-{token}" GovLength="{one.gop}" Profile="Main">{name}'
                f"<tt:Encoding>{one.codec}</tt:Encoding>{size}"
                f'<tt:RateControl ConstantBitRate="true"><tt:FrameRateLimit>{one.fps}</tt:FrameRateLimit>'
                f"<tt:BitrateLimit>1024</tt:BitrateLimit></tt:RateControl><tt:Quality>4</tt:Quality></{tag}>"
            )
        return (
            f'<{tag} token="enc-{token}">{name}<tt:Encoding>{one.codec}</tt:Encoding>{size}<tt:Quality>4</tt:Quality>'
            f"<tt:RateControl><tt:FrameRateLimit>{one.fps}</tt:FrameRateLimit><tt:EncodingInterval>1"
            "</tt:EncodingInterval><tt:BitrateLimit>1024</tt:BitrateLimit></tt:RateControl>"
            f"<tt:H264><tt:GovLength>{one.gop}</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264>"
            "<tt:Multicast><tt:Port>40000</tt:Port></tt:Multicast><tt:SessionTimeout>PT10S</tt:SessionTimeout>"
            f"</{tag}>"
        )

    def _get_video_encoder_configuration(self, request: str) -> str | None:
        token = _text(request, "ConfigurationToken").removeprefix("enc-")
        return self._encoder(token, "trt:Configuration") if token in self.streams else None

    def _get_video_encoder_configurations(self, _request: str) -> str:
        return "".join(self._encoder(token, "tr2:Configurations") for token in self.streams)

    def _get_video_encoder_configuration_options(self, _request: str) -> str:
        if self.version2:
            return '<tr2:Options GovLengthRange="1 400"><tt:Encoding>H264</tt:Encoding></tr2:Options>'
        span = "<tt:GovLengthRange><tt:Min>1</tt:Min><tt:Max>400</tt:Max></tt:GovLengthRange>"
        return f"<trt:Options><tt:H264>{span}</tt:H264></trt:Options>"

    def _set_video_encoder_configuration(self, request: str) -> str | None:
        """Keep the distance of keyframes; refuse a configuration in which anything else differs."""
        found = re.search(r'token="enc-(\w+)"', request)
        gop = re.search(r'GovLength(?:="|>)(\d+)', request)
        if self.fault == OnvifFault.FIXED_PROFILE or not found or not gop or found[1] not in self.streams:
            return None
        asked, own = (_values(text) for text in (request[found.start() :], self._encoder(found[1], "tt:Any")))
        if [one for one in own if one not in asked and one != str(self.streams[found[1]].gop)]:
            return None
        if self.fault != OnvifFault.FORGETFUL:
            self.streams[found[1]].gop = int(gop[1])
        return ""

    def _get_stream_uri(self, request: str) -> str | None:
        stream = self.streams.get(_text(request, "ProfileToken"))
        if stream is None:
            return None
        uri = escape(f"rtsp://{self._host}:{self.rtsp_port}{stream.path}")
        return f"<tr2:Uri>{uri}</tr2:Uri>" if self.version2 else f"<trt:MediaUri><tt:Uri>{uri}</tt:Uri></trt:MediaUri>"


DEVICE_ACTIONS = (*ANONYMOUS, "SetSystemDateAndTime", "GetDeviceInformation")


class _Handler(BaseHTTPRequestHandler):
    face: OnvifFace
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        status, text = self.face.answer(request, self.headers.get("Authorization", ""))
        body = text.encode()
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Digest realm="onvif", nonce="abc", qop="auth", algorithm=MD5')
        self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def _envelope(body: str) -> str:
    names = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMESPACES.items())
    return f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope {names}><s:Body>{body}</s:Body></s:Envelope>'


def _fault(code: str, subcode: str, text: str) -> str:
    value = f"<s:Subcode><s:Value>ter:{subcode}</s:Value></s:Subcode>"
    reason = f'<s:Reason><s:Text xml:lang="en">{text}</s:Text></s:Reason>'
    return _envelope(f"<s:Fault><s:Code><s:Value>s:{code}</s:Value>{value}</s:Code>{reason}</s:Fault>")


def _text(request: str, tag: str) -> str:
    found = re.search(rf"<(?:\w+:)?{tag}\b[^>]*>([^<]*)<", request)
    return found[1] if found else ""


def _values(text: str) -> list[str]:
    """Return the texts and attribute values of XML, without its tags and names of namespaces."""
    return [one for one in re.findall(r'>([^<>]+)<|(?<!xmlns)="([^"]+)"', text) for one in one if one]


def _digest_fits(authorization: str, user: str, password: str) -> bool:
    fields = dict(re.findall(r'(\w+)="?([^",]+)"?', authorization))

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    middle = ":".join(fields.get(name, "") for name in ("nonce", "nc", "cnonce", "qop"))
    account, asked = md5(f"{user}:onvif:{password}"), md5("POST:" + fields.get("uri", ""))
    wanted = md5(f"{account}:{middle}:{asked}")
    return fields.get("username") == user and hmac.compare_digest(fields.get("response", ""), wanted)
