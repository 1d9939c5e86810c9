"""Live boards. Messages to the browser, all with `now` (ISO UTC), the server's clock:

{"type": "snapshot", "rows", "feed"}: everything that the user sees; on connecting, and now and then.
{"type": "patch", "rows", "feed"}: what changed, in the dicts of board.rows and rows.recent_indications, by their "id".
{"type": "incident", "incident"}: a system incident began, changed, or ended (null); snapshots carry it too.
{"type": "tick"}: nothing happened, and the line is alive.

Close codes: 4401 not logged in (any more), 4403 no such place for this user.
"""

import asyncio
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from discipline.board import rows as board_rows
from discipline.board.office_today import office_snapshot
from offices.access.gate import Scope
from offices.access.sockets import NOT_LOGGED_IN, NOT_YOURS, user_of_socket
from offices.places.models import Kelurahan

GATHER_S = 0.2  # a burst of flips becomes one message
BEAT_S = 20.0
SCOPE_S = 60.0  # what the user may see is read again at least so often
SNAPSHOT_S = 300.0  # heals whatever news was lost on its way

Row = dict[str, Any]


class BoardConsumer(AsyncJsonWebsocketConsumer):
    """A user's whole scope. Reads nothing from the browser."""

    async def connect(self) -> None:
        self.sight = Scope()
        self.places: set[str] = set()
        self.gathered: dict[str, dict[int, Row]] = {"rows": {}, "feed": {}}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        # Accepted even when refused: only an open socket can tell the browser why it closes.
        await self.accept()
        if await self.look_again():
            self.tasks["beat"] = asyncio.create_task(self.guarded(self.beat()))

    async def disconnect(self, code: int) -> None:
        for task in self.tasks.values():
            task.cancel()
        for place in self.places:
            await self.channel_layer.group_discard(place, self.channel_name)

    async def receive(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is asked of the server over this line."""

    async def board_changed(self, event: Row) -> None:
        for kind, kept in self.gathered.items():
            kept.update((item["id"], item) for item in event[kind])
        gathering = self.tasks.get("gather")
        if gathering is None or gathering.done():
            self.tasks["gather"] = asyncio.create_task(self.guarded(self.gather()))

    async def board_incident(self, event: Row) -> None:
        await self.say("incident", incident=event["incident"])

    async def gather(self) -> None:
        await asyncio.sleep(GATHER_S)
        if monotonic() - self.looked_at > SCOPE_S and not await self.look_again():
            return
        rows = [row for row in self.gathered["rows"].values() if self.may_see(row["kecamatan"]["id"], row["id"])]
        feed = [a for a in self.gathered["feed"].values() if self.may_see(a["kecamatan_id"], a["kelurahan_id"])]
        self.gathered = {"rows": {}, "feed": {}}
        if rows or feed:
            await self.say("patch", rows=rows, feed=feed)

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            if monotonic() - self.looked_at > SCOPE_S and not await self.look_again():
                return
            if monotonic() - self.shown_at > SNAPSHOT_S:
                await self.show()
            else:
                await self.say("tick")

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
            for place in places - self.places:
                await self.channel_layer.group_add(place, self.channel_name)
            for place in self.places - places:
                await self.channel_layer.group_discard(place, self.channel_name)
            self.places = places
            await self.show()  # after joining, so that nothing falls between
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

    async def show(self) -> None:
        rows, feed = await database_sync_to_async(self.everything)()
        incident = await database_sync_to_async(board_rows.open_incident)()
        self.shown_at = monotonic()
        await self.say("snapshot", rows=rows, feed=feed, incident=incident)

    def everything(self) -> tuple[list[Row], list[Row]]:
        return board_rows.rows(self.user), board_rows.recent_indications(self.user)

    async def say(self, kind: str, **content: Any) -> None:
        await self.send_json({"type": kind, "now": datetime.now(UTC).isoformat(timespec="milliseconds"), **content})


class OfficeConsumer(BoardConsumer):
    """One office of the user's scope."""

    async def places_of(self, sight: Scope) -> set[str] | None:
        code = self.scope["url_route"]["kwargs"]["code"]
        office = await Kelurahan.objects.select_related("kecamatan").filter(code=code).afirst()
        if office is None or not sight.sees(office):
            return None
        self.office = office
        return {board_rows.office_group(office.pk)}

    def everything(self) -> tuple[list[Row], list[Row]]:
        return office_snapshot(self.office)
