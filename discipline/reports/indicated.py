"""The indications of a report, each with its place, its length, its explanation and what was decided, as files list
them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from discipline.models import Alert, Decision
from discipline.reports import tables
from discipline.reports.period import Period
from discipline.reports.places import Place
from offices.schedule import local_day

AT_ONCE = 500  # rows in memory


@dataclass(frozen=True, slots=True)
class Said:
    """An explanation or a decision: codes with their words, and the text that was written."""

    what: str = ""
    what_word: str = ""
    reason: str = ""
    reason_word: str = ""
    text: str = ""

    @property
    def words(self) -> str:
        return ": ".join(filter(None, (self.reason_word, self.text)))


@dataclass(frozen=True, slots=True)
class Indicated:
    """`ended_at` is None while it goes on; `seconds` are until then, or until the report was made."""

    number: int
    day: date
    since: datetime
    ended_at: datetime | None
    seconds: int
    kind: str
    kind_word: str
    kecamatan: str
    code: str
    kelurahan: str
    counter: str
    explained: Said
    decided: Said


def indicated(place: Place, period: Period, now: datetime, most: int | None = None) -> Iterator[Indicated]:
    """In the order of time; at most so many."""
    spoken = Prefetch("decisions", Decision.objects.filter(undone_by=None).exclude(what="undone").order_by("pk"))
    rows = tables.indications(place, period).order_by("since", "pk").select_related("counter__kelurahan__kecamatan")
    before = Prefetch("supersedes", Alert.objects.prefetch_related(spoken))
    for alert in rows.prefetch_related(spoken, before)[:most].iterator(AT_ONCE):
        yield _indicated(alert, now)


def _indicated(alert: Alert, now: datetime) -> Indicated:
    own = list(alert.decisions.all())
    earlier = [row for one in alert.supersedes.all() for row in one.decisions.all()]
    explained = [row for row in earlier + own if row.what == Decision.What.EXPLAINED]
    decided = [row for row in own if row.what == alert.outcome] if alert.outcome else []
    office = alert.counter.kelurahan
    return Indicated(
        number=alert.pk,
        day=local_day(alert.since),
        since=alert.since,
        ended_at=alert.ended_at,
        seconds=max(0, round(((alert.ended_at or now) - alert.since).total_seconds())),
        kind=alert.kind,
        kind_word=str(alert.get_kind_display()),
        kecamatan=office.kecamatan.name,
        code=office.code,
        kelurahan=office.name,
        counter=alert.counter.name,
        explained=_said(explained[-1]) if explained else Said(),
        decided=_said(decided[-1]) if decided else Said(),
    )


def _said(row: Decision) -> Said:
    return Said(
        row.what, str(row.get_what_display()), row.reason, str(row.get_reason_display() if row.reason else ""), row.text
    )
