"""The map's outlines, what each user gets of it, its tiles, and that Leaflet is the one that its makers published."""

import base64
import hashlib
from math import dist, isclose
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.forms.models import model_to_dict
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from discipline.board.city_map.map_data import neighbours
from discipline.board.city_map.outlines_rule import Pin, Ring, cells_of, outlines
from discipline.board.city_map.tiles import tile_settings
from offices.access.gate import scope_of
from offices.city.loading import read_offices
from offices.places.forms import KelurahanForm
from offices.places.models import Kelurahan
from offices.places.phone_rule import dialled
from tests.support.base import OfficeTestCase

PALEMBANG = [Pin(one.latitude, one.longitude, one.kecamatan_code) for one in read_offices()]
# As the makers give it for version 1.9.4 at leafletjs.com/download.html.
LEAFLET = {
    "leaflet.js": "20nQCchB9co0qIjJZRGuk2/Z9VM+kNiyxNV1lvTlZBo=",
    "leaflet.css": "p4NxAoJBhIIN+hmNHrzRCf9tD/miZyoHS5obTRR9BMY=",
}


def area(ring: Ring) -> float:
    """Return twice the signed area."""
    return sum(a * d - b * c for (a, b), (c, d) in zip(ring, ring[1:] + ring[:1], strict=True))


def inside(pin: Pin, rings: list[Ring]) -> bool:
    """Return whether a pin is inside an odd number of rings."""
    x, y, odd = pin.latitude, pin.longitude, False
    for ring in rings:
        for (a, b), (c, d) in zip(ring, ring[1:] + ring[:1], strict=True):
            odd ^= (b > y) != (d > y) and x < a + (y - b) / (d - b) * (c - a)
    return odd


def test_each_pin_of_palembang_lies_in_the_outline_of_its_kecamatan_and_in_no_other() -> None:
    rings, city = outlines(PALEMBANG)
    assert len(rings) == 18
    for pin in PALEMBANG:
        assert [code for code, own in rings.items() if inside(pin, own)] == [pin.group]
        assert inside(pin, city)


def test_the_kecamatan_fill_the_city_and_don_t_overlap() -> None:
    rings, city = outlines(PALEMBANG)
    parts = sum(area(ring) for own in rings.values() for ring in own)
    assert len(city) == 1
    assert isclose(parts, area(city[0]), rel_tol=2e-3)  # corners are rounded to 11 m


PLACES = st.tuples(st.integers(-300, 300), st.integers(-300, 300)).map(lambda at: (at[0] / 100, at[1] / 100))


@settings(max_examples=60, deadline=None)
@given(st.lists(PLACES, min_size=1, max_size=14, unique=True))
def test_a_cell_holds_what_is_nearest_to_its_point(points: list[tuple[float, float]]) -> None:
    for own, cell in zip(points, cells_of(points), strict=True):
        assert len(cell) >= 3
        for edge in cell:
            middle = ((edge.start[0] + edge.end[0]) / 2, (edge.start[1] + edge.end[1]) / 2)
            assert dist(middle, own) <= min(dist(middle, other) for other in points) + 1e-6
            if edge.beyond is not None:
                assert isclose(dist(middle, points[edge.beyond]), dist(middle, own), abs_tol=1e-6)


def test_pins_at_one_place_and_a_city_of_one_office_have_an_outline_too() -> None:
    rings, city = outlines([Pin(-3, 104.7, "a"), Pin(-3, 104.7, "b")])
    assert list(rings) == ["a"]
    assert len(city) == 1
    assert outlines([]) == ({}, [])


@pytest.mark.parametrize("name", LEAFLET)
def test_leaflet_is_what_its_makers_published(name: str) -> None:
    found = finders.find(f"js_lib_leaflet/{name}")
    assert found
    assert base64.b64encode(hashlib.sha256(Path(found).read_bytes()).digest()).decode() == LEAFLET[name]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("https://{s}.tiles.example:8443/streets/{z}/{x}/{y}.png", "https://*.tiles.example:8443"),
        ("http://10.1.2.3/{z}/{x}/{y}.png", "http://10.1.2.3"),
    ],
)
def test_the_policy_names_the_server_of_the_tiles(url: str, origin: str) -> None:
    assert tile_settings(url, "Kota")["MAP_TILES_ORIGIN"] == origin


@pytest.mark.parametrize(
    "url",
    [
        "tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/",
        "https://tiles.example/{z}/{x}/",
        "javascript://x/{z}/{x}/{y}",
        "https://tiles.example; script-src *:1/{z}/{x}/{y}",
        "https://{s}.{t}/{z}/{x}/{y}",
        "https://tiles.example:port/{z}/{x}/{y}",
        "https:///{z}/{x}/{y}.png",
    ],
)
def test_an_address_of_tiles_that_can_t_be_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MAP_TILES_URL"):
        tile_settings(url, "Kota")


