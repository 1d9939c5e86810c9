"""Tokens of other systems: made, renewed, revoked, and known again. Only the hash of one is stored."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from discipline.api.access.models import ApiClient, Webhook
from offices.access.gate import Scope

SCANNER_PREFIX = "sidak_"  # what scanners for leaked tokens look for
SHOWN_CHARS = len(SCANNER_PREFIX) + 6  # characters by which a person knows a token
USE_PRECISION = timedelta(minutes=1)  # how exactly last_used_at is known


class TokenRefused(Exception):
    """Why a token opens nothing: UNKNOWN, EXPIRED, REVOKED."""

    UNKNOWN, EXPIRED, REVOKED = "unknown", "expired", "revoked"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what the one gate says of it."""

    client: ApiClient
    scope: Scope


def create_token(client: ApiClient, user: int, now: datetime) -> str:
    """Store a new client (its areas are set after); returns its token, which nobody can tell again."""
    token = _assign_token(client)
    client.made_by_id, client.made_at = user, now
    client.save()
    return token


def renew_token(client: ApiClient, user: int, now: datetime) -> str:
    """A new token in place of the old one, which opens nothing from now on."""
    token = _assign_token(client)
    client.changed_by_id, client.changed_at = user, now
    client.save(update_fields=["token_start", "token_sha256", "changed_by", "changed_at"])
    return token


def revoke_token(client: ApiClient, user: int, now: datetime) -> bool:
    """For good; its webhooks are told nothing any more. False when it was revoked before."""
    Webhook.objects.filter(client=client, stopped_at=None).update(stopped_at=now)
    active = ApiClient.objects.filter(pk=client.pk, revoked_at=None)
    return active.update(revoked_at=now, revoked_by=user) == 1


def authenticate(token: str, now: datetime) -> Caller:
    """Refused says why not. Notes, to the minute, that it was used."""
    found = ApiClient.objects.filter(token_sha256=_hash(token)).first()
    if found is None:
        raise TokenRefused(TokenRefused.UNKNOWN)
    if found.revoked_at:
        raise TokenRefused(TokenRefused.REVOKED)
    if found.expires_at <= now:
        raise TokenRefused(TokenRefused.EXPIRED)
    long_ago = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_PRECISION)
    if found.last_used_at is None or found.last_used_at <= now - USE_PRECISION:
        ApiClient.objects.filter(long_ago, pk=found.pk).update(last_used_at=now)
    return Caller(found, scope_of_client(found))


def scope_of_client(client: ApiClient) -> Scope:
    """As of now: it may have been changed since."""
    return Scope(
        city=client.city,
        kecamatan=frozenset(client.kecamatan.values_list("pk", flat=True)),
        kelurahan=frozenset(client.kelurahan.values_list("pk", flat=True)),
    )


def _assign_token(client: ApiClient) -> str:
    token = SCANNER_PREFIX + secrets.token_urlsafe(32)
    client.token_start, client.token_sha256 = token[:SHOWN_CHARS], _hash(token)
    return token


def _hash(token: str) -> str:
    """Unsalted: 256 random bits need no salt, and a look-up by the hash tells nothing by its time."""
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
