"""Places of every kind: the database's constraints, and what is created and deleted with an office."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from offices.city.loading import load_offices, read_offices
from offices.places.models import Agency, Counter, Kecamatan, Kelurahan, Place, Subject
from streams.cameras.models import Camera
from tests.support.base import one_office
from tests.support.places import camera_at, street_point

pytestmark = pytest.mark.django_db
PIN = {"latitude": -2.99, "longitude": 104.76}


@pytest.fixture
def office() -> Kelurahan:
    return one_office()


@pytest.fixture
def dishub() -> Agency:
    return Agency.objects.create(code="dishub", name="Dinas Perhubungan")


def test_the_city_has_a_place_for_each_of_its_125_offices_and_loading_again_adds_none() -> None:
    for _ in range(2):
        load_offices(read_offices(), counters=True)
        assert Place.objects.filter(kind=Place.Kind.KELURAHAN).count() == 107
        assert (
            Place.objects.filter(kind=Place.Kind.KECAMATAN).count()
            == Place.objects.filter(kelurahan=None).count()
            == 18
        )
    assert not Counter.objects.filter(place__kind=Place.Kind.KECAMATAN).exists()


def test_loading_brings_back_a_kecamatan_office_that_was_removed() -> None:
    load_offices(read_offices())
    Place.objects.filter(kecamatan__code="16.71.01").delete()
    load_offices(read_offices())
    assert Place.objects.get(kecamatan__code="16.71.01").name == "Kantor Camat Ilir Barat II"


def test_an_office_takes_its_code_name_and_pin_from_its_area(office: Kelurahan) -> None:
    own, above = office.place, office.kecamatan.place
    assert (own.code, own.name, own.district) == ("16.71.01.1001", "35 Ilir", office.kecamatan)
    assert (above.code, above.name, above.district) == ("16.71.01", "Kantor Camat Ilir Barat II", office.kecamatan)
    assert own.position == above.position == (-3, 104.7)
    Place.objects.filter(pk=above.pk).update(**PIN)
    assert Place.objects.get(pk=above.pk).position == (-2.99, 104.76)
    point = street_point()
    assert (point.code, point.name, point.district, point.position) == ("T-001", "Bawah Ampera", None, (-2.99, 104.76))
    codes = Place.objects.annotate(found=Place.code_at()).order_by("found").values_list("found", flat=True)
    assert list(codes) == ["16.71.01", "16.71.01.1001", "T-001"]


WRONG: dict[str, dict[str, Any]] = {
    "a point without an agency": {"kind": "point", "point_code": "T-2", "point_name": "Simpang", **PIN},
    "a point without a pin": {"kind": "point", "point_code": "T-2", "point_name": "Simpang", "agency": True},
    "a point without a name": {"kind": "point", "point_code": "T-2", "agency": True, **PIN},
    "a point named like an office": {
        "kind": "point", "point_code": "16.71.01", "point_name": "Simpang", "agency": True, **PIN
    },
    "a point outside the earth": {
        "kind": "point", "point_code": "T-2", "point_name": "Simpang", "agency": True, "latitude": -91, "longitude": 1
    },
    "a point of a kelurahan": {
        "kind": "point", "point_code": "T-2", "point_name": "Simpang", "agency": True, "kelurahan": True, **PIN
    },
    "an office without its area": {"kind": "kecamatan"},
    "an office of two areas": {"kind": "kelurahan", "kelurahan": True, "kecamatan": True},
    "an office of an agency": {"kind": "kelurahan", "kelurahan": True, "agency": True},
    "half a pin": {"kind": "kecamatan", "kecamatan": True, "latitude": -3},
    "an unknown kind": {"kind": "market", "kelurahan": True},
}  # fmt: skip


@pytest.mark.parametrize("values", WRONG.values(), ids=WRONG)
def test_a_place_has_exactly_what_its_kind_needs(office: Kelurahan, dishub: Agency, values: dict[str, Any]) -> None:
    Place.objects.all().delete()
    links = {"agency": dishub, "kelurahan": office, "kecamatan": office.kecamatan}
    filled = {name: links[name] if value is True else value for name, value in values.items()}
    with pytest.raises(IntegrityError, match="place_has_what_its_kind_needs"):
        Place.objects.create(**filled)


def test_no_area_has_two_offices_and_no_two_points_share_a_code(office: Kelurahan) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(kind=Place.Kind.KELURAHAN, kelurahan=office)
    street_point("T-001")
    with pytest.raises(IntegrityError, match="point_code_once"):
        street_point("T-001")


def test_a_place_stays_what_it_is(office: Kelurahan) -> None:
    other = Kelurahan.objects.create(
        code="16.71.01.1002", kecamatan=office.kecamatan, name="Lain", latitude=-3, longitude=104.7
    )
    Place.objects.filter(kelurahan=other).delete()
    with pytest.raises(IntegrityError, match="stays what it is"):
        Place.objects.filter(kelurahan=office).update(kelurahan=other)


def test_a_counter_of_a_kelurahan_has_its_place_and_one_of_a_kecamatan_office_no_kelurahan(office: Kelurahan) -> None:
    below = Counter.objects.create(kelurahan=office, name="Loket 1")
    above = Counter.objects.create(place=office.kecamatan.place, name="Loket 1")
    assert (below.place, below.kecamatan_id) == (office.place, office.kecamatan_id)
    assert (above.kelurahan, above.kecamatan_id) == (None, office.kecamatan_id)
    assert [str(below), str(above)] == ["Loket 1, 35 Ilir", "Loket 1, Kantor Camat Ilir Barat II"]
    assert list(Counter.objects.of_kelurahan()) == [below]
    [made] = Counter.objects.bulk_create([Counter(kelurahan=office, name="Loket 2")])
    assert (made.place, made.subject.place) == (office.place, office.place)


def test_a_name_is_taken_once_at_every_kind_of_place(office: Kelurahan) -> None:
    Counter.objects.create(place=office.kecamatan.place, name="Loket 1")
    with pytest.raises(IntegrityError, match="counter_named_once_per_place"), transaction.atomic():
        Counter.objects.create(place=office.kecamatan.place, name="Loket 1")
    camera_at(point := street_point())
    with pytest.raises(IntegrityError, match="camera_named_once_per_place"):
        camera_at(point)


@pytest.mark.usefixtures("office")
def test_no_counter_stands_at_a_point() -> None:
    with pytest.raises(IntegrityError, match="not at a point"):
        Counter.objects.create(place=street_point(), name="Loket 1")


def test_the_kelurahan_of_a_row_is_never_another_than_its_place_s(office: Kelurahan) -> None:
    counter, camera = Counter.objects.create(kelurahan=office, name="Loket"), camera_at(office.place)
    assert camera.kelurahan == office
    for row in (counter, camera):
        for wrong in ({"kelurahan": None}, {"place": office.kecamatan.place}):
            with pytest.raises(IntegrityError, match="is not that of place"), transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(**wrong)  # type: ignore[attr-defined]


def test_a_camera_moves_from_an_office_to_a_point_and_back(office: Kelurahan) -> None:
    camera, point = camera_at(office.place), street_point()
    camera.kelurahan, camera.place = None, point
    camera.save()
    assert Camera.objects.filter(kelurahan=None, place=point).exists()
    camera.kelurahan = office
    camera.save()
    camera.refresh_from_db()
    assert camera.place == office.place


def test_a_counter_and_its_subject_have_one_id_and_move_and_go_together(office: Kelurahan) -> None:
    counter = Counter.objects.create(kelurahan=office, name="Loket")
    subject = Subject.objects.get()
    assert (subject.pk, subject.kind, subject.place) == (counter.pk, Subject.Kind.COUNTER, office.place)
    counter.kelurahan, counter.place = None, office.kecamatan.place
    counter.save()
    subject.refresh_from_db()
    assert subject.place == office.kecamatan.place
    counter.delete()
    assert not Subject.objects.exists()


def test_a_subject_of_another_kind_never_takes_the_id_of_a_counter(office: Kelurahan) -> None:
    before = Counter.objects.create(kelurahan=office, name="Loket 1")
    mark = Subject.objects.create(kind="flood_mark", place=street_point())
    after = Counter.objects.create(kelurahan=office, name="Loket 2")
    assert len({before.pk, mark.pk, after.pk}) == 3
    with pytest.raises(IntegrityError, match="subject_is_what_its_kind_says"), transaction.atomic():
        Subject.objects.create(kind=Subject.Kind.COUNTER, place=office.place)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="subject_is_where_its_counter_is"):
        Subject.objects.filter(pk=after.pk).update(place=office.kecamatan.place)


def test_an_office_takes_its_place_cameras_and_counters_along(office: Kelurahan) -> None:
    Counter.objects.create(kelurahan=office, name="Loket")
    camera_at(office.place)
    office.delete()
    assert not Place.objects.exclude(kecamatan=office.kecamatan).exists()
    assert not Camera.objects.exists()
    assert not Subject.objects.exists()
    Kecamatan.objects.all().delete()
    assert not Place.objects.exists()
