"""RTSP addresses as people type, paste and export them. Pure."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from offices.city.visible_rule import visible

DEFAULT_PORTS = {"rtsp": "554", "rtsps": "322"}
PARTS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<device>[^/?#]*)(?P<rest>.*)", re.DOTALL)


def tidy_address(text: str) -> str:
    """Return an address as it is stored: visible characters, scheme and host in lower case. Checks nothing."""
    text = visible(text)
    if not (found := PARTS.fullmatch(text)):
        return text
    login, at, host = found["device"].rpartition("@")
    return f"{found['scheme'].lower()}://{login}{at}{host.lower()}{found['rest']}"


def device_of(address: str) -> str:
    """Return scheme, host and port of a tidy address, the port also where it is the scheme's own; "" if it is none."""
    if not (found := PARTS.fullmatch(address)):
        return ""
    host = found["device"].rpartition("@")[2]
    port = re.search(r":\d+$", host)
    return f"{found['scheme']}://{host}" + ("" if port else f":{DEFAULT_PORTS.get(found['scheme'], '')}")


def stream_of(address: str) -> str:
    """Return a text that is equal for two tidy addresses of the same stream."""
    found = PARTS.fullmatch(address)
    return device_of(address) + (found["rest"] if found else address)


def in_networks(address: IPv4Address | IPv6Address, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Return whether the address is in one of these networks. An IPv4 address written as IPv6 counts as IPv4."""
    plain = address.ipv4_mapped if isinstance(address, IPv6Address) and address.ipv4_mapped else address
    return any(plain in network for network in networks)


def host_in_networks(host: str, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Return whether a host may be in one of these networks: False for an IP address outside, True for any name.

    What a name means is checked when it is looked up, each time (streams.source.client.line).
    """
    try:
        return in_networks(ip_address(host.partition("%")[0]), networks)
    except ValueError:
        return True
