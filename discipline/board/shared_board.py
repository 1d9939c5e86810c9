"""Share reads of the board among all sockets of this process, so that many sockets cost one set of queries.

Times are seconds of time.monotonic().
"""

import asyncio
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from time import monotonic

from channels.db import database_sync_to_async

from discipline.board import rows as board_rows
from discipline.board.fleet_notice import current_notice
from discipline.board.kecamatan_offices import rows as kecamatan_rows
from discipline.board.models import BoardVersion
from discipline.board.office_today import indications_today
from discipline.board.payloads import FleetSummary, IncidentSummary, IndicationRow, MessageHead, OfficeRow
from discipline.board.standing_still import parts_standing_still
from offices.access.gate import Scope
from offices.places.models import Office

KEPT_S = 10.0  # age at which a scope's snapshot is dropped
READ_EVERY_S = 1.0  # between two reads of all rows
WHOLE_CITY = Scope(city=True)


@dataclass(frozen=True, slots=True)
class BoardState:
    """The versions, the open incident and the notices, read at `read_at` or later.

    versions: BoardVersion by office id; offices without one are omitted. fleet: the notice of unread cameras. still:
    codes of the Parts that stand still.
    """

    read_at: float
    versions: dict[int, int]
    incident: IncidentSummary | None
    fleet: FleetSummary | None
    still: list[str]


@dataclass(frozen=True, slots=True)
class CityRows:
    """The rows of all offices, read at `read_at` or later. Sockets share them, so they must not be changed."""

    read_at: float
    rows: list[OfficeRow]
    texts: dict[int, str] = field(default_factory=dict)  # JSON by office id, of the rows that were needed


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows and the feed of one scope, read at `read_at` or later. Sockets share them."""

    read_at: float
    rows: list[OfficeRow]
    feed: list[IndicationRow]
    city: CityRows
    texts: dict[str, str] = field(default_factory=dict)  # messages by what else is in them

    def only(self, offices: Collection[int]) -> "Snapshot":
        """Return a snapshot of some of the offices (ids), without a feed."""
        return Snapshot(self.read_at, [row for row in self.rows if row["id"] in offices], [], self.city)

    def message(self, head: MessageHead, state: BoardState) -> str:
        """Return a snapshot message as JSON: the same text for all sockets whose `head` differs in `now` only.

        `now` is then that of the first of them, for which the snapshot was read, too.
        """
        more = {"incident": state.incident, "fleet": state.fleet, "still": state.still}
        ending = json.dumps(more)
        key = f"{head['version']} {head['follows']} {ending}"
        if key not in self.texts:
            beginning = json.dumps({"type": "snapshot", **head})
            rows = ", ".join(_row_texts(self.city, self.rows))
            feed = json.dumps(self.feed)
            self.texts[key] = f'{beginning[:-1]}, "rows": [{rows}], "feed": {feed}, {ending[1:]}'
        return self.texts[key]


class SharedBoard:
    """Keeps what was read last, and reads again only when the caller needs something newer."""

    def __init__(self) -> None:
        self._state: BoardState | None = None
        self._city: CityRows | None = None
        self._turn_at = float("-inf")  # when the rows were or will be read next
        self._snapshots: dict[Scope | Office, Snapshot] = {}

    async def state(self, since: float) -> BoardState:
        """Return the state of the whole board, read at `since` or later."""
        if self._state is not None and self._state.read_at >= since:
            return self._state
        state: BoardState = await database_sync_to_async(self._read_state)(since)
        return state

    async def snapshot(self, scope: Scope, since: float) -> Snapshot:
        """Return the rows and the feed of a scope, read at `since` or later."""
        return await self._shared(scope, since)

    async def office_snapshot(self, office: Office, since: float) -> Snapshot:
        """Return the row of an office and its indications of today, read at `since` or later."""
        return await self._shared(office, since)

    async def _shared(self, shows: Scope | Office, since: float) -> Snapshot:
        """Return a snapshot that was read at `since` or later; wait for the next turn to read unless there is one."""
        snapshot = self._snapshots.get(shows)
        if snapshot is None or snapshot.read_at < since:
            if self._turn_at < since:
                self._turn_at = max(monotonic(), self._turn_at + READ_EVERY_S)
            await asyncio.sleep(self._turn_at - monotonic())
            snapshot = await database_sync_to_async(self._read_snapshot)(shows, since)
        return snapshot

    # database_sync_to_async runs these one after another in one thread, so a later call finds what an earlier one read.

    def _read_state(self, since: float) -> BoardState:
        if self._state is None or self._state.read_at < since:
            read_at = monotonic()
            versions = dict(BoardVersion.objects.values_list("office", "version"))
            incident = board_rows.open_incident()
            still = [part.value for part in parts_standing_still()]
            self._state = BoardState(read_at, versions, incident, current_notice(incident), still)
        return self._state

    def _read_city(self, since: float) -> CityRows:
        if self._city is None or self._city.read_at < since:
            read_at = monotonic()
            self._city = CityRows(read_at, kecamatan_rows.all_rows_within(WHOLE_CITY))
        return self._city

    def _read_snapshot(self, shows: Scope | Office, since: float) -> Snapshot:
        snapshot = self._snapshots.get(shows)
        if snapshot is None or snapshot.read_at < since:
            city = self._read_city(since)
            # After the rows: what was announced before them is not sent again, and must be in the feed.
            if not isinstance(shows, Scope):
                rows = [row for row in city.rows if row["id"] == shows.office_id]
                feed = indications_today(shows)
            else:
                rows = [row for row in city.rows if shows.sees_ids(row["kecamatan"]["id"], row["id"])]
                feed = board_rows.feed_within(shows)
            snapshot, now = Snapshot(city.read_at, rows, feed, city), monotonic()
            kept = {other: shared for other, shared in self._snapshots.items() if now - shared.read_at < KEPT_S}
            self._snapshots = kept | {shows: snapshot}
        return snapshot


def _row_texts(city: CityRows, rows: Iterable[OfficeRow]) -> Iterable[str]:
    for row in rows:
        text = city.texts.get(row["id"])
        if text is None:
            text = city.texts[row["id"]] = json.dumps(row)
        yield text
