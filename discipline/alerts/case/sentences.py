"""Sentences that explain an indication to readers who do not know the system, in the active language."""

from datetime import date
from itertools import pairwise

from django.utils.functional import Promise
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

ENDS: dict[str, Promise] = {
    StandingState.STAFFED: gettext_lazy("Berakhir karena petugas kembali ada di loket."),
    StandingState.UNKNOWN: gettext_lazy(
        "Berakhir karena kamera tidak lagi dapat menilai. Sesudahnya tidak ada yang dihitung."
    ),
    StandingState.CLOSED: gettext_lazy("Berakhir karena jam layanan selesai atau istirahat dimulai."),
    StandingState.ABSENT: gettext_lazy("Berlanjut sebagai indikasi lain atas kekosongan yang sama."),
    StandingState.GRACE: gettext_lazy("Berakhir karena kamera kembali dapat menilai."),
}
ADVICE: dict[str, Promise] = {
    Blind.OFFLINE: gettext_lazy("Periksa listrik, kabel, dan jaringan kamera."),
    Blind.STALE: gettext_lazy("Gambar berhenti datang. Periksa jaringan kantor dan proses pengamatan."),
    Blind.FROZEN: gettext_lazy("Gambar tidak bergerak lagi. Nyalakan ulang kamera."),
    Blind.DARK: gettext_lazy("Periksa lampu ruangan dan setelan malam kamera."),
    Blind.COVERED: gettext_lazy("Periksa apakah ada yang menutupi lensa."),
    Blind.BLURRED: gettext_lazy("Bersihkan dan fokuskan lensa."),
    Blind.UNCLEAR: gettext_lazy(
        "Gambar terlalu redup, silau atau kabur untuk menilai. Nyalakan lampu, tutup tirai, atau bersihkan lensa."
    ),
    Blind.SCENE: gettext_lazy("Kamera tertukar atau diputar jauh: bandingkan dengan acuannya."),
    Blind.SYSTEM: gettext_lazy("Menunggu gangguan sistem berakhir; kamera tidak perlu diperiksa."),
    Blind.STEERED: gettext_lazy("Kamera sedang diarahkan; ia menilai lagi setelah kembali ke pandangan asalnya."),
    Blind.MOVED: gettext_lazy("Arahkan kamera seperti semula, atau gambar ulang zonanya."),
    staffing_rule.NO_LOOK: gettext_lazy("Belum ada gambar sejak jam layanan mulai. Periksa sambungan kamera."),
}
CHECK_CAMERA = gettext_lazy("Periksa kamera dan sambungannya.")
NO_ACCUSATION = gettext_lazy("Ini gangguan teknis. Tidak ada loket yang dinyatakan kosong selama kamera tidak melihat.")
NATURE = gettext_lazy(
    "Indikasi, bukan bukti pelanggaran. Yang dinilai loket, bukan orang. Atasan wajib memeriksanya sebelum dipakai."
)


def place(alert: Alert) -> str:
    """Return the counter's name and its office."""
    return f"{alert.counter.name}, {alert.counter.office.office_title}"


def headline(case: Case) -> str:
    """Return kind, place and times in one sentence."""
    alert = case.alert
    kind = AlertKind(alert.kind).row
    until = alert.ended_at or case.now
    template = str(kind.headline if alert.ended_at else kind.headline_open)
    return template % {
        "place": place(alert),
        "lasting": duration(alert.lasting_s(case.now)),
        "since": clock(alert.since),
        "until": clock(until),
        "day": weekday(local_day(alert.since)),
    }


def ending(alert: Alert) -> str:
    """Return why it ended, or "" while it lasts."""
    if AlertKind(alert.kind).about_camera and alert.ended_by in (StandingState.STAFFED, StandingState.ABSENT):
        return str(ENDS[StandingState.GRACE])
    return str(ENDS[alert.ended_by]) if alert.ended_by else ""


def rule(case: Case) -> list[str]:
    """Return the staffing rule with its numbers."""
    rule, alert, kind = case.rule, case.alert, AlertKind(case.alert.kind)
    limit = kind.row.rule % {"grace": exact_length(case.tolerances.tolerance_s(kind))}
    due = _("Batasnya jatuh pada %(at)s WIB.") % {"at": clock(alert.raised_at)}
    if kind.about_camera:
        return [limit, due]
    return [
        f"{limit} {due}",
        _("Sedikitnya %(looks)s pengamatan berturut-turut harus kosong, satu di antaranya pada atau sesudah batas itu.")
        % {"looks": rule.exit_looks},
        ngettext(
            "Loket dihitung ada petugas bila sedikitnya %(n)s orang terlihat di zona petugas.",
            "Loket dihitung ada petugas bila sedikitnya %(n)s orang terlihat di zona petugas.",
            alert.counter.quorum,
        )
        % {"n": alert.counter.quorum},
        _("Bila %(stale)s tidak ada pengamatan, atau kamera tidak dapat melihat, hitungan mulai lagi dari awal.")
        % {"stale": exact_length(rule.stale_s)},
        *([_goes_on(case)] if alert.unknown_s else []),
    ]


def _goes_on(case: Case) -> str:
    return _(
        "Kekosongan yang terputus kurang dari %(grace)s karena kamera, tanpa petugas terlihat, tetap satu indikasi."
    ) % {"grace": exact_length(case.rule.absence_grace_s)}


