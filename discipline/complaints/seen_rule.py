"""What was seen at an office's counters around the time of a report, and what that says about the report. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode
from discipline.staffing.day_strip import AHEAD, BREAK, EXCUSED, StripPiece
from discipline.staffing.rule import State

AROUND = timedelta(minutes=10)  # residents remember the hour, not the minute
SHORTEST_S = 60  # of emptiness: less is somebody who turned round


class CounterSeen(LabelledCode):
    """What was seen at one counter."""

    STAFFED = "staffed", _("Ada petugas")
    EMPTY = "empty", _("Kosong")
    EXCUSED = "excused", _("Kosong dengan izin")
    UNSEEN = "unseen", _("Tidak terpantau")
    CLOSED = "closed", _("Di luar jam layanan")


class SeenOutcome(LabelledCode):
    """What the record says about a report that a counter was empty."""

    CONFIRMED = "confirmed", _("Menguatkan indikasi")
    EMPTY = "empty", _("Tercatat kosong, tanpa indikasi")
    EXCUSED = "excused", _("Tercatat kosong dengan izin")
    CONTRADICTED = "contradicted", _("Bertentangan: tercatat ada petugas")
    UNSEEN = "unseen", _("Kamera tidak dapat melihat")
    CLOSED = "closed", _("Di luar jam layanan")
    CAMERA_WRONG = "camera_wrong", _("Kamera keliru: loket memang kosong")  # said by a person only


@dataclass(frozen=True, slots=True)
class CounterAround:
    """What was seen at a counter around a moment, in seconds by kind."""

    seconds: dict[CounterSeen, float]

    @property
    def mostly(self) -> CounterSeen:
        """What is to be said in one word: empty, if it was so for SHORTEST_S; else what was seen for longest."""
        for one in (CounterSeen.EMPTY, CounterSeen.EXCUSED):
            if self.seconds.get(one, 0) >= SHORTEST_S:
                return one
        watched = {kind: s for kind, s in self.seconds.items() if kind is not CounterSeen.CLOSED}
        return max(watched, key=lambda kind: watched[kind]) if watched else CounterSeen.CLOSED


KINDS = {
    State.STAFFED.value: CounterSeen.STAFFED,
    State.GRACE.value: CounterSeen.EMPTY,
    State.ABSENT.value: CounterSeen.EMPTY,
    State.UNKNOWN.value: CounterSeen.UNSEEN,
    EXCUSED: CounterSeen.EXCUSED,
    BREAK: CounterSeen.CLOSED,
    AHEAD: CounterSeen.UNSEEN,
}


def around(pieces: Sequence[StripPiece] | None, on_duty: bool, at: datetime) -> CounterAround:
    """Return what was seen AROUND `at`, from the pieces of the day's strip; None when the counter was not watched.

    on_duty: whether the counter has hours on that day at all.
    """
    start, end = at - AROUND, at + AROUND
    if pieces is None:
        kind = CounterSeen.UNSEEN if on_duty else CounterSeen.CLOSED
        return CounterAround({kind: (end - start).total_seconds()})
    seconds: dict[CounterSeen, float] = {}
    for piece in pieces:
        length = (min(piece.end, end) - max(piece.start, start)).total_seconds()
        if length > 0:
            kind = KINDS[piece.kind]
            seconds[kind] = seconds.get(kind, 0) + length
    return CounterAround(seconds or {CounterSeen.CLOSED: (end - start).total_seconds()})


def outcome_of(counters: Iterable[CounterSeen], indicated: bool) -> SeenOutcome:
    """Return what counters say together about a report that nobody served.

    indicated: whether an indication covers that time. One counter that was not seen leaves the report open, unless
    another was seen empty.
    """
    seen = set(counters)
    if CounterSeen.EMPTY in seen:
        return SeenOutcome.CONFIRMED if indicated else SeenOutcome.EMPTY
    if CounterSeen.EXCUSED in seen:
        return SeenOutcome.EXCUSED
    if CounterSeen.UNSEEN in seen or not seen:
        return SeenOutcome.UNSEEN
    return SeenOutcome.CONTRADICTED if CounterSeen.STAFFED in seen else SeenOutcome.CLOSED
