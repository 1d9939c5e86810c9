"""The Transport header of an answer to SETUP (RFC 2326, 12.39). Pure."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgreedTransport:
    """Where RTP and RTCP come: channels of the connection, or our UDP ports. server_ports: the camera's, if told."""

    channels: tuple[int, int] = (0, 1)
    client_ports: tuple[int, int] | None = None
    server_ports: tuple[int, int] | None = None


def parse_transport(header: str, client_ports: tuple[int, int] | None) -> AgreedTransport:
    """Return what the camera agreed to. Missing or senseless numbers are those that we asked for."""
    channels = _pair(header, "interleaved", 255) or (0, 1)
    return AgreedTransport(channels, client_ports, _pair(header, "server_port", 65535) if client_ports else None)


def _pair(header: str, name: str, most: int) -> tuple[int, int] | None:
    found = re.search(rf"{name}\s*=\s*(\d{{1,5}})(?:-(\d{{1,5}}))?", header, re.IGNORECASE | re.ASCII)
    if not found:
        return None
    first = int(found[1])
    second = int(found[2]) if found[2] else first + 1
    return (first, second) if max(first, second) <= most else None
