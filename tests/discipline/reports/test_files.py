"""Files of reports: requested, made, downloaded by the user who requested them, and deleted."""

import csv
import hashlib
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from discipline.alerts.models import Decision
from discipline.core.models import DemoHistory
from discipline.reports.files import build, file_job, progress, workbook
from discipline.reports.files import jobs as report_jobs
from discipline.reports.files.formats import FORMATS, FileFormat
from discipline.reports.files.jobs import State, TooManyAsked, Why
from discipline.reports.files.models import ReportFile
from discipline.reports.numbers.models import Band
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.places import place_for
from offices.access.models import Membership
from tests.support.attendance import MONDAY
from tests.support.clock import wib
from tests.support.reported_week import WEEK, ReportedWeekCase

KECAMATAN = "16.71.01"


class FilesCase(ReportedWeekCase):
    def setUp(self) -> None:
        self.addCleanup(empty, Path(settings.REPORT_DIR))

    def ask(self, user: Any, key: str = KECAMATAN, format_: str = "xlsx", table: str = "", **more: Any) -> ReportFile:
        values: dict[str, Any] = {"period": WEEK, "language": "id", "now": timezone.now()} | more
        return report_jobs.request_file(user, place_for(user, key), format_=format_, table=table, **values)

    def made(self, user: Any, key: str = KECAMATAN, format_: str = "xlsx", table: str = "", **more: Any) -> ReportFile:
        row = self.ask(user, key, format_, table, **more)
        report_jobs.make_waiting()
        row.refresh_from_db()
        return row

    def get(self, user: Any, row: ReportFile) -> Any:
        self.client.force_login(user)
        return self.client.get(reverse("report-file", args=[row.pk]))


class Asked(FilesCase):
    def test_the_camat_asks_waits_and_fetches(self) -> None:
        self.client.force_login(self.world.budi)
        address = reverse("report-files", args=[KECAMATAN, WEEK.key])
        answer = self.client.post(address, {"format": "xlsx"}, follow=True)
        assert "Menunggu giliran" in answer.content.decode()
        report_jobs.make_waiting()
        (row,) = ReportFile.objects.all()
        assert row.state == State.DONE
        assert reverse("report-file", args=[row.pk]) in self.client.get(address, follow=True).content.decode()
        fetched = self.get(self.world.budi, row)
        data = b"".join(fetched.streaming_content)
        assert (len(data), hashlib.sha256(data).hexdigest()) == (row.size, row.sha256)
        assert 'filename="sidak-16.71.01-2026-W47.xlsx"' in fetched.headers["Content-Disposition"]
        assert load_workbook(BytesIO(data)).sheetnames == ["Ringkasan", "Kelurahan", "Loket", "Hari", "Indikasi"]

    def test_the_list_says_what_is_new_only_when_it_is(self) -> None:
        row = self.ask(self.world.budi)
        address = reverse("report-files", args=[KECAMATAN, WEEK.key])
        self.client.force_login(self.world.budi)
        fragment = {"HX-Request": "true"}
        same = self.client.get(f"{address}?semula={row.pk}w", headers=fragment).content.decode()
        assert "every 1s" in same
        assert "berkas-kabar" not in same
        report_jobs.make_waiting()
        done = self.client.get(f"{address}?semula={row.pk}w", headers=fragment).content.decode()
        assert "every 1s" not in done
        assert "XLSX: Siap" in done

    def test_what_is_under_way_is_not_made_twice(self) -> None:
        first = self.ask(self.world.budi)
        assert self.ask(self.world.budi) == first
        assert self.ask(self.world.budi, format_="pdf") != first
        assert self.ask(self.world.citra, "16.71.02") != first
        report_jobs.make_waiting()
        assert self.ask(self.world.budi) != first

    def test_a_user_who_requests_too_many_files_must_wait(self) -> None:
        for table in ("kelurahan", "loket", "hari", "indikasi"):
            self.ask(self.world.budi, format_="csv", table=table)
        self.ask(self.world.budi)
        self.ask(self.world.budi, format_="pdf")
        with pytest.raises(TooManyAsked):
            self.ask(self.world.budi, format_="pdf", language="en")
        self.ask(self.world.budi)  # already in progress
        self.client.force_login(self.world.budi)
        address = reverse("report-files", args=["16.71.01.1001", WEEK.key])
        answer = self.client.post(address, {"format": "pdf"}, headers={"HX-Request": "true"})
        assert "Masih ada 6 berkas Anda yang sedang dibuat." in answer.content.decode()

    def test_nonsense_is_answered_in_words(self) -> None:
        self.client.force_login(self.world.budi)
        address = reverse("report-files", args=[KECAMATAN, WEEK.key])
        refused = (
            ({"format": "exe"}, "Pilih PDF, XLSX, atau CSV."),
            ({"format": "csv", "table": "kota"}, "Pilih tabel untuk CSV."),
        )
        for asked, words in refused:
            assert words in self.client.post(address, asked, follow=True).content.decode()
        assert not ReportFile.objects.exists()
        for place, period in ((KECAMATAN, "2026-99"), (KECAMATAN, "2999"), ("16.71.02", WEEK.key)):
            assert self.client.post(reverse("report-files", args=[place, period])).status_code == 404

    def test_one_more_format_takes_a_row_and_a_writer(self) -> None:
        def write(job: file_job.FileJob, file: IO[bytes]) -> None:
            with job.report() as report:
                file.write(f"{report.place.title}, {report.total.counter_days}".encode())
                job.progress_callback()(1)

        row = FileFormat("text-file", "Teks", "Berkas teks", "text/plain", write)
        with patch.dict(FORMATS, {row.code: row}):
            self.client.force_login(self.world.budi)
            assert "Berkas teks" in self.client.get(reverse("report", args=[KECAMATAN, WEEK.key])).content.decode()
            address = reverse("report-files", args=[KECAMATAN, WEEK.key])
            self.client.post(address, {"format": row.code})
            report_jobs.make_waiting()
            assert "Teks" in self.client.get(address, headers={"HX-Request": "true"}).content.decode()
            fetched = self.get(self.world.budi, ReportFile.objects.get(format=row.code))
            assert b"".join(fetched.streaming_content) == b"Kecamatan Ilir Barat II, 10"
            assert fetched.headers["Content-Type"] == "text/plain"
            assert 'filename="sidak-16.71.01-2026-W47.text-file"' in fetched.headers["Content-Disposition"]

    def test_an_english_reader_gets_an_english_file(self) -> None:
        row = self.made(self.world.budi, language="en")
        book = load_workbook(report_jobs.path_of(row))
        assert book.sheetnames[0] == "Summary"
        assert book["Counter"]["A1"].value == "Rank"


