"""The networks in which cameras may be: settings.CAMERA_NETWORKS, and no others."""

from ipaddress import IPv4Address, IPv6Address

from django.conf import settings

from streams.cameras.addresses import host_in_networks, in_networks

Address = IPv4Address | IPv6Address


def is_allowed(address: Address) -> bool:
    """Return whether cameras may be at this address."""
    return in_networks(address, settings.CAMERA_NETWORKS)


def is_allowed_host(host: str) -> bool:
    """Return whether cameras may be at this host; see addresses.host_in_networks."""
    return host_in_networks(host, settings.CAMERA_NETWORKS)
