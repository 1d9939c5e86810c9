"""Stored secrets: they print dots everywhere, and outlive a change of keys."""

from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.core import serializers
from django.core.management import call_command
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from discipline.ops.checks import check_sealing_key, check_secrets
from streams import secrets
from streams.cameras.models import Camera
from streams.secrets import Secret, SecretTextField, UnreadableSecret
from streams.setup.forms import CameraForm

pytest_plugins = ["tests.support.cameras"]
PASSWORD = "rahasia-lama"
OTHER = "k" * 60


def stored(camera: Camera) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM streams_camera WHERE id = %s", [camera.pk])
        return str(cursor.fetchone()[0])


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=12))
def test_a_secret_prints_dots_and_is_equal_to_its_text(text: str) -> None:
    secret = Secret(text)
    for printed in (str(secret), f"{secret}", f"{secret!r}", f"{secret:>20}", repr([secret])):
        assert text not in printed
        assert secrets.DOTS in printed
    assert (secret.reveal(), secret == text, secret == Secret(text), bool(secret)) == (text, True, True, True)


@pytest.mark.django_db
def test_a_password_is_a_secret_however_it_was_set(camera: Camera) -> None:
    fresh = Camera.objects.get(pk=camera.pk)
    for one in (camera, fresh, Camera(password=PASSWORD)):
        assert isinstance(one.password, Secret)
        assert one.password == PASSWORD
        assert PASSWORD not in repr(vars(one))
    assert fresh.full_url == f"rtsp://sidak:{PASSWORD}@10.0.0.5:554/a"
    assert PASSWORD not in stored(camera)


@pytest.mark.django_db
def test_serializers_write_it_sealed_and_read_it_again(camera: Camera) -> None:
    text = serializers.serialize("json", [camera])
    assert PASSWORD not in text
    Camera.objects.filter(pk=camera.pk).update(password="")
    for one in serializers.deserialize("json", text):
        one.save()
    assert Camera.objects.get(pk=camera.pk).password == PASSWORD


SEALED_MODELS = [
    model for model in apps.get_models() if any(isinstance(field, SecretTextField) for field in model._meta.fields)
]


@pytest.mark.django_db
def test_staff_who_may_only_look_see_no_secret_in_the_administration(camera: Camera) -> None:
    """Every model with a secret field; one that gets into the administration needs a row here."""
    rows: dict[type[models.Model], models.Model] = {Camera: camera}
    staff = User.objects.create_user("staf", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = Client()
    client.force_login(staff)
    shown = [model for model in SEALED_MODELS if model in admin.site._registry]
    assert Camera in shown
    for model in shown:
        options = model._meta
        page = client.get(reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[rows[model].pk]))
        assert page.status_code == 200
        assert PASSWORD not in page.content.decode()
        assert secrets.DOTS in page.content.decode()


@pytest.mark.django_db
class TestKeys:
    def test_what_another_key_sealed_is_counted_and_never_overwritten(self, camera: Camera, settings: Any) -> None:
        sealed = stored(camera)
        settings.SEALING_KEY = settings.SECRET_KEY = OTHER
        lost = Camera.objects.get(pk=camera.pk)
        assert isinstance(lost.password, UnreadableSecret)
        assert (bool(lost.password), lost.password.reveal(), lost.full_url) == (
            False,
            "",
            "rtsp://sidak:@10.0.0.5:554/a",
        )
        lost.save()
        assert stored(camera) == sealed
        form = {"kelurahan": "16.71.01.1001", "name": "Jendela", "url": lost.url, "username": "sidak", "enabled": "on"}
        own = CameraForm(form, instance=lost)
        assert own.is_valid(), own.errors
        own.save()
        assert stored(camera) == sealed
        moved = CameraForm(form | {"url": "rtsp://10.0.0.6/a"}, instance=Camera.objects.get(pk=camera.pk))
        assert "password" in moved.errors
        assert [warning.id for warning in check_secrets(["default"])] == ["streams.W001"]
        assert "1 of 1" in check_secrets(["default"])[0].msg
        with pytest.raises(SystemExit):
            call_command("reseal", stdout=StringIO())
        assert stored(camera) == sealed

    def test_reseal_makes_the_former_keys_superfluous(self, camera: Camera, settings: Any) -> None:
        former = [settings.SEALING_KEY, settings.SECRET_KEY]
        settings.SEALING_KEY, settings.SEALING_KEY_FALLBACKS = OTHER, former
        assert Camera.objects.get(pk=camera.pk).password == PASSWORD
        out = StringIO()
        call_command("reseal", stdout=out)
        assert "1 sealed under the present key" in out.getvalue()
        settings.SEALING_KEY_FALLBACKS, settings.SECRET_KEY = [], "s" * 60
        assert Camera.objects.get(pk=camera.pk).password == PASSWORD
        call_command("reseal", "--check", stdout=out)
        assert "streams.Camera.password: 1 stored, 0 can't be opened" in out.getvalue()
        assert check_secrets(["default"]) == []

    def test_what_the_secret_key_sealed_is_still_opened(self, camera: Camera, settings: Any) -> None:
        key, settings.SEALING_KEY = settings.SEALING_KEY, ""
        camera.save()  # as before there was a key of its own
        assert [warning.id for warning in check_sealing_key()] == ["streams.W002"]
        settings.SEALING_KEY = key or OTHER
        assert Camera.objects.get(pk=camera.pk).password == PASSWORD
        assert check_sealing_key() == []
