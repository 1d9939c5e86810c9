"""CameraControl by ONVIF: envelopes and parsers of the library onveef, which only this and onvif_ptz.py import.

Its client is not used: it signs with our clock first and asks for the camera's only once refused, with a signature that
is refused again; and it tries a wrong password several times, which locks accounts.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from onveef import envelopes, parsers, wsdiscovery

from streams.control.device import DeviceClock, DeviceError, DeviceLogin, DeviceProfile, DeviceReport, GopChange
from streams.control.reported import (
    codec_name,
    exact_token,
    http_ports,
    positive_number,
    service_path,
    short_text,
    stream_address,
)
from streams.control.soap import SoapAnswer, SoapLine

DEVICE_PATH = "/onvif/device_service"
SERVICES = {  # in the order in which they are tried: only the second version knows H.265
    "media2": ("trt2", "http://www.onvif.org/ver20/media/wsdl"),
    "media": ("trt", "http://www.onvif.org/ver10/media/wsdl"),
}
MOST_PROFILES, OUR_TIMEZONE = 16, "WIB-7"  # the zone is written to a camera that names none
KEPT_OFFSET_S = 3.0  # of a clock that has just been set; it counts whole seconds

for _prefix, _namespace in (*SERVICES.values(), ("tt", "http://www.onvif.org/ver10/schema")):
    ET.register_namespace(_prefix, _namespace)  # some cameras read prefixes instead of namespaces


@contextmanager
def distrust() -> Iterator[None]:
    """Turn what parsers raise on senseless values into a DeviceError."""
    try:
        yield
    except (ArithmeticError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise DeviceError("odd_answer") from None


class OnvifCamera:
    """A camera's device and media services. `host` stands in the addresses that it returns."""

    def __init__(self, line: SoapLine, login: DeviceLogin, host: str = "") -> None:
        self._line, self._login, self._host = line, login, host or line.address
        self._offset_s = 0.0
        self._paths: dict[str, str] = {}

    async def recognise(self, note: Callable[[str], object] = str) -> bool:
        """Return whether an ONVIF camera answers, without signing in; `note` gets the code of a DeviceError."""
        try:
            await self._call(DEVICE_PATH, envelopes.device_get_system_date_time(), signed=False)
        except DeviceError as error:
            note(error.code)
            return error.code in ("login_needed", "refused", "unsupported")
        return True

    async def read_clock(self) -> DeviceClock | None:
        """Return the camera's clock, by which all later requests are signed; None if it names no time.

        It is asked anonymously, as a signature by our clock could be refused; signed only where that is refused.
        """
        body = envelopes.device_get_system_date_time()
        asked_at = datetime.now(UTC)
        try:
            text = await self._call(DEVICE_PATH, body, signed=False)
        except DeviceError as error:
            if error.code not in ("login_needed", "web_login") or not self._login.username:
                raise
            asked_at = datetime.now(UTC)
            text = await self._call(DEVICE_PATH, body)
        middle = asked_at + (datetime.now(UTC) - asked_at) / 2
        with distrust():
            said = parsers.parse_system_datetime(text)
            parts = said.get("UTCDateTime")
            if not parts:
                return None
            names = ("year", "month", "day", "hour", "minute", "second")
            shown = datetime(**{name: parts[name] for name in names}, tzinfo=UTC)
            # A camera counts whole seconds, so it is half a second later on average.
            self._offset_s = (shown + timedelta(seconds=0.5) - middle).total_seconds()
            by_ntp = said.get("date_time_type") == "NTP"
            return DeviceClock(
                self._offset_s, by_ntp, short_text(said.get("timezone")), bool(said.get("daylight_savings"))
            )

    async def read(self) -> DeviceReport:
        """Return all that the camera says of itself. Raises DeviceError."""
        clock = await self.read_clock()
        information = await self._call(DEVICE_PATH, envelopes.device_get_information())
        await self._find_services()
        service, found = await self._read_profiles()
        profiles = [await self._complete(service, said) for said in found]
        with distrust():
            names = parsers.parse_device_information(information)
            make, model, firmware = (short_text(names.get(key)) for key in ("Manufacturer", "Model", "FirmwareVersion"))
        return DeviceReport(self._line.port, make, model, firmware, clock, tuple(profiles))

    async def read_gop(self, change: GopChange) -> int:
        """Return the distance of keyframes, if it is still the one to be changed. Raises DeviceError."""
        if not self._paths:
            await self.read_clock()
            await self._find_services()
        _configuration, gop = await self._read_encoder(change)
        if change.former not in (None, gop):
            raise DeviceError("changed")
        return gop

    async def set_gop(self, change: GopChange) -> None:
        """Write the encoder's configuration back as it is but for the distance of keyframes. Raises DeviceError."""
        configuration, _gop = await self._read_encoder(change)
        try:
            await self._media(change.service, _set_gop_body(configuration, change))
        except DeviceError as error:
            raise DeviceError("fixed" if error.code in ("refused", "unsupported") else error.code) from None
        try:
            kept = (await self._read_encoder(change))[1]
        except DeviceError:
            raise DeviceError("unconfirmed") from None
        if kept != change.wanted:
            raise DeviceError("not_kept")

    async def set_clock(self, now: datetime) -> None:
        """Set the clock by hand, keeping the time zone. Raises DeviceError."""
        clock = await self.read_clock()
        body = envelopes.device_set_system_date_time(
            date_time_type="Manual",
            daylight_savings=bool(clock and clock.daylight),
            timezone=(clock.timezone if clock else "") or OUR_TIMEZONE,
            utc_datetime=now,
        )
        try:
            await self._call(DEVICE_PATH, body)
        except DeviceError as error:
            raise DeviceError("clock_refused" if error.code in ("refused", "unsupported") else error.code) from None
        try:
            after = await self.read_clock()
        except DeviceError:
            raise DeviceError("unconfirmed") from None
        if after is None or abs(after.offset_s) > KEPT_OFFSET_S:
            raise DeviceError("clock_refused")

    async def _call(self, path: str, body: str, *, signed: bool = True) -> str:
        login = self._login if signed else DeviceLogin()
        envelope = envelopes.build_envelope(
            body, username=login.username, password=login.password, clock_offset_s=self._offset_s
        )
        return _check(await self._line.post(path, envelope, login), signed=bool(login.username))

    async def _media(self, service: str, body: str) -> str:
        if service not in self._paths:
            raise DeviceError("no_media")
        return await self._call(self._paths[service], body)

    async def _find_services(self) -> None:
        """Learn the paths of the services; the hosts in their addresses are ignored."""
        try:
            text = await self._call(DEVICE_PATH, envelopes.device_get_services(include_capability=False))
            services = parsers.parse_services(text)
        except DeviceError as error:
            if error.code not in ("refused", "unsupported"):
                raise
            services = {}
        if not services:
            services = parsers.parse_capabilities(await self._call(DEVICE_PATH, envelopes.device_get_capabilities()))
        with distrust():
            named = ((name, service_path(services.get(name, ""))) for name in (*SERVICES, "ptz"))
            self._paths = {name: path for name, path in named if path}

    async def _read_profiles(self) -> tuple[str, list[dict[str, Any]]]:
        """Return the media service that describes the camera's streams, and its profiles with an encoder."""
        problem = DeviceError("no_media")
        for service in [name for name in SERVICES if name in self._paths]:
            try:
                text = await self._media(service, envelopes.media_get_profiles(use_media2=service == "media2"))
                with distrust():
                    found = [said for said in parsers.parse_profiles(text) if said.get("video_encoder")]
            except DeviceError as error:
                if error.code not in ("refused", "unsupported", "odd_answer"):
                    raise
                problem = error
                continue
            if found:
                return service, found[:MOST_PROFILES]
        raise problem

    async def _complete(self, service: str, said: dict[str, Any]) -> DeviceProfile:
        """Return a profile with its address and the range of its keyframes."""
        with distrust():
            encoder = said["video_encoder"]
            codec = codec_name(encoder.get("encoding"))
            token, encoder_token = exact_token(said.get("token")), exact_token(encoder.get("token"))
            fps = positive_number(encoder.get("fps_limit"))
            interval = positive_number(encoder.get("encoding_interval")) or 1
            return DeviceProfile(
                token=token,
                name=short_text(said.get("name")),
                source=short_text((said.get("video_source") or {}).get("source_token")),
                service=service,
                encoder=encoder_token,
                codec=codec,
                width=positive_number(encoder.get("width")) or 0,
                height=positive_number(encoder.get("height")) or 0,
                fps=fps / interval if fps else None,
                gop=positive_number(encoder.get("gop")),
                gop_range=await self._gop_range(service, encoder_token, codec),
                bitrate_kbps=positive_number(encoder.get("bitrate_kbps")),
                url=await self._stream_address(service, token),
            )

    async def _stream_address(self, service: str, token: str) -> str:
        body = envelopes.media_get_stream_uri(profile_token=token, use_media2=service == "media2")
        try:
            reported = parsers.parse_stream_uri(await self._media(service, body))
        except DeviceError as error:
            if error.code in ("refused", "unsupported", "odd_answer"):
                return ""
            raise
        return stream_address(reported, self._host, self._login.password)

    async def _gop_range(self, service: str, encoder: str, codec: str) -> tuple[int, int] | None:
        build = envelopes.media2_get_video_encoder_options if service == "media2" else None
        body = (build or envelopes.media_get_video_encoder_options)(configuration_token=encoder)
        try:
            text = await self._media(service, body)
        except DeviceError as error:
            if error.code not in ("refused", "unsupported", "odd_answer"):
                raise
            return None
        for options in parsers.parse_video_encoder_options_normalized(text):
            if codec_name(options["encoding"]) == codec and (span := options["gop"]):
                least, most = max(1, int(span["min"])), int(span["max"])
                return (least, most) if least <= most else None
        return None

    async def _read_encoder(self, change: GopChange) -> tuple[ET.Element, int]:
        """Return an encoder's configuration and the distance of keyframes in it."""
        prefix, _namespace = SERVICES[change.service]
        name = "GetVideoEncoderConfiguration" + ("s" if change.service == "media2" else "")
        token = f"<{prefix}:ConfigurationToken>{escape(change.encoder)}</{prefix}:ConfigurationToken>"
        text = await self._media(change.service, f"<{prefix}:{name}>{token}</{prefix}:{name}>")
        with distrust():
            root = parsers.parse_xml(text)
            for tag in ("Configuration", "Configurations"):
                for found in parsers.find_all_local(root, tag):  # type: ignore[arg-type]  # distrust answers for None
                    if found.get("token") == change.encoder and (gop := _gop_of(found)):
                        return found, gop
        raise DeviceError("fixed")


