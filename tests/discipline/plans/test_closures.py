"""Closures: the lurah requests, the camat answers.

A grant after the fact excuses the absences inside it, and the page shows what it will change.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase

from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.notices.models import Delivery
from discipline.plans import changes
from discipline.plans.closures import lifecycle
from discipline.plans.closures.lifecycle import AlreadyAnswered, ClosureAnswer
from discipline.plans.models import PlanChange
from discipline.reports.numbers import rollups
from discipline.reports.numbers.models import DayTally
from discipline.staffing.models import Recount
from offices.hours.models import Closure, ClosureRequest, HoursPlan
from offices.hours.schedule import local_day
from offices.places.models import Counter
from tests.support.attendance import staffed
from tests.support.base import OfficeTestCase
from tests.support.clock import noon_today, stopped_clock, wib

NOW = noon_today()
TODAY = local_day(NOW)
stopped = stopped_clock(NOW)
DAY = TODAY - timedelta(days=3)  # its reports are closed, but a closure can still be requested
HOUR = 3600


class Closing(OfficeTestCase):
    """Counter 1 of 35 Ilir was empty from 10.00 to 10.18 on DAY, and opened late on the day after."""

    one: Counter
    away: Alert
    late: Alert

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        HoursPlan.objects.update(on_holidays=True)  # the test may run on a holiday
        for user in (cls.world.budi, cls.world.dewi):
            user.email = f"{user.username}@example.com"
            user.save()
        cls.one = cls.world.counter(cls.world.ilir35)
        away = staffed(cls.one, DAY, away=("10:00", "10:18"))
        late = staffed(cls.one, DAY + timedelta(days=1), late_to="08:05")
        assert away
        assert late
        cls.away, cls.late = away, late

    def asked(self, since: str = "09:00", until: str = "11:00", **more: Any) -> ClosureRequest:
        world = self.world
        fields = {
            "kelurahan": world.ilir35,
            "kind": "rapat",
            "starts_at": wib(since, DAY),
            "ends_at": wib(until, DAY),
            "reason": "Rapat koordinasi di kantor camat",
            "asked_by": world.dewi,
        }
        return lifecycle.request_closure(ClosureRequest(**fields | more), NOW)

    def budi(self, word: str = "") -> ClosureAnswer:
        return ClosureAnswer(self.world.budi, word, NOW)

    def post(self, user: object, path: str, **form: object) -> HttpResponseBase:
        self.client.force_login(user)  # type: ignore[arg-type]
        return self.client.post(path, form)


class Granting(Closing):
    def test_nothing_is_closed_by_asking(self) -> None:
        self.asked()
        assert not Closure.objects.exists()
        assert not Recount.objects.exists()
        assert [one.user for one in Delivery.objects.filter(title="Permohonan penutupan")] == [self.world.budi]

    def test_what_the_preview_shows_is_what_is_kept(self) -> None:
        request = self.asked()
        rollups.rebuild_days(DAY, TODAY, NOW)
        shown = lifecycle.preview_grant(request, self.budi())
        assert not Closure.objects.exists()
        assert not Decision.objects.exists()
        assert not Recount.objects.exists()
        before = changes._sums(DayTally.objects.filter(counter__kelurahan=self.world.ilir35, day=DAY))
        assert lifecycle.grant_request(request, self.budi()) == shown
        rollups.recount_marked(NOW)
        after = changes._sums(DayTally.objects.filter(counter__kelurahan=self.world.ilir35, day=DAY))
        assert (shown.before, shown.after) == (before, after)
        assert before.duty_s - after.duty_s == 2 * HOUR
        assert (before.absent_s, after.absent_s) == (18 * 60, 0)

    def test_a_grant_after_the_fact_excuses_what_lies_wholly_in_it_by_that_camat(self) -> None:
        request = self.asked()
        lifecycle.grant_request(request, self.budi("Sudah diundang"))
        decision = Decision.objects.get()
        assert (decision.alert, decision.by, decision.what, decision.role) == (
            self.away,
            self.world.budi,
            "excused",
            "camat",
        )
        assert "Rapat koordinasi" in decision.text
        self.away.refresh_from_db()
        assert self.away.outcome == "excused"
        self.late.refresh_from_db()
        assert self.late.outcome == ""
        request.refresh_from_db()
        assert request.state == "granted"
        assert request.closure
        assert request.closure.reason == "Rapat: Rapat koordinasi di kantor camat"
        assert Delivery.objects.filter(title="Penutupan diberikan", user=self.world.dewi).exists()

    def test_an_indication_that_reaches_out_of_it_still_waits_for_a_word(self) -> None:
        found = lifecycle.grant_request(self.asked("10:05", "11:00"), self.budi())
        assert (found.excused, found.partly) == ((), (self.away.pk,))
        assert not Decision.objects.exists()

    def test_a_confirmed_one_is_decided_anew_and_a_false_alarm_stays_false(self) -> None:
        self.away.outcome = "false_alarm"
        self.away.save()
        assert lifecycle.preview_grant(self.asked(), self.budi()).excused == ()
        self.away.outcome = ""
        self.away.save()
        decisions.record_decision(
            self.away, self.world.budi, decisions.DecisionStatement(DecisionAct.CONFIRMED, None), NOW
        )
        assert lifecycle.grant_request(ClosureRequest.objects.get(), self.budi()).excused == (self.away.pk,)
        assert [one.what for one in decisions.history_of(self.away)] == ["confirmed", "excused"]

    def test_the_trace_says_who_when_why_and_what_it_changed(self) -> None:
        lifecycle.grant_request(self.asked(), self.budi("Sudah diundang"))
        change = PlanChange.objects.get()
        assert (change.by, change.act, change.kelurahan) == (self.world.budi, "added", self.world.ilir35)
        assert change.reason == "Rapat koordinasi di kantor camat; Sudah diundang"
        assert change.effect["before"]["duty_s"] - change.effect["after"]["duty_s"] == 2 * HOUR
        assert change.effect["excused"] == [self.away.pk]
        for touch in (lambda: PlanChange.objects.update(reason="x"), change.delete):
            with pytest.raises(IntegrityError), transaction.atomic():
                touch()

    def test_of_two_answers_the_first_counts(self) -> None:
        request = self.asked()
        lifecycle.refuse_request(request, self.budi("Tidak ada undangan"))
        with pytest.raises(AlreadyAnswered):
            lifecycle.grant_request(request, self.budi())
        assert not Closure.objects.exists()
        assert not PlanChange.objects.exists()

    def test_a_future_closure_changes_no_past_day(self) -> None:
        ahead: dict[str, Any] = {"starts_at": NOW + timedelta(days=9), "ends_at": NOW + timedelta(days=9, hours=2)}
        found = lifecycle.grant_request(self.asked(**ahead), self.budi())
        assert found.first is None
        assert PlanChange.objects.get().effect == {}
        assert not Recount.objects.exists()

    def test_revoked_it_counts_again_and_the_excuse_stays(self) -> None:
        request = self.asked()
        lifecycle.grant_request(request, self.budi())
        closure = Closure.objects.get()
        changes.apply_work(
            lifecycle.revoke_work(closure, self.budi("Salah kantor")), self.world.budi.pk, "Salah kantor", NOW
        )
        request.refresh_from_db()
        assert (request.state, request.closure, request.word) == ("revoked", None, "Salah kantor")
        self.away.refresh_from_db()
        assert self.away.outcome == "excused"
        rollups.rebuild_days(DAY, DAY, NOW)
        assert DayTally.objects.get(counter=self.one, day=DAY).duty_s == 7.5 * HOUR

    def test_a_closure_entered_in_the_administration_is_counted_too(self) -> None:
        Closure.objects.create(counter=self.one, starts_at=wib("09:00", DAY), ends_at=wib("10:00", DAY), reason="Apel")
        assert [(mark.counter, mark.first_day) for mark in Recount.objects.all()] == [(self.one, DAY)]


class Pages(Closing):
    def ask(self, user: object, **form: object) -> HttpResponseBase:
        fields = {
            "place": self.world.ilir35.code,
            "kind": "apel",
            "start_day": str(DAY),
            "start_clock": "09.00",
            "end_clock": "1100",
            "reason": "Apel gabungan di kecamatan",
        }
        return self.post(user, "/penutupan/ajukan/", **fields | form)

    def assert_refused(self, answer: HttpResponseBase, words: str) -> None:
        self.assertContains(answer, words, status_code=422, html=False)

    def test_a_lurah_asks_for_the_own_office_only(self) -> None:
        assert self.ask(self.world.dewi).status_code == 302
        request = ClosureRequest.objects.get()
        assert (request.kelurahan, request.counter, request.starts_at) == (self.world.ilir35, None, wib("09:00", DAY))
        assert self.ask(self.world.budi).status_code == 403
        self.assert_refused(self.ask(self.world.dewi, place=self.world.kemang.code), "Belum tersimpan")

    def test_what_makes_no_sense_is_refused_in_words(self) -> None:
        dewi = self.world.dewi
        self.assert_refused(self.ask(dewi, end_clock="8"), "harus sesudah waktu mulai")
        self.assert_refused(self.ask(dewi, end_clock="25.00"), "Tulis jam seperti 07.30.")
        self.assert_refused(self.ask(dewi, start_day=str(TODAY - timedelta(days=91))), "Lebih dari 90 hari yang lalu.")
        self.assert_refused(self.ask(dewi, end_day=str(TODAY + timedelta(days=367))), "Lebih dari 366 hari ke depan.")
        self.ask(dewi)
        self.assert_refused(self.ask(dewi), "Sudah ada permohonan untuk waktu itu yang menunggu jawaban.")
        lifecycle.grant_request(ClosureRequest.objects.get(), self.budi())
        self.assert_refused(
            self.ask(dewi, place=f"loket-{self.one.pk}"), "Sudah ada penutupan di tempat ini pada waktu itu."
        )

    def test_only_its_camat_answers(self) -> None:
        request = self.asked()
        path = f"/penutupan/permohonan/{request.pk}/jawab/"
        for user in (self.world.dewi, self.world.ani, self.world.walikota):
            assert self.post(user, path, act="grant").status_code == 302
        assert self.post(self.world.citra, path, act="grant").status_code == 404
        assert not Closure.objects.exists()
        self.assert_refused(self.post(self.world.budi, path, act="refuse"), "Tuliskan alasan penolakannya.")
        self.post(self.world.budi, path, act="grant", word="Baik")
        assert Closure.objects.get().kelurahan == self.world.ilir35

    def test_a_lurah_withdraws_while_nobody_has_answered(self) -> None:
        request = self.asked()
        path = f"/penutupan/permohonan/{request.pk}/jawab/"
        self.post(self.world.dewi, path, act="withdraw")
        answer = self.client.post(path, {"act": "withdraw"}, follow=True)
        self.assertContains(answer, "sudah dijawab atau ditarik")
        request.refresh_from_db()
        assert request.state == "withdrawn"

    def test_the_camat_sees_how_many_requests_wait(self) -> None:
        self.asked()
        self.client.force_login(self.world.budi)
        self.assertContains(self.client.get("/penutupan/"), "permohonan penutupan menunggu Anda")
        self.client.force_login(self.world.citra)
        answer = self.client.get("/penutupan/")
        self.assertNotContains(answer, "permohonan penutupan menunggu Anda")
        self.assertNotContains(answer, "35 Ilir")

    def test_a_camat_enters_one_directly_after_seeing_what_it_changes(self) -> None:
        form = {
            "place": self.world.kecamatan["16.71.01"].code,
            "kind": "lain",
            "start_day": str(DAY),
            "start_clock": "09.00",
            "end_clock": "1100",
            "reason": "Banjir di Jalan Demang",
        }
        shown = self.post(self.world.budi, "/penutupan/catat/", **form)
        self.assertContains(shown, "1 indikasi menjadi")
        assert not Closure.objects.exists()
        seal = shown.context["seal"]  # type: ignore[attr-defined]
        again = self.post(self.world.budi, "/penutupan/catat/", **form | {"reason": "Banjir besar"}, sealed=seal)
        self.assertContains(again, "Yang akan berubah pada masa lalu")  # not the effect that was shown
        assert not Closure.objects.exists()
        assert self.post(self.world.budi, "/penutupan/catat/", **form, sealed=seal).status_code == 302
        assert Closure.objects.get().kecamatan == self.world.kecamatan["16.71.01"]
        self.assert_refused(self.post(self.world.citra, "/penutupan/catat/", **form), "Belum tersimpan")

    def test_what_is_still_to_come_is_saved_at_once(self) -> None:
        form = {"place": self.world.ilir35.code, "kind": "apel", "start_day": str(TODAY + timedelta(days=2))}
        form |= {"start_clock": "7.30", "end_clock": "9", "reason": "Apel gabungan"}
        assert self.post(self.world.budi, "/penutupan/catat/", **form).status_code == 302
        assert Closure.objects.get().ends_at == wib("09:00", TODAY + timedelta(days=2))

    def test_a_running_closure_is_ended_by_who_governs_it(self) -> None:
        closure = Closure.objects.create(
            kelurahan=self.world.ilir35,
            starts_at=NOW - timedelta(hours=1),
            ends_at=NOW + timedelta(hours=5),
            reason="Apel",
        )
        assert self.post(self.world.dewi, f"/penutupan/{closure.pk}/akhiri/").status_code == 403
        assert self.post(self.world.budi, f"/penutupan/{closure.pk}/akhiri/").status_code == 302
        closure.refresh_from_db()
        assert closure.ends_at < NOW + timedelta(minutes=10)
        assert PlanChange.objects.get().act == "changed"

    def test_an_indication_leads_to_a_request_that_holds_all_of_it(self) -> None:
        Alert.objects.filter(pk=self.away.pk).update(ended_at=wib("10:18", DAY) + timedelta(seconds=7))
        self.client.force_login(self.world.dewi)
        page = self.client.get(f"/indikasi/{self.away.pk}/").content.decode()
        link = page.split('href="/penutupan/ajukan/?')[1].split('"')[0].replace("&amp;", "&")
        form = self.client.get(f"/penutupan/ajukan/?{link}").content.decode()
        assert [f'value="{value}"' in form for value in (DAY, "10.00", "10.19")] == [True] * 3


class Nonsense(Closing):
    def test_a_counter_that_is_deleted_takes_its_rules_along(self) -> None:
        new = Counter.objects.create(kelurahan=self.world.ilir35, name="Loket 9")
        HoursPlan.objects.create(counter=new, name="Sore", monday="13:00-15:00")
        Recount.objects.all().delete()
        new.delete()
        assert not HoursPlan.objects.filter(name="Sore").exists()
        assert not Recount.objects.exists()

    def test_the_database_refuses_an_answer_by_nobody(self) -> None:
        request = self.asked()
        with pytest.raises(IntegrityError), transaction.atomic():
            ClosureRequest.objects.filter(pk=request.pk).update(state="granted")
        request.ends_at = request.starts_at
        with pytest.raises(ValidationError):
            request.full_clean()