def test_tiles_need_the_words_that_their_maker_asks_for() -> None:
    assert tile_settings("", "Kota") == dict.fromkeys(
        ("MAP_TILES_URL", "MAP_TILES_ATTRIBUTION", "MAP_TILES_ORIGIN"), ""
    )
    with pytest.raises(ImproperlyConfigured, match="MAP_TILES_ATTRIBUTION"):
        tile_settings("https://tiles.example/{z}/{x}/{y}.png", "")


@pytest.mark.parametrize(
    ("written", "number"),
    [("0711-352282", "62711352282"), ("+62 811 711 352", "62811711352"), ("+60-3 1234567", "6031234567"), ("", "")],
)
def test_numbers_are_dialled_with_their_country(written: str, number: str) -> None:
    assert dialled(written) == number


class WhoGetsWhat(OfficeTestCase):
    def setUp(self) -> None:
        for n, office in enumerate(self.world.offices.values()):
            Kelurahan.objects.filter(pk=office.pk).update(latitude=-3 + n / 100, longitude=104.7)

    def seen(self, user: User) -> tuple[set[int], set[str]]:
        self.client.force_login(user)
        data = self.client.get("/peta/data/").json()
        assert len(data["city"]) == 1
        return {office[0] for office in data["offices"]}, {one["code"] for one in data["kecamatan"]}

    def test_the_mayor_gets_the_city_a_camat_the_kecamatan_and_a_lurah_one_office(self) -> None:
        world = self.world
        assert self.seen(world.walikota) == ({one.pk for one in world.offices.values()}, {"16.71.01", "16.71.02"})
        assert self.seen(world.budi) == ({world.ilir35.pk, world.kemang.pk}, {"16.71.01"})
        assert self.seen(world.eko) == ({world.ulu5.pk}, {"16.71.02"})

    def test_neighbours_are_the_nearest_offices_that_the_user_sees(self) -> None:
        world = self.world
        office = Kelurahan.objects.get(pk=world.kemang.pk)
        near = neighbours(office, scope_of(world.walikota))
        assert {one.pk for one in near[:2]} == {world.ilir35.pk, world.ulu34.pk}
        assert near[2].pk == world.ulu5.pk
        assert [one.pk for one in neighbours(office, scope_of(world.budi))] == [world.ilir35.pk]
        assert neighbours(office, scope_of(world.dewi)) == [world.ilir35]

    def test_a_moved_pin_moves_the_outline(self) -> None:
        self.client.force_login(self.world.walikota)
        before = self.client.get("/peta/data/").json()["city"]
        Kelurahan.objects.filter(pk=self.world.ulu5.pk).update(longitude=104.75)
        assert self.client.get("/peta/data/").json()["city"] != before

    def test_pictures_come_from_elsewhere_only_where_tiles_are_set(self) -> None:
        self.client.force_login(self.world.walikota)
        assert "img-src 'self' data: blob:;" in self.client.get("/").headers["Content-Security-Policy"]
        with override_settings(**tile_settings("https://tiles.example/{z}/{x}/{y}.png", "Kota & rakyat")):
            policy = self.client.get("/").headers["Content-Security-Policy"]
            assert "img-src 'self' data: blob: https://tiles.example;" in policy
            assert policy.count("tiles.example") == 1
            tiles = self.client.get("/peta/data/").json()["tiles"]
        assert tiles == {"url": "https://tiles.example/{z}/{x}/{y}.png", "attribution": "Kota & rakyat"}

    def test_an_office_says_where_it_is_and_how_it_is_reached_if_that_is_known(self) -> None:
        self.client.force_login(self.world.walikota)
        page = self.client.get("/kantor/16.71.01.1001/").content.decode()
        assert "belum diisi" in page
        assert "Hubungi" not in page
        Kelurahan.objects.filter(pk=self.world.ilir35.pk).update(
            address="Jalan Merdeka 1", phone="0711-352282", whatsapp="0811 711 352"
        )
        page = self.client.get("/kantor/16.71.01.1001/").content.decode()
        assert "belum diisi" not in page
        for part in ("Jalan Merdeka 1", "Hubungi", 'href="tel:+62711352282"', 'href="https://wa.me/62811711352"'):
            assert part in page

    def test_a_number_without_its_area_is_refused(self) -> None:
        office = Kelurahan.objects.get(pk=self.world.ilir35.pk)
        for number in ("352282", "(0711) 352282", "0711-35x282", "+", "0711--------352282", "javascript:alert(1)"):
            office.phone = number
            with pytest.raises(ValidationError, match="kode wilayah"):
                office.full_clean()
        office.phone = "0711 352282"
        office.full_clean()

    def test_a_pin_with_a_forgotten_minus_is_refused(self) -> None:
        office = Kelurahan.objects.get(pk=self.world.ilir35.pk)
        data = {**model_to_dict(office), "latitude": 3.0}
        form = KelurahanForm(data, instance=office)
        assert not form.is_valid()
        assert list(form.errors) == ["latitude"]
        assert KelurahanForm({**data, "latitude": -3.01}, instance=office).is_valid()
