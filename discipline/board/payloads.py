"""The JSON of the board: rows of offices and indications, and the messages that carry them to open pages.

Times are ISO 8601 in UTC with milliseconds; ids are primary keys. The keys are read by the modules under static/js/.
"""

from typing import Literal, TypedDict

from discipline.board.headline_rule import OfficeVisibility


class KecamatanSummary(TypedDict):
    """The kecamatan of an office."""

    id: int
    name: str
    code: str


_From = TypedDict("_From", {"from": str | None})  # a keyword, so it can't be declared in a class


class CounterRow(_From):
    """A counter and its standing.

    group: one of rows.GROUPS; people: at the last look; alert: the AlertKind of its open indication;
    from: when the state began as it is shown, which for an empty counter is the first empty look.
    """

    id: int
    name: str
    state: str
    group: str
    reason: str
    since: str | None
    empty_since: str | None
    people: int
    alert: str | None


class OfficeRow(_From):
    """An office: `id` is its Place.office_id, negative for a kecamatan office. Its state, group, reason and from are
    those of its worst counter.

    timed_from: `from` where the tile shows a duration; visibility and serving: see headline_rule; trouble and
    wall_order: sort keys (trouble is "" unless the office is in trouble); version: BoardVersion.version.
    """

    id: int
    code: str
    name: str
    official: str
    kecamatan: KecamatanSummary
    url: str
    state: str
    group: str
    reason: str
    timed_from: str | None
    visibility: OfficeVisibility
    serving: bool
    trouble: str
    wall_order: str
    has_camera: bool
    camera_trouble: bool
    counters: list[CounterRow]
    version: int


class IndicationRow(TypedDict):
    """An indication in the feed. superseded: it was replaced or withdrawn and is to be removed."""

    id: int
    kind: str
    kind_label: str
    about_camera: bool
    detail: str
    kelurahan: str
    kelurahan_id: int
    kecamatan: str
    kecamatan_id: int
    kecamatan_code: str
    counter: str
    since: str | None
    raised_at: str | None
    ended_at: str | None
    outcome: str
    outcome_label: str
    superseded: bool
    url: str


class IncidentSummary(TypedDict):
    """An open system incident. kind: a SystemIncident.Kind; blind of total: cameras."""

    kind: str
    since: str | None
    blind: int
    total: int


class FleetSummary(TypedDict):
    """The notice that many cameras can't be read: blind of total cameras."""

    blind: int
    total: int


class BoardChangedEvent(TypedDict):
    """Sent to the channel layer's groups. announced: [office id, number of this announcement] for each row."""

    type: Literal["board.changed"]
    rows: list[OfficeRow]
    feed: list[IndicationRow]
    announced: list[list[int]]


class BoardIncidentEvent(TypedDict):
    """Sent to the channel layer's group of all boards."""

    type: Literal["board.incident"]
    incident: IncidentSummary | None


class MessageHead(TypedDict):
    """What every message to a browser carries: see board.consumers."""

    now: str
    version: int
    follows: int


class SnapshotMessage(MessageHead):
    """All that the user sees."""

    type: Literal["snapshot"]
    rows: list[OfficeRow]
    feed: list[IndicationRow]
    incident: IncidentSummary | None
    fleet: FleetSummary | None
    still: list[str]


class PatchMessage(MessageHead):
    """The rows and indications that changed."""

    type: Literal["patch"]
    rows: list[OfficeRow]
    feed: list[IndicationRow]


class IncidentMessage(MessageHead):
    """The open system incident, or None; the notice that many cameras can't be read, or None; what stands still.

    still: codes of core.models.Heartbeat.Part.
    """

    type: Literal["incident"]
    incident: IncidentSummary | None
    fleet: FleetSummary | None
    still: list[str]


class TickMessage(MessageHead):
    """No change; the connection is alive."""

    type: Literal["tick"]


class WallMessage(MessageHead):
    """The first message to a wall. build: wall.client_build()."""

    type: Literal["wall"]
    build: str


class ClosedMessage(MessageHead):
    """Until when a wall also shows closed offices; problem: why the reason given was refused, or ""."""

    type: Literal["closed"]
    until: str | None
    problem: str


class SpotlightTile(TypedDict):
    """A picture of a spotlight. id: see board.screens.showing."""

    id: int
    name: str


class SpotlightSummary(TypedDict):
    """What an operator put on a screen. by: who; pin: latitude and longitude; tiles: the nearest first."""

    id: int
    title: str
    place: str
    by: str
    until: str
    pin: tuple[float, float] | None
    tiles: list[SpotlightTile]


class SpotlightMessage(MessageHead):
    """What a wall with a name shows instead of its tiles, or None."""

    type: Literal["spotlight"]
    spotlight: SpotlightSummary | None


BoardMessage = (
    SnapshotMessage | PatchMessage | IncidentMessage | TickMessage | WallMessage | ClosedMessage | SpotlightMessage
)
