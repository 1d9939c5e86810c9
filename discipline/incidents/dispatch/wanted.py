"""What is set about a type, an agency or a time limit."""

from dataclasses import dataclass
from datetime import date

from discipline.incidents.models import IncidentType
from discipline.incidents.tasks.deadline_rule import ResponseMinutes
from discipline.incidents.tasks.models import AgencyDuty
from offices.places.models import Agency, Kecamatan, Kelurahan


@dataclass(frozen=True, slots=True)
class KindWanted:
    """A type of incident. radius_m, window_min: within how many metres and minutes two may be the same."""

    name: str
    priority: int
    radius_m: int
    window_min: int
    by_kelurahan: bool
    active: bool
    agencies: tuple[Agency, ...]

    @classmethod
    def stored(cls, kind: IncidentType) -> "KindWanted":
        """Return what is stored."""
        own = (kind.name, kind.priority, kind.radius_m, kind.window_min, kind.by_kelurahan, kind.active)
        return cls(*own, tuple(kind.agencies.all()))


@dataclass(frozen=True, slots=True)
class AgencyWanted:
    """An agency's duty telephone, "" for none, its areas, none for the whole city, and the types that it handles."""

    phone: str
    areas: tuple[Kecamatan | Kelurahan, ...]
    kinds: tuple[IncidentType, ...]

    @classmethod
    def stored(cls, agency: Agency) -> "AgencyWanted":
        """Return what is stored."""
        duty = AgencyDuty.objects.filter(agency=agency).first()
        areas = agency.areas.select_related("kecamatan", "kelurahan")
        kinds = IncidentType.objects.filter(agencies=agency)
        found = tuple(one for area in areas if (one := area.kelurahan or area.kecamatan))
        return cls(duty.phone if duty else "", found, tuple(kinds))


@dataclass(frozen=True, slots=True)
class LimitWanted:
    """Time limits of a priority from a local day on; kind None: of all types without their own."""

    kind: IncidentType | None
    priority: int
    since: date
    minutes: ResponseMinutes
