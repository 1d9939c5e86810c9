"""The clips of offices that a spot check marked for conduct, as its pages show them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from discipline.spotchecks.sample.models import ClipFilm, CounterClip
from offices.places.models import Counter


@dataclass(frozen=True, slots=True)
class StopClip:
    """The clip of one counter. shown_here: it can be played; otherwise `instead` says why not."""

    uuid: UUID
    counter: Counter
    taken_at: datetime | None
    shown_here: bool
    instead: str


def clips_of(stops: Iterable[int]) -> dict[int, list[StopClip]]:
    """Return the clips by stop, for stops by id."""
    ready = Exists(ClipFilm.objects.filter(clip=OuterRef("pk"), shown__isnull=False))
    rows = CounterClip.objects.filter(stop__in=list(stops)).annotate(ready=ready).select_related("counter")
    found: dict[int, list[StopClip]] = defaultdict(list)
    for row in rows.order_by("counter__name"):
        clip = StopClip(row.uuid, row.counter, row.taken_at, row.ready, "" if row.ready else _instead(row))
        found[row.stop_id or 0].append(clip)
    return found


def _instead(clip: CounterClip) -> str:
    if clip.deleted_at:
        return _("Sudah dimusnahkan, masa simpan berakhir.")
    if clip.outcome in (CounterClip.Outcome.WAITING, CounterClip.Outcome.TAKEN):
        return _("Klip sedang disiapkan: wajah pengunjung dikaburkan dulu.")
    return _("Tidak ada klip dari saat itu.")
