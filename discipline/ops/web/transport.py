"""Derive the settings of HTTPS. Pure."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

# Plain HTTP for monitoring, which asks the web server itself and not the proxy.
WITHOUT_REDIRECT = [r"^(healthz|metrics)$"]


def transport_settings(behind_tls: bool, hsts_s: int) -> dict[str, Any]:
    """Return Django's settings for a site behind a TLS proxy, or for one on plain HTTP.

    Browsers take a cookie named __Host-… over HTTPS only, from this very host, for its whole site. For `hsts_s` seconds
    they speak HTTPS to this host and don't let people ignore a bad certificate; other hosts of the domain are not
    touched.
    """
    if not behind_tls:
        return {}
    return {
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        "SECURE_SSL_REDIRECT": True,
        "SECURE_REDIRECT_EXEMPT": WITHOUT_REDIRECT,
        "SECURE_HSTS_SECONDS": hsts_s,
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "LANGUAGE_COOKIE_SECURE": True,
    }


def exposed_hosts(allowed_hosts: Iterable[str]) -> list[str]:
    """Return those of ALLOWED_HOSTS under which other machines may reach the site: all but the loopback."""
    return [host for host in allowed_hosts if not _is_loopback(host)]


def _is_loopback(host: str) -> bool:
    name = host.strip().lower().removeprefix("[").removesuffix("]").rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
