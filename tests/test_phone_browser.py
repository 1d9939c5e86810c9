"""Sidak on a phone: in a car, on a thin line, in a tunnel, in the sun, with large letters, by thumb."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from discipline import ledger
from discipline.models import Alert
from streams import pictures
from tests import phone
from tests.base import SQUARE, World
from tests.browsing import aside, chromium
from tests.city import whole_city
from tests.exhibits import exhibit
from tests.processes import Daphne
from tests.story import absence_of_eighteen_minutes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OFFICE = "/kantor/16.71.01.1001/"


@pytest.fixture(scope="module")
def chrome(chromium_path: str) -> Iterator[Any]:
    with chromium(chromium_path) as browser:
        yield browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return phone.collect_static(tmp_path_factory.mktemp("phone"))


@pytest.fixture
def world() -> World:
    ledger.schedule._schedule = None
    return World()


@pytest.fixture
def alert(world: World, footage: Path) -> Alert:
    told: list[Alert] = []
    aside(lambda: told.append(absence_of_eighteen_minutes(world.counter(world.ilir35))))
    exhibit(told[0], footage)
    whole_city_beside(world)
    return told[0]


def whole_city_beside(world: World) -> None:
    aside(lambda: whole_city(world, timezone.now()))
    jpeg = cv2.imencode(".jpg", np.full((360, 640, 3), 180, np.uint8))[1].tobytes()
    zone = {"id": 1, "counter": 1, "polygon": SQUARE, "look": "staffed", "people": 1, "step": "frame"}
    view = {"at": timezone.now().isoformat(), "width": 640, "height": 360, "boxes": [], "zones": [zone], "reason": ""}
    pictures.put(world.cameras[world.ilir35.pk].pk, jpeg, view)


@pytest.fixture
def site(world: World, served: dict[str, str]) -> Iterator[Daphne]:
    running = Daphne(**served)
    yield running
    running.kill()


def cookie(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_first_loads_are_small_soon_usable_and_nothing_jumps(
    chrome: Any, site: Daphne, world: World, alert: Alert
) -> None:
    paths = ("/", OFFICE, "/indikasi/", f"/indikasi/{alert.pk}/")
    for path in paths:
        with phone.phone(chrome, site.url, cookie(world.walikota)) as page:
            load = phone.first_load(page, path)
            print(path, load)
