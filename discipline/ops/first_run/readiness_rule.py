"""What a city needs before Sidak watches it, and what of that is finished. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

NAMED = 4  # missing ones that a step names


class Part(StrEnum):
    """What one office needs, in the order of the work."""

    LURAH = "lurah"
    HOURS = "hours"
    CAMERA = "camera"
    TESTED = "tested"
    ZONE = "zone"
    SEEN = "seen"


MISSING: Mapping[Part, Any] = {
    Part.LURAH: _("akun lurah"),
    Part.HOURS: _("jam layanan"),
    Part.CAMERA: _("kamera"),
    Part.TESTED: _("gambar pertama"),
    Part.ZONE: _("zona loket"),
    Part.SEEN: _("penilaian pertama"),
}


@dataclass(frozen=True, slots=True)
class OfficeReadiness:
    """One kelurahan office. `unzoned_camera` (id) is a camera on which a missing zone can be drawn."""

    code: str
    name: str
    kecamatan: str  # its code
    done: frozenset[Part] = frozenset()
    unzoned_camera: int | None = None

    @property
    def missing(self) -> list[Part]:
        """What is still to be done, in the order of the work."""
        return [part for part in Part if part not in self.done]

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class DistrictReadiness:
    """One kecamatan with its offices. camat: its camat can sign in."""

    code: str
    name: str
    camat: bool
    offices: Sequence[OfficeReadiness] = ()

    @property
    def ready(self) -> int:
        """The number of offices that are ready."""
        return sum(office.ready for office in self.offices)

    @property
    def complete(self) -> bool:
        """Whether all of them are ready and the camat can sign in."""
        return self.camat and self.ready == len(self.offices)


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One line of the checklist. `to` is the name of the page where it is done, "" when none is."""

    title: Any
    done: int
    total: int
    missing: Sequence[str] = ()  # names, all of them
    to: str = ""
    link: Any = ""
    note: Any = ""

    @property
    def complete(self) -> bool:
        """Whether nothing is missing. A step about no offices at all is not."""
        return 0 < self.total <= self.done

    @property
    def named(self) -> Sequence[str]:
        """The missing ones that are named."""
        return self.missing[:NAMED]

    @property
    def unnamed(self) -> int:
        """The number of the others."""
        return max(0, len(self.missing) - NAMED)


@dataclass(frozen=True, slots=True)
class StepGroup:
    """The steps under one heading."""

    title: Any
    steps: Sequence[SetupStep]


@dataclass(frozen=True, slots=True)
class CityFacts:
    """What is stored of the city as a whole."""

    planned: Mapping[str, str] = field(default_factory=dict)  # the names of the city's offices by code, loaded or not
    roles: Collection[str] = frozenset()  # codes of the city's roles of which somebody can sign in
    invited: Collection[str] = frozenset()  # "lurah 16.71.01.1001": the account waits for its owner to set a password
    year_without_leave: int | None = None
    channels: Sequence[str] = ()  # the names of those that have sent a message


@dataclass(frozen=True, slots=True)
class Readiness:
    """The whole checklist."""

    groups: Sequence[StepGroup]
    districts: Sequence[DistrictReadiness]

    @property
    def total(self) -> int:
        """The number of offices."""
        return sum(len(one.offices) for one in self.districts)

    @property
    def ready(self) -> int:
        """The number of offices that are ready."""
        return sum(one.ready for one in self.districts)

    @property
    def finished(self) -> bool:
        """Whether every step is complete."""
        return all(step.complete for group in self.groups for step in group.steps)


def checklist(districts: Sequence[DistrictReadiness], city: CityFacts) -> Readiness:
    """Return the checklist of these kecamatan."""
    offices = [office for district in districts for office in district.offices]
    groups = (
        StepGroup(_("Kantor dan jam"), (_loaded(offices, city), *_times(offices, city))),
        StepGroup(_("Akun"), _accounts(districts, offices, city)),
        StepGroup(_("Kamera dan zona"), _cameras(offices)),
        StepGroup(_("Pemberitahuan"), (_notices(city),)),
    )
    return Readiness(groups, districts)


def _loaded(offices: Iterable[OfficeReadiness], city: CityFacts) -> SetupStep:
    known = {office.code for office in offices}
    missing = [name for code, name in city.planned.items() if code not in known]
    note = _("Administrator memuatnya dengan perintah manage.py load_offices.") if missing else ""
    return SetupStep(
        _("Kantor kelurahan dimuat"), len(city.planned) - len(missing), len(city.planned), missing, note=note
    )


def _times(offices: Sequence[OfficeReadiness], city: CityFacts) -> tuple[SetupStep, SetupStep]:
    year = city.year_without_leave
    note = _("Cuti bersama %(year)s belum tercatat.") % {"year": year} if year else ""
    return (
        _of_offices(offices, Part.HOURS, _("Jam layanan berlaku"), "hours", _("Atur jam layanan")),
        SetupStep(
            _("Hari libur dan cuti bersama"), int(not year), 1, to="holidays", link=_("Lengkapi hari libur"), note=note
        ),
    )


def _accounts(
    districts: Sequence[DistrictReadiness], offices: Sequence[OfficeReadiness], city: CityFacts
) -> tuple[SetupStep, ...]:
    invite: dict[str, Any] = {"to": "user-add", "link": _("Undang pengguna")}
    titles = (
        ("operator", _("Operator dengan langkah kedua")),
        ("mayor", _("Wali Kota")),
        ("inspector", _("Inspektorat")),
    )
    single = [SetupStep(title, int(role in city.roles), 1, **invite) for role, title in titles]

    def named(name: str, title: str) -> str:
        return str(_("%(name)s (menunggu sandi)") % {"name": name}) if title in city.invited else name

    camat = [named(one.name, f"camat {one.code}") for one in districts if not one.camat]
    lurah = [named(one.name, f"lurah {one.code}") for one in offices if Part.LURAH not in one.done]
    return (
        *single,
        SetupStep(_("Camat"), len(districts) - len(camat), len(districts), camat, **invite),
        SetupStep(_("Lurah"), len(offices) - len(lurah), len(offices), lurah, **invite),
    )


def _cameras(offices: Sequence[OfficeReadiness]) -> tuple[SetupStep, ...]:
    return (
        _of_offices(offices, Part.CAMERA, _("Kantor dengan kamera"), "camera-add", _("Tambah kamera")),
        _of_offices(offices, Part.TESTED, _("Gambar kamera pernah diterima"), "cameras", _("Periksa kamera")),
        _of_offices(offices, Part.ZONE, _("Zona digambar untuk setiap loket"), "cameras", _("Pilih kamera")),
        _of_offices(offices, Part.SEEN, _("Setiap loket pernah dinilai"), "cameras", _("Periksa kamera")),
    )


def _notices(city: CityFacts) -> SetupStep:
    return SetupStep(
        _("Satu saluran pernah mengirim"),
        int(bool(city.channels)),
        1,
        to="notices",
        link=_("Kirim pesan uji"),
        note=", ".join(city.channels),
    )


def _of_offices(offices: Sequence[OfficeReadiness], part: Part, title: Any, to: str, link: Any) -> SetupStep:
    missing = [office.name for office in offices if part not in office.done]
    return SetupStep(title, len(offices) - len(missing), len(offices), missing, to, link)
