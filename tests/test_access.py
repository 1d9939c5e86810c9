"""Every address × every role. A new address fails here until it is entered in the table."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from discipline.alerts.models import Decision
from discipline.api.webhooks import queue as webhook_queue
from discipline.core import attachments
from discipline.evidence import legal_holds
from discipline.notices.models import Device
from discipline.reports.files.models import ReportFile
from discipline.reports.mail import subscriptions
from discipline.reports.numbers.period import PeriodKind
from discipline.spotchecks import result as spotcheck_result
from discipline.spotchecks.models import Finding, SpotPicture
from discipline.staffing.models import StandingState
from offices.hours.models import Closure, ClosureRequest, HolidayOverride, HoursPlan
from streams.evidence.models import Evidence
from streams.servers import valkey
from streams.source import newest_picture
from tests.support import access_table
from tests.support.access_table import LOGIN, OFFICE, ROLES, TABLE
from tests.support.api_clients import System
from tests.support.base import MORNING, OfficeTestCase
from tests.support.menu import assert_current_entry
from tests.support.months import month_with_an_absence, sign_last_month
from tests.support.proof import store_still
from tests.support.rounds import Round, shown

pytestmark = pytest.mark.once


def addresses(resolver: URLResolver) -> Iterator[str]:
    """Yield the names of all patterns except the administration's."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from addresses(pattern)
        else:
            yield pattern.name or str(pattern.pattern)


def administration() -> Iterator[str]:
    """Yield a path for every pattern of the administration."""

    def walk(resolver: URLResolver, before: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, route)
            elif isinstance(pattern, URLPattern) and not route.startswith("admin/^"):
                yield "/" + re.sub(r"<[^>]+>", "1", route)

    for found in get_resolver().url_patterns:
        if isinstance(found, URLResolver) and found.namespace == "admin":
            yield from walk(found, "admin/")


def outcome(response: HttpResponseBase) -> str | int:
    login = response.status_code == 302 and response.headers["Location"].split("?")[0] == reverse("login")
    return LOGIN if login else response.status_code


