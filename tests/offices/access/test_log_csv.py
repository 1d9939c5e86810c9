"""The access logs as files for other programs."""

import csv
from io import StringIO
from unittest import mock

from django.urls import reverse

from offices.access import log_csv
from offices.access.models import FileAccess
from offices.hours.schedule import ZONE
from streams.live import access_log
from streams.live.models import View
from tests.support.base import OfficeTestCase
from tests.support.clock import wib


class LogFiles(OfficeTestCase):
    def setUp(self) -> None:
        self.intan = self.world.intan
        self.client.force_login(self.intan)

    def rows(self, name: str, **asked: str) -> list[dict[str, str]]:
        answer = self.client.get(reverse(name), asked | {"bentuk": "csv"})
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer["Content-Disposition"]
        return list(csv.DictReader(StringIO(answer.content.decode())))

    def test_what_the_page_shows_is_what_the_file_holds(self) -> None:
        cameras = self.world.cameras[self.world.ilir35.pk], self.world.cameras[self.world.kemang.pk]
        for camera, reason in zip(cameras, ("=HYPERLINK(1)", "Laporan warga 17"), strict=True):
            access_log.open_view(self.intan, camera, View.Why.ROUTINE, wib("02:00"), reason * 3)
        assert len(self.rows("views")) == 2
        (row,) = self.rows("views", kantor=self.world.ilir35.code)
        assert row["camera"] == (cameras[0].name or cameras[0].url)
        assert (row["username"], row["why"], row["outside_hours"]) == ("intan", "routine", "true")
        assert row["reason"].startswith("'=HYPERLINK")
        assert row["opened_at"] == wib("02:00").astimezone(ZONE).isoformat(timespec="seconds")

    def test_the_log_of_files_names_who_took_a_log(self) -> None:
        self.rows("views")
        (row,) = self.rows("file-log")
        assert (row["username"], row["kind"], row["key"]) == ("intan", "log", "akses-kamera")

    def test_every_log_has_a_file(self) -> None:
        assert self.rows("rights-log") == self.rows("evidence-openings") == []
        assert FileAccess.objects.filter(kind=FileAccess.Kind.LOG).count() == 2

    def test_more_rows_than_a_file_takes_are_refused_with_what_to_do(self) -> None:
        for name in ("views", "rights-log"):
            self.rows(name)
        with mock.patch.object(log_csv, "MOST_ROWS", 1):
            answer = self.client.get(reverse("file-log"), {"bentuk": "csv"})
        self.assertContains(answer, "paling banyak 1 baris", status_code=422)
