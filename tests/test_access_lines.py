"""No picture, clip or file about people is sent without a line in a log: every address of the site is tried."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import reverse

from discipline.staffing.models import StandingState
from offices.access.models import FileAccess
from offices.hours.models import HoursPlan
from streams.cameras.models import Camera
from streams.evidence.models import EvidenceOpening
from streams.live.models import View
from streams.setup import probe as camera_probe
from streams.setup import references
from streams.simulator.simulator import Simulator
from streams.source import newest_picture
from tests.support import access_rows, access_things
from tests.support.access_rows import ROLES
from tests.support.access_table import FILES, ROOMS, TABLE
from tests.support.base import MORNING, OfficeTestCase
from tests.support.pictures import forget_pictures, noise_jpeg

pytestmark = pytest.mark.once

ABOUT_NOBODY = frozenset(
    {
        "camera-import-template",
        "door-sign",
        "point-import-template",
        "point-export",
        "aspiration-photo",  # heads hidden, and looked at by somebody
    }
)


def shows_people(response: HttpResponseBase) -> bool:
    """Return whether the answer is or holds a picture, a clip, a PDF, a saved file, or where people stand."""
    kind = response.headers.get("Content-Type", "")
    if kind.startswith(("image/", "video/", "application/pdf", "application/zip")):
        return True
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        return True
    body = response.content if isinstance(response, HttpResponse) else b""
    return b"data:image/" in body or b'"boxes"' in body


def lines_of(user: User) -> int:
    """Count the lines in all logs of who saw what."""
    return sum(model.objects.filter(user=user).count() for model in (View, FileAccess, EvidenceOpening))


class Lines(OfficeTestCase):
    @pytest.fixture(autouse=True)
    def _city(self, city: Simulator) -> None:
        self.city = city

    def setUp(self) -> None:
        self.camera = self.world.cameras[self.world.ilir35.pk]
        jpeg = noise_jpeg()
        view = {"at": datetime.now(UTC).isoformat(), "width": 640, "height": 360, "boxes": [], "zones": []}
        Camera.objects.filter(pk=self.camera.pk).update(
            url=self.city.url(1), reference=b"seen", reference_jpeg=jpeg, changed_at=MORNING
        )
        newest_picture.store_picture(self.camera.pk, jpeg, view)
        self.addCleanup(forget_pictures, self.camera.pk)
        for counters in self.world.counters.values():
            for counter in counters:
                self.world.stand(counter, StandingState.STAFFED)
        self.things = access_things.things_of(self.world)

    def form_for(self, name: str) -> dict[str, str]:
        """Return what an address needs to be sent before it shows anything."""
        self.camera.refresh_from_db()
        snapshot = camera_probe.newest_snapshot(self.camera)
        assert snapshot
        return {
            "camera-test": {"camera": str(self.camera.pk), "url": self.camera.url},
            "camera-reference-accept": {"picture": references.sign_snapshot(self.camera, snapshot)},
        }.get(name, {})

    def showing(self) -> dict[str, bool]:
        """Ask for every address as a role that gets it; return which show people, and whether with a line."""
        shown = {}
        for name, (method, arguments, expected) in TABLE.items():
            admitted = (one for one, got in zip(ROLES, expected, strict=True) if got in (200, 302))
            user = next((user for role in admitted if (user := access_things.user_of(self.world, role))), None)
            if user is None or name == "logout":
                continue
            client = Client()
            path = reverse(name, args=[self.things.get(part, part) for part in arguments])
            with transaction.atomic():  # each address has its own line, not that of one before
                client.force_login(user)
                before = lines_of(user)
                answer = client.post(path, self.form_for(name)) if method == "POST" else client.get(path)
                if shows_people(answer) and name not in ABOUT_NOBODY:
                    shown[name] = lines_of(user) > before
                transaction.set_rollback(True)
        return shown

    def test_what_shows_people_is_in_the_table_and_leaves_a_line(self) -> None:
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
        shown = self.showing()
        assert shown.keys() == ROOMS.keys() | FILES, "say in tests/support/access_table.py what these show"
        assert [name for name, logged in shown.items() if not logged] == [], "these send pictures without a line"

    def test_no_camera_of_a_closed_office_is_shown_without_a_reason(self) -> None:
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, ""))
        assert self.showing().keys() == FILES

    def test_originals_leave_their_opening(self) -> None:
        intan = self.world.intan
        self.client.force_login(intan)
        asked = reverse("evidence-original", args=[self.things[access_rows.ORIGINAL]])
        before = lines_of(intan)
        opened = self.client.post(asked, {"reason": "Pemeriksaan perkara nomor 12"}).headers["Location"]
        assert shows_people(self.client.get(f"{opened}berkas/"))
        assert lines_of(intan) == before + 1
