"""POST to an address that somebody else named: HTTPS to public hosts, no redirects, with a time limit."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

TIMEOUT_S = 10.0
ANSWER_BYTES = 2000
NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefused(Exception):
    """Not an address that this server may be sent to; the text says why."""


@dataclass(frozen=True, slots=True)
class OutgoingResponse:
    """`text`: its beginning. `headers` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    text: str


def post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool) -> OutgoingResponse:
    """One request. `private` also allows plain HTTP and hosts of the own network. Refused; OSError: nobody answers."""
    parts = parse_allowed(url, private=private)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    plain = _connect(host, port, private=private)
    try:
        # The address that was judged is the one that is used: a name that changes meanwhile leads nowhere else.
        tls = ssl.create_default_context() if parts.scheme == "https" else None
        connection.sock = tls.wrap_socket(plain, server_hostname=host) if tls else plain
        connection.request("POST", parts._replace(scheme="", netloc="").geturl() or "/", body, _named(headers, parts))
        response = connection.getresponse()
        text = response.read(ANSWER_BYTES).decode(errors="replace")
        return OutgoingResponse(response.status, {name.lower(): value for name, value in response.getheaders()}, text)
    except http.client.HTTPException as error:
        raise OSError(f"no HTTP: {error!r}") from error
    finally:
        connection.close()
        plain.close()


def parse_allowed(url: str, *, private: bool) -> SplitResult:
    """Its parts, when its form may be; Refused. Where its name leads is only known when it is used."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(str(error)) from error
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise AddressRefused("not an https address")
    if not parts.hostname or parts.username is not None or parts.password is not None or port == 0:
        raise AddressRefused("not a plain address of a host")
    if not url.isascii() or any(character.isspace() or not character.isprintable() for character in url):
        raise AddressRefused("characters that no address has")
    return parts


def is_public(address: str) -> bool:
    """Whether an IP address is somebody's on the open internet, also when it is wrapped in another."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and (ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in NAT64):
        return False  # nobody offers a service there, and it may lead to an IPv4 address of our own
    return ip.is_global and not ip.is_multicast


def _connect(host: str, port: int, *, private: bool) -> socket.socket:
    found = [entry[4][:2] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not private and not all(is_public(str(address)) for address, _ in found):
        raise AddressRefused(f"{host} is not a public host")
    failed: OSError = OSError(f"{host} has no address")
    for address, at in found:
        try:
            return socket.create_connection((str(address), int(at)), TIMEOUT_S)
        except OSError as error:
            failed = error
    raise failed


def _named(headers: Mapping[str, str], parts: SplitResult) -> dict[str, str]:
    return {"Host": parts.netloc, "User-Agent": "Sidak", **headers}
