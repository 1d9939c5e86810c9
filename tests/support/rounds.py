"""Spot checks as the phone of the person who makes them sends them to the server."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from discipline.alerts import deadlines
from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks.models import SpotCheck, SpotPicture
from offices.hours.models import HoursPlan
from offices.places.models import Office
from tests.support.base import OfficeTestCase
from tests.support.pictures import jpeg
from tests.support.visitors import room


class Round:
    """A spot check by `user` of these offices, or of two drawn ones; each method posts one event of the phone."""

    def __init__(self, user: User, *offices: Office) -> None:
        now = timezone.now()
        if offices:
            self.check = spotchecks.start_with(user, SpotCheck.How.LIST, offices, "", now)
        else:
            self.check = spotchecks.start_drawn(user, 2, "", now)
        self.client = Client()
        self.client.force_login(user)

    def say(self, kind: str, place: int | None = None, at: datetime | None = None, **more: Any) -> Any:
        """Post an entry of this kind, made at `at` (default: now), and return the response."""
        form = {"uuid": str(uuid4()), "kind": kind, "said_at": (at or timezone.now()).isoformat()} | more
        if place:
            form["place"] = place
        return self.client.post(reverse("spot-check-send", args=[self.check.pk]), form)

    def mark(self, place: int, mark: str, **more: Any) -> Any:
        """Post the mark of the office."""
        return self.say("mark", place, mark=mark, **more)

    def snapshot(self, place: int, camera: int, picture: bytes | None = None, **more: Any) -> Any:
        """Post a live picture from the camera; `picture` defaults to the hall with visitors."""
        file = SimpleUploadedFile("cuplikan.jpg", jpeg(room()) if picture is None else picture)
        return self.say("snapshot", place, camera=camera, live="1", picture=file, **more)

    def finish(self) -> SpotCheck:
        """Finish the check and return it."""
        assert self.say("finish").status_code == 200
        self.check.refresh_from_db()
        return self.check


def draw_of(check: SpotCheck) -> Any:
    """Return the stored description of the draw."""
    return check.draw


def shown(picture: SpotPicture) -> SpotPicture:
    """Mark the picture as redacted, without anything to hide: the shown form is the picture itself."""
    picture.shown_path, picture.shown_sha256 = picture.path, picture.sha256
    picture.save()
    return picture


class CheckCase(OfficeTestCase):
    """A test class whose offices are open around the clock, so that looks count at whatever hour the tests run."""

    def setUp(self) -> None:
        """Open the offices around the clock."""
        deadlines.schedule.forget()
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
        self.now = timezone.now()

    def page(self, who: str, name: str, *args: Any) -> Any:
        """GET the page as the user with this name."""
        self.client.force_login(getattr(self.world, who))
        return self.client.get(reverse(name, args=args))

    def begin(self, who: str, **form: Any) -> Any:
        """Post the start of a spot check as the user with this name."""
        self.client.force_login(getattr(self.world, who))
        return self.client.post(reverse("spot-check-start"), form)

    def mayor(self, *offices: Office) -> Round:
        """Return a spot check by the mayor."""
        return Round(self.world.walikota, *offices)
