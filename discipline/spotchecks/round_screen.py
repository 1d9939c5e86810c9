"""The screen of a round, on which its maker swipes through the offices: each with its present state and record."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline.board import office_today
from discipline.board.kecamatan_offices import rows as kecamatan_rows
from discipline.board.office_today import CounterToday
from discipline.board.payloads import OfficeRow
from discipline.board.words import WordPair
from discipline.spotchecks import office_record
from discipline.spotchecks.models import OFFICE, SpotCheck, SpotMark, SpotPicture, SpotStop
from discipline.spotchecks.office_record import MonthTotals, SpotCheckTotals
from offices.access.gate import User
from offices.places.models import of_offices
from streams.cameras.models import Camera


@dataclass(frozen=True, slots=True)
class RoundStop:
    """One office of the round. on_duty: it has service hours now, or no counters."""

    stop: SpotStop
    row: OfficeRow
    counters: list[CounterToday]
    cameras: list[Camera]
    month: MonthTotals
    checked: SpotCheckTotals
    pictures: list[SpotPicture]
    on_duty: bool


class RoundWords(TypedDict):
    """The words of the round's modules under static/js/spotchecks/, besides board.words. `marks` is by code."""

    marks: dict[str, str]
    progress: str
    summary: str
    waiting: WordPair
    finish_waits: str
    sent: str
    login: str
    refused_entry: str
    unmarked: str
    snapshot: str
    remove_snapshot: str
    no_snapshot: str
    findings: WordPair
    no_findings: str
    left: WordPair


def stops_of(check: SpotCheck, user: User, now: datetime) -> list[RoundStop]:
    """Return the stops of the round in order, those in the user's scope. About twenty queries, however many offices."""
    stops = list(check.stops.select_related(*OFFICE).order_by("place"))
    offices = [stop.office_id for stop in stops]
    rows = {row["id"]: row for row in kecamatan_rows.all_rows(user) if row["id"] in offices}
    stops = [stop for stop in stops if stop.office_id in rows]  # the user's scope may have changed
    today = office_today.counters_today([counter for row in rows.values() for counter in row["counters"]], now)
    of_counter = {counter.row["id"]: counter for counter in today}
    cameras, taken = _cameras(offices), _pictures(check)
    months = office_record.month_totals(offices, now)
    checked = office_record.spot_check_totals(_stops_at(offices))
    round_stops = []
    for stop in stops:
        row, office = rows[stop.office_id], stop.office_id
        counters = [of_counter[counter_row["id"]] for counter_row in row["counters"]]
        on_duty = any(span.start <= now < span.end for counter in counters for span in counter.day.intervals)
        round_stops.append(
            RoundStop(
                stop=stop,
                row=row,
                counters=counters,
                cameras=cameras[office],
                month=months[office],
                checked=checked.get(office, SpotCheckTotals()),
                pictures=taken[stop.pk],
                on_duty=on_duty or not counters,
            )
        )
    return round_stops


def words_for_browser() -> RoundWords:
    """Return the words of the round in the language of the request."""
    return {
        "marks": {mark.value: str(mark.label) for mark in SpotMark},
        "progress": _("%(place)s dari %(total)s"),
        "summary": _("Ringkasan"),
        "waiting": (
            ngettext("%(n)s temuan menunggu jaringan", "%(n)s temuan menunggu jaringan", 1),
            ngettext("%(n)s temuan menunggu jaringan", "%(n)s temuan menunggu jaringan", 2),
        ),
        "finish_waits": _("Selesai di ponsel ini; dikirim saat jaringan kembali"),
        "sent": _("Semua terkirim"),
        "login": _("Sesi berakhir. Masuk lagi, lalu yang menunggu dikirim."),
        "refused_entry": _("Tidak diterima: %(why)s"),
        "unmarked": _("Belum diperiksa"),
        "snapshot": _("Cuplikan diambil"),
        "remove_snapshot": _("Hapus cuplikan"),
        "no_snapshot": _("Belum ada gambar untuk diambil"),
        "findings": (
            ngettext("%(n)s temuan akan dikirim", "%(n)s temuan akan dikirim", 1),
            ngettext("%(n)s temuan akan dikirim", "%(n)s temuan akan dikirim", 2),
        ),
        "no_findings": _("Tidak ada temuan"),
        "left": (
            ngettext("%(n)s kantor belum diperiksa", "%(n)s kantor belum diperiksa", 1),
            ngettext("%(n)s kantor belum diperiksa", "%(n)s kantor belum diperiksa", 2),
        ),
    }


def _cameras(offices: list[int]) -> dict[int, list[Camera]]:
    """Return the cameras in use by office id, ordered by name."""
    cameras: dict[int, list[Camera]] = defaultdict(list)
    used = Camera.objects.filter(of_offices(offices), enabled=True).select_related("place")
    for camera in used.order_by("name"):
        cameras[camera.place.office_id].append(camera)
    return cameras


def _stops_at(offices: list[int]) -> QuerySet[SpotStop]:
    above = [-pk for pk in offices if pk < 0]
    return SpotStop.objects.filter(Q(kelurahan__in=offices) | Q(kecamatan__in=above))


def _pictures(check: SpotCheck) -> dict[int, list[SpotPicture]]:
    """Return the snapshots by stop id."""
    pictures: dict[int, list[SpotPicture]] = defaultdict(list)
    for picture in SpotPicture.objects.filter(entry__check_of=check, removed_at=None).select_related("entry"):
        pictures[picture.entry.stop_id or 0].append(picture)
    return pictures
