"""POST to a URL from an untrusted source, guarded against SSRF: HTTPS to public hosts only, no redirects, timeouts."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

TIMEOUT_S = 10.0  # of each socket operation
ANSWER_BYTES = 2000  # of the response body; the rest is not read
# Networks that Python counts as global, but in which no public service is offered: some lead to an IPv4 address of our
# own network, others are reserved or retired.
NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "64:ff9b::/96",  # NAT64
            "64:ff9b:1::/48",  # NAT64 of a local network
            "::/96",  # IPv4-compatible
            "fec0::/10",  # site-local
            "5f00::/16",  # segment routing
            "192.0.0.0/24",  # protocol assignments
            "192.88.99.0/24",  # 6to4 relays
        ),
    )
)


class AddressRefused(Exception):
    """This server must not send requests to the URL; the message says why."""


@dataclass(frozen=True, slots=True)
class OutgoingResponse:
    """A response. `headers` are by lower-case name, `text` is the first ANSWER_BYTES of the body."""

    status: int
    headers: Mapping[str, str]
    text: str


def post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool) -> OutgoingResponse:
    """Send one POST request. `private` also allows plain HTTP and hosts in private networks.

    Raises AddressRefused, or OSError when there is no HTTP response.
    """
    parts = parse_allowed(url, private=private)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    plain = _connect(host, port, private=private)
    try:
        # Use the IP address that was checked, not a second lookup of the name (DNS rebinding).
        tls = ssl.create_default_context() if parts.scheme == "https" else None
        connection.sock = tls.wrap_socket(plain, server_hostname=host) if tls else plain
        connection.request(
            "POST", parts._replace(scheme="", netloc="").geturl() or "/", body, _all_headers(headers, parts)
        )
        response = connection.getresponse()
        text = response.read(ANSWER_BYTES).decode(errors="replace")
        return OutgoingResponse(response.status, {name.lower(): value for name, value in response.getheaders()}, text)
    except http.client.HTTPException as error:
        raise OSError(f"not a valid HTTP response: {error!r}") from error
    finally:
        connection.close()
        plain.close()


def parse_allowed(url: str, *, private: bool) -> SplitResult:
    """Return the parts of a URL. Raises AddressRefused for a form that is not allowed.

    The host is not resolved here: whether it is public is checked when a request is sent.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(str(error)) from error
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise AddressRefused("not an https URL")
    if not parts.hostname or parts.username is not None or parts.password is not None or port == 0:
        raise AddressRefused("URL without a host, with credentials, or with port 0")
    if not url.isascii() or any(character.isspace() or not character.isprintable() for character in url):
        raise AddressRefused("URL with characters that are not allowed")
    return parts


def is_public(address: str) -> bool:
    """Return whether an IP address is global unicast. IPv6 addresses that embed IPv4 ones are not public.

    Raises ValueError when it is not an IP address.
    """
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and (ip.ipv4_mapped or ip.sixtofour or ip.teredo):
        return False  # no service is offered there, and they may lead to an IPv4 address of our own network
    if any(ip in network for network in NOT_PUBLIC):
        return False
    return ip.is_global and not ip.is_multicast


def _connect(host: str, port: int, *, private: bool) -> socket.socket:
    """Connect to the first address of the host that accepts. Refuses the host if any of its addresses is not public."""
    addresses = [entry[4][:2] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not private and not all(is_public(str(address)) for address, _ in addresses):
        raise AddressRefused(f"{host} is not a public host")
    last_error: OSError = OSError(f"{host} has no address")
    for address, address_port in addresses:
        try:
            return socket.create_connection((str(address), int(address_port)), TIMEOUT_S)
        except OSError as error:
            last_error = error
    raise last_error


def _all_headers(headers: Mapping[str, str], parts: SplitResult) -> dict[str, str]:
    return {"Host": parts.netloc, "User-Agent": "Sidak", **headers}
