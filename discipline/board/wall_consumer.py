"""A wall's live line: the board's messages for the chosen offices, and pictures as the browser asks for them.

From the browser: {"see": [office, …]}, the tiles on the screen, when it is ready for more pictures; {"reason": "…"}.
To the browser, besides the board's: one binary message of streams.pixels.wall_tiles for each "see", as soon as there
is something new; {"type": "wall", "build"} first; {"type": "closed", "until", "problem"}: until when closed offices
are shown too.
"""

import asyncio
import json
from datetime import datetime
from time import monotonic
from typing import Any

from channels.db import database_sync_to_async
from django.http import QueryDict
from django.utils import timezone

from discipline.board import wall
from discipline.board.consumers import BoardConsumer, Row
from offices.access.gate import Scope
from streams.live import access_log
from streams.pixels.wall_tiles import Tile, pack_tiles
from streams.source import newest_picture

PACE_S = 1.0  # between two messages of pictures
TILE_S = 4.5  # between two pictures of one office: no more than its camera is looked at
PLACED_S = 30.0  # so often it is asked anew which offices are on duty, and which camera shows them
LEFT_S = 60.0  # nobody has asked for pictures: nobody looks
NO_PICTURE = 0.0  # its moment
LONGEST_WORD = 100_000  # characters from the browser

shared = newest_picture.SharedTiles()


class WallConsumer(BoardConsumer):
    """One wall. A slow one gets fewer pictures, always the newest: nothing queues up before it has taken the last."""

    async def connect(self) -> None:
        self.sitting: wall.WallViewLog | None = None
        self.chosen: set[int] = set()
        self.cameras: dict[int, int] = {}
        self.placed_at = self.logged_at = float("-inf")
        self.asked: set[int] = set()
        self.asking = asyncio.Event()
        self.sent: dict[int, tuple[float, float]] = {}  # office: moment shown (ms), monotonic time of sending
        await super().connect()
        if "beat" in self.tasks:
            self.tasks["pictures"] = asyncio.create_task(self.guarded(self.send_pictures()))

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        await self.leave()

    async def places_of(self, sight: Scope) -> set[str] | None:
        choice = wall.parse_choice(QueryDict(self.scope["query_string"]))
        try:
            self.chosen = await database_sync_to_async(wall.chosen_offices)(self.user, choice)
        except wall.WallNotFound:
            return None
        await self.leave()
        self.sitting = wall.WallViewLog(self.user, self.chosen)
        self.placed_at = float("-inf")
        await self.say("wall", build=wall.client_build())
        return await super().places_of(sight)

    def may_see(self, kecamatan: int, kelurahan: int) -> bool:
        return kelurahan in self.chosen and super().may_see(kecamatan, kelurahan)

    async def everything(self, since: float) -> tuple[list[Row], list[Row]]:
        rows, _ = await super().everything(since)
        return [row for row in rows if row["id"] in self.chosen], []

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        if not text_data or len(text_data) > LONGEST_WORD:
            return
        try:
            word = json.loads(text_data)
            see, reason = word.get("see"), word.get("reason")
        except (ValueError, AttributeError):
            return
        if isinstance(see, list):
            self.asked = {one for one in see if isinstance(one, int)} & self.chosen
            self.asking.set() if self.asked else self.asking.clear()
        elif isinstance(reason, str):
            await self.explain(reason)

    async def explain(self, reason: str) -> None:
        if self.sitting is None:
            return
        problem = ""
        try:
            await database_sync_to_async(self.sitting.explains)(reason, timezone.now())
        except access_log.ReasonNeeded as needed:
            problem = needed.messages[0]
        self.placed_at = float("-inf")
        await self.send_closed(problem)

    async def send_closed(self, problem: str = "") -> None:
        until = self.sitting.explained_until if self.sitting else None
        await self.say("closed", until=until.isoformat() if until else None, problem=problem)

    async def leave(self) -> None:
        """Nobody looks any more."""
        if self.sitting:
            await database_sync_to_async(self.sitting.end)(timezone.now())
            self.logged_at = float("-inf")

    async def send_pictures(self) -> None:
        while True:
            try:
                await asyncio.wait_for(self.asking.wait(), LEFT_S)
            except TimeoutError:
                await self.leave()
                await self.asking.wait()
            if await self.answered():
                self.asking.clear()
            await asyncio.sleep(PACE_S)

    async def answered(self) -> bool:
        """True when there was something new to send."""
        now = timezone.now()
        await self.look_around(now)
        asked = self.asked
        of = {office: self.cameras[office] for office in asked if office in self.cameras}
        newest = await asyncio.to_thread(shared.newest, of.values())
        records = self.news(asked, {office: newest[camera] for office, camera in of.items() if camera in newest})
        if records:
            await self.send(bytes_data=pack_tiles(records))
        return bool(records)

    async def look_around(self, now: datetime) -> None:
        """Write down that pictures are wanted; ask anew who is on duty."""
        sitting = self.sitting
        if sitting is None:
            return
        explained = sitting.explained_until
        if monotonic() - self.logged_at > access_log.PULSE.total_seconds() / 2 or (explained and now >= explained):
            await database_sync_to_async(sitting.asks)(now)
            self.logged_at = monotonic()
            if explained != sitting.explained_until:
                self.placed_at = float("-inf")
                await self.send_closed()
        if monotonic() - self.placed_at > PLACED_S:
            closed_too = sitting.explained_until is not None
            self.cameras = await database_sync_to_async(wall.cameras_of)(self.chosen, now, closed_too=closed_too)
            self.placed_at = monotonic()

    def news(self, asked: set[int], found: dict[int, Tile]) -> list[tuple[int, Tile | None]]:
        """What the browser has not been sent. None: no picture; it may show one from before its line broke."""
        moment = monotonic()
        records: list[tuple[int, Tile | None]] = []
        for office in sorted(asked):
            tile = found.get(office)
            at_ms, when = self.sent.get(office, (None, 0.0))
            if at_ms == (tile.at_ms if tile else NO_PICTURE):
                continue
            if tile is None or not at_ms or moment - when >= TILE_S:
                self.sent[office] = (tile.at_ms if tile else NO_PICTURE, moment)
                records.append((office, tile))
        return records
