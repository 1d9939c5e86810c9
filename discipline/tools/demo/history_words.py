"""Generate the decisions of lurah and camat on a generated indication. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import NamedTuple

from discipline.alerts.decisions.rule import DecisionAct
from discipline.notices.rule import CAMAT, LURAH
from discipline.tools.demo.generate_days import AbsenceCause
from offices.hours.duty import WIB

EXPLAINED_SHARE = 0.85  # chance that the lurah explains an absence with a cause; without one it is UNCAUSED_SHARE
UNCAUSED_SHARE = 0.4
DECIDED_SHARE = 0.96  # chance that the camat decides at all
OTHER = "lain"
TEXTS: dict[AbsenceCause, tuple[str, ...]] = {
    AbsenceCause.APEL: (
        "Apel pagi di kantor kecamatan.",
        "Apel gabungan, loket dibuka sesudahnya.",
        "Upacara bendera.",
    ),
    AbsenceCause.DINAS_LUAR: (
        "Rapat koordinasi di kantor kecamatan.",
        "Posyandu di wilayah kelurahan.",
        "Mengantar berkas ke dinas kependudukan.",
        "Peninjauan lapangan bersama RT.",
    ),
    AbsenceCause.SAKIT: ("Petugas loket sakit, pengganti menyusul.", "Ke puskesmas, surat keterangan ada di kantor."),
    AbsenceCause.IZIN: ("Izin keperluan keluarga, sudah disampaikan sebelumnya.", "Izin setengah hari."),
    AbsenceCause.GANGGUAN: (
        "Listrik padam.",
        "Jaringan aplikasi layanan terputus.",
        "Jalan ke kantor tergenang banjir.",
    ),
    AbsenceCause.STAFF_THERE: (
        "Ada petugas di loket, tertutup lemari arsip.",
        "Petugas duduk di belakang layar monitor.",
    ),
    AbsenceCause.CAMERA_WRONG: ("Kamera tergeser saat kantor dibersihkan.", "Zona tidak sesuai sejak meja dipindah."),
    AbsenceCause.NONE: (
        "Loket ditinggal untuk fotokopi berkas.",
        "Makan siang lebih awal.",
        "Belum ada pengganti di loket.",
    ),
}
CONFIRMED = ("", "", "Akan dibahas dalam rapat lurah.", "Mohon diatur penggantinya.", "Alasan belum memadai.")
FALSE_ALARM_CAUSES = {AbsenceCause.STAFF_THERE, AbsenceCause.CAMERA_WRONG}


class ScriptedDecision(NamedTuple):
    """A decision to write: the role, the time, the act, a Decision.Reason or "", and the text."""

    role: str
    at: datetime
    act: DecisionAct
    reason: str
    text: str


def script_decisions(cause: AbsenceCause, known_at: datetime, until: datetime, dice: Random) -> list[ScriptedDecision]:
    """Return the decisions on an indication that ended at `known_at`, in order of time and all before `until`."""
    lines: list[ScriptedDecision] = []
    explained = dice.random() < (EXPLAINED_SHARE if cause else UNCAUSED_SHARE)
    at = next_working_moment(known_at + timedelta(hours=dice.expovariate(1 / 5), minutes=10), dice)
    if explained:
        reason = OTHER if not cause or cause in FALSE_ALARM_CAUSES else cause.value
        lines.append(ScriptedDecision(LURAH, at, DecisionAct.EXPLAINED, reason, dice.choice(TEXTS[cause])))
    at = next_working_moment(at + timedelta(hours=dice.expovariate(1 / 16), minutes=15), dice)
    if dice.random() < DECIDED_SHARE:
        lines.append(_decided(cause, at, explained, dice))
    return [line for line in lines if line.at < until]


def _decided(cause: AbsenceCause, at: datetime, explained: bool, dice: Random) -> ScriptedDecision:
    if cause in FALSE_ALARM_CAUSES:
        return ScriptedDecision(CAMAT, at, DecisionAct.FALSE_ALARM, cause.value, "")
    if cause and (explained or dice.random() < 0.3):
        return ScriptedDecision(CAMAT, at, DecisionAct.EXCUSED, cause.value, "")
    return ScriptedDecision(CAMAT, at, DecisionAct.CONFIRMED, "", dice.choice(CONFIRMED))


def next_working_moment(at: datetime, dice: Random) -> datetime:
    """Return `at` when it is within office hours (WIB), else a time in the next working morning."""
    local = at.astimezone(WIB)
    if local.weekday() < 5 and time(7, 45) <= local.time() < time(17):
        return at
    day = local.date() + timedelta(days=local.time() >= time(7, 45))
    while day.weekday() > 4:
        day += timedelta(days=1)
    morning = datetime.combine(day, time(7, 45), tzinfo=WIB)
    return (morning + timedelta(minutes=dice.uniform(0, 150))).astimezone(at.tzinfo)
