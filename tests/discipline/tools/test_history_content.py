"""What the demo's history consists of: judged by the real rule, marked as generated on every page."""

from datetime import date, timedelta

from django.contrib.auth import get_user_model

from discipline.alerts.case.case_file import open_case, recheck
from discipline.alerts.decisions.record import entries, history_of
from discipline.alerts.decisions.rule import DecisionAct, standing
from discipline.alerts.models import Alert, Decision, Reminder
from discipline.alerts.reminders import remind
from discipline.core import provenance
from discipline.notices.models import Delivery
from discipline.reports.numbers import rollups, tables
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import Period, PeriodKind
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.spotchecks.findings import answers
from discipline.spotchecks.findings import rule as finding_rule
from discipline.spotchecks.models import Finding, FindingWord, SpotCheck, SpotMark, SpotStop
from discipline.staffing.alert_kinds import ABOUT_CAMERAS, ACCUSATIONS
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Flip, StandingState
from discipline.tools.demo import make_history
from offices.hours.schedule import Schedule, local_day
from offices.places.models import Counter
from tests.support.demo_history import DAYS, HOLIDAY, NOW, DemoHistoryTestCase, quiet


class WrittenTest(DemoHistoryTestCase):
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
        assert known.day(counter, local_day(NOW)).why == "Buka sepanjang hari (demo) · Demo disiapkan"

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

    def test_demo_history_causes_no_notices_and_no_reminders(self) -> None:
        assert Alert.objects.filter(outcome="", kind__in=ACCUSATIONS).exists()
        assert not Alert.objects.filter(notices_queued_at=None).exists()
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


class ShownTest(DemoHistoryTestCase):
    """Every page says that the data is generated."""

    def setUp(self) -> None:
        self.client.force_login(get_user_model().objects.get(username="walikota"))

    def test_every_page_says_so_until_it_is_forgotten(self) -> None:
        notice = "riwayat 3 November 2026 sampai 22 November 2026 dibuat untuk demo"
        assert notice in self.client.get("/").content.decode()
        make_history.delete_history(NOW, quiet)
        assert "Data contoh" not in self.client.get("/").content.decode()
        assert provenance.demo_notice() == ""

    def test_anonymous_users_see_no_note_about_demo_data(self) -> None:
        self.client.logout()
        assert "Data contoh" not in self.client.get("/masuk/").content.decode()

    def test_an_indication_of_it_has_no_pictures_and_says_why(self) -> None:
        made_up = Alert.objects.filter(kind="absence").earliest("pk")
        page = self.client.get(f"/indikasi/{made_up.pk}/").content.decode()
        assert "tidak pernah terjadi" in page
        assert "Indikasi contoh ini tidak memiliki gambar" in page
        assert "perekaman bukti belum berjalan" not in page
        assert not made_up.evidence.exists()

    def test_a_real_one_beside_it_does_not(self) -> None:
        counter = Counter.objects.earliest("pk")
        real = Alert.objects.create(counter=counter, kind="absence", since=NOW, raised_at=NOW)
        page = self.client.get(f"/indikasi/{real.pk}/").content.decode()
        assert "tidak pernah terjadi" not in page
