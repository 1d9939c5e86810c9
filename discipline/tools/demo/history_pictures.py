"""Pictures and clips of a few made-up absences, drawn by the simulator and stored as real evidence is.

Each carries the words MARK, and its facts say that it was drawn for the demo.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import cv2
import numpy as np

from discipline.alerts.models import Alert
from discipline.core import provenance
from discipline.staffing.alert_kinds import AlertKind
from discipline.tools.demo import seeding
from offices.access.models import Membership
from offices.places.models import Counter
from streams.cameras.models import OccupancySpan, Zone
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.evidence.pieces import QUALITY
from streams.evidence.redaction import jobs
from streams.pixels.jpeg import encode_jpeg
from streams.pixels.occupancy import Look
from streams.simulator.encoders import mp4
from streams.simulator.layouts import HEIGHT, WIDTH, layout_of
from streams.simulator.stage import Stage

MARK = "Gambar contoh (demo)"
FPS = 6
STAYS_S, LEAVES_S, EMPTY_S = 1.5, 2.0, 2.5  # of the clip; real ones take 40 s
DIFFERS = 12  # levels of 255 by which a picture differs from the empty room where somebody is
MOST = 12  # absences
Kind = Evidence.Kind


class DrawnOffice(NamedTuple):
    """A counter, its zone and the office that its camera shows."""

    counter: Counter
    zone: Zone
    stage: Stage


def draw_history(most: int, now: datetime, progress: Callable[[str], None]) -> int:
    """Store pictures and a clip for `most` made-up absences without any; return the number of files.

    The newest absence of each office of the demo's camat and lurah comes first. Raises OSError when writing fails,
    ModelError without the models that find faces.
    """
    files = 0
    chosen = choose_absences(most)
    for number, alert in enumerate(chosen, start=1):
        office = _office(alert.counter)
        if office is None:
            continue
        for piece in _pieces(alert, office):
            row = store.store(alert.counter, piece, now)
            alert.evidence.add(row)
            # At once: where real evidence waits for its turn, these would come last.
            files += 1 + jobs.make_forms_of(row, now)
        progress(f"pictures of {number} of {len(chosen)} made-up absences")
    return files


def choose_absences(most: int) -> list[Alert]:
    """Return made-up absences that have ended and have no evidence, at most one for each office."""
    history = provenance.current_history()
    if history is None:
        return []
    absences = Alert.objects.counted().filter(
        kind=AlertKind.ABSENCE, since__lt=history.until, ended_at__isnull=False, counter__kelurahan__isnull=False
    )
    with_some = absences.filter(evidence__isnull=False).values_list("counter__kelurahan", flat=True)
    newest: dict[int, Alert] = {}
    listed = absences.exclude(counter__kelurahan__in=with_some).select_related("counter__kelurahan", "counter__place")
    for alert in listed.order_by("-since"):
        newest.setdefault(alert.counter.office.pk, alert)
    members = Membership.objects.filter(user__username__in=[account.username for account in seeding.accounts()])
    kecamatan = set(members.exclude(kecamatan=None).values_list("kecamatan", flat=True))
    ordered = sorted(newest.values(), key=lambda alert: alert.counter.office.kecamatan_id not in kecamatan)
    return ordered[:most]


def _office(counter: Counter) -> DrawnOffice | None:
    """Return what the demo's camera of the counter shows; None when it has none, for cameras were changed."""
    zone = Zone.objects.filter(subject__counter=counter, camera__name__regex=r"^cam\d{3}$").first()
    return DrawnOffice(counter, zone, _stage(int(zone.camera.name[3:]))) if zone else None


@cache
def _stage(camera: int) -> Stage:
    return Stage(layout_of(camera))


