"""Share reads of the board among all sockets of this process, so that many sockets cost one set of queries.

Times are seconds of time.monotonic().
"""

from dataclasses import dataclass
from time import monotonic

from channels.db import database_sync_to_async

from discipline.board import rows as board_rows
from discipline.board.fleet_notice import current_notice
from discipline.board.models import BoardVersion
from discipline.board.payloads import FleetSummary, IncidentSummary, IndicationRow, OfficeRow
from offices.access.gate import Scope

KEPT_S = 10.0  # age at which another scope's snapshot is dropped


@dataclass(frozen=True, slots=True)
class BoardState:
    """The versions, the open incident and the notice of unread cameras, read at `read_at` or later.

    versions: BoardVersion by office id; offices without one are omitted.
    """

    read_at: float
    versions: dict[int, int]
    incident: IncidentSummary | None
    fleet: FleetSummary | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows and the feed of one scope. Sockets share them, so they must not be changed."""

    read_at: float
    rows: list[OfficeRow]
    feed: list[IndicationRow]


class SharedBoard:
    """Keeps what was read last, and reads again only when the caller needs something newer."""

    def __init__(self) -> None:
        self._state: BoardState | None = None
        self._snapshots: dict[Scope, Snapshot] = {}

    async def state(self, since: float) -> BoardState:
        """Return the state of the whole board, read at `since` or later."""
        if self._state is not None and self._state.read_at >= since:
            return self._state
        state: BoardState = await database_sync_to_async(self._read_state)(since)
        return state

    async def snapshot(self, scope: Scope, since: float) -> Snapshot:
        """Return the rows and the feed of a scope, read at `since` or later."""
        snapshot: Snapshot = await database_sync_to_async(self._read_snapshot)(scope, since)
        return snapshot

    # database_sync_to_async runs these one after another in one thread, so a later call finds what an earlier one read.

    def _read_state(self, since: float) -> BoardState:
        if self._state is None or self._state.read_at < since:
            read_at = monotonic()
            versions = dict(BoardVersion.objects.values_list("kelurahan", "version"))
            incident = board_rows.open_incident()
            self._state = BoardState(read_at, versions, incident, current_notice(incident))
        return self._state

    def _read_snapshot(self, scope: Scope, since: float) -> Snapshot:
        snapshot = self._snapshots.get(scope)
        if snapshot is None or snapshot.read_at < since:
            read_at = monotonic()
            snapshot = Snapshot(read_at, board_rows.rows_within(scope), board_rows.feed_within(scope))
            kept = {other: shared for other, shared in self._snapshots.items() if read_at - shared.read_at < KEPT_S}
            self._snapshots = kept | {scope: snapshot}
        return snapshot
