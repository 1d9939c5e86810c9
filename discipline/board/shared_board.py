"""The board as all sockets of this process read it: however many there are, the database is asked once.

Moments are of time.monotonic().
"""

from dataclasses import dataclass
from time import monotonic
from typing import Any

from channels.db import database_sync_to_async

from discipline.board import rows as board_rows
from discipline.board.models import BoardVersion
from offices.access.gate import Scope

KEPT_S = 10.0

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BoardState:
    """What was true when it was read, or later: BoardVersion by office (those without one are missing), and
    board.open_incident."""

    read_at: float
    versions: dict[int, int]
    incident: Row | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows and the feed of one scope. Not to be changed: they are many sockets'."""

    read_at: float
    rows: list[Row]
    feed: list[Row]


class SharedBoard:
    """Reads again only what was read before the moment that the caller names."""

    def __init__(self) -> None:
        self._state: BoardState | None = None
        self._snapshots: dict[Scope, Snapshot] = {}

    async def state(self, since: float) -> BoardState:
        """The state of the whole board, read at `since` or later."""
        if self._state is not None and self._state.read_at >= since:
            return self._state
        return await database_sync_to_async(self._read_state)(since)

    async def snapshot(self, scope: Scope, since: float) -> Snapshot:
        """What a scope sees, read at `since` or later."""
        return await database_sync_to_async(self._read_snapshot)(scope, since)

    # Sockets wait for one thread in turn: who comes later finds what the first has read.

    def _read_state(self, since: float) -> BoardState:
        if self._state is None or self._state.read_at < since:
            read_at = monotonic()
            versions = dict(BoardVersion.objects.values_list("kelurahan", "version"))
            self._state = BoardState(read_at, versions, board_rows.open_incident())
        return self._state

    def _read_snapshot(self, scope: Scope, since: float) -> Snapshot:
        found = self._snapshots.get(scope)
        if found is None or found.read_at < since:
            read_at = monotonic()
            found = Snapshot(read_at, board_rows.rows_within(scope), board_rows.feed_within(scope))
            kept = {other: one for other, one in self._snapshots.items() if read_at - one.read_at < KEPT_S}
            self._snapshots = kept | {scope: found}
        return found
