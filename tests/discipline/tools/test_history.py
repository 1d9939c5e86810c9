"""The demo's history: judged by the real rule, marked as such, removable without a trace, refused on real databases."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import TestCase

from discipline.alerts import from_flips
from discipline.alerts.case.case_file import open_case, recheck
from discipline.alerts.decisions.record import DecisionStatement, entries, history_of, record_decision
from discipline.alerts.decisions.rule import DecisionAct, standing
from discipline.alerts.models import Alert, Decision, Reminder
from discipline.alerts.reminders import remind
from discipline.core import provenance
from discipline.core.models import DemoHistory
from discipline.notices.models import Delivery
from discipline.reports.numbers import rollups, tables
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import Period, PeriodKind, parse_period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.signing import taking
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.reports.signing.page import signing_page
from discipline.reports.signing.steps import SignStep
from discipline.spotchecks.findings import answers
from discipline.spotchecks.findings import rule as finding_rule
from discipline.spotchecks.models import Finding, FindingWord, SpotCheck, SpotEntry, SpotMark, SpotStop
from discipline.staffing.alert_kinds import ABOUT_CAMERAS, ACCUSATIONS
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Flip, StandingState
from discipline.tools.demo import make_history, seeding, write_history
from offices.hours.models import HolidayOverride, HoursPlan
from offices.hours.schedule import Schedule, local_day
from offices.places.models import Counter, Kecamatan, Kelurahan
from streams.setup.probe import CameraSnapshot

pytestmark = pytest.mark.once

NOW = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # Monday 11.30 WIB
DAYS = 20
SEED = 4
HOLIDAY = date(2026, 11, 10)


def counts() -> dict[str, int]:
    skipped = (DemoHistory,)
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model not in skipped}


def quiet(*_: object) -> None:
    """Ignore the progress."""


class DemoTest(TestCase):
    """The demo after its first start, with twelve of its offices."""

    @classmethod
    def setUpTestData(cls) -> None:
        call_command("load_offices", verbosity=0, stdout=StringIO())
        Kelurahan.objects.exclude(kecamatan__name__in=["Ilir Barat I", "Kemuning"]).delete()
        seeding.seed_demo(
            address=lambda number: f"rtsp://127.0.0.1:8554/cam{number:03d}",
            view=lambda _number: seeding.DemoView(
                [(0.1, 0.1), (0.9, 0.1), (0.5, 0.9)], CameraSnapshot(b"jpeg", b"seen", NOW)
            ),
            now=NOW,
            settle_s=25,
        )
        HolidayOverride.objects.create(day=HOLIDAY, open=False, name="Hari libur kota")


class PastTest(DemoTest):
    """The demo with a history."""

    past: DemoHistory

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.past = make_history.create_history(DAYS, SEED, NOW, quiet)[0]


class WrittenTest(PastTest):
    def test_it_ends_the_day_before_the_demo_began(self) -> None:
        assert (self.past.first_day, self.past.last_day) == (date(2026, 11, 3), date(2026, 11, 22))
        assert provenance.current_history() == self.past
        assert provenance.is_made_up(self.past.until - timedelta(seconds=1))
        assert not provenance.is_made_up(self.past.until)
        assert not Flip.objects.filter(at__gte=self.past.until).exists()
        assert set(Flip.objects.values_list("counter", flat=True)) == set(Counter.objects.values_list("pk", flat=True))

    def test_nothing_happens_on_holidays_and_weekends(self) -> None:
        days = {local_day(at) for at in Flip.objects.values_list("at", flat=True)}
        working = {self.past.first_day + timedelta(days=n) for n in range(DAYS)}
        assert days == {day for day in working if day.weekday() < 5} - {HOLIDAY}

    def test_the_days_before_had_the_usual_hours_and_the_demo_keeps_its_own(self) -> None:
        counter = Counter.objects.earliest("pk").pk
        known = Schedule([counter])
        assert known.day(counter, self.past.last_day - timedelta(days=2)).why == "Jam kerja normal"
        assert known.day(counter, local_day(NOW)).why == "Demo: buka sepanjang hari · Demo disiapkan"

    def test_each_indication_comes_out_the_same_when_computed_again(self) -> None:
        for alert in Alert.objects.exclude(kind="blinded").select_related("counter__kelurahan")[:40]:
            assert recheck(open_case(alert, NOW)).same, alert

    def test_camera_faults_and_outages_accuse_nobody(self) -> None:
        faults = Alert.objects.filter(kind__in=ABOUT_CAMERAS)
        assert faults.exists()
        assert not faults.filter(detail="").exists()
        assert not faults.exclude(outcome="").exists()
        incident = SystemIncident.objects.get()
        assert self.past.first_day <= local_day(incident.since) <= self.past.last_day
        during = Alert.objects.filter(raised_at__gte=incident.since, raised_at__lt=incident.ended_at)
        assert not during.exists()

    def test_what_was_decided_is_what_stands(self) -> None:
        decided = Alert.objects.exclude(outcome="")
        assert {alert.outcome for alert in decided} >= {DecisionAct.CONFIRMED, DecisionAct.EXCUSED}
        for alert in Alert.objects.filter(kind__in=ACCUSATIONS):
            counts = standing(entries(history_of(alert)))
            assert alert.outcome == (counts.what if counts else "")
        assert not Decision.objects.filter(alert__superseded_by__isnull=False).exists()
        assert not Decision.objects.filter(at__gte=self.past.until).exists()

    def test_nobody_is_told_of_it(self) -> None:
        assert Alert.objects.filter(outcome="", kind__in=ACCUSATIONS).exists()
        assert not Alert.objects.filter(told_at=None).exists()
        assert not Flip.objects.filter(alerted_at=None).exists()
        reminders = Reminder.objects.count()
        remind(NOW)
        assert Reminder.objects.count() == reminders

    def test_the_reports_days_are_worked_out_at_once(self) -> None:
        offices = Counter.objects.count()
        working = len({local_day(at) for at in Flip.objects.values_list("at", flat=True)})
        assert DayTally.objects.count() == offices * working
        assert rollups.rebuild_days(self.past.first_day, self.past.last_day, NOW) == 0
        whole = tables.total_sums(
            OrgUnit(Level.CITY), Period(PeriodKind.RANGE, self.past.first_day, self.past.last_day)
        )
        assert 0.7 < (whole.availability or 0) < 0.99
        assert 0.8 < (whole.coverage or 0) < 1
        assert min(whole.excused, whole.unknown_s) > 0
        assert all(whole.counts[name] for name in ("late_openings", "absences", "early_leaves"))

    def test_the_mayor_looked_at_offices_each_wednesday(self) -> None:
        checks = SpotCheck.objects.all()
        assert [local_day(check.started_at).isoformat() for check in checks.order_by("pk")] == [
            "2026-11-04",
            "2026-11-11",
            "2026-11-18",
        ]
        for stop in SpotStop.objects.select_related("kelurahan"):
            seen = Flip.objects.filter(counter__kelurahan=stop.kelurahan, at__lte=stop.marked_at).latest("at")
            orderly = seen.new == StandingState.STAFFED
            assert (stop.mark == SpotMark.ORDERLY) is orderly
            assert Finding.objects.filter(stop=stop).exists() is not orderly
        assert FindingWord.objects.exists()
        for finding in Finding.objects.all():
            assert finding.status == finding_rule.status(answers.entries(answers.history_of(finding)))
        assert not Delivery.objects.exists()

    def test_who_spoke_in_it_can_not_sign_in(self) -> None:
        made = get_user_model().objects.filter(username__startswith=make_history.PREFIX)
        assert made.exists()
        assert not any(user.is_active or user.has_usable_password() for user in made)
        assert Decision.objects.filter(by__username="camat.ib1").exists()


class ForgottenTest(PastTest):
    def test_what_was_said_to_it_since_goes_too_and_what_is_real_stays(self) -> None:
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
                taking.StepRequest(step, seen=seen.seen, sha256=seen.sha256, password=seeding.PASSWORD),
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


class FreshTest(DemoTest):
    """The demo without a history yet."""

    def test_its_indications_are_those_that_the_settler_makes_of_its_flips(self) -> None:
        first, last = date(2026, 9, 1), date(2026, 9, 25)
        task = write_history.HistoryTask(8, first, last, NOW)
        write_history.write_days(task, Counter.objects.select_related("kelurahan__kecamatan"), quiet)
        columns = (
            "counter",
            "kind",
            "since",
            "raised_at",
            "ended_at",
            "ended_by",
            "superseded_by__since",
            "explain_by",
        )
        accusing = Alert.objects.filter(kind__in=ACCUSATIONS).order_by("counter", "raised_at", "pk")
        written = list(accusing.values_list(*columns))
        assert {row[1] for row in written} >= {"absence", "late_opening", "early_leave"}
        assert any(row[6] for row in written)
        Alert.objects.update(superseded_by=None)
        Alert.objects.all().delete()
        Flip.objects.update(alerted_at=None)
        while from_flips.raise_alerts():
            pass
        assert list(accusing.values_list(*columns)) == written

    def test_the_database_is_as_it_was(self) -> None:
        before = counts()
        made, _ = make_history.create_history(DAYS, SEED, NOW, quiet)
        assert counts() != before
        messages: list[str] = []
        make_history.delete_history(NOW, messages.append)
        assert counts() == before
        assert any("flip removed" in line for line in messages)
        assert provenance.current_history() is None
        assert not provenance.is_made_up(made.until - timedelta(days=1))

    def test_what_has_no_sense_is_refused(self) -> None:
        assert "no made-up history" in self.refused("--forget-history")
        for days in ("0", "-3", "4000"):
            assert "1 to 1830 days" in self.refused("--history", days)
        HoursPlan.objects.exclude(source=seeding.MARK).delete()
        assert "No counter has service hours" in self.refused("--history", "9")
        assert not DemoHistory.objects.exists()

    def test_a_database_that_is_not_the_demos_gets_none(self) -> None:
        HoursPlan.objects.filter(source=seeding.MARK).delete()
        assert "not the demo's" in self.refused("--history", "9")
        assert "not the demo's" in self.refused("--forget-history")
        assert not DemoHistory.objects.exists()

    def test_the_command_says_what_it_wrote_and_how_to_remove_it(self) -> None:
        out = StringIO()
        call_command("demo", "--history", "5", "--seed", "3", stdout=out)
        assert "indications" in out.getvalue()
        assert "--forget-history" in out.getvalue()
        assert "already" in self.refused("--history", "9")
        call_command("demo", "--forget-history", stdout=out)
        assert not Flip.objects.exists()

    def refused(self, *arguments: str) -> str:
        with pytest.raises(CommandError) as error:
            call_command("demo", *arguments, stdout=StringIO())
        return str(error.value)


class RealDecisionsTest(PastTest):
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
        entry = SpotEntry.objects.create(uuid=uuid4(), check_of=check, kind="finish", said_at=NOW, received_at=NOW)
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


class ShownTest(PastTest):
    """Every page says that the data is generated."""

    def setUp(self) -> None:
        self.client.force_login(get_user_model().objects.get(username="walikota"))

    def test_every_page_says_so_until_it_is_forgotten(self) -> None:
        notice = "riwayat 3 November 2026 sampai 22 November 2026 dibuat untuk demo"
        assert notice in self.client.get("/").content.decode()
        make_history.delete_history(NOW, quiet)
        assert "Data contoh" not in self.client.get("/").content.decode()
        assert provenance.demo_notice() == ""

    def test_strangers_are_told_nothing(self) -> None:
        self.client.logout()
        assert "Data contoh" not in self.client.get("/masuk/").content.decode()

    def test_an_indication_of_it_has_no_pictures_and_says_why(self) -> None:
        made_up = Alert.objects.filter(kind="absence").earliest("pk")
        page = self.client.get(f"/indikasi/{made_up.pk}/").content.decode()
        assert "tidak pernah terjadi" in page
        assert "Data contoh tidak memiliki gambar" in page
        assert "perekaman bukti belum berjalan" not in page
        assert not made_up.evidence.exists()

    def test_a_real_one_beside_it_does_not(self) -> None:
        counter = Counter.objects.earliest("pk")
        real = Alert.objects.create(counter=counter, kind="absence", since=NOW, raised_at=NOW)
        page = self.client.get(f"/indikasi/{real.pk}/").content.decode()
        assert "tidak pernah terjadi" not in page
