"""The operator Ani, one office and its camera, for the tests of onboarding."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from offices.access.models import Membership
from offices.places.models import Kecamatan, Kelurahan, Place
from streams.cameras.models import Camera
from streams.live import picture_gate
from streams.source import newest_picture
from tests.support.pictures import forget_pictures, noise_jpeg

SQUARE = [[0.2, 0.2], [0.6, 0.2], [0.6, 0.7], [0.2, 0.7]]


def palembang_office() -> Kelurahan:
    """Create and return the kelurahan 35 Ilir."""
    kecamatan = Kecamatan.objects.create(code="16.71.01", name="Ilir Barat II", latitude=-3, longitude=104.7)
    return Kelurahan.objects.create(
        code="16.71.01.1001",
        kecamatan=kecamatan,
        name="35 Ilir",
        official_name="Tiga-puluh-lima Ilir",
        latitude=-3,
        longitude=104.7,
    )


@pytest.fixture
def office() -> Kelurahan:
    """The kelurahan 35 Ilir."""
    return palembang_office()


@pytest.fixture
def ani(office: Kelurahan) -> Client:
    """A client signed in as an operator."""
    del office  # requested so that it exists
    return signed_in("ani", role="operator")


@pytest.fixture
def camera(office: Kelurahan) -> Camera:
    """A camera of the office, with credentials."""
    return Camera.objects.create(
        kelurahan=office, name="Pintu", url="rtsp://10.0.0.5:554/a", username="sidak", password="rahasia-lama"
    )


def say_why(user: User) -> None:
    """Give the user's reason to view every place, for tests of pages that must work at any hour of the day."""
    places = Place.objects.values_list("pk", flat=True)
    picture_gate.give_reason(user, list(places), "Uji yang berjalan kapan saja", timezone.now())


def signed_in(name: str, **membership: Any) -> Client:
    """Create a user with this membership and return a client signed in as them."""
    user = get_user_model().objects.create_user(name)
    Membership.objects.create(user=user, **membership)
    client = Client()
    client.force_login(user)
    return client


def typed(**changes: str) -> dict[str, str]:
    """Return the fields of the camera form as posted, with `changes`."""
    return {
        "kelurahan": "35 Ilir, Ilir Barat II",
        "name": "Pintu",
        "url": "rtsp://10.0.0.5:554/a",
        "username": "sidak",
        "password": "",
        "enabled": "on",
    } | changes


@pytest.fixture
def seen(camera: Camera) -> Iterator[Camera]:
    """The camera after `watch` has stored a picture of it."""
    newest_picture.store_picture(camera.pk, noise_jpeg(), {"at": datetime.now(UTC).isoformat(), "reason": ""})
    yield camera
    forget_pictures(camera.pk)


def save(
    client: Client, camera: Camera, *zones: dict[str, Any], reference: str | None = None, marks: Any = None
) -> Any:
    """Post the zones of a camera's zone page and return the response.

    `reference` defaults to the signed reference in the page; no marks are sent when `marks` is None.
    """
    page = client.get(f"/kamera/{camera.pk}/zona/")
    reference = reference if reference is not None else page.context.get("reference", "")
    body = [{"counter": None, "name": "", "quorum": 1, "polygon": SQUARE} | zone for zone in zones]
    sent = {"zones": json.dumps(body), "reference": reference} | ({} if marks is None else {"marks": json.dumps(marks)})
    return client.post(f"/kamera/{camera.pk}/zona/", sent)
