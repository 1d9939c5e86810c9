"""The page of an indication: its order, its empty states and its queries."""

import re
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from discipline.alerts.models import Alert
from streams.cameras.models import OccupancySpan
from streams.evidence import store
from tests.support.base import OfficeTestCase
from tests.support.clock import wib
from tests.support.exhibits import show
from tests.support.proof import Kind, store_still
from tests.support.story import absence_of_eighteen_minutes


def picture() -> np.ndarray:
    return np.full((36, 64, 3), 128, np.uint8)


class Page(OfficeTestCase):
    def setUp(self) -> None:
        self.alert = absence_of_eighteen_minutes(self.world.counter(self.world.ilir35))
        self.client.force_login(self.world.budi)

    def page(self) -> str:
        return self.client.get(reverse("indication", args=[self.alert.pk])).content.decode()

    def test_the_page_keeps_this_order(self) -> None:
        show(self.alert, Kind.DEADLINE, wib("09:52:05"), picture())
        page = self.page()
        order = (
            "kosong 18 menit",
            "Indikasi, bukan bukti pelanggaran",
            "Bukti gambar",
            "Saat masa toleransi habis",
            "Lini masa",
            "Tabel pengamatan",
            "setelah 10 menit tanpa petugas",
            "Jam layanan Senin",
            "217 kali",
            "hasilnya sama",
            "Perubahan keadaan",
        )
        places = [page.index(words) for words in order]
        assert places == sorted(places)

    def test_only_the_inspectorate_is_offered_the_control_pictures(self) -> None:
        show(self.alert, Kind.DEADLINE, wib("09:52:05"), picture(), controls={"seen": 2, "shown": 3})
        row = store_still(self.alert.counter, Kind.CONTROLS, at=wib("09:52:05"), data=b"zip", seen=2, shown=3, quorum=1)
        self.alert.evidence.add(row)
        sentence, link = "2 dari 3 pengamatan petugas", f"/bukti/{row.pk}/asli/"
        for user in (self.world.budi, self.world.walikota, self.world.dewi, self.world.ani):
            self.client.force_login(user)
            page = self.page()
            assert sentence in page
            assert link not in page
            assert "data-going-on" not in page, "there is nothing to wait for"
        self.client.force_login(self.world.intan)
        page = self.page()
        assert link in page
        assert "Buka 3 gambar kontrol" in page
        store.note_destroyed(row, "retention", wib("17:00"))
        assert link not in self.page()

    def test_an_indication_without_any_picture_says_why_that_may_be(self) -> None:
        long_ago = datetime(2025, 11, 24, 2, 0, tzinfo=UTC)
        self.alert = Alert.objects.create(
            counter=self.alert.counter, kind="absence", since=long_ago, raised_at=long_ago, ended_at=long_ago
        )
        assert "tidak ada gambar yang terekam: perekaman bukti belum berjalan" in self.page()

    def test_the_table_of_looks_says_what_the_film_shows(self) -> None:
        page = self.page()
        assert "<td>09.42.05</td><td>10.00.05</td>" in re.sub(r">\s+<", "><", page)
        assert page.count('class="p-absent"') == 1

    def test_more_looks_and_pictures_cost_no_more_queries(self) -> None:
        with CaptureQueriesContext(connection) as few:
            self.page()
        for minute in range(43, 53):
            show(self.alert, Kind.DURING, wib(f"09:{minute}"), picture())
        OccupancySpan.objects.bulk_create(
            OccupancySpan(subject_id=self.alert.counter_id, look="blind", reason="dark", started_at=at, ended_at=at)
            for at in (wib("11:00") + timedelta(seconds=5 * n) for n in range(200))
        )
        with CaptureQueriesContext(connection) as many:
            self.page()
        assert len(many) == len(few)
        assert len(few) <= 28

    def test_the_feed_of_board_and_office_leads_to_it(self) -> None:
        address = reverse("indication", args=[self.alert.pk])
        assert f'href="{address}"' in self.client.get("/").content.decode()

    def test_an_absence_superseded_by_an_early_leave_links_to_it(self) -> None:
        leave = Alert.objects.create(
            counter=self.alert.counter,
            kind="early_leave",
            since=wib("15:00"),
            raised_at=wib("16:00"),
            ended_at=wib("16:00"),
        )
        Alert.objects.filter(pk=self.alert.pk).update(superseded_by=leave)
        assert reverse("indication", args=[leave.pk]) in self.page()
