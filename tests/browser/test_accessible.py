"""Accessibility of every page in a real Chromium: axe-core in both themes, phone and desktop, and the browser's log."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Error, Page, ViewportSize

from discipline.alerts.models import Alert
from discipline.api.access.models import WebhookCall
from discipline.api.webhooks import queue as webhook_queue
from discipline.complaints.mailing import links
from discipline.complaints.mailing.links import LinkKind
from discipline.complaints.models import Complaint
from discipline.incidents.case_file.models import CaseFile
from discipline.incidents.tasks.models import Task
from discipline.ops.chain_checks import checks
from discipline.plans.closures import lifecycle
from discipline.reports.mail import subscriptions
from discipline.reports.mail.kinds import MailKind
from discipline.spotchecks import result as spotcheck_result
from discipline.spotchecks.models import Finding
from discipline.staffing import ledger
from offices.hours.models import Closure, ClosureRequest, HolidayOverride, HoursPlan
from offices.points.models import Point
from streams.evidence.models import Evidence
from streams.looks.streets.models import StreetHint
from streams.setup import probe as camera_probe
from streams.setup import references
from streams.source import newest_picture
from tests.support.access_things import access_case, access_incident, footage_picture
from tests.support.api_clients import System
from tests.support.base import MORNING, World
from tests.support.browsing import aside
from tests.support.complaints import a_complaint
from tests.support.conduct import drawn_at, filmed_clip
from tests.support.exhibits import exhibit
from tests.support.incidents import a_daily_report, a_room_visit
from tests.support.months import amended_month, last_month
from tests.support.past_week import PastWeek
from tests.support.phone import phone, session_of
from tests.support.pictures import forget_pictures, noise_jpeg
from tests.support.places import Kinds, flood_scene
from tests.support.processes import Daphne
from tests.support.public_points import public_point
from tests.support.recordings import record_minute
from tests.support.rounds import Round
from tests.support.story import absence_of_eighteen_minutes
from tests.support.walked_pages import NOWHERE, PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
OTHERS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = ((PHONE, "dark"), (DESK, "dark"), (DESK, "light"))
NARROW = (320, 720)  # the smallest phone, and a desk at 200 %
GUIDELINES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WHOLE = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": GUIDELINES}}
COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
}

SERIOUS = """async (options) => (await axe.run(document, options)).violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html]))"""


@pytest.fixture
def places(footage: Path) -> Iterator[dict[str, str]]:
    """The pages' addresses, after a day at 35 Ilir with an absence and its evidence, and a camera with a reference."""
    ledger.schedule.forget()
    world, stored = World(), list[Alert]()
    aside(lambda: stored.append(absence_of_eighteen_minutes(world.counter(world.ilir35))))
    exhibit(stored[0], footage)
    camera = world.cameras[world.ilir35.pk]
    drawn_on = camera_probe.make_snapshot(noise_jpeg(1), datetime.now(UTC))
    assert drawn_on
    references.keep_reference(camera, drawn_on)
    zone = {"id": 1, "counter": world.counter(world.ilir35).pk, "polygon": [[0.2, 0.2], [0.6, 0.2], [0.6, 0.7]]}
    seen = {"look": "staffed", "people": 1, "step": "frame"}
    view = {"at": datetime.now(UTC).isoformat(), "width": 640, "height": 360, "boxes": [[0.2, 0.3, 0.4, 0.8, 0.9]]}
    newest_picture.store_picture(camera.pk, noise_jpeg(2), view | {"zones": [zone | seen], "reason": "moved"})
    original = Evidence.objects.filter(form="original").first()
    assert original
    rounds: list[Round] = []
    aside(lambda: rounds.extend((found_wanting(world), Round(world.walikota, world.ilir35, world.ulu5))))
    finding = Finding.objects.get(stop__place=1)
    systems: list[System] = []
    aside(lambda: systems.append(called(world, stored[0])))
    sidak = {"check": rounds[0].check.pk, "half": rounds[1].check.pk, "finding": finding.pk}
    aside(lambda: amended_month(world))
    aside(lambda: checks.request_check(world.intan, timezone.now()))
    aside(checks.make_requested)
    named: dict[str, Any] = (
        sidak
        | closures(world)
        | {"alert": stored[0].pk, "camera": camera.pk, "original": original.pk, "lurah": world.dewi.pk}
    )
    kinds = Kinds.around(world)
    Point.objects.create(place=kinds.cameras["point"].place, purposes=["flood"])
    above, above_camera = f"loket-{kinds.loket.pk}", kinds.cameras["kecamatan"].pk
    newest_picture.store_picture(above_camera, noise_jpeg(3), view | {"zones": []})
    aside(lambda: public_point("T-900", "rtsp://127.0.0.1:1/titik"))
    reports: list[Complaint] = []
    reported: list[Task] = []
    aside(lambda: reports.append(a_complaint(world, published=True)))
    named |= {"report": reports[0].pk, "own": links.token(LinkKind.OWN, reports[0].pk)}
    point_camera = kinds.cameras["point"].pk
    newest_picture.store_picture(point_camera, noise_jpeg(4), view | {"zones": []})
    seen = {"kind": "congestion", "level": "macet", "started_at": MORNING, "jpeg": noise_jpeg(4)}
    aside(lambda: StreetHint.objects.create(camera_id=point_camera, **seen))
    aside(lambda: filmed_clip(drawn_at(world.ilir35, world.intan), MORNING))
    aside(lambda: record_minute(kinds.cameras["point"], MORNING, gap="disk"))
    aside(flood_scene)
    aside(lambda: reported.append(access_incident(world)))
    cases: list[CaseFile] = []
    aside(lambda: cases.append(access_case(world, reported[0])))
    named |= {"point_camera": point_camera, "incident": reported[0].incident_id, "task": reported[0].pk}
    named |= {"case": cases[0].pk, "article": cases[0].article_id}
    named |= {"visit": a_room_visit(world, timezone.now()).pk}
    a_daily_report()
    special = HolidayOverride.objects.create(day=MORNING.date(), name="Libur").pk
    named |= {"above": above, "special": special, "shared": spotcheck_result.share_token(rounds[0].check)}
    named |= {"system": systems[0].client.pk, "stop": subscriptions.stop_token(world.budi.pk, MailKind.DAY)}
    past = PastWeek(world)
    month = f"{past.monday}..{past.monday + timedelta(20)}"
    named |= {"week": past.week.key, "day": past.monday, "month": month}
    face = footage_picture(world, original)
    named |= {"signed": last_month().key, "footage": face.copy_id, "seen": face.pk}
    users = {name: session_of(getattr(world, name)) for name in set(PAGES.values()) if name} | {"": ""}
    yield {path.format(**named): users[name] for path, name in PAGES.items()}
    forget_pictures(camera.pk)
    forget_pictures(above_camera)
    forget_pictures(point_camera)


