"""The administration opens for every model, shows no password, and can't change recorded facts."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from discipline.notices.models import Delivery, Escalation
from discipline.reports.numbers.models import ReportRule
from discipline.staffing.incident_models import IncidentRule
from streams.cameras.models import Camera
from tests.support.base import MORNING, World

pytest_plugins = ["tests.support.cameras"]
pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model._meta.app_label in ("offices", "streams", "discipline")]
RECORDED = {
    "standing",
    "flip",
    "alert",
    "occupancyspan",
    "watcher",
    "systemincident",
    "delivery",
    "reportmail",
    "planchange",
    "subject",
}
ON_PAGES = {"incidenttype", "bylawarticle", "agencyduty", "agencyarea", "dispatchchange", "responsetime"}


@pytest.fixture
def wayan() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("wayan"))
    return client


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_every_list_opens_and_what_pages_or_the_machinery_write_is_not_added(wayan: Client, model: type) -> None:
    name = model._meta.model_name  # type: ignore[attr-defined]
    place = f"admin:{model._meta.app_label}_{name}"  # type: ignore[attr-defined]
    assert wayan.get(reverse(f"{place}_changelist"), {"q": "ilir"}).status_code == 200
    assert wayan.get(reverse(f"{place}_add")).status_code == (403 if name in RECORDED | ON_PAGES else 200)


@pytest.mark.parametrize("model", [Escalation, IncidentRule, ReportRule])
def test_a_setting_of_the_whole_city_is_added_once(wayan: Client, model: type[Model]) -> None:
    address = reverse(f"admin:discipline_{model._meta.model_name}_add")
    model._default_manager.create()
    assert wayan.get(address).status_code == 403
    model._default_manager.all().delete()
    assert wayan.get(address).status_code == 200


def test_a_camera_password_is_not_shown_and_empty_keeps_it(wayan: Client, camera: Camera) -> None:
    address = reverse("admin:streams_camera_change", args=[camera.pk])
    assert "rahasia-lama" not in wayan.get(address).content.decode()
    form = {
        "place": camera.place_id,
        "name": "Jendela",
        "url": camera.url,
        "username": camera.username,
        "password": "",
        "enabled": "on",
        "zones-TOTAL_FORMS": 0,
        "zones-INITIAL_FORMS": 0,
    }
    assert wayan.post(address, form).status_code == 302
    camera.refresh_from_db()
    assert (camera.name, camera.password) == ("Jendela", "rahasia-lama")


def test_labels_of_the_outbox_are_words(wayan: Client) -> None:
    world = World()
    alert = world.accuse(world.counter(world.ilir35))
    message = {"subject_key": f"alert:{alert.pk}", "kind": "absence", "channel": "email"}
    delivery = Delivery.objects.create(user=world.budi, created_at=MORNING, due_at=MORNING, **message)
    for row, label in ((alert, "Pemberitahuan diantrekan pada"), (delivery, "Perihal")):
        name = row._meta.model_name
        page = wayan.get(reverse(f"admin:discipline_{name}_change", args=[row.pk])).content.decode()
        assert label in page
        assert "queued at" not in page
        assert "Subject key" not in page
