"""How files of reports are made: how many at once, within which bounds, from one moment."""

import csv
import resource
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from discipline.alerts.models import Decision
from discipline.core.models import DemoHistory
from discipline.reports.files import file_job, progress, workbook
from discipline.reports.files import jobs as report_jobs
from discipline.reports.files.jobs import State, Why
from discipline.reports.files.models import ReportFile
from discipline.reports.numbers.models import Band
from discipline.reports.numbers.period import parse_period
from offices.access.log_csv import csv_text
from streams.servers.repeatable_read import repeatable_read
from tests.support.attendance import MONDAY
from tests.support.clock import wib
from tests.support.report_files import KECAMATAN, FilesCase
from tests.support.reported_week import WEEK


class Made(FilesCase):
    def test_two_are_made_at_a_time_and_only_one_big_one(self) -> None:
        big = [self.ask(self.world.walikota, "kota", language=language) for language in ("id", "en")]
        ReportFile.objects.update(heavy=True)
        small = [self.ask(self.world.budi, format_=format_) for format_ in ("xlsx", "pdf")]
        now = timezone.now()
        assert [report_jobs.claim_next(now), report_jobs.claim_next(now), report_jobs.claim_next(now)] == [
            big[0],
            small[0],
            None,
        ]
        report_jobs.make_file(small[0])
        assert [report_jobs.claim_next(now), report_jobs.claim_next(now)] == [small[1], None]
        report_jobs.make_file(big[0])
        assert report_jobs.claim_next(now) == big[1]

    def test_a_sheet_of_years_is_big_and_one_of_a_week_is_not(self) -> None:
        years = parse_period(
            "2022-01-01..2026-11-20", MONDAY + timedelta(days=9)
        )  # 1785 days of eight counters are still small
        with patch.object(report_jobs, "HEAVY", 10_000):
            rows = [self.ask(self.world.walikota, "kota", period=years, format_=one) for one in ("xlsx", "pdf")]
            rows.append(self.ask(self.world.walikota, "kota"))
        assert [row.heavy for row in rows] == [True, False, False]

    def test_the_file_of_a_worker_that_was_killed_is_made_once_more(self) -> None:
        row = self.ask(self.world.budi)
        assert report_jobs.claim_next(timezone.now()) == row
        progress.clear_progress(row.pk)
        report_jobs.clean_up(timezone.now() + report_jobs.SILENT_AFTER + timedelta(seconds=1))
        row.refresh_from_db()
        assert row.state == State.WAITING
        report_jobs.make_waiting()
        row.refresh_from_db()
        assert (row.state, row.tries) == (State.DONE, 2)

    def test_a_second_worker_that_was_killed_is_noticed_and_the_file_can_be_asked_for_again(self) -> None:
        row = self.ask(self.world.budi)
        assert report_jobs.claim_next(timezone.now()) == row
        ReportFile.objects.update(tries=report_jobs.MOST_TRIES)
        later = timezone.now() + report_jobs.SILENT_AFTER + timedelta(seconds=1)
        report_jobs.clean_up(later)  # it has reported progress since
        row.refresh_from_db()
        assert row.state == State.WORKING
        progress.clear_progress(row.pk)
        report_jobs.clean_up(later)
        row.refresh_from_db()
        assert (row.state, row.why) == (State.FAILED, Why.INTERRUPTED)
        self.client.force_login(self.world.budi)
        page = self.client.get(reverse("report-files", args=[KECAMATAN, WEEK.key]), headers={"HX-Request": "true"})
        assert "Pembuatannya terhenti. Coba lagi." in page.content.decode()
        assert self.made(self.world.budi).state == State.DONE

    def test_what_a_worker_ends_after_it_was_given_up_is_thrown_away(self) -> None:
        row = self.ask(self.world.budi)
        claimed = report_jobs.claim_next(timezone.now())
        assert claimed
        ReportFile.objects.update(state=State.FAILED, why=Why.INTERRUPTED)
        report_jobs.make_file(claimed)
        row.refresh_from_db()
        assert (row.state, list(Path(settings.REPORT_DIR).glob("*"))) == (State.FAILED, [])

    def test_a_full_disk_is_reported_and_leaves_nothing_behind(self) -> None:
        for format_ in ("xlsx", "csv", "pdf"):
            with files_of_at_most(600):
                row = self.made(self.world.budi, format_=format_, table="hari" if format_ == "csv" else "")
            assert (row.state, row.why) == (State.FAILED, Why.DISK), format_
        assert list(Path(settings.REPORT_DIR).glob("*")) == []
        assert self.made(self.world.budi).state == State.DONE

    def test_what_is_too_much_for_a_sheet_or_for_a_quarter_of_an_hour_says_what_to_do(self) -> None:
        for limit, why in ((patch.object(workbook, "MOST_ROWS", 1), Why.TOO_MANY), (slow(), Why.TOO_LONG)):
            with limit:
                row = self.made(self.world.budi)
            assert (row.state, row.why, row.path) == (State.FAILED, why, "")
            assert "lebih pendek" in row.get_why_display()
        assert list(Path(settings.REPORT_DIR).glob("*")) == []

    def test_progress_counts_rows_and_stops_short_of_the_end(self) -> None:
        row = self.ask(self.world.budi)
        progress.store_progress(row.pk, 5, 20)
        stored = progress.read_progress(row.pk)
        assert stored
        assert stored.percent == 25
        assert progress.Progress(20, 20).percent == 99
        assert progress.Progress(0, 0).percent is None
        progress.clear_progress(row.pk)
        assert progress.is_silent(row.pk)

    def test_text_that_looks_like_a_formula_stays_text(self) -> None:
        text = '=HYPERLINK("http://x")\x0b'
        Decision.objects.create(
            alert=self.away, at=self.away.since, by=self.world.dewi, role="lurah", what="explained", text=text
        )
        sheet = load_workbook(report_jobs.path_of(self.made(self.world.budi)))["Indikasi"]
        cells = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
        cell = cells["Penjelasan"]
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", '=HYPERLINK("http://x")', True)
        rows = csv.DictReader(
            StringIO(report_jobs.path_of(self.made(self.world.budi, format_="csv", table="indikasi")).read_text())
        )
        assert next(rows)["explanation"].startswith("'=HYPERLINK")


