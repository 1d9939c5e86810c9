"""Loading the city's offices: created once; an administrator's changes are kept."""

from io import StringIO

import pytest
from django.core.management import call_command

from discipline.staffing.models import StaffingRule
from offices.city import loading
from offices.hours.models import HoursPlan
from offices.places.models import Counter, Kecamatan, Kelurahan

pytestmark = pytest.mark.django_db


def load_offices(*options: str) -> str:
    out = StringIO()
    call_command("load_offices", *options, stdout=out)
    return out.getvalue()


def test_the_city_has_18_kecamatan_and_107_kelurahan_with_both_spellings() -> None:
    output = load_offices()
    assert "18 kecamatan, 107 kelurahan" in output
    assert Kecamatan.objects.count() == 18
    assert Kelurahan.objects.count() == 107
    office = Kelurahan.objects.get(code="16.71.01.1001")
    assert (office.name, office.official_name) == ("35 Ilir", "Tiga-puluh-lima Ilir")
    assert office.kecamatan.name == "Ilir Barat II"


def test_every_office_lies_in_palembang_and_has_a_name_of_its_own_in_its_kecamatan() -> None:
    offices = loading.read_offices()
    assert all(-3.1 < o.latitude < -2.85 and 104.6 < o.longitude < 104.9 for o in offices)
    assert len({(o.kecamatan_code, o.name) for o in offices}) == len({o.code for o in offices}) == 107


def test_loading_again_changes_nothing() -> None:
    load_offices("--with-counters")
    output = load_offices("--with-counters")
    assert (
        "created: 0 kecamatan, 0 kelurahan, 0 counters, 0 hours plans, 0 staffing rule, 0 bands; renamed: 0" in output
    )
    assert Counter.objects.count() == 107


def test_an_office_keeps_its_own_pin_and_takes_a_name_back_only_when_asked() -> None:
    load_offices()
    Kelurahan.objects.filter(code="16.71.01.1001").update(name="Tiga Lima", latitude=-2.99, longitude=104.75)
    load_offices()
    assert Kelurahan.objects.get(code="16.71.01.1001").name == "Tiga Lima"
    assert "renamed: 1" in load_offices("--refresh")
    office = Kelurahan.objects.get(code="16.71.01.1001")
    assert (office.name, office.latitude, office.longitude) == ("35 Ilir", -2.99, 104.75)


def test_ramadan_hours_hold_for_their_dates_and_outrank_the_normal_week() -> None:
    load_offices()
    normal, ramadan = HoursPlan.objects.order_by("priority")
    assert normal.friday == "07:30-11:30,13:00-16:30"
    assert (str(ramadan.valid_from), str(ramadan.valid_to)) == ("2027-02-08", "2027-03-09")
    assert ramadan.as_plan().priority > normal.as_plan().priority


def test_a_plan_that_the_city_removed_stays_removed() -> None:
    load_offices()
    HoursPlan.objects.get(name="Jam kerja Ramadan").delete()
    assert "0 hours plans" in load_offices()


def test_a_stricter_rule_of_the_city_is_left_alone() -> None:
    StaffingRule.objects.create(absence_grace_s=300)
    load_offices()
    assert StaffingRule.objects.get().absence_grace_s == 300
