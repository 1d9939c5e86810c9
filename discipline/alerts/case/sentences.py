"""What an indication says, on what it stands and why, in sentences for people who know nothing of the system."""

from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from discipline.alerts.case.case_file import Case, Recheck
from discipline.alerts.case.visibility import Visibility
from discipline.alerts.models import Alert
from discipline.core.wording import calendar, clock, duration, exact_length, hour, weekday
from discipline.staffing import rule as staffing_rule
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import StaffingRule, StandingState
from offices.hours.duty import Interval
from offices.hours.models import Closure, HoursPlan
from offices.hours.schedule import local_day
from streams.pixels.occupancy import Blind

ENDS: dict[str, Any] = {
    StandingState.STAFFED: gettext_lazy("Berakhir karena loket kembali berpetugas."),
    StandingState.UNKNOWN: gettext_lazy(
        "Berakhir karena kamera tidak lagi dapat menilai. Sesudahnya tidak ada yang dihitung."
    ),
    StandingState.CLOSED: gettext_lazy("Berakhir karena jam layanan selesai atau istirahat dimulai."),
    StandingState.ABSENT: gettext_lazy("Berlanjut sebagai indikasi lain atas kekosongan yang sama."),
    StandingState.GRACE: gettext_lazy("Berakhir karena kamera kembali dapat menilai."),
}
ADVICE: dict[str, Any] = {
    Blind.OFFLINE: gettext_lazy("Periksa listrik, kabel, dan jaringan kamera."),
    Blind.STALE: gettext_lazy("Gambar berhenti datang. Periksa jaringan kantor dan proses pengamatan."),
    Blind.FROZEN: gettext_lazy("Gambar tidak bergerak lagi. Nyalakan ulang kamera."),
    Blind.DARK: gettext_lazy("Periksa lampu ruangan dan setelan malam kamera."),
    Blind.COVERED: gettext_lazy("Periksa apakah ada yang menutupi lensa."),
    Blind.BLURRED: gettext_lazy("Bersihkan dan fokuskan lensa."),
    Blind.SCENE: gettext_lazy("Kamera tertukar atau diputar jauh: bandingkan dengan acuannya."),
    Blind.SYSTEM: gettext_lazy("Menunggu gangguan sistem berakhir; kamera tidak perlu diperiksa."),
    Blind.MOVED: gettext_lazy("Arahkan kamera seperti semula, atau gambar ulang zonanya."),
    staffing_rule.NO_LOOK: gettext_lazy("Belum ada gambar sejak jam layanan mulai. Periksa sambungan kamera."),
}
CHECK_CAMERA = gettext_lazy("Periksa kamera dan sambungannya.")
NO_ACCUSATION = gettext_lazy("Ini gangguan teknis. Tidak ada loket yang dinyatakan kosong selama kamera tidak melihat.")
NATURE = gettext_lazy(
    "Indikasi, bukan bukti pelanggaran. Yang dinilai loket, bukan orang. Atasan wajib memeriksanya sebelum dipakai."
)


def place(alert: Alert) -> str:
    return _("%(counter)s, Kelurahan %(office)s") % {
        "counter": alert.counter.name,
        "office": alert.counter.kelurahan.name,
    }


def headline(case: Case) -> str:
    """All of it in one sentence."""
    alert = case.alert
    kind = AlertKind(alert.kind).row
    until = alert.ended_at or case.now
    return (kind.headline if alert.ended_at else kind.headline_open) % {
        "place": place(alert),
        "lasting": duration((until - alert.since).total_seconds()),
        "since": clock(alert.since),
        "until": clock(until),
        "day": weekday(local_day(alert.since)),
    }


def ending(alert: Alert) -> str:
    """Why it ended; empty while it goes on."""
    if AlertKind(alert.kind).about_camera and alert.ended_by in (StandingState.STAFFED, StandingState.ABSENT):
        return str(ENDS[StandingState.GRACE])
    return str(ENDS[alert.ended_by]) if alert.ended_by else ""


def rule(case: Case) -> list[str]:
    """The rule with its numbers."""
    rule, alert, kind = case.rule, case.alert, AlertKind(case.alert.kind)
    said = kind.row.rule % {"grace": exact_length(case.tolerances.tolerance_s(kind))}
    due = _("Batasnya jatuh pada %(at)s WIB.") % {"at": clock(alert.raised_at)}
    if kind.about_camera:
        return [said, due]
    return [
        f"{said} {due}",
        _("Sedikitnya %(looks)s pengamatan berturut-turut harus kosong, satu di antaranya pada atau sesudah batas itu.")
        % {"looks": rule.exit_looks},
        ngettext(
            "Loket dihitung berpetugas bila sedikitnya %(n)s orang terlihat di zona petugas.",
            "Loket dihitung berpetugas bila sedikitnya %(n)s orang terlihat di zona petugas.",
            alert.counter.quorum,
        )
        % {"n": alert.counter.quorum},
        _("Bila %(stale)s tidak ada pengamatan, atau kamera tidak dapat melihat, hitungan mulai lagi dari awal.")
        % {"stale": exact_length(rule.stale_s)},
    ]


