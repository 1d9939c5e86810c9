"""Troubles and daily uptime as `watch` stores them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from streams.cameras.models import Camera
from streams.cameras.troubles.keeping import KEPT, TroubleKeeper
from streams.cameras.troubles.models import CameraDay, CameraNote, CameraTrouble
from tests.support.camera_reports import camera_of
from tests.support.cameras import palembang_office

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def camera() -> Camera:
    return camera_of(palembang_office())


class Watching:
    """A keeper that is told of one camera every three seconds."""

    def __init__(self, camera: Camera) -> None:
        self.keeper, self.camera, self.now = TroubleKeeper(), camera, START

    def sees(self, cause: str | None, seconds: int) -> datetime:
        began = self.now
        for _ in range(seconds // 3):
            self.keeper.note({self.camera.pk: cause}, self.now)
            self.now += timedelta(seconds=3)
        return began


def test_a_trouble_begins_changes_and_ends(camera: Camera) -> None:
    watch = Watching(camera)
    watch.sees("", 120)
    watch.sees("timeout", 15)  # too short
    watch.sees("", 60)
    assert not CameraTrouble.objects.exists()
    began = watch.sees("timeout", 60)
    watch.sees("not_rtsp", 60)
    trouble = CameraTrouble.objects.get()
    assert (trouble.cause, trouble.since, trouble.ended_at) == ("not_rtsp", began, None)
    ended = watch.sees("", 120)
    trouble.refresh_from_db()
    assert trouble.ended_at == ended
    [day] = CameraDay.objects.all()
    assert day.day == date(2026, 11, 23)
    assert day.well_s + day.trouble_s == pytest.approx(435, abs=65)  # the last minute is not stored yet
    assert day.trouble_s == pytest.approx(135, abs=3)


def test_another_watch_goes_on_with_the_same_trouble(camera: Camera) -> None:
    first = Watching(camera)
    first.sees("timeout", 60)
    second = Watching(camera)
    second.now = START + timedelta(minutes=10)
    second.sees("timeout", 60)
    assert CameraTrouble.objects.get().since == START
    second.sees("", 90)
    assert CameraTrouble.objects.get().ended_at == START + timedelta(minutes=11)


def test_a_camera_that_is_no_longer_used_is_in_no_trouble(camera: Camera) -> None:
    watch = Watching(camera)
    watch.sees("timeout", 60)
    Camera.objects.update(enabled=False)
    watch.keeper.note({}, watch.now + timedelta(minutes=2))
    assert CameraTrouble.objects.get().ended_at


def test_rows_are_bounded_and_a_deleted_camera_stops_nothing(camera: Camera) -> None:
    CameraDay.objects.create(camera=camera, day=(START - KEPT).date() - timedelta(days=1), well_s=1)
    old = START - KEPT - timedelta(days=1)
    CameraTrouble.objects.create(camera=camera, cause="timeout", since=old, ended_at=old)
    gone = Camera.objects.get(pk=camera.pk)
    watch = Watching(gone)
    watch.sees("timeout", 12)
    assert not CameraTrouble.objects.exists()
    assert not CameraDay.objects.filter(day__lt=START.date()).exists()
    camera.delete()
    watch.sees("timeout", 90)
    assert not CameraTrouble.objects.exists()


def test_notes_are_only_added_and_outlive_the_camera(camera: Camera) -> None:
    kind, ani = CameraNote.Kind, get_user_model().objects.create_user("ani")
    trouble = CameraTrouble.objects.create(camera=camera, cause="timeout", since=START)
    note = CameraNote.objects.create(
        camera=camera, trouble=trouble, camera_name=str(camera), kind=kind.CALLED, at=START, by=ani
    )
    for statement in (lambda: CameraNote.objects.update(text="lain"), CameraNote.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            statement()
    camera.delete()
    note.refresh_from_db()
    assert note.camera_name