def _gop_of(configuration: ET.Element) -> int | None:
    """Return the distance of keyframes in a configuration of either version."""
    inner = parsers.find_local(configuration, "GovLength")
    return positive_number(configuration.get("GovLength") or (inner.text if inner is not None else None))


def _set_gop_body(configuration: ET.Element, change: GopChange) -> str:
    """Return the request that writes a configuration back with another distance of keyframes."""
    prefix, namespace = SERVICES[change.service]
    if "GovLength" in configuration.attrib:
        configuration.set("GovLength", str(change.wanted))
    else:
        inner = parsers.find_local(configuration, "GovLength")
        assert inner is not None  # _read_encoder has read it
        inner.text = str(change.wanted)
    configuration.tag, configuration.tail = f"{{{namespace}}}Configuration", ""
    kept = f"<{prefix}:ForcePersistence>true</{prefix}:ForcePersistence>" if change.service == "media" else ""
    name = f"{prefix}:SetVideoEncoderConfiguration"
    return f"<{name}>{ET.tostring(configuration, encoding='unicode')}{kept}</{name}>"


def _check(answer: SoapAnswer, *, signed: bool) -> str:
    """Return the text of a good answer. Raises DeviceError.

    Faults are told apart by their codes and words, as cameras send all of them with any HTTP status.
    """
    refused_login = "unauthorized" if signed else "login_needed"
    root = parsers.parse_xml(answer.text)
    is_soap = root is not None and parsers.find_local(root, "Envelope") is not None
    if answer.status == 401:
        raise DeviceError(refused_login if answer.is_xml or is_soap or signed else "web_login")
    if not is_soap:
        raise DeviceError("odd_answer" if answer.is_xml and answer.status < 400 else "no_onvif")
    fault = parsers.find_local(root, "Fault") if root is not None else None
    if fault is not None:
        words = " ".join(one.text or "" for one in fault.iter()).lower()
        if "locked" in words:
            raise DeviceError("locked")
        if re.search(r"not\s*authori[sz]ed|unauthori[sz]ed", words):
            raise DeviceError(refused_login)
        unsupported = "notsupported" in words or parsers.fault_is_unsupported(words)
        raise DeviceError("unsupported" if unsupported else "refused")
    if answer.status >= 400:
        raise DeviceError("unavailable" if answer.status == 503 else "refused")
    return answer.text


def probe_message(message_id: str) -> bytes:
    """Return the WS-Discovery probe for cameras."""
    return wsdiscovery.build_probe(message_id=message_id).encode()


def parse_probe_answer(datagram: bytes) -> tuple[str, str, set[int]]:
    """Return the name and model in an answer to a probe, and the HTTP ports that it names; its hosts are dropped."""
    name = model = ""
    ports: set[int] = set()
    for match in wsdiscovery.parse_probe_matches(datagram.decode("utf-8", "replace")):
        name, model = name or short_text(unquote(match.name)), model or short_text(unquote(match.hardware))
        ports |= http_ports(match.xaddrs)
    return name, model, ports
