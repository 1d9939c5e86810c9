"""The offices among the places: what a page about an office takes, and filters for what is placed at them."""

from collections.abc import Iterable

from django.db.models import Q

from offices.places.locations.models import Kelurahan, Place

Office = Kelurahan | Place  # a kelurahan office, or the place of a kecamatan office


def place_of(office: Office) -> Place:
    """Return the office's place; that of a Kelurahan is read once."""
    return office.place if isinstance(office, Kelurahan) else office


def at_office(office: Office, path: str = "") -> Q:
    """Return a filter for rows at the office; `path` leads to what is placed: "" on Counter, "counter" on Alert."""
    to = f"{path}__" if path else ""
    if isinstance(office, Kelurahan):
        return Q(**{f"{to}kelurahan": office.pk})
    return Q(**{f"{to}place": office.pk})


def of_offices(office_ids: Iterable[int], path: str = "", *, on_place: bool = False) -> Q:
    """Return a filter for rows at the offices with these office_id; `path` leads to what is placed: "camera__".

    `on_place`: the path leads to a Place.
    """
    ids = list(office_ids)
    below, above = [pk for pk in ids if pk > 0], [-pk for pk in ids if pk < 0]
    to = path if on_place else f"{path}place__"
    return Q(**{f"{path}kelurahan__in": below}) | Q(**{f"{to}kecamatan__in": above})
