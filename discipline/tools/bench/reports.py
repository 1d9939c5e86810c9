"""Measure reports over a year of the whole city with real requests on a scratch database of made-up days.

discipline.tools.demo.write_history writes the days, so every number is computed as it would be from real ones.
"""

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from multiprocessing.connection import Connection
from tempfile import TemporaryFile
from typing import TypedDict

import psutil
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from discipline.reports.files import workbook
from discipline.reports.files.file_job import FileJob
from discipline.reports.numbers import rollups
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.tools.bench.percentiles import Percentiles, percentiles
from discipline.tools.demo import write_history
from discipline.tools.demo.write_history import HistoryTask, WrittenCounts
from offices.city.loading import load_offices, read_offices
from offices.hours.schedule import local_day
from offices.places.models import Counter, Kelurahan

SEED = 1
WARM_UP = 3
ROLLED_UP_AT_ONCE = 20  # counters
BUSY_MONTH = 10


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """The size of the bench: `days` from 1 January of last year, written by `processes` (0: by this one)."""

    offices: int = 107
    counters: int = 2
    days: int = 365
    requests: int = 50
    processes: int = 2


class ReportFigures(TypedDict):
    """The result: milliseconds of the server for a page, seconds for the rest, resident memory of the process.

    `rebuilt_differently`: rows that a second roll-up changed, which should be 0.
    """

    city_month_ms: Percentiles
    city_year_ms: Percentiles
    xlsx_s: float
    rss_mb: int
    xlsx_kb: int
    counters: int
    counter_days: int
    flips: int
    indications: int
    decisions: int
    rollups: int
    written_s: float
    rolled_up_s: float
    rebuilt_s: float
    rebuilt_differently: int


def measure_reports(plan: ReportPlan, now: datetime, progress: Callable[[str], None]) -> ReportFigures:
    """Run the bench on the present database, which must be an empty scratch one."""
    year = local_day(now).year - 1
    first = date(year, 1, 1)
    last = date.fromordinal(first.toordinal() + plan.days - 1)
    counters = _create_counters(plan)
    began = time.monotonic()
    written = _write(plan, HistoryTask(SEED, first, last, now), counters, progress)
    written_s = time.monotonic() - began
    _, rolled_up_s = _roll_up(first, last, now, counters, progress)
    changed, rebuilt_s = _roll_up(first, last, now, counters, progress)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = _signed_in()
    month = f"{year}-{min(BUSY_MONTH, last.month):02}"
    month_ms = _time_requests(client, f"/laporan/kota/{month}/", plan.requests, progress)
    year_ms = _time_requests(client, f"/laporan/kota/{year}/", plan.requests, progress)
    xlsx_s, xlsx_kb = _time_workbook(month, now, progress)
    return {
        "city_month_ms": month_ms,
        "city_year_ms": year_ms,
        "xlsx_s": xlsx_s,
        "rss_mb": round(psutil.Process().memory_info().rss / 2**20),
        "xlsx_kb": xlsx_kb,
        "counters": len(counters),
        "counter_days": written.days,
        "flips": written.flips,
        "indications": written.alerts,
        "decisions": written.decisions,
        "rollups": DayTally.objects.count(),
        "written_s": round(written_s, 1),
        "rolled_up_s": round(rolled_up_s, 1),
        "rebuilt_s": round(rebuilt_s, 1),
        "rebuilt_differently": changed,
    }


def _create_counters(plan: ReportPlan) -> list[Counter]:
    load_offices(read_offices()[: plan.offices])
    offices = Kelurahan.objects.select_related("kecamatan")
    rows = [
        Counter(kelurahan=office, name=f"Loket {number}")
        for office in offices
        for number in range(1, plan.counters + 1)
    ]
    return Counter.objects.bulk_create(rows)


def _write(
    plan: ReportPlan, task: HistoryTask, counters: Sequence[Counter], progress: Callable[[str], None]
) -> WrittenCounts:
    """Write the days in `plan.processes` processes, each with its share of the counters: most of it is computing."""
    camat = get_user_model().objects.create(username="camat").pk
    task = HistoryTask(task.seed, task.first, task.last, task.until, lambda _role, _office: camat)
    write_history.write_outages(task, counters)
    if not plan.processes:
        return write_history.write_days(task, counters, lambda done, of: progress(f"{done} of {of} counters"))
    connections.close_all()  # a child must not inherit them
    fork = multiprocessing.get_context("fork")
    children = []
    for number in range(plan.processes):
        here, there = fork.Pipe()
        child = fork.Process(target=_share, args=(task, counters[number :: plan.processes], progress, there))
        child.start()
        there.close()
        children.append((child, here))
    parts = [here.recv() for _, here in children]
    for child, _ in children:
        child.join()
    return sum(parts, WrittenCounts())


def _share(task: HistoryTask, counters: Sequence[Counter], progress: Callable[[str], None], result: Connection) -> None:
    """Write one child's share and send its WrittenCounts."""
    result.send(write_history.write_days(task, counters, lambda done, of: progress(f"{done} of {of} counters")))
    connections.close_all()
    os._exit(0)  # without the clean-up that belongs to the parent


def _roll_up(
    first: date, last: date, now: datetime, counters: Sequence[Counter], progress: Callable[[str], None]
) -> tuple[int, float]:
    """Return how many rows of the days changed, and the seconds that it took."""
    began, changed = time.monotonic(), 0
    pks = [counter.pk for counter in counters]
    for begin in range(0, len(pks), ROLLED_UP_AT_ONCE):
        changed += rollups.rebuild_days(first, last, now, pks[begin : begin + ROLLED_UP_AT_ONCE])
        progress(f"days of {min(begin + ROLLED_UP_AT_ONCE, len(pks))} of {len(pks)} counters rolled up")
    return changed, time.monotonic() - began


def _signed_in() -> Client:
    if settings.STATIC_MANIFEST:  # as in production
        call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.create_superuser("bench"))
    return client


def _time_requests(client: Client, address: str, number: int, progress: Callable[[str], None]) -> Percentiles:
    """Return milliseconds from the request to the whole response in this process.

    Raises RuntimeError when the status is not 200.
    """
    progress(f"{number} × {address}")
    spent_ms = []
    for _ in range(WARM_UP + number):
        began = time.perf_counter()
        response = client.get(address)
        spent_ms.append(1000 * (time.perf_counter() - began))
        if response.status_code != 200:
            raise RuntimeError(f"{address} returned status {response.status_code}")
    return percentiles(spent_ms[WARM_UP:])


def _time_workbook(month: str, now: datetime, progress: Callable[[str], None]) -> tuple[float, int]:
    """Return the seconds to write the city's month as XLSX, from the first query to the last byte, and its KB."""
    progress(f"kota-{month}.xlsx")
    began = time.monotonic()
    with TemporaryFile() as file:
        workbook.write_file(FileJob(0, OrgUnit(Level.CITY), parse_period(month, local_day(now)), "", now), file)
        return round(time.monotonic() - began, 2), round(file.tell() / 1024)