def rule_source(row: StaffingRule | None) -> str:
    """Return scope and validity of the stored rule; None stands for the defaults."""
    if row is None:
        return _("Aturan bawaan: tidak ada aturan yang tersimpan untuk hari itu.")
    return _("Aturan: %(scope)s, %(valid)s.") % {
        "scope": row.scope_name,
        "valid": validity(row.valid_from, row.valid_to),
    }


def validity(since: date | None, until: date | None) -> str:
    """Return the span of days in which something is valid; None is an open end."""
    if since and until:
        return _("berlaku %(since)s sampai %(until)s") % {"since": calendar(since), "until": calendar(until)}
    if since:
        return _("berlaku sejak %(since)s") % {"since": calendar(since)}
    if until:
        return _("berlaku sampai %(until)s") % {"until": calendar(until)}
    return _("berlaku tanpa batas tanggal")


def hours(case: Case) -> list[str]:
    """Return the duty hours of that day, and the special day, holiday, plan and closures that they come from."""
    basis, texts = case.basis, []
    if case.duty:
        texts.append(
            _("Jam layanan %(day)s: %(hours)s WIB.")
            % {"day": weekday(case.day), "hours": ", ".join(_span(interval) for interval in case.duty)}
        )
        if pauses := _pauses(case.duty):
            texts.append(_("Jeda %(hours)s WIB tidak dihitung.") % {"hours": ", ".join(pauses)})
    else:
        texts.append(_("Menurut data sekarang tidak ada jam layanan pada %(day)s.") % {"day": weekday(case.day)})
    if basis.override:
        what = _("kantor buka") if basis.override.open else _("kantor tutup")
        texts.append(
            _("Hari khusus: %(name)s (%(what)s).")
            % {"name": _with_source(basis.override.name, basis.override.source), "what": what}
        )
    if basis.holiday:
        texts.append(_("Kalender nasional: %(name)s.") % {"name": basis.holiday})
    if basis.plan:
        texts.append(_plan(basis.plan))
    return texts + [_closure(closure) for closure in basis.closures]


def visibility(case: Case, seen: Visibility) -> list[str]:
    """Return how well the camera saw the counter during the indication, and how long it was blind that day."""
    if not seen.looks:
        texts = [_("Tidak ada pengamatan yang tersimpan untuk selang ini.")]
    elif AlertKind(case.alert.kind).about_camera:
        texts = []
    else:
        texts = [
            _("Selama itu kamera mengamati loket %(looks)s kali, rata-rata tiap %(every)s.")
            % {"looks": seen.looks, "every": exact_length(seen.every_s)}
        ]
        if not seen.pauses:
            texts.append(_("Tidak ada jeda %(stale)s atau lebih.") % {"stale": exact_length(case.rule.stale_s)})
    for since, until in seen.pauses:
        texts.append(
            _("Tanpa pengamatan %(since)s–%(until)s WIB (%(lasting)s).")
            % {"since": clock(since), "until": clock(until), "lasting": exact_length((until - since).total_seconds())}
        )
    if seen.blind and seen.looks and not AlertKind(case.alert.kind).about_camera:
        texts.append(
            _("Selama itu kamera tidak dapat menilai selama %(lasting)s; waktu itu tidak dihitung kosong.")
            % {"lasting": exact_length(max(seen.inside_s, 1))}
            if seen.inside_s
            else _("Selama itu kamera selalu dapat menilai.")
        )
    if seen.blind:
        texts.append(
            _("Sepanjang jam layanan hari itu kamera tidak dapat menilai selama %(lasting)s.")
            % {"lasting": exact_length(max(seen.blind_s, 1))}
        )
    elif case.alert.ended_by != StandingState.UNKNOWN:
        texts.append(_("Sepanjang jam layanan hari itu kamera selalu dapat menilai."))
    return texts


def controls(seen: int, shown: int) -> str:
    """Return how many earlier looks at this counter's staff would have been seen in the light of that moment."""
    if not shown:
        return _(
            "Cahaya saat itu lain daripada pada gambar acuan. Loket ini belum punya cukup pengamatan petugas untuk "
            "mengujinya; kontras dan ketajaman gambar cukup."
        )
    return _(
        "Dalam cahaya saat itu, %(seen)s dari %(shown)s pengamatan petugas di loket ini yang dicoba akan terlihat."
    ) % {"seen": seen, "shown": shown}


def recheck(case: Case, found: Recheck) -> str:
    """Return whether judging the stored looks again gives the same indication, or else what it gives."""
    if not case.duty:
        return _("Tidak dapat dihitung ulang: menurut data sekarang hari itu tidak memiliki jam layanan.")
    if found.same:
        looks = sum(span.looks for span in case.spans)
        if found.withdrawn:
            return _("Dihitung ulang: perubahan keadaannya sama. Pengamatan selama gangguan sistem tidak dihitung.")
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
    result = _("Menurut hitungan ulang: sejak %(since)s sampai %(until)s WIB, batasnya %(due)s WIB.")
    return f"{different} {result % {'since': clock(again.since), 'until': until, 'due': clock(again.raised_at)}}"


def advice(alert: Alert) -> str:
    """Return what the operator should do about a camera fault."""
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