def _pieces(alert: Alert, office: DrawnOffice) -> Iterator[store.NewEvidence]:
    spans = OccupancySpan.objects.filter(subject__counter=alert.counter, look=Look.STAFFED)
    before = spans.filter(ended_at__lte=alert.since).order_by("-ended_at").first()
    there, away = _clerk(office.stage, 0.0), office.stage.picture()
    if before:
        yield _still(office, Kind.LAST_STAFFED, before.ended_at, there, Look.STAFFED)
    yield _still(office, Kind.FIRST_EMPTY, alert.since, away, Look.EMPTY)
    yield _still(office, Kind.DEADLINE, alert.raised_at, away, Look.EMPTY)
    if alert.ended_at:
        after = spans.filter(started_at__gte=alert.ended_at - timedelta(seconds=1), started_at__lte=alert.ended_at)
        came = after.exists()
        yield _still(office, Kind.END, alert.ended_at, there if came else away, Look.STAFFED if came else Look.EMPTY)
    began = alert.since - timedelta(seconds=STAYS_S + LEAVES_S)
    film, facts = _film(office.stage)
    times = {"at": began.isoformat(), "moment": alert.since.isoformat()}
    yield store.NewEvidence(Kind.EMPTIED_CLIP, Evidence.Form.ORIGINAL, began, film, _facts(office) | facts | times)


def _still(office: DrawnOffice, kind: Evidence.Kind, at: datetime, image: np.ndarray, look: Look) -> store.NewEvidence:
    people = 1 if look is Look.STAFFED else 0
    facts: dict[str, Any] = {
        "look": look.value,
        "reason": "",
        "people": people,
        "step": "",
        "width": WIDTH,
        "height": HEIGHT,
    }
    facts["boxes"] = [_box(office.stage, image)] if people else []
    return store.NewEvidence(
        kind, Evidence.Form.ORIGINAL, at, encode_jpeg(marked(image), QUALITY), _facts(office) | facts
    )


def _facts(office: DrawnOffice) -> dict[str, Any]:
    camera = office.zone.camera
    polygon = [list(point) for point in office.zone.polygon]
    return {"camera": camera.pk, "camera_name": camera.name, "polygon": polygon, "demo": True}


def _clerk(stage: Stage, gone_s: float) -> np.ndarray:
    """Return the office with its clerk, who stands up and leaves from `gone_s` = 0 on; seconds."""
    layout = stage.layout
    (x, z), risen = layout.clerk, min(1.0, max(0.0, gone_s) / 0.6)
    walked = 2.3 * max(0.0, gone_s - 0.5) ** 1.2
    return stage.picture((x + layout.exit * walked, layout.head + 0.2 * risen, z, 3 * risen))


def _box(stage: Stage, image: np.ndarray) -> list[float]:
    """Return the box around what differs from the empty room, in fractions, with its score."""
    differs = np.abs(image.astype(int) - stage.room.astype(int)).max(axis=2) > DIFFERS
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    x0, x1, y0, y1 = columns[0], columns[-1] + 1, rows[0], rows[-1] + 1
    return [*(round(float(v), 4) for v in (x0 / WIDTH, y0 / HEIGHT, x1 / WIDTH, y1 / HEIGHT)), 1.0]


def marked(image: np.ndarray) -> np.ndarray:
    """Return a copy that says that it is no recording."""
    picture = image.copy()
    cv2.rectangle(picture, (0, 0), (250, 26), (32, 24, 24), -1)
    cv2.putText(picture, MARK, (8, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (255, 255, 255), 1, cv2.LINE_AA)
    return picture


def _film(stage: Stage) -> tuple[bytes, dict[str, Any]]:
    """Return a clip in which the clerk leaves, as MP4, and its facts."""
    pictures = round((STAYS_S + LEAVES_S + EMPTY_S) * FPS)
    gone_s = (number / FPS - STAYS_S for number in range(pictures))
    film = mp4((marked(_clerk(stage, s) if s < LEAVES_S else stage.picture()) for s in gone_s), (WIDTH, HEIGHT), FPS)
    size = {"width": WIDTH, "height": HEIGHT}
    return film, {"duration_s": round(pictures / FPS, 3), "pictures": pictures, "codec": "h264", **size}