def closures(world: World) -> dict[str, int]:
    """A closure plan, an open request and a granted one, for the morning of the absence."""
    now, start = timezone.now(), MORNING
    asked = {"kelurahan": world.ilir35, "kind": "rapat", "asked_by": world.dewi, "reason": "Rapat di kantor camat"}
    made: list[ClosureRequest] = []

    def ask() -> None:
        for n in range(2):
            times = {"starts_at": start + timedelta(days=n), "ends_at": start + timedelta(days=n, hours=2)}
            made.append(lifecycle.request_closure(ClosureRequest(**asked, **times), now))
        lifecycle.grant_request(made[1], lifecycle.ClosureAnswer(world.budi, "Baik", now))

    aside(ask)
    plan, closure = HoursPlan.objects.get(), Closure.objects.get()
    return {"plan": plan.pk, "asked": made[0].pk, "closure": closure.pk}


def called(world: World, alert: Alert) -> System:
    """An API client with two kecamatan and a webhook that does not answer."""
    system = System(world, kecamatan=list(world.kecamatan.values()))
    hook, _secret = webhook_queue.add_webhook(system.client, "https://127.0.0.1/sidak/indikasi", world.ani.pk, MORNING)
    webhook_queue.queue_test_call(hook, MORNING)
    more = {"tries": 3, "why": "Connection refused", "created_at": MORNING, "due_at": MORNING}
    WebhookCall.objects.create(webhook=hook, event="opened", alert=alert, **more)
    return system


def found_wanting(world: World) -> Round:
    """A finished spot check with one finding of conduct, which counts at any hour, with a text and a picture."""
    made = Round(world.walikota)
    made.mark(1, "conduct")
    made.say("note", 1, text="Petugas melayani sambil makan")
    office = made.check.stops.get(place=1).office_id
    made.snapshot(1, world.cameras[office].pk)
    made.finish()
    return made


@pytest.fixture
def site(places: dict[str, str]) -> Iterator[Daphne]:
    del places  # requested for its effect
    with Daphne() as running:
        yield running


def findings(page: Page, options: dict[str, Any]) -> list[str]:
    """Return what axe-core rates serious or critical, element by element."""
    found = page.evaluate(SERIOUS, options)
    return [f"{rule}: {html[:200]}" for rule, html in found]


def complaints(page: Page, path: str) -> list[str]:
    """Return the problems on phone and desktop in both themes, with policy violations and overflow at all widths."""
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light")
    answer = page.goto(path)
    assert answer
    found = [] if answer.status == (404 if path.endswith(NOWHERE) else 200) else [f"status {answer.status}"]
    page.evaluate(AXE_SCRIPT)
    found += findings(page, WHOLE)
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 700})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"wider than {width}")
    for size, theme in OTHERS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        found += findings(page, COLOURS)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(f"wider than {size['width']}")
    return [f"{path} {one}" for one in found + page.evaluate("refused")]


def test_every_page_is_readable_operable_and_silent(chrome: Any, site: Daphne, places: dict[str, str]) -> None:
    found: list[str] = []

    def failed(error: Error) -> None:
        found.append(str(error))

    def heard(line: ConsoleMessage) -> None:
        if line.type == "error" and NOWHERE not in str(line.location):  # NOWHERE does not exist on purpose
            found.append(f"{line.location} {line.text}")

    for session in dict.fromkeys(places.values()):
        with phone(chrome, site.url, session, service_workers="block") as page:
            page.on("console", heard)
            page.on("pageerror", failed)
            for path in (path for path, who in places.items() if who == session):
                found += complaints(page, path)
    assert not found, "\n".join(found)
