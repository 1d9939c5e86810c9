"""Create, renew, revoke and verify the tokens of API clients. Only the hash of a token is stored."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from discipline.api.access.models import ApiClient, ApiRight, Webhook
from offices.access.gate import Scope

SCANNER_PREFIX = "sidak_"  # so that scanners for leaked secrets recognise it
SHOWN_CHARS = len(SCANNER_PREFIX) + 6  # stored and displayed to identify a token
USE_PRECISION = timedelta(minutes=1)  # of last_used_at


class TokenRefused(Exception):
    """Raised for an invalid token; `why` is UNKNOWN, EXPIRED or REVOKED."""

    UNKNOWN, EXPIRED, REVOKED = "unknown", "expired", "revoked"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated client and its scope."""

    client: ApiClient
    scope: Scope

    def may(self, right: ApiRight) -> bool:
        """Return whether the client has this right."""
        return right.value in self.client.rights


def create_token(client: ApiClient, user: int, now: datetime) -> str:
    """Save a new client and return its token, which can't be recovered later. Its areas have to be set afterwards."""
    token = _assign_token(client)
    client.made_by_id, client.made_at = user, now
    client.save()
    return token


def renew_token(client: ApiClient, user: int, now: datetime) -> str:
    """Replace the client's token and return the new one. The old one is invalid at once."""
    token = _assign_token(client)
    client.changed_by_id, client.changed_at = user, now
    client.save(update_fields=["token_start", "token_sha256", "changed_by", "changed_at"])
    return token


def revoke_token(client: ApiClient, user: int, now: datetime) -> bool:
    """Revoke the client's token for good and stop its webhooks. Returns False when it was revoked before."""
    Webhook.objects.filter(client=client, stopped_at=None).update(stopped_at=now)
    active = ApiClient.objects.filter(pk=client.pk, revoked_at=None)
    return active.update(revoked_at=now, revoked_by=user) == 1


def authenticate(token: str, now: datetime) -> Caller:
    """Return the client of a token and update its last_used_at, to the minute. Raises TokenRefused."""
    client = ApiClient.objects.filter(token_sha256=_hash(token)).first()
    if client is None:
        raise TokenRefused(TokenRefused.UNKNOWN)
    if client.revoked_at:
        raise TokenRefused(TokenRefused.REVOKED)
    if client.expires_at <= now:
        raise TokenRefused(TokenRefused.EXPIRED)
    outdated = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_PRECISION)
    if client.last_used_at is None or client.last_used_at <= now - USE_PRECISION:
        ApiClient.objects.filter(outdated, pk=client.pk).update(last_used_at=now)
    return Caller(client, scope_of_client(client))


def scope_of_client(client: ApiClient) -> Scope:
    """Return the client's present scope, read from the database."""
    return Scope(
        city=client.city,
        kecamatan=frozenset(client.kecamatan.values_list("pk", flat=True)),
        kelurahan=frozenset(client.kelurahan.values_list("pk", flat=True)),
        agencies=frozenset(client.agencies.values_list("pk", flat=True)),
    )


def _assign_token(client: ApiClient) -> str:
    token = SCANNER_PREFIX + secrets.token_urlsafe(32)
    client.token_start, client.token_sha256 = token[:SHOWN_CHARS], _hash(token)
    return token


def _hash(token: str) -> str:
    """Return the SHA-256 of a token. 256 random bits need no salt, and looking up a hash leaks nothing by timing."""
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
