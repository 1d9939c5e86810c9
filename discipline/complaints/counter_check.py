"""A report about a counter, laid beside what was seen at that office and time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from discipline.alerts.models import Alert
from discipline.board import office_today
from discipline.board.kecamatan_offices import rows as kecamatan_rows
from discipline.complaints.models import Complaint
from discipline.complaints.seen_rule import AROUND, CounterAround, CounterSeen, SeenOutcome, around, outcome_of
from discipline.core.wording import calendar, hour
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.hours.schedule import local_day
from offices.places.models import Office, Place, at_office


@dataclass(frozen=True, slots=True)
class CounterLine:
    """What was seen at one counter. counter: its id."""

    counter: int
    name: str
    seen: CounterSeen
    minutes_empty: int


@dataclass(frozen=True, slots=True)
class CounterCheck:
    """What was seen at the office around the time of the report, and what that says about it.

    clock: the time as the day's scrubber takes it, 09.42. around: how long before and after it counts. alerts:
    indications that cover that time.
    """

    office: Office
    at: datetime
    day: date
    clock: str
    counters: Sequence[CounterLine]
    alerts: Sequence[Alert]
    outcome: SeenOutcome
    around: timedelta = AROUND


def check_counters(complaint: Complaint, now: datetime) -> CounterCheck | None:
    """Return the comparison; None for a report that is not about a counter, or says no office or time."""
    office = office_of(complaint.place)
    at = complaint.happened_at
    if not complaint.kind.about_counter or office is None or at is None:
        return None
    day = local_day(at)
    rows = kecamatan_rows.office_row(office)["counters"]
    seen: list[tuple[int, str, CounterAround]] = [
        (one.row["id"], one.row["name"], around(one.strip.pieces if one.strip else None, bool(one.day.intervals), at))
        for one in office_today.counters_on(rows, day, now)
    ]
    alerts = list(
        Alert.objects.counted()
        .filter(at_office(office, "counter"), kind__in=ACCUSATIONS, since__lte=at + AROUND)
        .filter(Q(ended_at=None) | Q(ended_at__gte=at - AROUND))
        .select_related("counter")
        .order_by("since", "pk")
    )
    lines = [
        CounterLine(pk, name, one.mostly, round(one.seconds.get(CounterSeen.EMPTY, 0) / 60)) for pk, name, one in seen
    ]
    return CounterCheck(
        office=office,
        at=at,
        day=day,
        clock=timezone.localtime(at).strftime("%H.%M"),
        counters=lines,
        alerts=alerts,
        outcome=outcome_of((line.seen for line in lines), bool(alerts)),
    )


def office_of(place: Place | None) -> Office | None:
    """Return the office that a place is; None for a point."""
    if place is None:
        return None
    return place.kelurahan or (place if place.kecamatan_id else None)


def sentence(check: CounterCheck, language: str, found: SeenOutcome | None = None) -> str:
    """Return the sentence about it for the resident, in a language of the site: nothing of a picture or a person.

    found: what a person found, if somebody has looked.
    """
    with translation.override(language):
        words = {
            SeenOutcome.CONFIRMED: _(
                "Catatan Sidak sesuai dengan laporan Anda: pada %(day)s sekitar pukul %(at)s, %(counters)s kosong, dan"
                " kantornya diminta menjelaskan."
            ),
            SeenOutcome.EMPTY: _(
                "Catatan Sidak sesuai dengan laporan Anda: pada %(day)s sekitar pukul %(at)s, %(counters)s kosong,"
                " tetapi tidak selama yang dihitung sebagai indikasi."
            ),
            SeenOutcome.EXCUSED: _("Pada %(day)s sekitar pukul %(at)s loket memang kosong, dengan izin yang tercatat."),
            SeenOutcome.CONTRADICTED: _(
                "Pada %(day)s sekitar pukul %(at)s kamera mencatat ada petugas di loket. Catatan kamera dapat keliru:"
                " bila Anda tetap tidak dilayani, buka kembali laporan ini dan ceritakan apa yang terjadi."
            ),
            SeenOutcome.UNSEEN: _(
                "Pada %(day)s sekitar pukul %(at)s kamera tidak dapat melihat semua loket, jadi catatan Sidak tidak"
                " dapat memastikannya."
            ),
            SeenOutcome.CAMERA_WRONG: _(
                "Anda benar: pada %(day)s sekitar pukul %(at)s kamera keliru mencatat ada petugas. Kekeliruan itu kami"
                " pakai untuk memperbaiki Sidak."
            ),
            SeenOutcome.CLOSED: _("%(day)s sekitar pukul %(at)s di luar jam layanan kantor itu."),
        }
        empty = [line.name for line in check.counters if line.seen is CounterSeen.EMPTY]
        blanks = {"day": calendar(check.day), "at": hour(check.at), "counters": ", ".join(empty)}
        return words[found or check.outcome] % blanks
