"""Clients of the API for its tests: an ApiClient with its token, and the requests that it makes."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client as Browser

from discipline.api.access import tokens
from discipline.api.access.models import ApiClient, ApiRight
from tests.support.base import World

API = "/api/v1"


class System:
    """An ApiClient with its token.

    `areas` are `city=True`, `kecamatan=[…]`, `kelurahan=[…]` and `agencies=[…]`; `days` is the time until it expires.
    `rights`: all without one.
    """

    def __init__(
        self,
        world: World,
        name: str = "BKPSDM",
        days: float = 30,
        per_minute: int = 6000,
        rights: Iterable[ApiRight] = tuple(ApiRight),
        **areas: Any,
    ) -> None:
        now = datetime.now(UTC)
        self.client = ApiClient(
            name=name,
            purpose="Rekap kehadiran",
            contact="bkpsdm@palembang.example",
            per_minute=per_minute,
            city=areas.pop("city", False),
            rights=[right.value for right in rights],
            expires_at=now + timedelta(days=365),
        )
        self.token = tokens.create_token(self.client, world.ani.pk, now - timedelta(days=60))
        for kind, rows in areas.items():
            getattr(self.client, kind).set(rows)
        if days < 365:
            self.client.expires_at = now + timedelta(days=days)
            self.client.save()

    @property
    def headers(self) -> dict[str, str]:
        """Return the Authorization header with the token."""
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **more: Any) -> Any:
        """GET `path` below /api/v1 and return the response.

        `more` are the query's parameters; `headers=…` adds other headers.
        """
        headers = self.headers | more.pop("headers", {})
        return Browser().get(API + path, more, headers=headers)

    def items(self, path: str, **more: Any) -> list[Any]:
        """Return the items of all pages of a list, following the cursor."""
        items: list[Any] = []
        cursor = ""
        while cursor is not None:
            page = self.get(path, cursor=cursor, **more).json()
            items += page["items"]
            cursor = page["next"]
        return items
