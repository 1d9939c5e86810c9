"""Gather the day of an office: its counters, events and stored pictures within the user's scope."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypedDict

from django.db.models import Exists, OuterRef
from django.urls import reverse

from discipline.alerts.models import Alert
from discipline.alerts.words import alert_word
from discipline.board.day import events_rule as events
from discipline.board.day.words import event_word, scrubber_words
from discipline.board.office_today import CounterToday
from offices.access.gate import User, scope_of, within_places
from offices.hours.schedule import DAY, ZONE
from streams.evidence import store
from streams.evidence.models import Evidence

NEAR = timedelta(seconds=60)  # a picture so close to an event shows it; as in static/js/board/day_moments.js
SHOWN = (Evidence.Form.DRAWN, Evidence.Form.PLAIN)  # the better first


@dataclass(frozen=True, slots=True)
class DayPicture:
    """A blurred still or clip. `length_s` is 0 for a still; `alert` is the id of its newest indication."""

    pk: int
    at: datetime
    length_s: float
    counter: int
    label: str
    alert: int


@dataclass(frozen=True, slots=True)
class DayEvent:
    """An event at a counter. `alert` is the id of the indication it is about, `picture` the one nearest to it."""

    at: datetime
    counter: int
    kind: str
    text: str
    alert: int | None = None
    picture: DayPicture | None = None


class ScrubberDay(TypedDict):
    """The day for static/js/board/day.js. Times are Unix seconds; counters are named by their index.

    pieces: [kind, start, end]; events: [at, counter, text, kind];
    pictures: [id, at, length in seconds, counter, label, id of the indication].
    """

    now: int
    counters: list[tuple[str, list[tuple[str, int, int]]]]
    events: list[tuple[int, int, str, str]]
    pictures: list[tuple[int, int, int, int, str, int]]
    files: str
    indications: str
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """The day of an office; `events` and `pictures` in order of time."""

    counters: Sequence[CounterToday]
    events: Sequence[DayEvent]
    pictures: Sequence[DayPicture]
    now: datetime

    @property
    def names(self) -> dict[int, str]:
        """The names of the counters by id."""
        return {one.row["id"]: one.row["name"] for one in self.counters}

    @property
    def has_strip(self) -> bool:
        """Whether any counter was on duty and watched."""
        return any(one.strip for one in self.counters)

    def for_scrubber(self) -> ScrubberDay:
        """Return the day as the browser takes it, in the active language."""
        order = {one.row["id"]: index for index, one in enumerate(self.counters)}
        return {
            "now": _unix(self.now),
            "counters": [
                (
                    one.row["name"],
                    [(piece.kind, _unix(piece.start), _unix(piece.end)) for piece in one.strip.pieces]
                    if one.strip
                    else [],
                )
                for one in self.counters
            ],
            "events": [(_unix(one.at), order[one.counter], one.text, one.kind) for one in self.events],
            "pictures": [
                (one.pk, _unix(one.at), round(one.length_s), order[one.counter], one.label, one.alert)
                for one in self.pictures
            ],
            "files": reverse("evidence-file", args=[0]),
            "indications": reverse("indication", args=[0]),
            "words": scrubber_words(),
        }


def gather_day(counters: Sequence[CounterToday], user: User, day: date, now: datetime) -> OfficeDay:
    """Gather the local day of counters (office_today.counters_on) that the user may see. Four queries."""
    start = datetime.combine(day, time(), tzinfo=ZONE)
    alerts = _alerts([one.row["id"] for one in counters], start)
    pictures = _pictures([one.row["id"] for one in counters], user, start)
    found = [
        DayEvent(turn.at, one.row["id"], turn.kind, event_word(turn.kind))
        for one in counters
        if one.strip
        for turn in events.turns_of(one.strip.pieces)
    ]
    for alert in alerts:
        name = str(alert_word(alert.kind, alert.detail))
        for at, kind in ((alert.raised_at, events.RAISED), (alert.ended_at, events.ENDED)):
            if at and start <= at < start + DAY:
                found.append(DayEvent(at, alert.counter_id, kind, event_word(kind, name), alert.pk))
    found.sort(key=lambda one: one.at)
    return OfficeDay(counters, [_with_picture(one, pictures) for one in found], pictures, now)


def _alerts(counters: Sequence[int], start: datetime) -> list[Alert]:
    """Return the indications that are shown, and raised or ended in the day that begins at `start`."""
    shown = Alert.objects.filter(counter__in=counters, superseded_by=None, withdrawn_by=None)
    raised = shown.filter(raised_at__gte=start, raised_at__lt=start + DAY)
    ended = shown.filter(ended_at__gte=start, ended_at__lt=start + DAY)
    return list((raised | ended).order_by("raised_at", "pk"))


def _pictures(counters: Sequence[int], user: User, start: datetime) -> list[DayPicture]:
    """Return one blurred form of each original of the day that is still there, in order of time.

    Those of withdrawn indications are left out, as these are shown nowhere.
    """
    destroyed = Evidence.objects.filter(of=OuterRef("pk"), kind=Evidence.Kind.DESTROYED)
    rows = Evidence.objects.filter(
        within_places(scope_of(user), "place"),
        ~Exists(destroyed),
        counter__in=counters,
        form__in=SHOWN,
        at__gte=start,
        at__lt=start + DAY,
    )
    best: dict[int, Evidence] = {}
    for row in sorted(rows, key=lambda row: SHOWN.index(Evidence.Form(row.form))):
        best.setdefault(row.of_id or row.pk, row)
    links = Alert.evidence.through.objects.filter(evidence__in=list(best), alert__withdrawn_by=None).order_by("alert")
    alerts = dict(links.values_list("evidence", "alert"))
    return sorted(
        (
            DayPicture(
                row.pk,
                row.at,
                float(row.facts.get("duration_s") or 1) if row.kind in store.CLIPS else 0,
                row.counter_id or 0,
                str(row.get_kind_display()),
                alerts[original],
            )
            for original, row in best.items()
            if original in alerts
        ),
        key=lambda one: one.at,
    )


def _with_picture(event: DayEvent, pictures: Sequence[DayPicture]) -> DayEvent:
    """Return the event with the still of its counter that is nearest to it, if one is NEAR."""
    near = [
        one for one in pictures if one.counter == event.counter and not one.length_s and abs(one.at - event.at) <= NEAR
    ]
    return replace(event, picture=min(near, key=lambda one: abs(one.at - event.at), default=None))


def _unix(at: datetime) -> int:
    return int(at.timestamp())
