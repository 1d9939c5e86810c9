"""A round of sidak as its maker swipes through it: each office with all that is known of it now."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline.board import office_today
from discipline.board import rows as board_rows
from discipline.board.office_today import CounterToday
from discipline.spotchecks import office_record
from discipline.spotchecks.models import SpotCheck, SpotMark, SpotPicture, SpotStop
from discipline.spotchecks.office_record import MonthTotals, SpotCheckTotals
from offices.access.gate import User
from streams.cameras.models import Camera

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RoundStop:
    """One office of the round. `row` is its board.rows dict; `on_duty`: does it have service hours at this moment."""

    stop: SpotStop
    row: Row
    counters: list[CounterToday]
    cameras: list[Camera]
    month: MonthTotals
    checked: SpotCheckTotals
    pictures: list[SpotPicture]
    on_duty: bool


def stops_of(check: SpotCheck, user: User, now: datetime) -> list[RoundStop]:
    """In their order. About twenty queries, however many offices."""
    stops = list(check.stops.select_related("kelurahan__kecamatan").order_by("place"))
    offices = [stop.kelurahan_id for stop in stops]
    rows = {row["id"]: row for row in board_rows.rows(user) if row["id"] in offices}
    stops = [stop for stop in stops if stop.kelurahan_id in rows]  # whoever has lost an office sees it no more
    today = office_today.counters_today([counter for row in rows.values() for counter in row["counters"]], now)
    of_counter = {one.said["id"]: one for one in today}
    cameras, taken = _cameras(offices), _pictures(check)
    months = office_record.month_totals(offices, now)
    checked = office_record.spot_check_totals(SpotStop.objects.filter(kelurahan__in=offices))
    found = []
    for stop in stops:
        row, office = rows[stop.kelurahan_id], stop.kelurahan_id
        counters = [of_counter[said["id"]] for said in row["counters"]]
        on_duty = any(span.start <= now < span.end for one in counters for span in one.day.intervals)
        found.append(
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
    return found


def words_for_browser() -> Row:
    """What the modules of the round say, with discipline.board.words.for_browser."""
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
    found: dict[int, list[Camera]] = defaultdict(list)
    for camera in Camera.objects.filter(kelurahan__in=offices, enabled=True).order_by("name"):
        assert camera.kelurahan_id is not None  # it is one of `offices`
        found[camera.kelurahan_id].append(camera)
    return found


def _pictures(check: SpotCheck) -> dict[int, list[SpotPicture]]:
    found: dict[int, list[SpotPicture]] = defaultdict(list)
    for picture in SpotPicture.objects.filter(entry__check_of=check).select_related("entry"):
        found[picture.entry.stop_id or 0].append(picture)
    return found
