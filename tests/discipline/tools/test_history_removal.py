"""The demo's history is removed without a trace, with the decisions on it; real decisions can't be removed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction

from discipline.alerts.decisions.record import DecisionStatement, history_of, record_decision
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.core.models import DemoHistory
from discipline.ops import demo_data
from discipline.reports.numbers import rollups
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.signing import taking
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.reports.signing.page import signing_page
from discipline.reports.signing.steps import SignStep
from discipline.spotchecks.models import Finding, FindingWord, SpotCheck, SpotEntry, SpotStop
from discipline.staffing.models import Flip
from discipline.tools.demo import make_history
from offices.hours.schedule import local_day
from offices.places.models import Counter, Kecamatan, Kelurahan
from tests.support.demo_history import DAYS, NOW, SEED, DemoHistoryTestCase, quiet


class ForgottenTest(DemoHistoryTestCase):
    def test_decisions_on_demo_indications_are_removed_and_real_rows_stay(self) -> None:
        counter = Counter.objects.filter(kelurahan__kecamatan__name="Ilir Barat I").first()
        assert counter
        made_up = Alert.objects.filter(
            outcome="", kind="absence", superseded_by=None, counter__kelurahan__kecamatan=counter.office.kecamatan
        ).first()
        assert made_up
        real = Alert.objects.create(
            counter=counter, kind="absence", since=NOW, raised_at=NOW, ended_at=NOW + timedelta(minutes=1)
        )
        Flip.objects.create(counter=counter, at=NOW, old="closed", new="staffed", since=NOW, noticed_at=NOW)
        camat = get_user_model().objects.get(username="camat.ib1")
        for alert in (made_up, real):
            seen = history_of(alert)
            first = record_decision(
                alert, camat, DecisionStatement(DecisionAct.CONFIRMED, seen[-1].pk if seen else None), NOW
            )
            taken_back = record_decision(alert, camat, DecisionStatement(DecisionAct.UNDONE, first.pk), NOW)
            record_decision(alert, camat, DecisionStatement(DecisionAct.EXCUSED, taken_back.pk, "apel"), NOW)
        make_history.delete_history(NOW, quiet)
        assert list(Alert.objects.all()) == [real]
        assert [decision.alert_id for decision in Decision.objects.all()] == [real.pk] * 3
        assert Flip.objects.count() == 1

    def test_a_month_that_was_signed_on_it_goes_too(self) -> None:
        later, november = NOW + timedelta(days=9), parse_period("2026-11", date(2026, 12, 2))
        place = OrgUnit(Level.KECAMATAN, Kecamatan.objects.get(name="Ilir Barat I"))
        camat = get_user_model().objects.get(username="camat.ib1")
        rollups.bring_up_to_date(later)  # otherwise its last days are not counted and the month can't be signed
        for step in (SignStep.REVIEWED, SignStep.SIGNED):
            seen = signing_page(place, november, camat, later)
            taking.take_step(
                place,
                november,
                camat,
                taking.StepRequest(step, seen=seen.seen, sha256=seen.sha256, password=demo_data.PASSWORD),
                later,
            )
        assert MonthSnapshot.objects.exists()
        make_history.delete_history(later, quiet)
        assert not MonthReport.objects.exists()
        assert not SigningStep.objects.exists()

    def test_one_that_was_signed_before_stays(self) -> None:
        kecamatan = Kecamatan.objects.get(name="Kemuning")
        report = MonthReport.objects.create(kecamatan=kecamatan, month=date(2026, 11, 1))
        camat = get_user_model().objects.get(username="camat.ib1")
        before = self.past.made_at - timedelta(seconds=1)
        SigningStep.objects.create(report=report, at=before, by=camat, role="camat", what="reviewed")
        make_history.delete_history(NOW, quiet)
        assert SigningStep.objects.filter(report=report).exists()

    def test_it_can_be_written_again(self) -> None:
        rows = Flip.objects.order_by("counter", "at", "pk")
        before = list(rows.values_list("counter", "at", "new", "reason"))
        make_history.delete_history(NOW, quiet)
        make_history.create_history(DAYS, SEED, NOW, quiet)
        assert list(rows.values_list("counter", "at", "new", "reason")) == before


class RealDecisionsTest(DemoHistoryTestCase):
    """No mark, whatever its origin, makes a real decision deletable."""

    def decided(self) -> Decision:
        alert = Alert.objects.create(counter=Counter.objects.earliest("pk"), kind="absence", since=NOW, raised_at=NOW)
        camat = get_user_model().objects.get(username="camat.ib1")
        return Decision.objects.create(alert=alert, at=NOW, by=camat, role="camat", what="confirmed")

    def forbidden(self, statement: str, *values: int) -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL sidak.forget_demo = 'on'")
            with pytest.raises(IntegrityError) as error, transaction.atomic():
                cursor.execute(statement, values)
        return str(error.value)

    def test_beside_a_history(self) -> None:
        real = self.decided()
        assert "append-only" in self.forbidden("DELETE FROM discipline_decision WHERE id = %s", real.pk)

    def test_made_up_ones_only_go_with_their_history(self) -> None:
        words = Decision.objects.all()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            words._raw_delete(words.db)
        assert "append-only" in self.forbidden("UPDATE discipline_decision SET text = 'x'")

    def test_neither_do_spot_checks_go(self) -> None:
        mayor = get_user_model().objects.get(username="walikota")
        check = SpotCheck.objects.create(by=mayor, role="mayor", how="list", started_at=NOW)
        stop = SpotStop.objects.create(check_of=check, place=1, kelurahan=Kelurahan.objects.earliest("pk"))
        entry = SpotEntry.objects.create(uuid=uuid4(), check_of=check, kind="finish", entered_at=NOW, received_at=NOW)
        finding = Finding.objects.create(stop=stop, opened_at=NOW)
        word = FindingWord.objects.create(finding=finding, at=NOW, by=mayor, role="mayor", what="withdrawn")
        assert "append-only" in self.forbidden("DELETE FROM discipline_spotentry WHERE id = %s", entry.pk)
        assert "append-only" in self.forbidden("DELETE FROM discipline_findingword WHERE id = %s", word.pk)

    def test_a_mark_over_what_stood_before_is_refused(self) -> None:
        self.decided()
        until = NOW + timedelta(days=1)
        with pytest.raises(IntegrityError, match="nothing stood before"), transaction.atomic():
            DemoHistory.objects.create(
                seed=1, first_day=local_day(NOW), last_day=local_day(NOW), until=until, made_at=NOW
            )

    def test_a_mark_is_never_moved_nor_taken_away(self) -> None:
        self.decided()
        later = "UPDATE discipline_demohistory SET until = until + interval '9 days'"
        assert "stays" in self.forbidden(later)
        assert "stays" in self.forbidden("DELETE FROM discipline_demohistory")
