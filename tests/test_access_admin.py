"""Every page of the administration × roles, staff who may only look, and superusers.

A page or a model that is added fails here until it is entered in the table.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from offices.places.models import Place
from streams.cameras.models import Camera
from tests.support import access_things
from tests.support.access_rows import AGENCY, ROLES
from tests.support.base import OfficeTestCase
from tests.support.places import Kinds

pytestmark = pytest.mark.once

LOGINS = ("/admin/login/", "/masuk/")
PASSWORD = "rahasia-lama-sekali"

# What a superuser may do with the rows of each model; staff who may only look see them all and change none.
KEPT, ADDED, LOOKED_AT = "add, change and delete", "add and look at", "look at"
MODELS = {
    "auth.Group": KEPT,
    "auth.User": KEPT,
    "offices.Kecamatan": KEPT,
    "offices.Kelurahan": KEPT,
    "offices.Counter": KEPT,
    "offices.Agency": KEPT,
    "offices.Place": KEPT,
    "offices.Point": KEPT,
    "offices.Subject": LOOKED_AT,
    "offices.Membership": KEPT,
    "offices.HoursPlan": KEPT,
    "offices.HolidayOverride": KEPT,
    "offices.Closure": KEPT,
    "streams.Camera": KEPT,
    "streams.HomePreset": KEPT,
    "streams.Zone": KEPT,
    "streams.OccupancySpan": LOOKED_AT,
    "streams.Watcher": LOOKED_AT,
    "discipline.StaffingRule": KEPT,
    "discipline.Standing": LOOKED_AT,
    "discipline.Flip": LOOKED_AT,
    "discipline.Alert": LOOKED_AT,
    "discipline.IncidentRule": KEPT,
    "discipline.SystemIncident": LOOKED_AT,
    "discipline.Escalation": KEPT,
    "discipline.IncidentType": LOOKED_AT,
    "discipline.BylawArticle": LOOKED_AT,
    "discipline.ComplaintKind": KEPT,
    "discipline.AgencyDuty": LOOKED_AT,
    "discipline.AgencyArea": LOOKED_AT,
    "discipline.DispatchChange": LOOKED_AT,
    "discipline.ResponseTime": LOOKED_AT,
    "discipline.Band": KEPT,
    "discipline.ReportRule": KEPT,
    "discipline.Delivery": LOOKED_AT,
    "discipline.ReportMail": LOOKED_AT,
    "discipline.PlanChange": LOOKED_AT,
}

# By the last word of the address's name: what staff who may only look get, a superuser of KEPT, of ADDED and of
# LOOKED_AT.
OF_A_MODEL = {
    "changelist": (200, 200, 200, 200),
    "add": (403, 200, 200, 403),
    "change": (200, 200, 200, 200),
    "history": (200, 200, 200, 200),
    "delete": (403, 200, 403, 403),
}
# Pages of no model. Staff who may only look, a superuser.
OTHERS = {
    "index": (200, 200),
    "login": (302, 302),  # to everybody's
    "logout": (405, 405),  # by POST only
    "password_change": (302, 302),  # to everybody's
    "password_change_done": (200, 200),
    "autocomplete": (403, 403),  # without the names of a field
    "jsi18n": (200, 200),
    "view_on_site": (404, 404),
    "app_list": (200, 200),
    "": (404, 404),  # any other address
}


def names_of(resolver: URLResolver) -> Iterator[str]:
    """Yield the names of the patterns, "" for one without a name."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names_of(pattern)
        else:
            yield pattern.name or ""


def address_of(name: str, row: models.Model | None = None) -> str:
    """Return the address with this name, of a model's page with its row; "" stands for one that no page has."""
    if name in ("", "app_list"):
        return "/admin/offices/" if name else "/admin/nothing/"
    arguments = [1, 1] if name == "view_on_site" else [row.pk] if row else []
    return reverse(f"admin:{name}", args=arguments)


class Administration(OfficeTestCase):
    def setUp(self) -> None:
        access_things.things_of(self.world)
        Kinds.around(self.world)  # with a street point
        Camera.objects.update(username="admin", password=PASSWORD)
        self.clients = {}
        for role in (*ROLES, AGENCY, "view-only staff", "superuser"):
            self.clients[role] = Client()
            if user := access_things.user_of(self.world, role):
                self.clients[role].force_login(user)

    def ask(self, role: str, path: str, method: str = "GET") -> Any:
        """Ask as the role, and undo what that changed. No answer holds a password."""
        with transaction.atomic():
            answer = self.clients[role].generic(method, path)
            transaction.set_rollback(True)
        assert not isinstance(answer, HttpResponse) or PASSWORD.encode() not in answer.content, (role, path)
        return answer

    def pages(self) -> Iterator[tuple[str, str, str]]:
        """Yield each model, the last word of the name of each of its pages, and the page's address."""
        for label in MODELS:
            model = apps.get_model(label)
            # The place of an office comes and goes with the office; a street point is kept by itself.
            rows = Place.objects.filter(kind=Place.Kind.POINT) if model is Place else model._default_manager.all()
            row = rows.first()
            for word in OF_A_MODEL:
                if row or word in ("changelist", "add"):
                    name = f"{model._meta.app_label}_{model._meta.model_name}_{word}"
                    yield label, word, address_of(name, row if word not in ("changelist", "add") else None)

    def test_every_page_and_model_is_in_the_tables(self) -> None:
        assert {model._meta.label for model in admin.site._registry} == MODELS.keys()
        found = {
            name
            for one in get_resolver().url_patterns
            if isinstance(one, URLResolver) and one.namespace == "admin"
            for name in names_of(one)
        }
        of_models = {f"{label.replace('.', '_').lower()}_{word}" for label in MODELS for word in OF_A_MODEL}
        assert found == of_models | OTHERS.keys()

    def test_it_is_closed_to_all_roles(self) -> None:
        others = [address_of(name) for name in OTHERS if name not in ("login", "logout")]
        for path in [path for _, _, path in self.pages()] + others:
            for role in (*ROLES, AGENCY):
                for method in ("GET", "POST"):
                    answer = self.ask(role, path, method)
                    sent_to = answer.headers.get("Location", "").split("?")[0]
                    refused = answer.status_code in (403, 404) or sent_to in LOGINS
                    assert refused, (role, method, path)

    def test_staff_who_may_only_look_change_nothing_and_a_superuser_no_record(self) -> None:
        for label, word, path in self.pages():
            looking, *superuser = OF_A_MODEL[word]
            assert self.ask("view-only staff", path).status_code == looking, (label, word)
            root = superuser[(KEPT, ADDED, LOOKED_AT).index(MODELS[label])]
            assert self.ask("superuser", path).status_code == root, (label, word)
            if word in ("add", "change", "delete"):
                assert self.ask("view-only staff", path, "POST").status_code == 403, (label, word)
                if MODELS[label] == LOOKED_AT:
                    assert self.ask("superuser", path, "POST").status_code == 403, (label, word)

    def test_pages_of_no_model(self) -> None:
        for name, (looking, root) in OTHERS.items():
            assert self.ask("view-only staff", address_of(name)).status_code == looking, name
            assert self.ask("superuser", address_of(name)).status_code == root, name
