"""Which stops of spot checks a user may see: at kelurahan offices, and at the kecamatan office for its camat."""

from django.db.models import Q

from offices.access.gate import Scope, within


def stops_within(scope: Scope, path: str = "") -> Q:
    """Return a filter for what is about stops in scope; `path` leads to the stop: "" on SpotStop, "stop" on Finding."""
    if scope.city:
        return Q()
    to = f"{path}__" if path else ""
    return within(scope, f"{to}kelurahan") | Q(**{f"{to}kecamatan__in": scope.kecamatan})
