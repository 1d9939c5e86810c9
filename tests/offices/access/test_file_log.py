"""The log of files about people, and the page on which the inspectorate reads it."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from offices.access.file_log import log_file
from offices.access.models import FileAccess
from tests.support.base import MORNING, OfficeTestCase

EVIDENCE, REPORT = FileAccess.Kind.EVIDENCE, FileAccess.Kind.REPORT


class FileLog(OfficeTestCase):
    def log(self, minutes: int = 0, kind: FileAccess.Kind = EVIDENCE, key: int = 7) -> None:
        with patch("django.utils.timezone.now", return_value=MORNING + timedelta(minutes=minutes)):
            log_file(self.world.budi, kind, key, f"Berkas {key}", [self.world.ilir35.pk, None])

    def test_one_line_a_user_object_and_hour(self) -> None:
        for minutes in (5, 6, 59):
            self.log(minutes)
        row = FileAccess.objects.get()
        assert (row.title, row.offices, row.at) == ("Berkas 7", [self.world.ilir35.pk], MORNING + timedelta(minutes=5))
        self.log(60)
        self.log(5, key=8)
        self.log(5, kind=REPORT)
        assert FileAccess.objects.count() == 4

    def test_nothing_of_it_can_be_changed_or_taken_out(self) -> None:
        self.log()
        own = FileAccess.objects.all()
        for change in (lambda: own.update(title="lain"), lambda: own._raw_delete(own.db)):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                change()

    def test_the_inspectorate_reads_and_filters_it(self) -> None:
        self.client.force_login(self.world.intan)
        page = reverse("file-log")
        self.assertContains(self.client.get(page), "Belum ada berkas yang dibuka.")
        self.log()
        self.log(kind=REPORT, key=9)
        self.assertContains(self.client.get(page), "23 Nov 2026, 09.00 WIB")
        for query, found in (
            ("jenis=report", {9}),
            ("q=budi+7", {7}),
            ("kantor=16.71.01.1001", {7, 9}),
            ("kantor=16.71.02.1005", set()),
            ("sampai=2026-11-22", set()),
            ("dari=2026-11-23", {7, 9}),
        ):
            text = self.client.get(f"{page}?{query}").content.decode()
            assert {key for key in (7, 9) if f"Berkas {key}" in text} == found, query
            assert ("35 Ilir, Ilir Barat II" in text) is bool(found), query
