"""What lurah and camat might have said to an indication of the made-up history, and when. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import NamedTuple

from discipline.alerts.decisions.rule import Act, Role
from discipline.tools.demo.generate_days import Cause
from offices.hours.duty import WIB

SAID = 0.85  # chance that the lurah explains what has a reason; far less what has none
DECIDED = 0.96  # chance that the camat gets round to it at all
OTHER = "lain"
TEXTS: dict[Cause, tuple[str, ...]] = {
    Cause.APEL: ("Apel pagi di kantor kecamatan.", "Apel gabungan, loket dibuka sesudahnya.", "Upacara bendera."),
    Cause.DINAS_LUAR: (
        "Rapat koordinasi di kantor kecamatan.",
        "Posyandu di wilayah kelurahan.",
        "Mengantar berkas ke dinas kependudukan.",
        "Peninjauan lapangan bersama RT.",
    ),
    Cause.SAKIT: ("Petugas loket sakit, pengganti menyusul.", "Ke puskesmas, surat keterangan ada di kantor."),
    Cause.IZIN: ("Izin keperluan keluarga, sudah disampaikan sebelumnya.", "Izin setengah hari."),
    Cause.GANGGUAN: ("Listrik padam.", "Jaringan aplikasi layanan terputus.", "Jalan ke kantor tergenang banjir."),
    Cause.STAFF_THERE: ("Ada petugas di loket, tertutup lemari arsip.", "Petugas duduk di belakang layar monitor."),
    Cause.CAMERA_WRONG: ("Kamera tergeser saat kantor dibersihkan.", "Zona tidak sesuai sejak meja dipindah."),
    Cause.NONE: ("Loket ditinggal untuk fotokopi berkas.", "Makan siang lebih awal.", "Belum ada pengganti di loket."),
}
CONFIRMED = ("", "", "Akan dibahas dalam rapat lurah.", "Mohon diatur penggantinya.", "Alasan belum memadai.")
FALSE = {Cause.STAFF_THERE, Cause.CAMERA_WRONG}


class Line(NamedTuple):
    """One decision to be: as which role, when, and what."""

    role: Role
    at: datetime
    act: Act
    reason: str
    text: str


def said(cause: Cause, known_at: datetime, until: datetime, dice: Random) -> list[Line]:
    """In order of time; `known_at` is when the matter was over. What would be said at `until` or later is missing."""
    lines: list[Line] = []
    explained = dice.random() < (SAID if cause else 0.4)
    at = at_work(known_at + timedelta(hours=dice.expovariate(1 / 5), minutes=10), dice)
    if explained:
        reason = OTHER if not cause or cause in FALSE else cause.value
        lines.append(Line(Role.LURAH, at, Act.EXPLAINED, reason, dice.choice(TEXTS[cause])))
    at = at_work(at + timedelta(hours=dice.expovariate(1 / 16), minutes=15), dice)
    if dice.random() < DECIDED:
        lines.append(_decided(cause, at, explained, dice))
    return [line for line in lines if line.at < until]


def _decided(cause: Cause, at: datetime, explained: bool, dice: Random) -> Line:
    if cause in FALSE:
        return Line(Role.CAMAT, at, Act.FALSE_ALARM, cause.value, "")
    if cause and (explained or dice.random() < 0.3):
        return Line(Role.CAMAT, at, Act.EXCUSED, cause.value, "")
    return Line(Role.CAMAT, at, Act.CONFIRMED, "", dice.choice(CONFIRMED))


def at_work(at: datetime, dice: Random) -> datetime:
    """That moment, or the next morning on which somebody is at work."""
    local = at.astimezone(WIB)
    if local.weekday() < 5 and time(7, 45) <= local.time() < time(17):
        return at
    day = local.date() + timedelta(days=local.time() >= time(7, 45))
    while day.weekday() > 4:
        day += timedelta(days=1)
    morning = datetime.combine(day, time(7, 45), tzinfo=WIB)
    return (morning + timedelta(minutes=dice.uniform(0, 150))).astimezone(at.tzinfo)
