"""The words for steps, refusals and amendments."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Decision
from discipline.core.wording import calendar, clock, local
from discipline.reports.numbers.figures import minutes
from discipline.reports.numbers.models import Band
from discipline.reports.signing.amendments import AmendmentLine, Facts, amendment_lines, narrow_to
from discipline.reports.signing.snapshot import CounterLabel, MonthContents, MonthNames
from discipline.reports.signing.steps import SignStep, StepRefused
from discipline.staffing.alert_kinds import ACCUSATIONS, AlertKind

REFUSED: dict[str, str | Promise] = {
    StepRefused.ROLE: gettext_lazy("Hanya camat dari kecamatan ini yang dapat melakukannya."),
    StepRefused.STALE: gettext_lazy(
        "Halaman yang Anda buka sudah lama: langkah lain baru saja diambil. Baca dulu riwayatnya."
    ),
    StepRefused.ORDER: gettext_lazy("Langkah itu tidak dapat diambil sekarang."),
    StepRefused.NOT_OVER: gettext_lazy("Bulan ini belum berakhir."),
    StepRefused.RECOUNTING: gettext_lazy("Ada hari yang sedang dihitung ulang. Coba lagi dalam satu menit."),
    StepRefused.EMPTY: gettext_lazy("Belum ada data pada bulan ini, jadi tidak ada yang ditandatangani."),
    StepRefused.NEEDS_TEXT: gettext_lazy("Tulis alasan mengembalikannya ke draf."),
    StepRefused.CHANGED: gettext_lazy(
        "Angkanya berubah sejak halaman ini dibuka. Periksa perubahannya, lalu lanjutkan lagi."
    ),
    StepRefused.PASSWORD: gettext_lazy("Kata sandi tidak cocok. Belum ada yang ditandatangani."),
    StepRefused.TRIES: gettext_lazy(
        "Terlalu banyak percobaan dengan kata sandi keliru. Tunggu sebentar, lalu coba lagi."
    ),
}
STEPS_DONE: dict[SignStep, str | Promise] = {
    SignStep.REVIEWED: gettext_lazy("Laporan dicatat sebagai sudah diperiksa."),
    SignStep.RETURNED: gettext_lazy("Laporan dikembalikan ke draf."),
    SignStep.SIGNED: gettext_lazy("Laporan ditandatangani. Angkanya dibekukan."),
    SignStep.SENT: gettext_lazy("Laporan dikirim. Wali Kota dan BKPSDM melihatnya."),
    SignStep.ACKNOWLEDGED: gettext_lazy("Perubahan dicatat sebagai sudah Anda ketahui."),
}
PARTS: dict[str, str | Promise] = {
    "duty_s": gettext_lazy("jam layanan"),
    "staffed_s": gettext_lazy("ada petugas"),
    "grace_s": gettext_lazy("masa toleransi"),
    "absent_s": gettext_lazy("kosong"),
    "excused_s": gettext_lazy("dengan izin"),
    "unknown_s": gettext_lazy("tidak terpantau"),
}
DETAILS: dict[str, str | Promise] = {  # named only where no part of the duty changed
    "late_s": gettext_lazy("terlambat buka"),
    "early_s": gettext_lazy("pulang sebelum waktunya"),
    "longest_s": gettext_lazy("kosong terlama"),
}
COUNTS: dict[str, str | Promise] = {  # named only where no length changed
    **{kind.row.column: kind.row.amended for kind in ACCUSATIONS},
    "excused": gettext_lazy("indikasi dengan izin"),
}
UNDECIDED = gettext_lazy("belum diputuskan")


def difference_in_words(
    before: MonthContents, after: MonthContents, counters: Collection[str] | None = None
) -> list[str]:
    """Return the changes from one document to another in sentences; with `counters` (their keys), of these only."""
    old, new = before["names"], after["names"]
    names: MonthNames = {
        "offices": new["offices"] | old["offices"],
        "counters": new["counters"] | old["counters"],
        "bands": new["bands"] | old["bands"],
    }
    if counters is None:
        lines = amendment_lines(before["facts"], after["facts"])
    else:
        lines = amendment_lines(narrow_to(before["facts"], counters), narrow_to(after["facts"], counters))
    return changes_in_words(lines, names)


def changes_in_words(changed: list[AmendmentLine], names: MonthNames) -> list[str]:
    """Return the changes in sentences: days, indications, then the rules. Sums follow from these and are left out.

    `names` are those of the signed document, with those of the later one for what is new.
    """
    writers = {"days": _day, "indications": _indication, "bands": _band, "coverage_floor": _floor}
    order = list(writers)
    chosen = sorted((line for line in changed if line.path[0] in writers), key=lambda line: order.index(line.path[0]))
    return [sentence for line in chosen for sentence in writers[line.path[0]](line, names)]


def counter_name(key: str, names: MonthNames) -> str:
    """Return a counter's name with its kelurahan; the key itself where it has no name."""
    counter: CounterLabel = names["counters"].get(key, {"name": key, "office": ""})
    office = names["offices"].get(counter["office"], counter["office"])
    return _("%(counter)s, Kelurahan %(office)s") % {"counter": counter["name"], "office": office}


