"""The websocket of a video wall: the board's messages for the chosen offices, and pictures as the browser wants them.

From the browser: {"see": [id, …]}, the tiles on the screen (ids of offices and of points' rows), when it is ready for
more pictures;
{"reason": "…"}, to see closed offices too; {"taken": id}, a spotlight is on the screen; {"ended": id}, it was ended
there.
To the browser, besides the board's messages: {"type": "wall", "build"} first; {"type": "closed", "until", "problem"},
until when closed offices are shown too; {"type": "spotlight", "spotlight"}, to a wall with a name, ?layar=, what an
operator has put on it, or null (board.screens); one binary message (streams.pixels.wall_tiles) for each "see", as soon
as there is a new picture.
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
from discipline.board.consumers import BoardConsumer
from discipline.board.screens import putting
from discipline.board.screens.connection import ScreenConnection
from discipline.board.screens.showing import ShownSpotlight, cameras_of_tiles, tile_ids
from discipline.board.shared_board import Snapshot
from discipline.board.street_points.on_wall import cameras_of_points, on_wall, places_of
from offices.access.gate import Scope
from streams.live import access_log, picture_gate
from streams.pixels.wall_tiles import Tile, pack_tiles
from streams.source import newest_picture

PACE_S = 1.0  # between two messages of pictures
TILE_S = 4.5  # between two pictures of one office: no more often than its camera is examined
PLACED_S = 30.0  # between reads of which offices are on duty, and through which camera each is shown
LEFT_S = 60.0  # without a request for pictures: the view ends
NO_PICTURE = 0.0  # stands for Tile.at_ms
LONGEST_MESSAGE = 100_000  # characters from the browser

shared = newest_picture.SharedTiles()


class WallConsumer(BoardConsumer):
    """One open wall. A slow one gets fewer pictures, always the newest: none is queued before it asks for more."""

    async def connect(self) -> None:
        """Open the board's socket, then start sending pictures."""
        self.view_log: wall.WallViewLog | None = None
        self.chosen: set[int] = set()  # office ids
        self.points: set[int] = set()  # ids of rows of street points
        self.cameras: dict[int, int] = {}  # camera id by office id
        self.cameras_read_at = self.logged_at = float("-inf")
        self.wanted: set[int] = set()  # office ids of the last "see"
        self.pictures_wanted = asyncio.Event()
        self.sent: dict[int, tuple[float, float]] = {}  # by office id: Tile.at_ms, monotonic time of sending
        self.connection: ScreenConnection | None = None
        self.shown: ShownSpotlight | None = None
        await super().connect()
        if "beat" in self.tasks:
            self.tasks["pictures"] = asyncio.create_task(self.guarded(self.send_pictures()))
            if self.connection:
                self.tasks["screen"] = asyncio.create_task(self.guarded(self.connection.run()))

    async def disconnect(self, code: int) -> None:
        """Close the board's socket and end the view."""
        await super().disconnect(code)
        if self.connection:
            await self.connection.end()
        await self.end_view()

    async def groups_for(self, user_scope: Scope) -> set[str] | None:
        """Choose the offices, begin a new view log and return the board's groups; None if out of scope."""
        choice = wall.parse_choice(QueryDict(self.scope["query_string"]))
        try:
            offices, points = await database_sync_to_async(on_wall)(self.user, choice, timezone.now())
        except wall.WallNotFound:
            return None
        self.chosen, self.points = offices, {row["id"] for row in points}
        await self.end_view()
        self.view_log = wall.WallViewLog(self.user, self.chosen, places_of(self.points))
        self.cameras_read_at = float("-inf")
        if choice.screen:
            self.connection = self.connection or ScreenConnection(self, choice.screen)
            self.connection.send_again()  # the scope is another
        await self.send_message({"type": "wall", **self.head(), "build": wall.client_build()})
        return await super().groups_for(user_scope)

    def may_see(self, kecamatan: int, office: int) -> bool:
        """Return whether the office (id) is a chosen one in the user's scope."""
        return office in self.chosen and super().may_see(kecamatan, office)

    async def read_board(self, since: float) -> Snapshot:
        """Return the rows of the chosen offices; a wall has no feed."""
        return (await super().read_board(since)).only(self.chosen)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Take "see", "reason", "taken" or "ended"; anything else is ignored."""
        del bytes_data, kwargs  # unused
        if not text_data or len(text_data) > LONGEST_MESSAGE:
            return
        try:
            message = json.loads(text_data)
            see, reason = message.get("see"), message.get("reason")
            taken, ended = message.get("taken"), message.get("ended")
        except (ValueError, AttributeError, RecursionError):
            return
        if isinstance(see, list):
            self.wanted = {office for office in see if isinstance(office, int)} & {
                *self.chosen,
                *self.points,
                *tile_ids(self.shown),
            }
            self.pictures_wanted.set() if self.wanted else self.pictures_wanted.clear()
        elif isinstance(reason, str):
            await self.explain(reason)
        elif isinstance(taken, int) or isinstance(ended, int):
            await self.answer_spotlight(taken, ended)

    async def screen_changed(self, event: dict[str, Any]) -> None:
        """Show what was put on this screen, or that it was ended."""
        del event  # unused
        if self.connection:
            self.connection.changed.set()

    async def show_spotlight(self, shown: ShownSpotlight | None) -> None:
        """Send what is on this screen, and log that its offices and points are viewed."""
        self.sent = {tile: sent for tile, sent in self.sent.items() if tile not in tile_ids(shown)}
        self.shown = shown
        if self.view_log:
            offices = self.chosen | (shown.offices if shown else set())
            points = {*places_of(self.points), *(shown.points if shown else ())}
            await database_sync_to_async(self.view_log.change)(offices, points, timezone.now())
        self.cameras_read_at = float("-inf")
        await self.send_message({"type": "spotlight", **self.head(), "spotlight": shown.summary if shown else None})

    async def answer_spotlight(self, taken: Any, ended: Any) -> None:
        """Record that the browser shows the spotlight `taken` (id), or that `ended` was ended there."""
        if self.connection is None or self.shown is None or self.connection.screen is None:
            return
        number, now = self.shown.summary["id"], timezone.now()
        if taken == number:
            await database_sync_to_async(putting.record_taken)(number, self.connection.screen, now)
        elif ended == number:
            await database_sync_to_async(putting.end)(number, self.user, now, screen=self.connection.screen)

    async def explain(self, reason: str) -> None:
        """Show closed offices too for picture_gate.REMEMBERED, or send the problem with the reason."""
        if self.view_log is None:
            return
        problem = ""
        try:
            await database_sync_to_async(self.view_log.explains)(reason, timezone.now())
        except picture_gate.ReasonNeeded as needed:
            problem = needed.messages[0]
        self.cameras_read_at = float("-inf")
        await self.send_closed(problem)

    async def send_closed(self, problem: str = "") -> None:
        """Send until when closed offices are shown."""
        until = self.view_log.explained_until if self.view_log else None
        until_iso = until.isoformat() if until else None
        await self.send_message({"type": "closed", **self.head(), "until": until_iso, "problem": problem})

    async def end_view(self) -> None:
        """Log that no pictures are viewed any more."""
        if self.view_log:
            await database_sync_to_async(self.view_log.end)(timezone.now())
            self.logged_at = float("-inf")

    async def send_pictures(self) -> None:
        """Send new pictures while they are wanted; end the view when none were for LEFT_S."""
        while True:
            try:
                await asyncio.wait_for(self.pictures_wanted.wait(), LEFT_S)
            except TimeoutError:
                await self.end_view()
                await self.pictures_wanted.wait()
            if await self.send_new_tiles():
                self.pictures_wanted.clear()
            await asyncio.sleep(PACE_S)

    async def send_new_tiles(self) -> bool:
        """Send the wanted tiles that are new. Return whether there were any."""
        now = timezone.now()
        await self.refresh_cameras(now)
        wanted = self.wanted
        cameras = {office: self.cameras[office] for office in wanted if office in self.cameras}
        newest = await asyncio.to_thread(shared.newest, cameras.values())
        tiles = {office: newest[camera] for office, camera in cameras.items() if camera in newest}
        records = self.new_tiles(wanted, tiles)
        if records:
            await self.send(bytes_data=pack_tiles(records))
        return bool(records)

    async def refresh_cameras(self, now: datetime) -> None:
        """Log that pictures are requested, and read every PLACED_S which offices are shown through which camera."""
        view_log = self.view_log
        if view_log is None:
            return
        explained = view_log.explained_until
        if monotonic() - self.logged_at > access_log.PULSE.total_seconds() / 2 or (explained and now >= explained):
            await database_sync_to_async(view_log.asks)(now)
            self.logged_at = monotonic()
            if explained != view_log.explained_until:
                self.cameras_read_at = float("-inf")
                await self.send_closed()
        if monotonic() - self.cameras_read_at > PLACED_S:
            closed_too = view_log.explained_until is not None
            offices = await database_sync_to_async(wall.cameras_of)(self.chosen, now, closed_too=closed_too)
            self.cameras = offices | await database_sync_to_async(cameras_of_points)(self.points)
            if shown := self.shown:
                of_offices = await database_sync_to_async(wall.cameras_of)(shown.offices, now, closed_too=False)
                self.cameras |= cameras_of_tiles(shown, of_offices)
            self.cameras_read_at = monotonic()

    def new_tiles(self, wanted: set[int], tiles: dict[int, Tile]) -> list[tuple[int, Tile | None]]:
        """Return the tiles, by office id, that this browser was not sent yet, and record them as sent.

        None, that there is no picture, is sent too: the browser may still show one from before it reconnected.
        """
        now = monotonic()
        records: list[tuple[int, Tile | None]] = []
        for office in sorted(wanted):
            tile = tiles.get(office)
            at_ms, sent_at = self.sent.get(office, (None, 0.0))
            if at_ms == (tile.at_ms if tile else NO_PICTURE):
                continue
            if tile is None or not at_ms or now - sent_at >= TILE_S:
                self.sent[office] = (tile.at_ms if tile else NO_PICTURE, now)
                records.append((office, tile))
        return records
