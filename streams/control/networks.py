"""The networks in which cameras may be searched for and set: CAMERA_NETWORKS, and no others."""

import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings

from streams.cameras.networks import Address, is_allowed
from streams.control.device import DeviceError

Network = IPv4Network | IPv6Network

MOST_ADDRESSES = 1024  # of one search: a /22
RESOLVE_S = 5.0


class NetworkError(ValueError):
    """A network can't be searched. `code`: malformed, large or foreign."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_network(text: str) -> Network:
    """Return the network that is written as 10.0.0.0/24, or as a single address. Raises NetworkError."""
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        raise NetworkError("malformed") from None
    if not any(network[0] in one and network[-1] in one for one in settings.CAMERA_NETWORKS):
        raise NetworkError("foreign")
    if network.num_addresses > MOST_ADDRESSES:
        raise NetworkError("large")
    return network


def resolve(host: str) -> str:
    """Return the allowed IP address of a host, to connect to instead of its name. Raises DeviceError."""
    try:
        address: Address = ip_address(host)
    except ValueError:
        address = _look_up(host)
    if not is_allowed(address):
        raise DeviceError("not_allowed")
    return str(address)


def _look_up(host: str) -> Address:
    pool = ThreadPoolExecutor(max_workers=1)  # a resolver that doesn't answer can't be interrupted, only left
    try:
        found = pool.submit(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM).result(RESOLVE_S)
        return ip_address(str(found[0][4][0]).partition("%")[0])
    except (OSError, UnicodeError, ValueError, Late):
        raise DeviceError("unknown_host") from None
    finally:
        pool.shutdown(wait=False)
