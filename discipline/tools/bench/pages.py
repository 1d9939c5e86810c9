"""Measure the first byte of each page for each role, by a web server of its own on the demo's database.

The pages are asked in rounds, so that other work on the machine slows all of them alike; with a second checkout both
answer in turn, each from a server of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from statistics import fmean
from time import clock_gettime, perf_counter
from typing import TypedDict

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.urls import reverse

from discipline.alerts.models import Alert
from discipline.core.environment import BASE_DIR
from discipline.reports.numbers.places import CITY_KEY
from discipline.spotchecks.models import SpotCheck
from discipline.staffing.alert_kinds import AlertKind
from discipline.tools.bench.percentiles import Percentiles, percentiles
from discipline.tools.bench.web_server import BenchServer, create_sessions
from offices.access.models import Membership
from offices.hours.schedule import DAY, local_day
from offices.places.models import Kelurahan

WARM_UP = 2
MAYOR, OPERATOR, CAMAT = "walikota", "operator", "camat.ib1"  # of the demo's accounts
CITY_WIDE = (MAYOR, OPERATOR)
EVERYBODY = (MAYOR, OPERATOR, CAMAT)

Page = tuple[str, str]  # the user's name, the address


class PageFigures(TypedDict):
    """Milliseconds to the first byte, those of the server's processors, and the KB of the page as it is sent.

    beside_*: of the other checkout.
    """

    ms: Percentiles
    cpu_ms: float
    kb: int
    beside_ms: Percentiles | None
    beside_cpu_ms: float | None


class NotMeasurable(Exception):
    """Raised when the database lacks what the pages show, or a page has another status than 200; says which."""


def measure_pages(
    requests: int, now: datetime, beside: Path | None, progress: Callable[[str], None]
) -> dict[str, PageFigures]:
    """Ask each page of the demo so often, and return the figures by "user address". Raises NotMeasurable.

    `beside`: the folder of another checkout, whose migrations are those of the database.
    """
    if settings.STATIC_MANIFEST:
        call_command("collectstatic", interactive=False, verbosity=0)
    pages = demo_pages(now)
    folders = [BASE_DIR, *([beside] if beside else [])]
    spent: dict[tuple[Page, int], list[float]] = defaultdict(list)
    processor: dict[tuple[Page, int], list[float]] = defaultdict(list)
    sizes: dict[Page, int] = {}
    with ExitStack() as stack:
        cookies = stack.enter_context(_signed_in({user for user, _ in pages}))
        servers = [stack.enter_context(BenchServer.running(folder, own_channels=False)) for folder in folders]
        for turn in range(WARM_UP + requests):
            progress(f"round {turn + 1} of {WARM_UP + requests}: {len(pages)} pages")
            for page in pages:
                for number, (server, process) in enumerate(servers):
                    before_ms = _processor_ms(process.pid)
                    ms, size = _first_byte(server.port, page, cookies[page[0]])
                    if turn >= WARM_UP:
                        spent[page, number].append(ms)
                        processor[page, number].append(_processor_ms(process.pid) - before_ms)
                    if not number:
                        sizes[page] = size
    return {
        " ".join(page): {
            "ms": percentiles(spent[page, 0]),
            "cpu_ms": round(fmean(processor[page, 0]), 1),
            "kb": round(sizes[page] / 1024),
            "beside_ms": percentiles(spent[page, 1]) if beside else None,
            "beside_cpu_ms": round(fmean(processor[page, 1]), 1) if beside else None,
        }
        for page in pages
    }


def demo_pages(now: datetime) -> list[Page]:
    """Return the pages of the demo that people open, for each role. Raises NotMeasurable."""
    governed = Membership.objects.filter(user__username=CAMAT).values("kecamatan")
    office = Kelurahan.objects.select_related("kecamatan").filter(kecamatan__in=governed).first()
    check = SpotCheck.objects.order_by("-pk").first()
    absence = Alert.objects.counted().filter(kind=AlertKind.ABSENCE, counter__kelurahan=office).last()
    if office is None or check is None or absence is None:
        raise NotMeasurable("The demo's accounts, history or indications are missing: start make run, and wait for it.")
    today = local_day(now)
    month, last = f"{today:%Y-%m}", f"{today.replace(day=1) - DAY:%Y-%m}"
    for_roles: list[tuple[str, tuple[str, ...]]] = [
        (reverse("board"), EVERYBODY),
        (reverse("office", args=[office.code]), EVERYBODY),
        (reverse("office-day", args=[office.code, today - DAY]), EVERYBODY),
        (reverse("office-live", args=[office.code]), (MAYOR,)),
        (reverse("indications"), EVERYBODY),
        (reverse("indication", args=[absence.pk]), EVERYBODY),
        (reverse("report", args=[CITY_KEY, month]), CITY_WIDE),
        (reverse("report", args=[CITY_KEY, last]), CITY_WIDE),
        (reverse("report", args=[office.kecamatan.code, month]), EVERYBODY),
        (reverse("report", args=[office.kecamatan.code, last]), EVERYBODY),
        (reverse("report", args=[office.code, last]), (CAMAT,)),
        (reverse("report-indications", args=[CITY_KEY, last]), (MAYOR,)),
        (reverse("signatures"), EVERYBODY),
        (reverse("month-signing", args=[office.kecamatan.code, last]), (CAMAT,)),
        (reverse("spot-checks"), CITY_WIDE),
        (reverse("spot-check", args=[check.pk]), CITY_WIDE),
        (reverse("spot-check-statistics"), (MAYOR,)),
        (reverse("findings"), (CAMAT,)),
        (reverse("hours-place", args=[CITY_KEY]), CITY_WIDE),
        (reverse("hours-place", args=[office.code]), (OPERATOR, CAMAT)),
        (reverse("holidays"), (OPERATOR,)),
        (reverse("closures"), (OPERATOR, CAMAT)),
        (reverse("notices"), EVERYBODY),
        (reverse("cameras"), (OPERATOR,)),
        (reverse("users"), (OPERATOR,)),
        (reverse("setup"), (OPERATOR,)),
        (reverse("wall"), CITY_WIDE),
        (f"{reverse('search')}?q=lor", EVERYBODY),
        (f"{reverse('search-hits')}?q=lor", EVERYBODY),
        (reverse("account"), (CAMAT,)),
    ]
    return [(user, address) for address, users in for_roles for user in users]


@contextmanager
def _signed_in(names: set[str]) -> Iterator[dict[str, str]]:
    """Sign these users in inside the block; yield the session keys by name."""
    users = list(get_user_model().objects.filter(username__in=names))
    if len(users) != len(names):
        raise NotMeasurable(f"The demo's accounts are needed: {', '.join(sorted(names))}.")
    keys = create_sessions(users)
    try:
        yield {user.username: key for user, key in zip(users, keys, strict=True)}
    finally:
        Session.objects.filter(session_key__in=keys).delete()


def _processor_ms(pid: int) -> float:
    """Return the processor time of a process in milliseconds, more finely than psutil's hundredths of a second."""
    clock = ~pid << 3 | 2  # clock_getcpuclockid(3) of Linux
    return 1000 * clock_gettime(clock)


def _first_byte(port: int, page: Page, cookie: str) -> tuple[float, int]:
    """Return the milliseconds from the request to the first byte, and the bytes of the body. Raises NotMeasurable."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.connect()
        began = perf_counter()
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "Accept-Encoding": "gzip"}
        connection.request("GET", page[1], headers=headers)
        response = connection.getresponse()
        ms = 1000 * (perf_counter() - began)
        size = len(response.read())
    finally:
        connection.close()
    if response.status != 200:
        raise NotMeasurable(f"{page[1]} has status {response.status} for {page[0]}")
    return ms, size
