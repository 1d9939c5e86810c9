"""Each camera's health in words: cameras from the database joined with the last reports from Valkey."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offices.places.models import Place
from streams.cameras import words as cameras_words
from streams.cameras.models import Camera, Watcher
from streams.cameras.troubles.rule import cause_of
from streams.setup.references import COMPARED
from streams.source.newest_picture import CameraReport

ALIVE_S = 30  # older reports, and heartbeats of watchers, are ignored

TROUBLE, OPENING, UNHELD, FINE, OFF = "gangguan", "menyambung", "belum", "baik", "mati"
GROUPS: dict[str, Any] = {  # in the page's order; the keys are the values of its filter
    TROUBLE: gettext_lazy("Terganggu"),
    UNHELD: gettext_lazy("Belum dibuka"),
    OPENING: gettext_lazy("Menyambung"),
    FINE: gettext_lazy("Daring"),
    OFF: gettext_lazy("Tidak dipakai"),
}
ORDER = list(GROUPS)
SHAPES = {TROUBLE: "unknown", UNHELD: "none", OPENING: "none", FINE: "staffed", OFF: "closed"}  # of sprite.html


@dataclass(frozen=True, slots=True)
class CameraCondition:
    """One camera's row on the page. Empty texts are not shown; `age` is None when no picture ever came."""

    camera: Camera
    group: str
    cause: str  # a code of troubles.rule.cause_of, "" when not in trouble
    state: str
    reason: str
    age: str | None
    facts: str  # codec and size
    fps: float
    gop: str
    reconnects: int
    dropped: int
    holder: str
    warnings: list[Any]
    zones: int
    compared: bool  # its view differs from the reference: the page links to both
    login: bool = False  # its user name or password is the fault

    @property
    def shape(self) -> str:
        """The symbol's id in sprite.html."""
        return SHAPES[self.group]


class WatcherRow(TypedDict):
    """One watch process on the page."""

    name: str
    alive: bool
    age: str | None  # of its last heartbeat
    cameras: int
    looks_per_minute: int
    dropped: int
    evidence_lost: int
    evidence_problem: str


def is_fresh(report: CameraReport, now: datetime) -> bool:
    """Return whether a health report is at most ALIVE_S old. False for {}."""
    try:
        return now - datetime.fromisoformat(report["at"]) <= timedelta(seconds=ALIVE_S)
    except (KeyError, TypeError, ValueError):
        return False


def is_online(report: CameraReport, now: datetime) -> bool:
    """Return whether a fresh report says that the camera is online."""
    return report.get("state") == "online" and is_fresh(report, now)


def age_words(at: str | None, now: datetime) -> str | None:
    """Return how long ago an ISO 8601 time is, as "12 detik lalu"; None without a time."""
    if not at:
        return None
    seconds = max(0, int((now - datetime.fromisoformat(at)).total_seconds()))
    if seconds < 60:
        return ngettext("%(n)d detik lalu", "%(n)d detik lalu", seconds) % {"n": seconds}
    minutes = seconds // 60
    if minutes < 60:
        return ngettext("%(n)d menit lalu", "%(n)d menit lalu", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d jam lalu", "%(n)d jam lalu", hours) % {"n": hours}
    return ngettext("%(n)d hari lalu", "%(n)d hari lalu", hours // 24) % {"n": hours // 24}


def conditions(reports: Mapping[int, CameraReport], now: datetime) -> list[CameraCondition]:
    """Return every camera's condition, those in trouble first, then by place. One query.

    `reports` are by camera id, as of newest_picture.read_health.
    """
    cameras = Camera.objects.with_place().annotate(zone_count=Count("zones")).order_by(Place.code_at("place"), "name")
    rows = [condition(camera, reports.get(camera.pk, {}), now) for camera in cameras]
    return sorted(rows, key=lambda row: ORDER.index(row.group))


def condition(camera: Camera, report: CameraReport, now: datetime) -> CameraCondition:
    """Return one camera's condition from its last report ({}: none). `camera` needs its kelurahan loaded."""
    current = is_fresh(report, now)
    cause = cause_of(report) if current and camera.enabled else None
    group, state, reason = _group_of(camera, report if current else {}, cause)
    report = report if camera.enabled else {}
    size = f"{report['width']}×{report['height']}" if report.get("width") else ""
    return CameraCondition(
        camera=camera,
        group=group,
        cause=cause or "",
        state=str(state),
        reason=str(reason),
        age=age_words(report.get("picture_at"), now),
        facts=" ".join(part for part in (cameras_words.codec(report.get("codec") or ""), size) if part),
        fps=float(report.get("fps") or 0),
        gop=gop_words(report.get("gop"), report.get("gop_s")),
        reconnects=int(report.get("reconnects") or 0),
        dropped=int(report.get("dropped") or 0),
        holder=str(report.get("holder") or "") if current and camera.enabled else "",
        warnings=[
            cameras_words.WARNINGS[code] for code in report.get("warnings") or [] if code in cameras_words.WARNINGS
        ],
        zones=getattr(camera, "zone_count", 0),
        compared=group == TROUBLE and report.get("reason") in COMPARED,
        login=group == TROUBLE and report.get("problem") in cameras_words.LOGIN,
    )


def gop_words(pictures: int | None, seconds: float | None) -> str:
    """Return the distance between keyframes as "30 gambar, 2 detik"; "" when unknown."""
    if not pictures:
        return ""
    text = ngettext("%(n)d gambar", "%(n)d gambar", pictures) % {"n": pictures}
    if seconds is None:
        return text
    return _("%(pictures)s, %(n)s detik") % {"pictures": text, "n": f"{seconds:.1f}".removesuffix(".0")}


def _group_of(camera: Camera, report: CameraReport, cause: str | None) -> tuple[str, Any, Any]:
    """Return group, state and reason of a camera from its fresh report ({}: there is none) and its cause."""
    if not camera.enabled:
        return OFF, GROUPS[OFF], ""
    if not report:
        return UNHELD, GROUPS[UNHELD], _("Tidak ada server pemantau yang membuka kamera ini.")
    if cause:
        return (TROUBLE, *cameras_words.cause(cause))
    if report.get("state") == "online":
        return FINE, GROUPS[FINE], cameras_words.RESTING if report.get("reason") else ""
    return OPENING, GROUPS[OPENING], ""


def count_groups(rows: Iterable[CameraCondition]) -> dict[str, int]:
    """Return the number of cameras per group, with 0 for empty groups."""
    counts = dict.fromkeys(ORDER, 0)
    for row in rows:
        counts[row.group] += 1
    return counts


def list_watchers(now: datetime) -> list[WatcherRow]:
    """Return the watch processes, those alive first, then by name."""
    limit = now - timedelta(seconds=ALIVE_S)
    rows: list[WatcherRow] = [
        {
            "name": watcher.name,
            "alive": watcher.seen_at >= limit,
            "age": age_words(watcher.seen_at.isoformat(), now),
            "cameras": watcher.cameras,
            "looks_per_minute": round(watcher.looks_per_minute),
            "dropped": watcher.dropped,
            "evidence_lost": watcher.evidence_lost,
            "evidence_problem": watcher.evidence_problem,
        }
        for watcher in Watcher.objects.order_by("name")
    ]
    return sorted(rows, key=lambda row: not row["alive"])