class MadeUp(FilesCase):
    def test_days_of_the_demo_say_so_in_every_form_and_on_every_line(self) -> None:
        DemoHistory.objects.create(
            seed=1,
            first_day=MONDAY - timedelta(days=9),
            last_day=MONDAY - timedelta(days=1),
            until=wib("00:00", MONDAY),
            made_at=timezone.now(),
        )
        notice = "Data contoh, bukan keadaan sebenarnya"
        pages = PdfReader(report_jobs.path_of(self.made(self.world.budi, format_="pdf"))).pages
        assert all(notice in page.extract_text() for page in pages)
        row = self.made(self.world.budi)
        book = load_workbook(report_jobs.path_of(row))
        assert (book.properties.description, book["Ringkasan"]["A2"].value) == (notice, notice)
        for name in ("Kelurahan", "Loket", "Hari", "Indikasi"):
            head, *lines = list(book[name].values)
            assert head[-1] == "Catatan"
            assert {line[-1] for line in lines} == {notice}, name
        text = report_jobs.path_of(self.made(self.world.budi, format_="csv", table="hari")).read_text()
        assert {line["note"] for line in csv.DictReader(StringIO(text))} == {notice}
        assert "sidak-contoh-16.71.01" in self.get(self.world.budi, row).headers["Content-Disposition"]


@pytest.mark.django_db(transaction=True)
def test_what_is_read_for_a_file_is_of_one_moment() -> None:
    def add() -> None:
        Band.objects.create(name="TL 1", kind="late", from_minute=1)
        connection.close()

    with repeatable_read():
        before = Band.objects.count()
        other = threading.Thread(target=add)
        other.start()
        other.join()
        assert Band.objects.count() == before
    assert Band.objects.count() == before + 1


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Limit the size of files, as on a full disk: the kernel refuses longer writes.

    No bytecode is written: Python would keep a file that was cut off, and fail to import it from then on.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        with patch.object(sys, "dont_write_bytecode", True):
            yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def slow() -> Any:
    return patch.object(file_job, "LONGEST_S", 0.0)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_spreadsheet_runs_no_cell_of_a_csv(start: str) -> None:
    assert csv_text(f"{start}1+1") == f"'{start}1+1"
    assert csv_text(-1) == "-1", "a number is no formula"
