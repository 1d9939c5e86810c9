"""The mayor's spot check: drawn, looked at, marked from a phone whose line comes and goes, and told to others."""

from datetime import timedelta
from time import time
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from discipline import deadlines, records, results, spotchecks
from discipline.models import Alert, Finding, SpotCheck, SpotEntry, SpotStop, State
from discipline.spotchecks import Refused
from offices.models import HoursPlan
from streams.models import Camera
from tests.base import MORNING, OfficeTestCase
from tests.rounds import Round, draw_of


class CheckCase(OfficeTestCase):
    def setUp(self) -> None:
        deadlines.schedule._schedule = None
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
        self.now = timezone.now()

    def page(self, who: str, name: str, *args: Any) -> Any:
        self.client.force_login(getattr(self.world, who))
        return self.client.get(reverse(name, args=args))

    def begin(self, who: str, **form: Any) -> Any:
        self.client.force_login(getattr(self.world, who))
        return self.client.post(reverse("spot-check-start"), form)

    def mayor(self, *offices: Any) -> Round:
        return Round(self.world.walikota, *offices)


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
        assert spotchecks.drawn_again(SpotCheck.objects.get(pk=check.pk)) == stops
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
        with pytest.raises(Refused):
            spotchecks.start_with(self.world.citra, "list", [self.world.ilir35], "", self.now)
        answer = self.begin("citra", how="list", kantor=[self.world.ilir35.code])
        assert (answer.status_code, SpotCheck.objects.count()) == (422, 1)

    def test_lurah_operator_and_inspectorate_only_read(self) -> None:
        for who in ("dewi", "ani", "intan"):
            assert self.begin(who, how="draw", count=2).status_code == 403
            assert "Sidak sekarang" not in self.page(who, "spot-checks").content.decode()
        assert "Sidak sekarang" in self.page("budi", "spot-checks").content.decode()

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

    def test_what_is_wrongly_filled_in_is_said_and_nothing_begins(self) -> None:
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

    def test_what_waited_on_the_phone_keeps_the_time_it_was_said(self) -> None:
        SpotCheck.objects.update(started_at=self.now - timedelta(hours=1))
        said = self.now - timedelta(minutes=40)
        self.round.mark(1, "empty", at=said)
        entry = SpotEntry.objects.get()
        assert (entry.said_at, self.stop().marked_at) == (said, said)
        assert entry.received_at - said > timedelta(minutes=39)

    def test_a_phone_whose_clock_is_wrong_by_days_is_not_believed_but_written_down(self) -> None:
        said = self.now + timedelta(days=3)
        self.round.mark(1, "empty", at=said)
        entry = SpotEntry.objects.get()
        assert (entry.said_at, self.stop().marked_at) == (said, entry.received_at)

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
        for said in bad:
            answer = self.round.say(**said)
            assert (answer.status_code in (400, 409), bool(answer.json()["refused"])) == (True, True), said
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

    def test_the_database_refuses_to_change_what_was_said(self) -> None:
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