class Access(OfficeTestCase):
    def setUp(self) -> None:
        camera = self.world.cameras[self.world.ilir35.pk]
        view = {"at": datetime.now(UTC).isoformat(), "width": 640, "height": 360, "boxes": [], "zones": []}
        newest_picture.store_picture(camera.pk, b"jpeg", view)
        self.addCleanup(valkey.client().delete, *(f"{valkey.PREFIX}:{k}:{camera.pk}" for k in ("picture", "view")))
        for counters in self.world.counters.values():
            for counter in counters:
                self.world.stand(counter, StandingState.STAFFED)

    def client_of(self, role: str) -> Client:
        """Return a new client that is logged in with the role."""
        client = Client()
        if role != "anonymous":
            client.force_login(getattr(self.world, role))
        return client

    def enter(self, role: str) -> None:
        self.client = self.client_of(role)

    def test_every_address_is_in_the_table(self) -> None:
        found = set(addresses(get_resolver()))
        assert found - TABLE.keys() == set(), "say in tests/support/access_table.py who may open these"
        assert TABLE.keys() - found == set(), "these are gone"

    def test_every_role_gets_what_the_table_says(self) -> None:
        world = self.world
        original = store_still(world.counter(world.ilir35))
        other = world.accuse(world.counter(world.ilir35, 2))
        accused = world.accuse(world.counter(world.ilir35))
        letter = attachments.store_attachment(SimpleUploadedFile("surat.pdf", b"%PDF-1.4\n%%EOF\n"))
        fields = {"at": MORNING, "by": world.dewi, "role": "lurah", "what": "explained", "attachment": letter}
        Decision.objects.create(alert=accused, **fields)
        device = Device.objects.create(user=world.dewi, endpoint="https://push.example.com/1", created_at=MORNING)
        round_ = Round(world.walikota, world.ilir35)
        round_.mark(1, "conduct")
        round_.snapshot(1, world.cameras[world.ilir35.pk].pk)
        check = round_.finish()
        system = System(world, city=True).client
        hook, _secret = webhook_queue.add_webhook(system, "https://127.0.0.1/", world.ani.pk, MORNING)
        closing = {"starts_at": MORNING, "ends_at": MORNING + timedelta(hours=2), "reason": "Apel"}
        asked = {"kind": "apel", "asked_by": world.dewi, "asked_at": MORNING}
        month_with_an_absence(world)
        things = {
            access_table.SYSTEM: str(system.pk),
            access_table.HOOK: str(hook.pk),
            access_table.MONTH: sign_last_month(world).key,
            access_table.CHECK: str(check.pk),
            access_table.PLAN: str(HoursPlan.objects.get().pk),
            access_table.SPECIAL: str(HolidayOverride.objects.create(day=MORNING.date(), name="Libur").pk),
            access_table.CLOSURE: str(Closure.objects.create(kelurahan=world.ilir35, **closing).pk),
            access_table.ASKED: str(ClosureRequest.objects.create(kelurahan=world.ilir35, **closing, **asked).pk),
            access_table.HALF: str(Round(world.walikota, world.ilir35).check.pk),
            access_table.FINDING: str(Finding.objects.get().pk),
            access_table.SNAPSHOT: str(shown(SpotPicture.objects.get()).pk),
            access_table.STOP: subscriptions.stop_token(world.budi.pk, PeriodKind.DAY),
            access_table.SHARED: spotcheck_result.share_token(check),
            access_table.HOLD: str(legal_holds.hold_indication(other, "Perkara nomor 12", world.intan.pk, MORNING).pk),
            access_table.ORIGINAL: str(original.pk),
            access_table.CAMERA: str(world.cameras[world.ilir35.pk].pk),
            access_table.INDICATION: str(accused.pk),
            access_table.ATTACHMENT: str(letter.pk),
            access_table.DEVICE: str(device.pk),
            access_table.FILE: str(self.report_file().pk),
            access_table.EVIDENCE: str(
                store_still(world.counter(world.ilir35), form=Evidence.Form.DRAWN, of=original).pk
            ),
        }
        marked = set()
        clients = {role: self.client_of(role) for role in ROLES}
        for name, (method, arguments, expected) in TABLE.items():
            path = reverse(name, args=[things.get(part, part) for part in arguments])
            for role, status in zip(ROLES, expected, strict=True):
                with self.subTest(address=name, role=role):
                    answer = clients[role].generic(method, path)
                    if name == "logout":
                        clients[role] = self.client_of(role)
                    assert outcome(answer) == status, (name, role, answer.status_code)
                    if assert_current_entry(name, answer):
                        marked.add(name)
        assert len(marked) > 50

    def report_file(self) -> ReportFile:
        (Path(settings.REPORT_DIR) / "access.csv").write_text("day\n")
        values = {"place": OFFICE, "period": "2026-10", "format": "csv", "table": "hari", "language": "id"}
        return ReportFile.objects.create(
            **values,
            by=self.world.dewi,
            state=ReportFile.State.DONE,
            asked_at=MORNING,
            ended_at=MORNING,
            path="access.csv",
            sha256="0" * 64,
        )

    def test_the_administration_is_closed_to_all_roles(self) -> None:
        paths = list(administration())
        assert len(paths) > 30
        for role in ROLES:
            self.enter(role)
            for path in paths:
                answer = self.client.get(path)
                opened = answer.status_code == 200 and path != "/admin/login/"
                assert not opened, (role, path)

    def test_a_page_of_another_kecamatan_looks_like_one_that_is_not_there(self) -> None:
        self.enter("citra")
        foreign = self.client.get(reverse("office", args=[OFFICE]))
        missing = self.client.get(reverse("office", args=["99.99.99.9999"]))
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert "35 Ilir" not in foreign.content.decode()

    def test_a_deactivated_user_is_out_at_once(self) -> None:
        self.enter("budi")
        assert self.client.get("/").status_code == 200
        self.world.budi.is_active = False
        self.world.budi.save()
        assert outcome(self.client.get("/")) == LOGIN

    def test_the_login_leads_back_to_the_address_that_was_asked_for(self) -> None:
        answer = self.client.get(reverse("office", args=[OFFICE]))
        assert answer.headers["Location"] == f"/masuk/?next=/kantor/{OFFICE}/"
