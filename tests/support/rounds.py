"""A spot check as its maker's phone tells it to the server."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from discipline.alerts import deadlines
from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks.models import SpotCheck, SpotPicture
from offices.hours.models import HoursPlan
from offices.places.models import Kelurahan
from tests.support.base import OfficeTestCase
from tests.support.pictures import jpeg
from tests.support.visitors import room


class Round:
    """`user`'s check of these offices, or of two that are drawn; each call is one thing that the phone sends."""

    def __init__(self, user: Any, *offices: Kelurahan) -> None:
        now = timezone.now()
        if offices:
            self.check = spotchecks.start_with(user, SpotCheck.How.LIST, offices, "", now)
        else:
            self.check = spotchecks.start_drawn(user, 2, "", now)
        self.client = Client()
        self.client.force_login(user)

    def say(self, kind: str, place: int | None = None, at: datetime | None = None, **more: Any) -> Any:
        form = {"uuid": str(uuid4()), "kind": kind, "said_at": (at or timezone.now()).isoformat()} | more
        if place:
            form["place"] = place
        return self.client.post(reverse("spot-check-send", args=[self.check.pk]), form)

    def mark(self, place: int, mark: str, **more: Any) -> Any:
        return self.say("mark", place, mark=mark, **more)

    def snapshot(self, place: int, camera: int, picture: bytes | None = None, **more: Any) -> Any:
        """Live, of the hall with its visitors."""
        file = SimpleUploadedFile("cuplikan.jpg", jpeg(room()) if picture is None else picture)
        return self.say("snapshot", place, camera=camera, live="1", picture=file, **more)

    def finish(self) -> SpotCheck:
        assert self.say("finish").status_code == 200
        self.check.refresh_from_db()
        return self.check


def draw_of(check: SpotCheck) -> Any:
    """What it was drawn from, as it is stored."""
    return check.draw


def shown(picture: SpotPicture) -> SpotPicture:
    """As if the worker had been there, with nobody to hide: the shown form is the picture itself."""
    picture.shown_path, picture.shown_sha256 = picture.path, picture.sha256
    picture.save()
    return picture


class CheckCase(OfficeTestCase):
    """Offices that serve around the clock, so that whatever is seen counts whenever the tests run."""

    def setUp(self) -> None:
        deadlines.schedule.forget()
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
        self.now = timezone.now()

    def page(self, who: str, name: str, *args: Any) -> Any:
        self.client.force_login(getattr(self.world, who))
        return self.client.get(reverse(name, args=args))

    def begin(self, who: str, **form: Any) -> Any:
        self.client.force_login(getattr(self.world, who))
        return self.client.post(reverse("spot-check-start"), form)

    def mayor(self, *offices: Any) -> Round:
        return Round(self.world.walikota, *offices)
