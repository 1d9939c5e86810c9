"""What changes about an agency, a type or a time limit, in lines as they are shown before and kept after."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from discipline.core.wording import calendar, duration
from discipline.incidents.dispatch.wanted import AgencyWanted, KindWanted, LimitWanted
from discipline.incidents.models import Priority
from discipline.incidents.tasks.deadline_rule import ResponseMinutes
from offices.places.models import Kelurahan


def kind_lines(before: KindWanted | None, after: KindWanted) -> list[str]:
    """Return a line for each difference of a type; before None: of a new one."""
    old = _kind_words(before) if before else {}
    agencies = {one.name for one in before.agencies} if before else set()
    return [
        *_value_lines(old, _kind_words(after)),
        *_set_lines(_("Instansi yang menangani"), agencies, {one.name for one in after.agencies}),
    ]


def agency_lines(before: AgencyWanted, after: AgencyWanted) -> list[str]:
    """Return a line for each difference of an agency."""
    phone = _("Telepon piket")
    lines = _value_lines({phone: before.phone or _("tidak ada")}, {phone: after.phone or _("tidak ada")})
    if before.areas and after.areas:
        lines += _set_lines(_("Wilayah"), _areas(before), _areas(after))
    else:
        whole = _("seluruh kota")
        areas = [_names(_areas(one)) or whole for one in (before, after)]
        lines += _value_lines({_("Wilayah"): areas[0]}, {_("Wilayah"): areas[1]})
    kinds = ({one.name for one in before.kinds}, {one.name for one in after.kinds})
    return [*lines, *_set_lines(_("Jenis kejadian yang ditangani"), *kinds)]


def limit_lines(before: ResponseMinutes, wanted: LimitWanted) -> list[str]:
    """Return a line for each difference of a time limit, and the day from which it holds; none without a difference."""
    lines = _value_lines(_limit_words(before), _limit_words(wanted.minutes))
    return [*lines, _("Berlaku sejak %(day)s") % {"day": calendar(wanted.since)}] if lines else []


def span(minutes: int) -> str:
    """Return minutes as words: "30 menit", "1 hari"."""
    return duration(minutes * 60)


def _kind_words(kind: KindWanted) -> dict[str, str]:
    return {
        _("Nama"): kind.name,
        _("Prioritas biasa"): str(Priority(kind.priority).label),
        _("Kelurahan setempat ikut menangani"): _yes_or_no(kind.by_kelurahan),
        _("Mungkin kejadian yang sama, dalam jarak"): _("%(n)s meter") % {"n": kind.radius_m},
        _("Mungkin kejadian yang sama, dalam waktu"): span(kind.window_min),
        _("Dipakai untuk kejadian baru"): _yes_or_no(kind.active),
    }


def _limit_words(minutes: ResponseMinutes) -> dict[str, str]:
    return {
        _("Diterima dalam"): span(minutes.acknowledge),
        _("Di lokasi dalam"): span(minutes.arrive),
        _("Selesai dalam"): span(minutes.finish),
    }


def _areas(agency: AgencyWanted) -> set[str]:
    return {one.office_title if isinstance(one, Kelurahan) else _kecamatan(one.name) for one in agency.areas}


def _kecamatan(name: str) -> str:
    return _("Kecamatan %(name)s") % {"name": name}


def _yes_or_no(value: bool) -> str:
    return _("ya") if value else _("tidak")


def _value_lines(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [
        f"{label}: {before[label]} → {value}" if label in before else f"{label}: {value}"
        for label, value in after.items()
        if before.get(label) != value
    ]


def _set_lines(label: str, before: Collection[str], after: Collection[str]) -> list[str]:
    added, removed = _names(set(after) - set(before)), _names(set(before) - set(after))
    lines = [_("%(label)s, ditambah: %(names)s") % {"label": label, "names": added}] if added else []
    return lines + ([_("%(label)s, dihapus: %(names)s") % {"label": label, "names": removed}] if removed else [])


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
