"""The places whose closures a user may request or enter."""

from django.db.models import Q, QuerySet

from discipline.reports.numbers.places import Level, OrgUnit
from offices.access.gate import Scope
from offices.places.models import Counter, Kecamatan, Kelurahan


def may_ask_for(scope: Scope) -> list[OrgUnit]:
    """Return the places that the user may request closures for.

    A lurah's: own offices, each followed by its counters; a camat's: the counters of the own kecamatan office.
    """
    return _with_counters(Kelurahan.objects.filter(pk__in=scope.kelurahan)) + _above(
        Q(place__kecamatan__in=scope.kecamatan)
    )


def may_close(scope: Scope) -> list[OrgUnit]:
    """Return the places that the user may close, widest first: the camat's kecamatan, or all for the operator."""
    if scope.operates:
        districts, offices = Kecamatan.objects.all(), Kelurahan.objects.all()
    else:
        districts = Kecamatan.objects.filter(pk__in=scope.kecamatan)
        offices = Kelurahan.objects.filter(kecamatan__in=districts)
    wide = [OrgUnit(Level.KECAMATAN, row) for row in districts]
    above = _above(Q(place__kecamatan__isnull=False)) if scope.operates else []
    return [*([OrgUnit(Level.CITY)] if scope.operates else []), *wide, *_with_counters(offices), *above]


def _above(which: Q) -> list[OrgUnit]:
    """Return the watched counters of these kecamatan offices."""
    counters = Counter.objects.filter(which, active=True).select_related("place__kecamatan")
    return [OrgUnit(Level.COUNTER, counter) for counter in counters.order_by("place__kecamatan__code", "name")]


def _with_counters(offices: QuerySet[Kelurahan]) -> list[OrgUnit]:
    """Return each office followed by its active counters."""
    counters = Counter.objects.filter(kelurahan__in=offices, active=True).select_related("kelurahan__kecamatan")
    units = []
    for office in offices.select_related("kecamatan"):
        units.append(OrgUnit(Level.KELURAHAN, office))
        units += [OrgUnit(Level.COUNTER, counter) for counter in counters if counter.kelurahan_id == office.pk]
    return units
