"""Live boards. Messages to the browser, all with `now` (ISO UTC), the server's clock:

{"type": "snapshot", "rows", "feed"}: everything that the user sees; on connecting, now and then, and whenever news was
lost on its way.
{"type": "patch", "rows", "feed"}: what changed, in the dicts of board.rows and rows.recent_indications, by their "id".
{"type": "incident", "incident"}: a system incident began, changed, or ended (null); snapshots carry it too.
{"type": "tick"}: nothing happened, and the line is alive.

Each also has `version`, how many announcements of the user's offices are in what was sent so far, and `follows`, the
`version` of the message before it (0 before the first). A browser that was sent a message whose `follows` is another
than it knows has missed one, and connects again.

News comes over the channel layer, which drops messages when a process is slow, when it is restarted, and after a day
in its groups. So each announcement of an office has a number (BoardVersion) and is taken only in its order; a gap in
them, and a version in the database that was not announced here, lead to a snapshot.

Close codes: 4401 not logged in (any more), 4403 no such place for this user.
"""

import asyncio
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import DatabaseError, InterfaceError

from discipline.board import rows as board_rows
from discipline.board.office_today import office_snapshot
from discipline.board.shared_board import SharedBoard
from offices.access.gate import Scope
from offices.access.sockets import NOT_LOGGED_IN, NOT_YOURS, user_of_socket
from offices.places.models import Kelurahan

GATHER_S = 0.2  # a burst of flips becomes one message
BEAT_S = 20.0
SCOPE_S = 60.0  # what the user may see is read again at least so often
CHECK_S = 5.0  # between two looks at whether news was lost on its way; lost is what two of them miss
SNAPSHOT_S = 300.0  # what nobody announces is shown after so long

Row = dict[str, Any]

shared = SharedBoard()


