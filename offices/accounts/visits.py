"""Where a request comes from: its address, and the device by a cookie that each device gets at its first sign-in."""

import secrets
from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "sidak-device"
SALT = "offices.accounts.visits"
KEPT_S = 400 * 24 * 3600  # browsers keep no cookie longer


@dataclass(frozen=True, slots=True)
class Visit:
    """A request's origin, as far as an account is concerned; `device` is "" unless the account signed in there.

    The fields are those of SignIn.
    """

    account: str
    address: str | None = None
    device: str = ""
    agent: str = ""


def account_key(username: str) -> str:
    """Return the keyed hash by which tries for this name are counted."""
    return salted_hmac(SALT, username.strip().casefold()).hexdigest()[:32]


def visit_of(request: HttpRequest, username: str) -> Visit:
    """Return where the request for this account comes from."""
    account = account_key(username)
    cookie = request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=KEPT_S) or ""
    owner, _, device = cookie.partition(".")
    agent = request.META.get("HTTP_USER_AGENT", "")[:200].replace("\0", "")
    return Visit(account, address_of(request), device if owner == account else "", agent)


def address_of(request: HttpRequest) -> str | None:
    """Return the client's IP address, None when it has none."""
    address = client_of(request.META.get("HTTP_X_FORWARDED_FOR", ""), request.META.get("REMOTE_ADDR", ""))
    try:
        return str(ip_address(address))
    except ValueError:  # a Unix socket has none
        return None


def client_of(forwarded: str, peer: str) -> str:
    """Return where a request comes from. forwarded: its X-Forwarded-For; peer: the address of the connection.

    Behind the proxy it is the last hop, which the proxy wrote itself; the ones before are the client's words.
    """
    hops = forwarded if settings.BEHIND_TLS else ""
    return hops.rpartition(",")[2].strip() or peer


def remember_device(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Give the device a cookie by which it is known as one of this account."""
    device = visit_of(request, username).device or secrets.token_hex(16)
    response.set_signed_cookie(
        COOKIE,
        f"{account_key(username)}.{device}",
        salt=SALT,
        max_age=KEPT_S,
        secure=settings.BEHIND_TLS,
        httponly=True,
        samesite="Lax",
    )
