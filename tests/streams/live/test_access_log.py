"""The log of live views: who viewed which camera, when, how long and why; and who may read it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from offices.hours.models import HoursPlan
from streams.live import access_log, picture_gate
from streams.live.models import View
from tests.support.base import MORNING, OfficeTestCase

NIGHT = MORNING + timedelta(hours=12)  # 21.00 WIB
LUNCH = MORNING + timedelta(hours=3, minutes=30)  # 12.30 WIB
REASON = "Laporan lampu menyala semalaman"
Why = View.Why


class Looking(OfficeTestCase):
    def setUp(self) -> None:
        self.camera = self.world.cameras[self.world.ilir35.pk]

    def look(self, at: Any = MORNING, **more: Any) -> View:
        return access_log.open_view(self.world.budi, self.camera, Why.ROUTINE, at, **more)

    def test_a_look_during_service_needs_no_reason_and_is_written_down(self) -> None:
        view = self.look()
        assert (view.user, view.camera, view.offices) == (self.world.budi, self.camera, [self.world.ilir35.pk])
        assert (view.closed, view.opened_at, view.ended_at) == (False, MORNING, None)

    def test_at_night_and_at_lunch_the_interior_asks_for_a_reason(self) -> None:
        for at in (NIGHT, LUNCH):
            for poor in ("", "cek", "a b c d      "):
                with pytest.raises(picture_gate.ReasonNeeded):
                    self.look(at, reason=poor)
        assert not View.objects.exists()
        view = self.look(NIGHT, reason=REASON)
        assert (view.closed, view.reason) == (True, REASON)

    def test_an_office_whose_counters_are_not_watched_is_never_on_duty(self) -> None:
        self.world.ilir35.counters.update(active=False)
        assert picture_gate.needs_reason(self.camera, MORNING)
        assert picture_gate.on_duty(MORNING) == {office.pk for office in self.world.offices.values()} - {
            self.world.ilir35.pk
        }

    def test_one_counter_on_duty_keeps_its_office_open(self) -> None:
        loket = self.world.counter(self.world.ilir35)
        evening = dict.fromkeys(HoursPlan.DAYS, "07:30-22:00")
        HoursPlan.objects.create(name="Loket malam", counter=loket, **evening)
        assert picture_gate.on_duty(NIGHT) == {self.world.ilir35.pk}

    def test_the_whole_city_takes_as_many_queries_as_one_office(self) -> None:
        for offices in (None, [self.world.ilir35.pk]):
            with self.assertNumQueries(5):
                picture_gate.on_duty(MORNING, offices)

    def test_a_look_lasts_until_its_end_which_is_set_once(self) -> None:
        view = self.look()
        access_log.touch_view(view.pk, MORNING + timedelta(minutes=3))
        access_log.close_view(view.pk, MORNING + timedelta(minutes=4))
        access_log.close_view(view.pk, MORNING + timedelta(minutes=9))
        access_log.touch_view(view.pk, MORNING + timedelta(minutes=9))
        view.refresh_from_db()
        assert view.lasted == timedelta(minutes=4)
        assert view.ended_at == view.seen_at

    def test_a_clock_that_went_back_makes_no_look_shorter(self) -> None:
        view = self.look()
        access_log.touch_view(view.pk, MORNING + timedelta(minutes=3))
        access_log.touch_view(view.pk, MORNING + timedelta(minutes=1))
        access_log.close_view(view.pk, MORNING - timedelta(minutes=1))
        view.refresh_from_db()
        assert view.lasted == timedelta(minutes=3)

    def test_a_killed_process_leaves_a_look_whose_end_nobody_knows(self) -> None:
        view = self.look()
        access_log.touch_view(view.pk, MORNING + timedelta(minutes=3))
        view.refresh_from_db()
        assert not view.lost(MORNING + timedelta(minutes=5))
        assert view.lost(MORNING + timedelta(minutes=7))

    def test_nothing_of_the_log_can_be_changed_or_taken_out(self) -> None:
        view = self.look()
        other = self.world.cameras[self.world.ulu5.pk]
        own = View.objects.filter(pk=view.pk)
        changes = [
            lambda: own.update(camera=other),
            lambda: own.update(user=self.world.citra),
            lambda: own.update(reason="lain sekali ya"),
            lambda: own.update(opened_at=MORNING - timedelta(hours=1)),
            lambda: own.update(seen_at=MORNING - timedelta(minutes=1)),
            lambda: own._raw_delete(own.db),
        ]
        for change in changes:
            with pytest.raises(IntegrityError), transaction.atomic():
                change()
        access_log.close_view(view.pk, MORNING + timedelta(minutes=4))
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            own.update(seen_at=NIGHT, ended_at=NIGHT)

    def test_the_database_refuses_a_look_at_a_closed_office_without_a_reason(self) -> None:
        with pytest.raises(IntegrityError, match="view_of_closed_says_why"), transaction.atomic():
            View.objects.create(
                user=self.world.budi, how="wall", why="routine", offices=[], closed=True, opened_at=NIGHT, seen_at=NIGHT
            )

    def test_a_camera_that_is_taken_away_stays_in_the_log_by_its_name(self) -> None:
        view = self.look()
        self.camera.delete()
        view.refresh_from_db()
        assert view.camera_name == "Ruang pelayanan"
        self.client.force_login(self.world.intan)
        assert "Ruang pelayanan" in self.client.get("/akses-kamera/").content.decode()

    def test_a_wall_is_one_line_however_many_offices_it_shows(self) -> None:
        offices = [office.pk for office in self.world.offices.values()]
        view = access_log.open_wall_view(self.world.ani, offices, NIGHT)
        assert (view.offices, view.closed, View.objects.count()) == (sorted(offices), False, 1)
        with pytest.raises(picture_gate.ReasonNeeded):
            access_log.open_wall_view(self.world.ani, offices, NIGHT, "cek")
        assert access_log.open_wall_view(self.world.ani, offices, NIGHT, REASON).closed


class Log(OfficeTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.world.intan)

    def text(self, query: str = "") -> str:
        answer = self.client.get(f"/akses-kamera/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    def store_view(self, user: Any, office: Any, why: Why = Why.ROUTINE, at: Any = MORNING, reason: str = "") -> View:
        view = access_log.open_view(user, self.world.cameras[office.pk], why, at, reason)
        access_log.close_view(view.pk, at + timedelta(minutes=18))
        return view

    def test_an_empty_log_says_so(self) -> None:
        assert "Belum ada yang melihat kamera." in self.text()

    def test_it_lists_who_when_what_why_and_how_long_newest_first(self) -> None:
        self.store_view(self.world.walikota, self.world.ilir35, Why.SPOT_CHECK)
        self.store_view(self.world.citra, self.world.ulu5, at=NIGHT, reason=REASON)
        text = self.text()
        for words in ("23 Nov 2026, 09.00 WIB", "walikota", "Ruang pelayanan", "35 Ilir, Ilir Barat II", "Sidak"):
            assert words in text
        assert "18 menit" in text
        assert text.index(REASON) < text.index("23 Nov 2026, 09.00 WIB")
        assert "di luar jam layanan" in text

    def test_open_views_and_views_that_were_cut_off_are_marked(self) -> None:
        now = timezone.now()
        camera = self.world.cameras[self.world.ilir35.pk]
        access_log.open_view(self.world.budi, camera, Why.ROUTINE, now, REASON)
        assert "masih berlangsung" in self.text()
        last_year = MORNING - timedelta(days=364)
        cut = access_log.open_view(self.world.dewi, camera, Why.ROUTINE, last_year)
        access_log.touch_view(cut.pk, last_year + timedelta(minutes=7))
        assert "7 menit" in self.text()
        assert "akhirnya tidak tercatat, terakhir terlihat 09.07 WIB" in self.text()

    def test_a_wall_is_found_by_any_of_its_offices_and_names_a_few(self) -> None:
        access_log.open_wall_view(self.world.ani, [office.pk for office in self.world.offices.values()], MORNING)
        access_log.open_wall_view(self.world.citra, [self.world.ulu5.pk], MORNING)
        text = self.text("?kantor=16.71.01.1001")
        assert "Layar pantau, 4 kantor" in text
        assert "Layar pantau, 1 kantor" not in text

    def test_it_is_narrowed_by_office_day_person_and_cause(self) -> None:
        self.store_view(self.world.walikota, self.world.ilir35, Why.SPOT_CHECK)
        self.store_view(self.world.citra, self.world.ulu5, at=NIGHT + timedelta(days=1), reason=REASON)
        for query, found in (
            ("?kantor=16.71.02.1005", "citra"),
            ("?kantor=16.71.01.1001", "walikota"),
            ("?sampai=2026-11-23", "walikota"),
            ("?dari=2026-11-24", "citra"),
            ("?q=CITRA", "citra"),
            ("?q=lampu", "citra"),
            ("?sebab=spot_check", "walikota"),
            ("?tutup=on", "citra"),
        ):
            text = self.text(query)
            assert (">citra<" in text, ">walikota<" in text) == (found == "citra", found == "walikota"), query
        assert "Tidak ada akses yang cocok." in self.text("?q=tidak-ada")
        assert ">citra<" in self.text("?dari=kemarin&sebab=lain&kantor=99")  # invalid filters are ignored

    def test_a_long_log_takes_as_many_queries_as_a_short_one(self) -> None:
        offices = [office.pk for office in self.world.offices.values()]
        for number in range(60):
            access_log.open_wall_view(
                self.world.ani, offices, MORNING + timedelta(minutes=number), f"Pemeriksaan ke-{number}."
            )
        with self.assertNumQueries(9):
            first = self.text()
        assert "Berikutnya" in first
        assert "Pemeriksaan ke-3." in self.text("?hal=2")