class Results(CheckCase):
    def finished(self) -> SpotCheck:
        round_ = self.mayor(self.world.ilir35, self.world.ulu5, self.world.kemang)
        round_.mark(1, "empty")
        round_.say("note", 1, text="Loket kosong saat antrean tiga orang")
        round_.mark(2, "orderly")
        return round_.finish()

    def test_the_mayor_reads_all_and_a_camat_the_own_part(self) -> None:
        check = self.finished()
        whole = self.page("walikota", "spot-check", check.pk).content.decode()
        assert all(name in whole for name in ("35 Ilir", "5 Ulu", "Kemang Manis", "antrean tiga orang"))
        assert "Kosong 1" in whole
        part = self.page("citra", "spot-check", check.pk).content.decode()
        assert "5 Ulu" in part
        assert "1 dari 3 kantor" in part
        assert not any(word in part for word in ("35 Ilir", "Kemang Manis", "antrean tiga orang", "Kosong 1"))

    def test_a_camat_without_an_office_in_it_finds_nothing(self) -> None:
        round_ = self.mayor(self.world.ilir35)
        round_.mark(1, "empty")
        check = round_.finish()
        for name in ("spot-check", "spot-check-pdf"):
            assert self.page("citra", name, check.pk).status_code == 404
        assert self.page("citra", "spot-check-shared", results.share_token(check)).status_code == 404

    def test_it_says_what_the_system_said_at_that_moment(self) -> None:
        counter = self.world.counter(self.world.ilir35)
        for minutes, old, new in ((30, "closed", "staffed"), (-1, "staffed", "absent")):
            at = self.now - timedelta(minutes=minutes)
            counter.flips.create(at=at, old=old, new=new, since=at, noticed_at=at)
        parts = results.parts(self.finished(), self.world.walikota)
        assert [part.said for part in parts] == [State.STAFFED, "", ""]

    def test_a_shared_address_asks_for_a_login_and_for_the_scope_and_runs_out(self) -> None:
        check = self.finished()
        address = reverse("spot-check-shared", args=[results.share_token(check)])
        assert self.client.get(address).headers["Location"].startswith("/masuk/?next=/sidak/bagikan/")
        assert self.page("dewi", "spot-check-shared", results.share_token(check)).status_code == 200
        with _later(results.SHARED_FOR + timedelta(seconds=5)):
            answer = self.client.get(address)
        assert (answer.status_code, "sudah berakhir" in answer.content.decode()) == (410, True)
        assert self.client.get(address[:-3] + "x/").status_code == 404

    def test_the_draw_is_told_whole_to_the_city_and_in_part_to_a_camat(self) -> None:
        check = spotchecks.start_drawn(self.world.walikota, 4, "", self.now)
        spotchecks.accept(check, spotchecks.Said(uuid4(), "finish", self.now), timezone.now())
        whole, part = (results.drawing(check, who) for who in (self.world.intan, self.world.citra))
        assert whole is not None
        assert part is not None
        assert (whole.same, part.same) == (True, True)
        assert len(whole.turns) == 4
        assert {turn.name for turn in part.turns} == {"3-4 Ulu", "5 Ulu"}
        assert all(turn.drawn == (turn.turn <= part.last) for turn in part.turns)
        page = self.page("citra", "spot-check", check.pk).content.decode()
        assert "Undian ini dapat dihitung ulang" in page
        assert draw_of(check)["seed"] in page
        assert "35 Ilir" not in page

    def test_a_draw_that_was_tampered_with_shows(self) -> None:
        check = spotchecks.start_drawn(self.world.walikota, 1, "", self.now)
        stop = check.stops.get()
        other = next(one for one in self.world.offices.values() if one.pk != stop.kelurahan_id)
        SpotStop.objects.filter(pk=stop.pk).update(kelurahan=other)
        drawing = results.drawing(check, self.world.intan)
        assert drawing is not None
        assert not drawing.same

    def test_drawing_until_it_suits_is_told(self) -> None:
        for minutes in (9, 5):
            spotchecks.start_drawn(self.world.walikota, 2, "", self.now + timedelta(minutes=minutes))
        third = spotchecks.start_drawn(self.world.walikota, 2, "", self.now + timedelta(minutes=12))
        drawing = results.drawing(third, self.world.intan)
        assert drawing is not None
        assert (drawing.before, drawing.unused) == (2, 2)


class Statistics(CheckCase):
    def test_offices_tell_when_they_were_last_checked_and_how_it_was(self) -> None:
        for mark in ("empty", "orderly", "orderly"):
            round_ = self.mayor(self.world.ilir35, self.world.ulu5)
            round_.mark(1, mark)
            round_.finish()
        left = self.mayor(self.world.kemang)
        left.mark(1, "orderly")  # not finished: counts nowhere
        page = self.page("walikota", "spot-check-statistics").content.decode()
        assert "3 pemeriksaan · 3 dari 4 kantor belum pernah disidak" in page
        found = records.checked(SpotStop.objects.all())
        assert found.keys() == {self.world.ilir35.pk}
        one = found[self.world.ilir35.pk]
        assert (one.number, one.orderly, one.last_mark) == (3, 2, "Tertib")
        (ilir, _) = records.by_kecamatan(self.world.offices.values())
        assert [office.name for office, _ in ilir.offices] == ["Kemang Manis", "35 Ilir"]
        assert "belum pernah disidak" in self.page("citra", "spot-check-office", self.world.ulu5.code).content.decode()

    def test_the_month_of_an_office_adds_up(self) -> None:
        counter = self.world.counter(self.world.ilir35)
        at = MORNING - timedelta(minutes=30)
        counter.flips.create(at=at, old="closed", new="staffed", since=at, noticed_at=at)
        Alert.objects.create(counter=counter, kind="absence", since=at, raised_at=at)
        month = records.months([self.world.ilir35.pk], MORNING)[self.world.ilir35.pk]
        assert (month.indications, month.staffed_s) == (1, 30 * 60)
        assert month.staffed_s + month.absent_s + month.unknown_s == month.duty_s


def _later(by: timedelta) -> Any:
    """As signatures see it."""
    return patch("django.core.signing.time.time", lambda: time() + by.total_seconds())
