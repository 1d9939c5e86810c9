"""The websockets of the board and of the office page.

Messages to the browser (board.payloads), each with `now`, the server's clock:

{"type": "snapshot", "rows", "feed", "incident", "fleet", "still"}: all that the user sees. Sent on connecting, every
SNAPSHOT_S, and whenever an announcement was lost.
{"type": "patch", "rows", "feed"}: rows and indications that changed, to be replaced by "id".
{"type": "incident", "incident", "fleet", "still"}: a system incident began, changed, or ended (null), or so did the
notice that many cameras can't be read (null while an incident is open), or what stands still of Sidak itself. The last
two are not announced: they are read every CHECK_S.
{"type": "tick"}: no change; the connection is alive.

Each also has `version`, the number of announcements of the user's offices that all messages so far include, and
`follows`, the `version` of the message before it (0 before the first). A browser that receives a message whose
`follows` differs from the last `version` has missed one, and reconnects.

Announcements come over the channel layer, which drops messages when a process is slow or restarted, and group members
after a day. So each announcement of an office has a number (BoardVersion) and is accepted only in order. A gap in the
numbers leads to a snapshot, and so does a version in the database that was not announced here.

Close codes: 4401 not or no longer logged in, 4403 no such office for this user, 4429 the user has too many sockets,
1011 internal error.
"""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, InterfaceError

from discipline.board import rows as board_rows
from discipline.board.payloads import (
    BoardChangedEvent,
    BoardIncidentEvent,
    BoardMessage,
    FleetSummary,
    IncidentSummary,
    IndicationRow,
    MessageHead,
    OfficeRow,
)
from discipline.board.shared_board import SharedBoard, Snapshot
from offices.access.gate import Scope, User
from offices.access.socket_groups import EVERYBODY
from offices.access.sockets import NOT_LOGGED_IN, NOT_YOURS, TOO_MANY, open_sockets, user_of_socket
from offices.places.models import Kelurahan, Office, Place

GATHER_S = 0.2  # announcements of so long become one message
BEAT_S = 20.0  # between ticks
SCOPE_S = 60.0  # the user's scope is read again at least so often
CHECK_S = 5.0  # between checks for lost announcements; one that two checks in a row miss is lost
SNAPSHOT_S = 300.0  # between snapshots, for changes that are never announced

AT_ONCE = 16  # sockets that join or leave groups: each uses a connection to Valkey, of which redis-py opens 100

shared = SharedBoard()
_turns = asyncio.Semaphore(AT_ONCE)


class BoardConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # Channels has no type hints
    """One open board, which shows its user's whole scope. Messages from the browser are ignored."""

    async def connect(self) -> None:
        """Join the groups of the user's scope and send a snapshot, or close with the reason."""
        self.user: User = AnonymousUser()
        self.user_scope = Scope()
        self.joined: set[str] = set()  # channel-layer groups
        self.versions: dict[int, int] = {}  # by office id: announcements up to this one are sent or gathered
        self.version = 0  # of the last message
        self.gap = False  # an announcement was skipped
        self.missing: dict[int, int] = {}  # `versions` that differed from the database at the last check
        self.incident: IncidentSummary | None = None
        self.fleet: FleetSummary | None = None
        self.still: list[str] = []
        self.announced_at = monotonic()  # when the last announcement came
        self.gathered_rows: dict[int, OfficeRow] = {}
        self.gathered_feed: dict[int, IndicationRow] = {}
        self.sending = asyncio.Lock()  # announcements wait while a snapshot is read
        self.tasks: dict[str, asyncio.Task[None]] = {}
        # Accept even to refuse: the browser gets a close code only from an open socket.
        await self.accept()
        if await self.refresh_scope():
            self.tasks["beat"] = asyncio.create_task(self.guarded(self.beat()))
            self.tasks["check"] = asyncio.create_task(self.guarded(self.check()))

    async def disconnect(self, code: int) -> None:
        """Stop the tasks and leave the groups."""
        del code  # unused
        for task in self.tasks.values():
            task.cancel()
        open_sockets.leave(self.user, self)
        await self.leave_groups(self.joined)

    async def receive(self, *args: Any, **kwargs: Any) -> None:
        """Ignore messages from the browser."""

    async def board_changed(self, event: BoardChangedEvent) -> None:
        """Gather the rows and indications of an announcement, to be sent after GATHER_S."""
        async with self.sending:
            self.announced_at = monotonic()
            numbers = {pair[0]: pair[1] for pair in event["announced"]}
            new = {row["id"] for row in event["rows"] if self.is_next(row, numbers[row["id"]])}
            rows = (row for row in event["rows"] if row["id"] in new)
            self.gathered_rows.update((row["id"], row) for row in rows)
            alerts = (alert for alert in event["feed"] if alert["kelurahan_id"] in new)
            self.gathered_feed.update((alert["id"], alert) for alert in alerts)
        gathering = self.tasks.get("gather")
        if (new or self.gap) and (gathering is None or gathering.done()):
            self.tasks["gather"] = asyncio.create_task(self.guarded(self.gather()))

    def is_next(self, row: OfficeRow, number: int) -> bool:
        """Record the announcement of an office with this number. False if it does not follow the last one."""
        if not self.may_see(row["kecamatan"]["id"], row["id"]):
            return False
        known = self.versions.get(row["id"])
        if known is None or number > known + 1:  # an office that is not shown yet, or a lost announcement
            self.gap = True
        elif number == known + 1:
            self.versions[row["id"]] = number
            return True
        return False

    async def board_incident(self, event: BoardIncidentEvent) -> None:
        """Send a system incident that was announced."""
        async with self.sending:
            self.announced_at = monotonic()
            await self.send_incident(event["incident"], None if event["incident"] else self.fleet)

    async def account_changed(self, event: dict[str, Any]) -> None:
        """Read the user's scope at once: rights were changed, or sessions ended."""
        if event["user"] == self.user.pk:
            await self.refresh_scope()

    async def send_incident(self, incident: IncidentSummary | None, fleet: FleetSummary | None) -> None:
        """Send the system incident, the notice of unread cameras and `still`. The caller must hold self.sending."""
        self.incident, self.fleet = incident, fleet
        await self.send_message(
            {"type": "incident", **self.head(), "incident": incident, "fleet": fleet, "still": self.still}
        )

    async def gather(self) -> None:
        """Send what was gathered in GATHER_S as one patch, or a snapshot when an announcement was lost."""
        await asyncio.sleep(GATHER_S)
        if monotonic() - self.scope_read_at > SCOPE_S and not await self.refresh_scope():
            return
        if self.gap:
            await self.send_snapshot(self.announced_at)
        async with self.sending:
            rows, feed = list(self.gathered_rows.values()), list(self.gathered_feed.values())
            self.gathered_rows, self.gathered_feed = {}, {}
            if rows or feed:
                head = self.head(sum(self.versions.values()))
                await self.send_message({"type": "patch", **head, "rows": rows, "feed": feed})

    async def beat(self) -> None:
        """Send a tick every BEAT_S and a snapshot every SNAPSHOT_S."""
        while True:
            await asyncio.sleep(BEAT_S)
            if monotonic() - self.scope_read_at > SCOPE_S and not await self.refresh_scope():
                return
            if monotonic() - self.snapshot_at > SNAPSHOT_S:
                await self.send_snapshot()
            else:
                await self.send_message({"type": "tick", **self.head()})

    async def check(self) -> None:
        """Send a snapshot when the announcement of an office was lost, and the incident when that one was.

        Send the notice of unread cameras and what stands still when they changed.
        """
        while True:
            await asyncio.sleep(CHECK_S)
            try:
                state = await shared.state(monotonic() - CHECK_S)
            except (DatabaseError, InterfaceError):
                continue  # the database is restarting, so there are no announcements either
            missing = {
                office: known for office, known in self.versions.items() if known != state.versions.get(office, 0)
            }
            # The announcement may still be under way: it is lost if our version has not changed since the last check.
            lost = any(self.missing.get(office) == known for office, known in missing.items())
            self.missing = missing
            if lost:
                await self.send_snapshot(state.read_at)
            elif state.incident != self.incident and state.read_at > self.announced_at:
                async with self.sending:
                    self.announced_at = monotonic()
                    await self.send_incident(state.incident, state.fleet)
            elif state.incident == self.incident and (state.fleet, state.still) != (self.fleet, self.still):
                async with self.sending:
                    self.still = state.still
                    await self.send_incident(self.incident, None if self.incident else state.fleet)

    async def guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a task; if it fails, close the socket, so that the browser reconnects instead of showing old rows."""
        try:
            await work
        except Exception:
            await self.close(1011)
            raise

    async def refresh_scope(self) -> bool:
        """Read the user's scope; if it changed, switch groups and send a snapshot. False if the socket was closed."""
        user_scope = await self.current_scope()
        if user_scope is None or user_scope.empty:
            await self.close(NOT_LOGGED_IN if user_scope is None else NOT_YOURS)
            return False
        if not open_sockets.enter(self.user, self):
            await self.close(TOO_MANY)
            return False
        self.scope_read_at = monotonic()
        if user_scope != self.user_scope:
            self.user_scope = user_scope
            groups = await self.groups_for(user_scope)
            if groups is None:
                await self.close(NOT_YOURS)
                return False
            groups |= {EVERYBODY}
            await self.leave_groups(self.joined - groups)
            self.joined = groups
            await self.send_snapshot()
        return True

    async def current_scope(self) -> Scope | None:
        """Return the user's scope now; None if no longer logged in."""
        found = await user_of_socket(self.scope)
        if found is None:
            return None
        self.user, user_scope = found
        return user_scope

    async def groups_for(self, user_scope: Scope) -> set[str] | None:
        """Return the channel-layer groups of this page; None if the user may not see it."""
        if user_scope.city:
            return {board_rows.CITY}
        offices = {board_rows.office_group(pk) for pk in user_scope.kelurahan}
        return offices | {board_rows.kecamatan_group(pk) for pk in user_scope.kecamatan}

    async def leave_groups(self, groups: set[str]) -> None:
        """Leave channel-layer groups."""
        async with _turns:
            for group in groups:
                await self.channel_layer.group_discard(group, self.channel_name)

    def may_see(self, kecamatan: int, office: int) -> bool:
        """Return whether an announced office (ids) belongs on this page."""
        return self.user_scope.sees_ids(kecamatan, office)

    async def send_snapshot(self, since: float | None = None) -> None:
        """Join the groups, and send all that the user sees, read at `since` or later (None: after joining)."""
        async with self.sending:
            # Join each time: the channel layer drops members after a day, and when Valkey loses its data.
            async with _turns:
                for group in self.joined:
                    await self.channel_layer.group_add(group, self.channel_name)
            since = monotonic() if since is None else max(since, self.announced_at)
            snapshot = await self.read_board(since)
            state = await shared.state(since)
            self.incident, self.fleet, self.still = state.incident, state.fleet, state.still
            self.versions = {row["id"]: row["version"] for row in snapshot.rows}
            self.gap, self.missing, self.gathered_rows, self.gathered_feed = False, {}, {}, {}
            self.snapshot_at = monotonic()
            await self.send(text_data=snapshot.message(self.head(sum(self.versions.values())), state))

    async def read_board(self, since: float) -> Snapshot:
        """Return the rows and the feed of this page, read at `since` or later."""
        return await shared.snapshot(self.user_scope, since)

    def head(self, version: int | None = None) -> MessageHead:
        """Return the head of the next message, which must be sent. `version`: the new one, None if unchanged."""
        follows, self.version = self.version, self.version if version is None else version
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        return {"now": now, "version": self.version, "follows": follows}

    async def send_message(self, message: BoardMessage) -> None:
        """Send a message to the browser as JSON."""
        await self.send_json(message)


async def office_of(code: str) -> Office | None:
    """Return the kelurahan or kecamatan office with this code; the caller must check the scope."""
    kelurahan: Kelurahan | None = await Kelurahan.objects.select_related("kecamatan").filter(code=code).afirst()
    above: Place | None = None
    if kelurahan is None:
        above = await Place.objects.select_related("kecamatan").filter(kecamatan__code=code).afirst()
    return kelurahan or above


class OfficeConsumer(BoardConsumer):
    """One open office page."""

    async def groups_for(self, user_scope: Scope) -> set[str] | None:
        """Return the office's group; None if there is no such office in the user's scope."""
        code = self.scope["url_route"]["kwargs"]["code"]
        office = await office_of(code)
        if office is None or not user_scope.sees(office):
            return None
        self.office = office
        return {board_rows.office_group(office.office_id)}

    async def read_board(self, since: float) -> Snapshot:
        """Return the office's row and its indications of today, read at `since` or later."""
        return await shared.office_snapshot(self.office, since)
