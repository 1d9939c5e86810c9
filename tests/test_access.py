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
from tests.support.api_clients import System
from tests.support.base import MORNING, OfficeTestCase
from tests.support.menu import assert_current_entry
from tests.support.months import month_with_an_absence, sign_last_month
from tests.support.proof import store_still
from tests.support.rounds import Round, shown

pytestmark = pytest.mark.once

ROLES = ("anonymous", "walikota", "ani", "budi", "citra", "dewi", "eko", "intan", "tamu")
LOGIN = "login"  # redirected to the login page
OFFICE = "16.71.01.1001"  # Budi's and Dewi's
CAMERA = "camera of that office"
INDICATION = "indication of that office"
EVIDENCE = "evidence of that office"
ORIGINAL = "original of that evidence"
HOLD = "hold of another indication of that office"
DEVICE = "device of the lurah of that office"
ATTACHMENT = "attachment to that indication"
CHECK = "finished spot check of that office by the mayor"
HALF = "half-finished one"
FINDING = "finding of that office"
SNAPSHOT = "picture of that finding"
FILE = "report of that office as a file, for its lurah"
STOP = "token in a report's mail to the camat of that office"
SYSTEM = "system that reads the API"
HOOK = "webhook of that system"
ASKED = "closure that office asks for"
CLOSURE = "closure of that office"
PLAN = "weekly plan of the city"
SPECIAL = "special day of the city"
KECAMATAN = "16.71.01"  # Budi's
MONTH = "last month, signed by Budi"
SHARED = "address of that check that was passed on"

#                    anonymous mayor operator camat  other camat lurah other lurah inspectorate no role
EVERYBODY_INSIDE = (LOGIN, 200, 200, 200, 200, 200, 200, 200, 403)
WHO_SEES_IT = (LOGIN, 200, 200, 200, 404, 200, 404, 200, 404)
OF_A_KECAMATAN = (LOGIN, 200, 200, 200, 404, 404, 404, 200, 404)


def operators(status: int) -> tuple[str | int, ...]:
    return (LOGIN, 403, status, 403, 403, 403, 403, 403, 403)


def inspectors(status: int) -> tuple[str | int, ...]:
    return (LOGIN, 403, 403, 403, 403, 403, 403, status, 403)


