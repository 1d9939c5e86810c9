"""The details of street points: what the database refuses, whoever writes."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError

from offices.places.models import Place
from offices.points.models import Point, PointBasis, Purpose
from tests.support.base import one_office
from tests.support.places import street_point

pytestmark = pytest.mark.django_db


def test_a_point_has_several_purposes_and_one_proposer() -> None:
    office, place = one_office().place, street_point()
    purposes = [Purpose.TRAFFIC, Purpose.FLOOD]
    point = Point.objects.create(place=place, direction=359, purposes=purposes, proposed_by_office=office)
    assert Place.objects.get(point__purposes__contains=[Purpose.FLOOD]) == place
    assert (str(point), point.retention, point.has_sign) == ("Bawah Ampera", "street", False)


WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "no purpose": ("point_has_known_purposes", {"purposes": []}),
    "an unknown purpose": ("point_has_known_purposes", {"purposes": ["faces"]}),
    "a direction beyond the circle": ("point_direction_in_degrees", {"direction": 360}),
    "an unknown retention": ("point_retention_known", {"retention": "for ever"}),
    "two proposers": ("point_proposed_by_one", {"proposed_by_office": "office", "proposed_by_agency": "agency"}),
    "a point as an office": ("is no office", {"proposed_by_office": "point"}),
    "an office as a point": ("is no street point", {"place": "office"}),
}


@pytest.mark.parametrize(("refusal", "values"), WRONG.values(), ids=WRONG)
def test_the_database_refuses_a_point_with(refusal: str, values: dict[str, Any]) -> None:
    place = street_point()
    rows = {"office": one_office().place, "agency": place.agency, "point": place}
    filled = {"place": place, "purposes": [Purpose.TRAFFIC]} | {
        name: rows.get(value, value) if isinstance(value, str) else value for name, value in values.items()
    }
    with pytest.raises(IntegrityError, match=refusal):
        Point.objects.create(**filled)


def test_the_legal_basis_is_a_dated_row_with_somebody_to_ask() -> None:
    place = street_point()
    point = Point.objects.create(place=place, purposes=[Purpose.SECURITY])
    row: dict[str, Any] = {"point": point, "basis": "Perwali", "controller": place.agency, "contact": "0711-352282"}
    for since in (date(2026, 1, 1), date(2026, 11, 1)):
        PointBasis.objects.create(since=since, **row)
    newest = point.bases.first()
    assert newest is not None
    assert newest.since == date(2026, 11, 1)
    with pytest.raises(IntegrityError, match="point_basis_is_complete"):
        PointBasis.objects.create(since=date(2026, 12, 1), **row | {"contact": ""})
