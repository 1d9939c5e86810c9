"""The choice of whom to ask about an incident, in groups: who handles its type there first."""

from collections.abc import Collection
from typing import NamedTuple

from django.utils.translation import gettext as _

from discipline.incidents.dispatch.proposal_rule import Askable, Reach, Spot, proposed_and_others
from discipline.incidents.models import Incident, IncidentType
from offices.places.models import Agency, Kelurahan

OFFICE = "kantor:"  # before the code of a kelurahan, in the choice of who is asked


class ChoiceGroup(NamedTuple):
    """Some of the choices: the words above them, and the value and words of each."""

    label: str
    choices: list[tuple[str, str]]


def whom_to_ask(incident: Incident, but: Collection[str] = ()) -> list[ChoiceGroup]:
    """Return the agencies and the kelurahan to choose from, without those in `but`, see key_of. At most five queries.

    Nobody is left out for their area or types: an operator may know better.
    """
    candidates = [one for one in _candidates(incident) if one.key not in but]
    proposed, others = proposed_and_others(candidates, spot_of(incident))
    groups = [
        ChoiceGroup(_("Menangani jenis ini di sini"), [(one.key, one.name) for one in proposed]),
        ChoiceGroup(_("Lainnya"), [(one.key, _named(one, reach)) for one, reach in others]),
    ]
    return [group for group in groups if group.choices]


def key_of(who: Agency | Kelurahan) -> str:
    """Return the value of an agency or kelurahan in the choice."""
    return who.code if isinstance(who, Agency) else f"{OFFICE}{who.code}"


def spot_of(incident: Incident) -> Spot:
    """Return where it is: at the office that it was opened at, or near the kelurahan office nearest to its pin."""
    kelurahan = incident.place.kelurahan if incident.place else None
    kecamatan = incident.place.kecamatan if incident.place else None
    kelurahan = kelurahan or incident.near
    kecamatan = kecamatan or (kelurahan.kecamatan if kelurahan else None)
    return Spot(kelurahan.code if kelurahan else "", kecamatan.code if kecamatan else "")


def area_codes(agency: Agency) -> frozenset[str]:
    """Return the codes of its areas, which were prefetched with their kecamatan and kelurahan."""
    return frozenset(one.code for one in agency.areas.all())


def handling(kind: IncidentType) -> frozenset[int]:
    """Return the ids of the agencies that handle a type."""
    return frozenset(kind.agencies.values_list("pk", flat=True))


def _candidates(incident: Incident) -> list[Askable]:
    usual = handling(incident.kind)
    agencies = Agency.objects.prefetch_related("areas__kecamatan", "areas__kelurahan")
    found = [Askable(key_of(one), one.name, one.pk in usual, area_codes(one)) for one in agencies]
    if near := incident.near:
        found.append(Askable(key_of(near), near.office_title, incident.kind.by_kelurahan, frozenset({near.code})))
    return found


def _named(one: Askable, reach: Reach) -> str:
    return _("%(name)s (wilayah lain)") % {"name": one.name} if reach is Reach.ELSEWHERE else one.name