def _day(line: AmendmentLine, names: MonthNames) -> Iterator[str]:
    key, day = line.path[1], date.fromisoformat(line.path[2])
    before, after = _counts(line.before), _counts(line.after)
    differing = {name for name in before.keys() | after.keys() if before.get(name, 0) != after.get(name, 0)}
    parts = [_minutes(PARTS[name], before, after, name) for name in PARTS if name in differing]
    if not parts:
        parts = [_minutes(DETAILS[name], before, after, name) for name in DETAILS if name in differing]
    if not parts:
        parts = [f"{COUNTS[name]} {before.get(name, 0)} → {after.get(name, 0)}" for name in COUNTS if name in differing]
    yield f"{counter_name(key, names)}, {calendar(day)}: {', '.join(parts)}"


def _counts(facts: Facts | None) -> dict[str, int]:
    """Return the whole numbers of the facts; a count that only the other side has is missing, not None."""
    return {name: value for name, value in (facts or {}).items() if isinstance(value, int)}


def _texts(facts: Facts) -> dict[str, str]:
    return {name: value for name, value in facts.items() if isinstance(value, str)}


def _minutes(word: str | Promise, before: Mapping[str, int], after: Mapping[str, int], name: str) -> str:
    return _("%(part)s %(before)s → %(after)s menit") % {
        "part": word,
        "before": number(before.get(name, 0)),
        "after": number(after.get(name, 0)),
    }


def number(seconds: int) -> str:
    """Return seconds as minutes with one decimal place, none for whole minutes: 1.080, 7,5."""
    value = minutes(seconds)
    return number_format(value, 0 if value == value.to_integral_value() else 1, force_grouping=True)


def _indication(line: AmendmentLine, names: MonthNames) -> Iterator[str]:
    if line.before is None or line.after is None:
        facts = _texts(line.after or line.before or {})
        kind = AlertKind(facts["kind"]).label
        where = f"{counter_name(facts['counter'], names)}, {calendar(local(datetime.fromisoformat(facts['since'])))}"
        word = _("tidak lagi dihitung") if line.after is None else _outcome(facts)
        yield _("Indikasi #%(number)s, %(kind)s (%(where)s): %(word)s") % {
            "number": line.path[1],
            "kind": kind,
            "where": where,
            "word": word,
        }
        return
    before, after = _texts(line.before), _texts(line.after)
    if "outcome" in after or "reason" in after:
        yield _("Indikasi #%(number)s: %(before)s → %(after)s") % {
            "number": line.path[1],
            "before": _outcome(before),
            "after": _outcome(after),
        }
    if "ended" in after:
        ended = after["ended"]
        at = (
            f"{calendar(local(datetime.fromisoformat(ended)))}, {clock(datetime.fromisoformat(ended))}"
            if ended
            else "–"
        )
        yield _("Indikasi #%(number)s: berakhir %(at)s") % {"number": line.path[1], "at": at}


def _outcome(facts: Mapping[str, str]) -> str:
    """Return an outcome with its reason in words: "Dengan izin (Apel atau upacara)"."""
    outcome, reason = facts.get("outcome", ""), facts.get("reason", "")
    if "outcome" not in facts:  # the same decision for another reason
        return str(Decision.Reason(reason).label) if reason else "–"
    word = str(DecisionAct(outcome).label) if outcome else str(UNDECIDED)
    return f"{word} ({Decision.Reason(reason).label})" if reason else word


def _band(line: AmendmentLine, names: MonthNames) -> Iterator[str]:
    for key in sorted((line.before or {}).keys() | (line.after or {}).keys()):
        before, after = (line.before or {}).get(key), (line.after or {}).get(key)
        kind, span = key.split(" ", 1)
        name = names["bands"][key]["name"] if key in names["bands"] else ""
        yield _("%(kind)s, %(band)s: %(before)s → %(after)s hari loket") % {
            "kind": Band.Kind(kind).label,
            "band": f"{name} ({span})",
            "before": "–" if before is None else before,
            "after": "–" if after is None else after,
        }


def _floor(line: AmendmentLine, _names: MonthNames) -> Iterator[str]:
    before, after = (side[""] if side else "–" for side in (line.before, line.after))
    yield _("Cakupan paling sedikit: %(before)s → %(after)s persen") % {"before": before, "after": after}
