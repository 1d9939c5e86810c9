"""The result of a finished spot check, who may see it, and how offices compare over time."""

from datetime import timedelta
from time import time
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from discipline.alerts.models import Alert
from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks import office_record
from discipline.spotchecks import result as spotcheck_result
from discipline.spotchecks.models import SpotCheck, SpotStop
from discipline.staffing.models import StandingState
from tests.support.base import MORNING
from tests.support.rounds import CheckCase, draw_of


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
        assert self.page("citra", "spot-check-shared", spotcheck_result.share_token(check)).status_code == 404

    def test_each_office_shows_the_state_that_the_system_had_recorded_then(self) -> None:
        counter = self.world.counter(self.world.ilir35)
        for minutes, old, new in ((30, "closed", "staffed"), (-1, "staffed", "absent")):
            at = self.now - timedelta(minutes=minutes)
            counter.flips.create(at=at, old=old, new=new, since=at, noticed_at=at)
        parts = spotcheck_result.office_results(self.finished(), self.world.walikota)
        assert [part.system_state for part in parts] == [StandingState.STAFFED, "", ""]

    def test_a_shared_address_asks_for_a_login_and_for_the_scope_and_runs_out(self) -> None:
        check = self.finished()
        address = reverse("spot-check-shared", args=[spotcheck_result.share_token(check)])
        assert self.client.get(address).headers["Location"].startswith("/masuk/?next=/sidak/bagikan/")
        assert self.page("dewi", "spot-check-shared", spotcheck_result.share_token(check)).status_code == 200
        with _later(spotcheck_result.SHARED_FOR + timedelta(seconds=5)):
            answer = self.client.get(address)
        assert (answer.status_code, "sudah berakhir" in answer.content.decode()) == (410, True)
        assert self.client.get(address[:-3] + "x/").status_code == 404

    def test_the_city_sees_the_whole_draw_and_a_camat_only_the_own_offices(self) -> None:
        check = spotchecks.start_drawn(self.world.walikota, 4, "", self.now)
        spotchecks.accept_entry(check, spotchecks.PhoneEntry(uuid4(), "finish", self.now), timezone.now())
        whole, part = (spotcheck_result.repeat_draw(check, who) for who in (self.world.intan, self.world.citra))
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
        drawing = spotcheck_result.repeat_draw(check, self.world.intan)
        assert drawing is not None
        assert not drawing.same

    def test_earlier_draws_of_the_day_are_counted(self) -> None:
        noon = timezone.localtime(self.now).replace(hour=12, minute=0)  # the draws of a day are counted together
        for minutes in (9, 5):
            spotchecks.start_drawn(self.world.walikota, 2, "", noon + timedelta(minutes=minutes))
        third = spotchecks.start_drawn(self.world.walikota, 2, "", noon + timedelta(minutes=12))
        drawing = spotcheck_result.repeat_draw(third, self.world.intan)
        assert drawing is not None
        assert (drawing.before, drawing.unused) == (2, 2)


class Statistics(CheckCase):
    def test_statistics_show_when_each_office_was_last_checked_and_its_mark(self) -> None:
        for mark in ("empty", "orderly", "orderly"):
            round_ = self.mayor(self.world.ilir35, self.world.ulu5)
            round_.mark(1, mark)
            round_.finish()
        left = self.mayor(self.world.kemang)
        left.mark(1, "orderly")  # not finished, so never counted
        page = self.page("walikota", "spot-check-statistics").content.decode()
        assert "3 pemeriksaan · 3 dari 4 kantor belum pernah diinspeksi" in page
        found = office_record.spot_check_totals(SpotStop.objects.all())
        assert found.keys() == {self.world.ilir35.pk}
        one = found[self.world.ilir35.pk]
        assert (one.number, one.orderly, one.last_mark) == (3, 2, "Tertib")
        (ilir, _) = office_record.by_kecamatan(self.world.offices.values())
        assert [office.name for office, _ in ilir.offices] == ["Kemang Manis", "35 Ilir"]
        assert (
            "belum pernah diinspeksi" in self.page("citra", "spot-check-office", self.world.ulu5.code).content.decode()
        )

    def test_the_month_of_an_office_adds_up(self) -> None:
        counter = self.world.counter(self.world.ilir35)
        at = MORNING - timedelta(minutes=30)
        counter.flips.create(at=at, old="closed", new="staffed", since=at, noticed_at=at)
        Alert.objects.create(counter=counter, kind="absence", since=at, raised_at=at)
        month = office_record.month_totals([self.world.ilir35.pk], MORNING)[self.world.ilir35.pk]
        assert (month.indications, month.staffed_s) == (1, 30 * 60)
        assert month.staffed_s + month.absent_s + month.unknown_s == month.duty_s


def _later(by: timedelta) -> Any:
    """Advance the clock by which signed values expire."""
    return patch("django.core.signing.time.time", lambda: time() + by.total_seconds())
