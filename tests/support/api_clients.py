"""Other systems of the city, as the API's tests know them: a client, its token, and how it asks."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client as Browser

from discipline.api.access import tokens
from discipline.api.access.models import ApiClient
from tests.support.base import World

API = "/api/v1"


class System:
    """A client with its token. `areas`: city=True, kecamatan=[…], kelurahan=[…]."""

    def __init__(
        self, world: World, name: str = "BKPSDM", days: float = 30, per_minute: int = 6000, **areas: Any
    ) -> None:
        now = datetime.now(UTC)
        self.client = ApiClient(
            name=name,
            purpose="Rekap kehadiran",
            contact="bkpsdm@palembang.example",
            per_minute=per_minute,
            city=areas.pop("city", False),
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
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **more: Any) -> Any:
        """`more`: parameters of the query; headers=… for other headers."""
        headers = self.headers | more.pop("headers", {})
        return Browser().get(API + path, more, headers=headers)

    def items(self, path: str, **more: Any) -> list[Any]:
        """Of all pages."""
        found: list[Any] = []
        cursor = ""
        while cursor is not None:
            page = self.get(path, cursor=cursor, **more).json()
            found += page["items"]
            cursor = page["next"]
        return found