class Fetched(FilesCase):
    def test_a_file_is_for_nobody_but_who_asked(self) -> None:
        row = self.made(self.world.budi)
        assert self.get(self.world.budi, row).status_code == 200
        for user in (self.world.walikota, self.world.citra, self.world.dewi):
            assert self.get(user, row).status_code == 404

    def test_a_camat_who_was_moved_fetches_nothing_more(self) -> None:
        row = self.made(self.world.budi)
        waiting = self.ask(self.world.budi, format_="pdf")
        Membership.objects.filter(user=self.world.budi).update(kecamatan=self.world.kecamatan["16.71.02"])
        assert self.get(self.world.budi, row).status_code == 404
        report_jobs.make_waiting()
        waiting.refresh_from_db()
        assert (waiting.state, waiting.why) == (State.FAILED, Why.SCOPE)


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

    def test_a_worker_that_was_killed_is_noticed_and_the_file_can_be_asked_for_again(self) -> None:
        row = self.ask(self.world.budi)
        assert report_jobs.claim_next(timezone.now()) == row
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


class Forgotten(FilesCase):
    def test_a_file_goes_after_a_week_and_its_line_after_a_month(self) -> None:
        row = self.made(self.world.budi)
        path = report_jobs.path_of(row)
        report_jobs.clean_up(timezone.now() + report_jobs.KEPT - timedelta(minutes=1))
        assert path.exists()
        report_jobs.clean_up(timezone.now() + report_jobs.KEPT + timedelta(minutes=1))
        row.refresh_from_db()
        assert (row.state, path.exists(), self.get(self.world.budi, row).status_code) == (State.EXPIRED, False, 404)
        report_jobs.clean_up(timezone.now() + report_jobs.REMEMBERED + timedelta(minutes=1))
        assert not ReportFile.objects.exists()

    def test_above_the_quota_the_oldest_go_first(self) -> None:
        rows = [self.made(self.world.budi, format_=format_) for format_ in ("pdf", "xlsx")]
        ReportFile.objects.update(size=600_000)
        with override_settings(REPORT_QUOTA_MB=1):
            report_jobs.clean_up(timezone.now())
        assert [ReportFile.objects.get(pk=row.pk).state for row in rows] == [State.EXPIRED, State.DONE]

    def test_what_no_row_knows_is_swept_when_it_is_old(self) -> None:
        row = self.made(self.world.budi)
        left = Path(settings.REPORT_DIR) / ".left.part"
        left.write_bytes(b"half")
        report_jobs.clean_up(timezone.now())
        assert left.exists()
        report_jobs.clean_up(timezone.now() + 2 * build.HALF_DONE)
        assert (left.exists(), report_jobs.path_of(row).exists()) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_what_is_read_for_a_file_is_of_one_moment() -> None:
    def add() -> None:
        Band.objects.create(name="TL 1", kind="late", from_minute=1)
        connection.close()

    with file_job.repeatable_read():
        before = Band.objects.count()
        other = threading.Thread(target=add)
        other.start()
        other.join()
        assert Band.objects.count() == before
    assert Band.objects.count() == before + 1


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Limit the size of files, as on a full disk: the kernel refuses longer writes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def empty(folder: Path) -> None:
    for path in folder.glob("*"):
        path.unlink()


def slow() -> Any:
    return patch.object(file_job, "LONGEST_S", 0.0)
