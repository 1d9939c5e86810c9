"""Files of reports: requested, made, downloaded by the user who requested them, and deleted."""

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import IO
from unittest.mock import patch

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from discipline.reports.files import build, file_job
from discipline.reports.files import jobs as report_jobs
from discipline.reports.files.formats import FORMATS, FileFormat
from discipline.reports.files.jobs import State, TooManyAsked, Why
from discipline.reports.files.models import ReportFile
from offices.access.models import Membership
from tests.support.report_files import KECAMATAN, FilesCase
from tests.support.reported_week import WEEK


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