class BoardConsumer(AsyncJsonWebsocketConsumer):
    """A user's whole scope. Reads nothing from the browser."""

    async def connect(self) -> None:
        self.sight = Scope()
        self.places: set[str] = set()
        self.versions: dict[int, int] = {}  # by office shown: its announcements up to this one are sent or gathered
        self.version = 0  # of what is sent
        self.gap = False  # an announcement was passed over
        self.missing: dict[int, int] = {}  # `versions` that were not the database's at the last check
        self.incident: Row | None = None
        self.heard_at = monotonic()  # of the last announcement
        self.gathered: dict[str, dict[int, Row]] = {"rows": {}, "feed": {}}
        self.sending = asyncio.Lock()  # while a snapshot is read, news waits
        self.tasks: dict[str, asyncio.Task[None]] = {}
        # Accepted even when refused: only an open socket can tell the browser why it closes.
        await self.accept()
        if await self.look_again():
            self.tasks["beat"] = asyncio.create_task(self.guarded(self.beat()))
            self.tasks["check"] = asyncio.create_task(self.guarded(self.check()))

    async def disconnect(self, code: int) -> None:
        for task in self.tasks.values():
            task.cancel()
        for place in self.places:
            await self.channel_layer.group_discard(place, self.channel_name)

    async def receive(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is asked of the server over this line."""

    async def board_changed(self, event: Row) -> None:
        async with self.sending:
            self.heard_at = monotonic()
            announced = dict(event["announced"])
            new = {row["id"] for row in event["rows"] if self.is_next(row, announced[row["id"]])}
            rows = (row for row in event["rows"] if row["id"] in new)
            self.gathered["rows"].update((row["id"], row) for row in rows)
            alerts = (alert for alert in event["feed"] if alert["kelurahan_id"] in new)
            self.gathered["feed"].update((alert["id"], alert) for alert in alerts)
        gathering = self.tasks.get("gather")
        if (new or self.gap) and (gathering is None or gathering.done()):
            self.tasks["gather"] = asyncio.create_task(self.guarded(self.gather()))

    def is_next(self, row: Row, number: int) -> bool:
        """Count an announcement of an office. False when it is not the one that follows the last."""
        if not self.may_see(row["kecamatan"]["id"], row["id"]):
            return False
        known = self.versions.get(row["id"])
        if known is None or number > known + 1:  # a new office, or one was lost
            self.gap = True
        elif number == known + 1:
            self.versions[row["id"]] = number
            return True
        return False

    async def board_incident(self, event: Row) -> None:
        async with self.sending:
            await self.tell_incident(event["incident"])

    async def tell_incident(self, incident: Row | None) -> None:
        self.heard_at, self.incident = monotonic(), incident
        await self.say("incident", incident=incident)

    async def gather(self) -> None:
        await asyncio.sleep(GATHER_S)
        if monotonic() - self.looked_at > SCOPE_S and not await self.look_again():
            return
        if self.gap:
            await self.show(self.heard_at)
        async with self.sending:
            rows, feed = (list(kept.values()) for kept in self.gathered.values())
            self.gathered = {"rows": {}, "feed": {}}
            if rows or feed:
                await self.say("patch", sum(self.versions.values()), rows=rows, feed=feed)

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            if monotonic() - self.looked_at > SCOPE_S and not await self.look_again():
                return
            if monotonic() - self.shown_at > SNAPSHOT_S:
                await self.show()
            else:
                await self.say("tick")

    async def check(self) -> None:
        """Show everything when an announcement did not come, or a message about a system incident."""
        while True:
            await asyncio.sleep(CHECK_S)
            try:
                state = await shared.state(monotonic() - CHECK_S)
            except (DatabaseError, InterfaceError):
                continue  # it restarts: news waits with it
            missing = {one: known for one, known in self.versions.items() if known != state.versions.get(one, 0)}
            # An announcement may be on its way: lost is what neither came nor changed since the last check.
            lost = any(self.missing.get(office) == known for office, known in missing.items())
            self.missing = missing
            if lost:
                await self.show(state.read_at)
            elif state.incident != self.incident and state.read_at > self.heard_at:
                async with self.sending:
                    await self.tell_incident(state.incident)

    async def guarded(self, work: Any) -> None:
        """A failing task must not leave a board that looks alive: the browser reconnects and catches up."""
        try:
            await work
        except Exception:
            await self.close(1011)
            raise

    async def look_again(self) -> bool:
        """Read what the user may see now; on a change move to its groups and show it. False: closed."""
        sight = await self.current_scope()
        if sight is None or sight.empty:
            await self.close(NOT_LOGGED_IN if sight is None else NOT_YOURS)
            return False
        self.looked_at = monotonic()
        if sight != self.sight:
            self.sight = sight
            places = await self.places_of(sight)
            if places is None:
                await self.close(NOT_YOURS)
                return False
            places |= {board_rows.EVERYBODY}
            for place in self.places - places:
                await self.channel_layer.group_discard(place, self.channel_name)
            self.places = places
            await self.show()
        return True

    async def current_scope(self) -> Scope | None:
        """None when nobody is logged in any more."""
        found = await user_of_socket(self.scope)
        if found is None:
            return None
        self.user, sight = found
        return sight

    async def places_of(self, sight: Scope) -> set[str] | None:
        if sight.city:
            return {board_rows.CITY}
        offices = {board_rows.office_group(pk) for pk in sight.kelurahan}
        return offices | {board_rows.kecamatan_group(pk) for pk in sight.kecamatan}

    def may_see(self, kecamatan: int, kelurahan: int) -> bool:
        return self.sight.city or kecamatan in self.sight.kecamatan or kelurahan in self.sight.kelurahan

    async def show(self, since: float | None = None) -> None:
        """Join the groups, and send all that the user sees, read at `since` or later (None: after joining)."""
        async with self.sending:
            # Each time: the channel layer forgets its members after a day, and when Valkey loses what it holds.
            for place in self.places:
                await self.channel_layer.group_add(place, self.channel_name)
            since = monotonic() if since is None else max(since, self.heard_at)
            rows, feed = await self.everything(since)
            self.incident = (await shared.state(since)).incident
            self.versions = {row["id"]: row["version"] for row in rows}
            self.gap, self.missing, self.gathered = False, {}, {"rows": {}, "feed": {}}
            self.shown_at = monotonic()
            version = sum(self.versions.values())
            await self.say("snapshot", version, rows=rows, feed=feed, incident=self.incident)

    async def everything(self, since: float) -> tuple[list[Row], list[Row]]:
        """The rows and the feed of the user's scope, read at `since` or later."""
        found = await shared.snapshot(self.sight, since)
        return found.rows, found.feed

    async def say(self, kind: str, version: int | None = None, **content: Any) -> None:
        """`version`: the new one, where what is sent brings it on."""
        follows, self.version = self.version, self.version if version is None else version
        about = {"type": kind, "now": datetime.now(UTC).isoformat(timespec="milliseconds")}
        await self.send_json({**about, "version": self.version, "follows": follows, **content})


class OfficeConsumer(BoardConsumer):
    """One office of the user's scope."""

    async def places_of(self, sight: Scope) -> set[str] | None:
        code = self.scope["url_route"]["kwargs"]["code"]
        office = await Kelurahan.objects.select_related("kecamatan").filter(code=code).afirst()
        if office is None or not sight.sees(office):
            return None
        self.office = office
        return {board_rows.office_group(office.pk)}

    async def everything(self, since: float) -> tuple[list[Row], list[Row]]:
        return await database_sync_to_async(office_snapshot)(self.office)
