"""The mayor's spot check: drawn, viewed, marked from a phone with a poor connection, and shared."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks.conduct import SpotCheckRefused
from discipline.spotchecks.models import Finding, SpotCheck, SpotEntry, SpotStop
from offices.hours.models import HoursPlan
from streams.cameras.models import Camera
from tests.support.rounds import CheckCase, draw_of


class Starting(CheckCase):
    def drawn(self, count: int = 2, who: str = "walikota") -> SpotCheck:
        return spotchecks.start_drawn(getattr(self.world, who), count, "", self.now)

    def test_the_mayor_draws_and_is_led_to_the_first_office(self) -> None:
        answer = self.begin("walikota", how="draw", count=3)
        check = SpotCheck.objects.get()
        assert answer.headers["Location"] == reverse("spot-check-run", args=[check.pk])
        assert (check.stops.count(), check.role, len(draw_of(check)["seed"])) == (3, "mayor", 32)
        assert self.page("walikota", "spot-check-run", check.pk).content.decode().count('class="stop"') == 3

    def test_anybody_can_draw_again_what_was_drawn(self) -> None:
        check = self.drawn()
        stops = tuple(check.stops.order_by("place").values_list("kelurahan__code", flat=True))
        assert spotchecks.redraw(SpotCheck.objects.get(pk=check.pk)) == stops
        assert [row[0] for row in draw_of(check)["candidates"]] == sorted(self.world.offices)

    def test_an_office_checked_today_weighs_less_than_one_never_checked_or_in_trouble(self) -> None:
        done = self.mayor(self.world.ilir35)
        done.mark(1, "orderly")
        done.finish()
        self.world.accuse(self.world.counter(self.world.kemang), raised_at=self.now)
        weights = {code: weight for code, _, _, weight in draw_of(self.drawn())["candidates"]}
        today, troubled, never, _ = (weights[code] for code in self.world.offices)
        assert today < never < troubled

    def test_a_false_alarm_weighs_nothing(self) -> None:
        self.world.accuse(self.world.counter(self.world.kemang), raised_at=self.now, outcome="false_alarm")
        assert {row[2] for row in draw_of(self.drawn())["candidates"]} == {0}

    def test_a_camat_draws_among_own_offices_only(self) -> None:
        check = self.drawn(count=9, who="citra")
        assert set(check.stops.values_list("kelurahan", flat=True)) == {self.world.ulu34.pk, self.world.ulu5.pk}
        with pytest.raises(SpotCheckRefused):
            spotchecks.start_with(self.world.citra, "list", [self.world.ilir35], "", self.now)
        answer = self.begin("citra", how="list", kantor=[self.world.ilir35.code])
        assert (answer.status_code, SpotCheck.objects.count()) == (422, 1)

    def test_lurah_operator_and_inspectorate_only_read(self) -> None:
        for who in ("dewi", "ani", "intan"):
            assert self.begin(who, how="draw", count=2).status_code == 403
            assert "Inspeksi sekarang" not in self.page(who, "spot-checks").content.decode()
        assert "Inspeksi sekarang" in self.page("budi", "spot-checks").content.decode()

    def test_an_office_without_a_camera_is_not_drawn(self) -> None:
        Camera.objects.filter(kelurahan=self.world.ulu5).update(enabled=False)
        assert self.world.ulu5.code not in [row[0] for row in draw_of(self.drawn())["candidates"]]

    def test_outside_all_hours_a_reason_is_asked(self) -> None:
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, ""))
        answer = self.begin("walikota", how="draw", count=2)
        assert (answer.status_code, SpotCheck.objects.count()) == (422, 0)
        assert "sedikitnya 10 huruf" in answer.content.decode()
        self.begin("walikota", how="draw", count=2, reason="Laporan lampu menyala semalaman")
        assert SpotCheck.objects.get().reason == "Laporan lampu menyala semalaman"

    def test_invalid_fields_are_reported_and_no_check_starts(self) -> None:
        for form in ({"how": "draw"}, {"how": "draw", "count": 99}, {"how": "list"}, {"how": "kecamatan"}, {}):
            assert self.begin("walikota", **form).status_code == 422, form
        assert not SpotCheck.objects.exists()


class Sending(CheckCase):
    def setUp(self) -> None:
        super().setUp()
        self.round = self.mayor(self.world.ilir35, self.world.ulu5)

    def stop(self, place: int = 1) -> SpotStop:
        return self.round.check.stops.get(place=place)

    def test_a_mark_sent_twice_counts_once(self) -> None:
        uuid = str(uuid4())
        first, again = (self.round.mark(1, "empty", uuid=uuid) for _ in range(2))
        assert (first.status_code, first.json()["new"]) == (200, True)
        assert (again.status_code, again.json()["new"]) == (200, False)
        assert first.json()["received_at"] == again.json()["received_at"]
        assert SpotEntry.objects.count() == 1

    def test_a_changed_mind_counts_and_both_words_stay(self) -> None:
        self.round.mark(1, "empty")
        self.round.mark(1, "orderly")
        assert self.stop().mark == "orderly"
        assert list(SpotEntry.objects.values_list("mark", flat=True)) == ["empty", "orderly"]

    def test_an_entry_that_waited_on_the_phone_keeps_its_time(self) -> None:
        SpotCheck.objects.update(started_at=self.now - timedelta(hours=1))
        entered_at = self.now - timedelta(minutes=40)
        self.round.mark(1, "empty", at=entered_at)
        entry = SpotEntry.objects.get()
        assert (entry.entered_at, self.stop().marked_at) == (entered_at, entered_at)
        assert entry.received_at - entered_at > timedelta(minutes=39)

    def test_a_phone_whose_clock_is_wrong_by_days_is_not_believed_but_written_down(self) -> None:
        entered_at = self.now + timedelta(days=3)
        self.round.mark(1, "empty", at=entered_at)
        entry = SpotEntry.objects.get()
        assert (entry.entered_at, self.stop().marked_at) == (entered_at, entry.received_at)

    def test_nonsense_is_refused_for_good(self) -> None:
        bad: tuple[dict[str, Any], ...] = (
            {"kind": "mark", "place": 1},
            {"kind": "mark", "place": 9, "mark": "empty"},
            {"kind": "mark", "mark": "empty"},
            {"kind": "mark", "place": 1, "mark": "bolos"},
            {"kind": "note", "place": 1, "text": "x" * 1001},
            {"kind": "mark", "place": 1, "mark": "empty", "said_at": "kemarin"},
            {"kind": "mark", "place": 1, "mark": "empty", "said_at": "2026-11-23T09:00:00"},
            {"kind": "mark", "place": 1, "mark": "empty", "uuid": "1"},
            {"kind": "snapshot", "place": 1},
            {"kind": "hapus", "place": 1},
        )
        for fields in bad:
            answer = self.round.say(**fields)
            assert (answer.status_code in (400, 409), bool(answer.json()["refused"])) == (True, True), fields
        assert not SpotEntry.objects.exists()

    def test_after_the_end_nothing_is_added(self) -> None:
        self.round.mark(1, "orderly")
        self.round.finish()
        assert self.round.mark(2, "empty").status_code == 409
        assert self.stop(2).mark == ""

    def test_a_uuid_of_another_check_is_refused(self) -> None:
        uuid = str(uuid4())
        self.mayor(self.world.kemang).mark(1, "empty", uuid=uuid)
        assert self.round.mark(1, "empty", uuid=uuid).status_code == 409

    def test_nobody_else_sends_to_it_or_sees_it_before_the_end(self) -> None:
        self.round.mark(1, "empty")
        pk = self.round.check.pk
        for who in ("ani", "budi", "dewi", "intan", "citra"):
            for name in ("spot-check", "spot-check-run", "spot-check-pdf"):
                assert self.page(who, name, pk).status_code == 404, (who, name)
            assert self.client.post(reverse("spot-check-send", args=[pk]), {}).status_code == 404
            assert f"/sidak/{pk}/" not in self.page(who, "spot-checks").content.decode()
        assert not Finding.objects.exists()

    def test_it_goes_on_where_it_was_left(self) -> None:
        self.round.mark(1, "empty")
        self.round.say("note", 1, text="Kursi kosong, pintu terbuka")
        index = self.page("walikota", "spot-checks").content.decode()
        assert "1 dari 2 diperiksa" in index
        page = self.page("walikota", "spot-check-run", self.round.check.pk).content.decode()
        assert 'data-first="2"' in page
        assert "Kursi kosong, pintu terbuka</textarea>" in page

    def test_the_database_refuses_to_change_entries(self) -> None:
        self.round.mark(1, "empty")
        for change in (lambda: SpotEntry.objects.update(mark="orderly"), lambda: SpotEntry.objects.all().delete()):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_a_long_round_asks_the_database_no_more_than_a_short_one(self) -> None:
        asked = []
        for offices in ([self.world.ilir35], self.world.offices.values()):
            round_ = self.mayor(*offices)
            self.client.force_login(self.world.walikota)
            with CaptureQueriesContext(connection) as queries:
                self.client.get(reverse("spot-check-run", args=[round_.check.pk]))
            asked.append(len(queries))
        assert asked[0] == asked[1] < 40

    def test_a_mayor_who_is_mayor_no_more_sends_no_more(self) -> None:
        self.world.walikota.memberships.all().delete()
        assert self.round.mark(1, "empty").status_code == 404