TABLE: dict[str, tuple[str, list[str], tuple[str | int, ...]]] = {
    "board": ("GET", [], EVERYBODY_INSIDE),
    "wall": ("GET", [], EVERYBODY_INSIDE),
    "office": ("GET", [OFFICE], WHO_SEES_IT),
    "office-live": ("GET", [OFFICE], WHO_SEES_IT),
    "indication": ("GET", [INDICATION], WHO_SEES_IT),
    "indication-pdf": ("GET", [INDICATION], WHO_SEES_IT),
    "indications": ("GET", [], EVERYBODY_INSIDE),
    # Users without permission are redirected to the page, which says why.
    "indication-explain": ("POST", [INDICATION], (LOGIN, 302, 302, 302, 404, 302, 404, 302, 404)),
    "indication-decide": ("POST", [INDICATION], (LOGIN, 302, 302, 302, 404, 302, 404, 302, 404)),
    "attachment": ("GET", [ATTACHMENT], WHO_SEES_IT),
    "reports": ("GET", [], (LOGIN, 302, 302, 302, 302, 302, 302, 302, 403)),
    "report": ("GET", [OFFICE, "2026-W47"], WHO_SEES_IT),
    "report-indications": ("GET", [OFFICE, "2026-W47"], WHO_SEES_IT),
    "spot-checks": ("GET", [], EVERYBODY_INSIDE),
    "spot-check-start": ("POST", [], (LOGIN, 422, 403, 422, 422, 403, 403, 403, 403)),
    "spot-check-run": ("GET", [HALF], (LOGIN, 200, 404, 404, 404, 404, 404, 404, 404)),
    "spot-check-send": ("POST", [HALF], (LOGIN, 400, 404, 404, 404, 404, 404, 404, 404)),
    "spot-check": ("GET", [CHECK], WHO_SEES_IT),
    "spot-check-pdf": ("GET", [CHECK], WHO_SEES_IT),
    "spot-check-shared": ("GET", [SHARED], WHO_SEES_IT),
    "spot-check-picture": ("GET", [SNAPSHOT], WHO_SEES_IT),
    "spot-check-statistics": ("GET", [], EVERYBODY_INSIDE),
    "spot-check-office": ("GET", [OFFICE], WHO_SEES_IT),
    "findings": ("GET", [], EVERYBODY_INSIDE),
    "finding": ("GET", [FINDING], WHO_SEES_IT),
    # Users without permission are redirected to the page, which says why.
    "finding-answer": ("POST", [FINDING], (LOGIN, 302, 302, 302, 404, 302, 404, 302, 404)),
    "finding-follow": ("POST", [FINDING], (LOGIN, 302, 302, 302, 404, 302, 404, 302, 404)),
    "evidence-file": ("GET", [EVIDENCE], WHO_SEES_IT),
    "incidents": ("GET", [], operators(200)),
    "evidence-original": ("GET", [ORIGINAL], inspectors(200)),
    "evidence-opened": ("GET", ["ticket"], inspectors(410)),
    "evidence-opened-file": ("GET", ["ticket"], inspectors(410)),
    "evidence-openings": ("GET", [], inspectors(200)),
    "views": ("GET", [], inspectors(200)),
    "retention": ("GET", [], (LOGIN, 403, 200, 403, 403, 403, 403, 200, 403)),
    "retention-change": ("POST", [], inspectors(422)),
    "hold-office": ("POST", [], inspectors(422)),
    "hold-indication": ("POST", [INDICATION], inspectors(302)),
    "hold-end": ("POST", [HOLD], inspectors(302)),
    "camera-picture": ("GET", [CAMERA], WHO_SEES_IT),
    "camera-view": ("GET", [CAMERA], WHO_SEES_IT),
    "notices": ("GET", [], EVERYBODY_INSIDE),
    "notice-rule": ("POST", [], (LOGIN, 422, 422, 422, 422, 422, 422, 422, 403)),
    "notice-subscribe": ("POST", [], (LOGIN, 422, 422, 422, 422, 422, 422, 422, 403)),
    "notice-revoke": ("POST", [DEVICE], (LOGIN, 404, 404, 404, 404, 302, 404, 404, 403)),  # its owner's
    "notice-test": ("POST", [], (LOGIN, 302, 302, 302, 302, 302, 302, 302, 403)),
    "report-mails": ("POST", [], (LOGIN, 302, 302, 302, 302, 302, 302, 302, 403)),
    # The signed token names the recipient, whoever opens the address.
    "report-mail-stop": ("GET", [STOP], (200,) * 9),
    "report-mail-stop-now": ("GET", [STOP], (302,) * 9),  # redirected to the page; only a POST unsubscribes
    "notice-escalation": ("POST", [], operators(422)),
    "cameras": ("GET", [], operators(200)),
    "camera-add": ("GET", [], operators(200)),
    "camera-test": ("POST", [], operators(200)),
    "camera-import": ("GET", [], operators(200)),
    "camera-import-confirm": ("POST", [], operators(302)),
    "camera-import-template": ("GET", [], operators(200)),
    "camera-change": ("GET", [CAMERA], operators(200)),
    "camera-delete": ("GET", [CAMERA], operators(200)),
    "camera-zones": ("GET", [CAMERA], operators(200)),
    "camera-zones-picture": ("POST", [CAMERA], operators(200)),
    "camera-reference": ("GET", [CAMERA], operators(200)),
    "camera-reference-accept": ("POST", [CAMERA], operators(302)),
    "camera-reference-undo": ("POST", [CAMERA], operators(302)),
    # API clients send their own tokens; sessions are not accepted (tests/discipline/api/test_scope.py).
    "api-client": ("GET", [], (401,) * 9),
    "api-offices": ("GET", [], (401,) * 9),
    "api-office": ("GET", [OFFICE], (401,) * 9),
    "api-standings": ("GET", [], (401,) * 9),
    "api-indications": ("GET", [], (401,) * 9),
    "api-indication": ("GET", [INDICATION], (401,) * 9),
    "api-tallies": ("GET", [], (401,) * 9),
    "api-report": ("GET", [OFFICE, "2026-10"], (401,) * 9),
    "api-missing": ("GET", ["nothing"], (404,) * 9),
    "api-description": ("GET", [], (200,) * 9),
    "api-schema": ("GET", [], (200,) * 9),
    "integrations": ("GET", [], (LOGIN, 403, 200, 403, 403, 403, 403, 200, 403)),
    "integration": ("GET", [SYSTEM], (LOGIN, 403, 200, 403, 403, 403, 403, 200, 403)),
    "integration-add": ("GET", [], operators(200)),
    "integration-change": ("GET", [SYSTEM], operators(200)),
    "integration-renew": ("POST", [SYSTEM], operators(200)),
    "webhook-add": ("POST", [SYSTEM], operators(422)),
    "webhook-test": ("POST", [HOOK], operators(302)),
    "webhook-stop": ("POST", [HOOK], operators(302)),
    "integration-revoke": ("POST", [SYSTEM], operators(302)),
    "hours": ("GET", [], (LOGIN, 302, 302, 302, 302, 302, 302, 302, 403)),
    "hours-place": ("GET", [OFFICE], WHO_SEES_IT),
    "hours-history": ("GET", [], EVERYBODY_INSIDE),
    "plan-add": ("GET", [OFFICE], operators(200)),
    "plan-ramadan": ("GET", [], operators(200)),
    "plan-change": ("GET", [PLAN], operators(200)),
    "plan-remove": ("GET", [PLAN], operators(200)),
    "holidays": ("GET", [], EVERYBODY_INSIDE),
    "holiday-add": ("GET", [], operators(200)),
    "holiday-change": ("GET", [SPECIAL], operators(200)),
    "holiday-remove": ("GET", [SPECIAL], operators(200)),
    "closures": ("GET", [], EVERYBODY_INSIDE),
    "closure-ask": ("GET", [], (LOGIN, 403, 403, 403, 403, 200, 200, 403, 403)),
    "closure-enter": ("GET", [], (LOGIN, 403, 200, 200, 200, 403, 403, 403, 403)),
    "closure-request": ("GET", [ASKED], WHO_SEES_IT),
    # Users without permission are redirected to the page, which says why; a camat's empty text is refused.
    "closure-answer": ("POST", [ASKED], (LOGIN, 302, 302, 422, 404, 302, 404, 302, 404)),
    "closure": ("GET", [CLOSURE], WHO_SEES_IT),
    "closure-end": ("POST", [CLOSURE], (LOGIN, 403, 302, 302, 404, 403, 404, 403, 404)),
    "closure-revoke": ("GET", [CLOSURE], (LOGIN, 403, 200, 200, 404, 403, 404, 403, 404)),
    "healthz": ("GET", [], (503,) * 9),  # public; no watch runs here
    "service-worker": ("GET", [], (200,) * 9),
    "offline": ("GET", [], (200,) * 9),
    "signatures": ("GET", [], (LOGIN, 200, 200, 200, 200, 403, 403, 200, 403)),
    "month-signing": ("GET", [KECAMATAN, MONTH], OF_A_KECAMATAN),
    # Users without permission are redirected to the page, which says why.
    "month-signing-step": ("POST", [KECAMATAN, MONTH], (LOGIN, 302, 302, 302, 404, 404, 404, 302, 404)),
    "month-signing-document": ("GET", [KECAMATAN, MONTH, "1"], OF_A_KECAMATAN),
    # Redirects to the report's page; a POST first queues a file.
    "report-files": ("POST", [OFFICE, "2026-10"], (LOGIN, 302, 302, 302, 404, 302, 404, 302, 404)),
    "report-file": ("GET", [FILE], (LOGIN, 404, 404, 404, 404, 200, 404, 404, 404)),  # the user who requested it
    "login": ("GET", [], (200,) * 9),
    "logout": ("POST", [], (LOGIN,) * 9),
    "set_language": ("POST", [], (302,) * 9),
}


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
        assert found - TABLE.keys() == set(), "say in TABLE who may open these"
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
            SYSTEM: str(system.pk),
            HOOK: str(hook.pk),
            MONTH: sign_last_month(world).key,
            CHECK: str(check.pk),
            PLAN: str(HoursPlan.objects.get().pk),
            SPECIAL: str(HolidayOverride.objects.create(day=MORNING.date(), name="Libur").pk),
            CLOSURE: str(Closure.objects.create(kelurahan=world.ilir35, **closing).pk),
            ASKED: str(ClosureRequest.objects.create(kelurahan=world.ilir35, **closing, **asked).pk),
            HALF: str(Round(world.walikota, world.ilir35).check.pk),
            FINDING: str(Finding.objects.get().pk),
            SNAPSHOT: str(shown(SpotPicture.objects.get()).pk),
            STOP: subscriptions.stop_token(world.budi.pk, PeriodKind.DAY),
            SHARED: spotcheck_result.share_token(check),
            HOLD: str(legal_holds.hold_indication(other, "Perkara nomor 12", world.intan.pk, MORNING).pk),
            ORIGINAL: str(original.pk),
            CAMERA: str(world.cameras[world.ilir35.pk].pk),
            INDICATION: str(accused.pk),
            ATTACHMENT: str(letter.pk),
            DEVICE: str(device.pk),
            FILE: str(self.report_file().pk),
            EVIDENCE: str(store_still(world.counter(world.ilir35), form=Evidence.Form.DRAWN, of=original).pk),
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