def rule_source(row: StaffingRule | None) -> str:
    if row is None:
        return _("Aturan bawaan: tidak ada aturan yang tersimpan untuk hari itu.")
    return _("Aturan: %(scope)s, %(valid)s.") % {
        "scope": row.scope_name,
        "valid": validity(row.valid_from, row.valid_to),
    }


def validity(since: date | None, until: date | None) -> str:
    if since and until:
        return _("berlaku %(since)s sampai %(until)s") % {"since": calendar(since), "until": calendar(until)}
    if since:
        return _("berlaku sejak %(since)s") % {"since": calendar(since)}
    if until:
        return _("berlaku sampai %(until)s") % {"until": calendar(until)}
    return _("berlaku tanpa batas tanggal")


def hours(case: Case) -> list[str]:
    """Duty of that day, and why it is so."""
    basis, said = case.basis, []
    if case.duty:
        said.append(
            _("Jam layanan %(day)s: %(hours)s WIB.")
            % {"day": weekday(case.day), "hours": ", ".join(_span(interval) for interval in case.duty)}
        )
        if pauses := _pauses(case.duty):
            said.append(_("Jeda %(hours)s WIB tidak dihitung.") % {"hours": ", ".join(pauses)})
    else:
        said.append(_("Menurut data sekarang tidak ada jam layanan pada %(day)s.") % {"day": weekday(case.day)})
    if basis.override:
        what = _("kantor buka") if basis.override.open else _("kantor tutup")
        said.append(
            _("Hari khusus: %(name)s (%(what)s).")
            % {"name": _with_source(basis.override.name, basis.override.source), "what": what}
        )
    if basis.holiday:
        said.append(_("Kalender nasional: %(name)s.") % {"name": basis.holiday})
    if basis.plan:
        said.append(_plan(basis.plan))
    return said + [_closure(closure) for closure in basis.closures]


def sight(case: Case, seen: Visibility) -> list[str]:
    """How well the camera saw while it lasted."""
    if not seen.looks:
        said = [_("Tidak ada pengamatan yang tersimpan untuk selang ini.")]
    elif AlertKind(case.alert.kind).about_camera:
        said = []
    else:
        said = [
            _("Selama itu kamera mengamati loket %(looks)s kali, rata-rata tiap %(every)s.")
            % {"looks": seen.looks, "every": exact_length(seen.every_s)}
        ]
        if not seen.pauses:
            said.append(_("Tidak ada jeda %(stale)s atau lebih.") % {"stale": exact_length(case.rule.stale_s)})
    for since, until in seen.pauses:
        said.append(
            _("Tanpa pengamatan %(since)s–%(until)s WIB (%(lasting)s).")
            % {"since": clock(since), "until": clock(until), "lasting": exact_length((until - since).total_seconds())}
        )
    if seen.blind_s:
        said.append(
            _("Sepanjang jam layanan hari itu kamera tidak dapat menilai selama %(lasting)s.")
            % {"lasting": exact_length(seen.blind_s)}
        )
    else:
        said.append(_("Sepanjang jam layanan hari itu kamera selalu dapat menilai."))
    return said


def recheck(case: Case, found: Recheck) -> str:
    """Whether the stored looks give the same again."""
    if not case.duty:
        return _("Tidak dapat dihitung ulang: menurut data sekarang hari itu tidak memiliki jam layanan.")
    if found.same:
        looks = sum(span.looks for span in case.spans)
        return ngettext(
            "Dihitung ulang dari %(n)s pengamatan tersimpan hari itu: hasilnya sama.",
            "Dihitung ulang dari %(n)s pengamatan tersimpan hari itu: hasilnya sama.",
            looks,
        ) % {"n": looks}
    different = _("Dihitung ulang dari pengamatan tersimpan: hasilnya berbeda.")
    if (again := found.again) is None:
        none = _("Menurut hitungan ulang tidak ada indikasi.")
        return f"{different} {none}"
    until = clock(again.ended_at) if again.ended_at else _("kini")
    said = _("Menurut hitungan ulang: sejak %(since)s sampai %(until)s WIB, batasnya %(due)s WIB.")
    return f"{different} {said % {'since': clock(again.since), 'until': until, 'due': clock(again.raised_at)}}"


def advice(alert: Alert) -> str:
    """What the operator does about a camera fault."""
    return str(ADVICE.get(alert.detail, CHECK_CAMERA))


def _plan(plan: HoursPlan) -> str:
    name = _with_source(plan.name, plan.source)
    return _("Dasar jam layanan: %(name)s; %(scope)s, %(valid)s.") % {
        "name": name,
        "scope": plan.scope_name,
        "valid": validity(plan.valid_from, plan.valid_to),
    }


def _closure(closure: Closure) -> str:
    return _("Penutupan yang disetujui: %(reason)s, %(since)s–%(until)s WIB.") % {
        "reason": closure.reason,
        "since": hour(closure.starts_at),
        "until": hour(closure.ends_at),
    }


def _with_source(name: str, source: str) -> str:
    return f"{name} ({source})" if source else name


def _span(interval: Interval) -> str:
    return f"{hour(interval.start)}–{hour(interval.end)}"


def _pauses(duty: tuple[Interval, ...]) -> list[str]:
    return [f"{hour(before.end)}–{hour(after.start)}" for before, after in pairwise(duty) if before.end < after.start]
