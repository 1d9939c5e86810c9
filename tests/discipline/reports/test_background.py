"""The background of a report's numbers: causes, cameras, spot checks and missing explanations."""

from datetime import timedelta

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.reports.numbers import background, rollups, tables
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.spotchecks.models import SpotCheck, SpotMark, SpotStop
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.incident_models import SystemIncident
from tests.support.attendance import MONDAY, indication
from tests.support.clock import wib
from tests.support.reported_week import CITY, EVENING, TUESDAY, WEEK, ReportedWeekCase

NEXT_WEEK = WEEK.after


class Background(ReportedWeekCase):
    def explain(self, alert: Alert, reason: str) -> None:
        fields = {"at": EVENING, "by": self.world.dewi, "role": "lurah", "what": DecisionAct.EXPLAINED}
        Decision.objects.create(alert=alert, reason=reason, text="Rapat", **fields)

    def test_causes_are_the_latest_reasons_and_add_up_to_the_indications(self) -> None:
        self.explain(self.away, "izin")
        self.decide(self.away, DecisionAct.EXCUSED, "apel")
        third = indication(self.two, AlertKind.ABSENCE, wib("10:00", TUESDAY), wib("10:30", TUESDAY))
        self.explain(third, "apel")
        found = [(one.reason, one.label, one.number, one.excused) for one in background.count_causes(CITY, WEEK)]
        assert found == [("apel", "Apel atau upacara", 2, 1), ("", "Tanpa alasan", 1, 0)]
        assert (
            sum(one.number for one in background.count_causes(CITY, WEEK))
            == tables.counted_indications(CITY, WEEK).count()
        )

    def test_a_word_given_before_the_indication_grew_is_its_cause(self) -> None:
        self.explain(self.late, "sakit")
        grown = indication(self.one, AlertKind.NOT_OPENED, wib("07:30", TUESDAY), wib("09:30", TUESDAY))
        Alert.objects.filter(pk=self.late.pk).update(superseded_by=grown)
        assert [(one.reason, one.number) for one in background.count_causes(CITY, WEEK)] == [("sakit", 1), ("", 1)]

    def test_a_decision_taken_back_is_no_cause(self) -> None:
        self.decide(self.away, DecisionAct.EXCUSED, "apel")
        self.decide(self.away, DecisionAct.UNDONE, "")
        assert [one.reason for one in background.count_causes(CITY, WEEK)] == [""]

    def test_the_worst_seen_offices_come_first_and_faults_are_counted_beside_them(self) -> None:
        fault = indication(self.two, AlertKind.CAMERA_FAULT, wib("09:00", MONDAY), wib("09:20", MONDAY))
        Alert.objects.filter(pk=fault.pk).update(ended_at=None)
        found = background.camera_health(tables.build_report(CITY, WEEK))
        assert (found.duty_s, found.unknown_s) == (
            tables.total_sums(CITY, WEEK).duty_s,
            tables.total_sums(CITY, WEEK).unknown_s,
        )
        assert (found.faults, found.ongoing) == (1, 1)
        assert [one.name for one in found.worst] == ["3-4 Ulu", "Kemang Manis", "35 Ilir"]
        assert [one.faults for one in found.worst] == [0, 1, 0]
        assert found.worst[0].share == 1.0
        own = background.camera_health(tables.build_report(OrgUnit(Level.KELURAHAN, self.world.ilir35), WEEK))
        assert (own.faults, [one.name for one in own.worst]) == (0, ["35 Ilir"])

    def test_system_incidents_are_listed_within_the_period(self) -> None:
        since = wib("23:00", MONDAY - timedelta(days=1))
        ended = {"raised_at": since, "ended_at": wib("01:00", MONDAY)}
        SystemIncident.objects.create(kind=SystemIncident.Kind.NO_WATCH, since=since, **ended)
        found = background.camera_health(tables.build_report(CITY, WEEK))
        assert (found.incidents, found.incident_s) == (1, 3600)
        assert background.camera_health(tables.build_report(CITY, NEXT_WEEK)).incidents == 0

    def test_spot_checks_of_the_days_are_counted_by_what_was_seen(self) -> None:
        check = SpotCheck.objects.create(
            by=self.world.walikota, role="mayor", how="list", started_at=wib("10:00", MONDAY), finished_at=EVENING
        )
        offices = (self.world.ilir35, self.world.kemang, self.world.ulu34)
        for place, (office, mark) in enumerate(zip(offices, ("empty", "orderly", "orderly"), strict=True), start=1):
            SpotStop.objects.create(
                check_of=check, place=place, kelurahan=office, mark=mark, marked_at=wib(f"10:0{place}", MONDAY)
            )
        found = background.spot_checks(CITY, WEEK)
        assert (found.number, found.marks) == (3, [(SpotMark.ORDERLY, 2), (SpotMark.EMPTY, 1)])
        assert [stop.office.name for stop in found.newest] == ["3-4 Ulu", "Kemang Manis", "35 Ilir"]
        assert background.spot_checks(OrgUnit(Level.COUNTER, self.one), WEEK).number == 1
        assert background.spot_checks(CITY, NEXT_WEEK).number == 0

    def test_a_check_that_goes_on_is_known_to_its_maker_alone(self) -> None:
        check = SpotCheck.objects.create(
            by=self.world.walikota, role="mayor", how="list", started_at=wib("10:00", MONDAY)
        )
        seen = {"mark": "empty", "marked_at": wib("10:01", MONDAY)}
        SpotStop.objects.create(check_of=check, place=1, kelurahan=self.world.ilir35, **seen)
        assert background.spot_checks(CITY, WEEK).number == 0

    def test_what_nobody_explained_is_listed_by_its_deadline(self) -> None:
        now = wib("12:00", MONDAY + timedelta(days=5))
        found = list(background.unexplained(CITY, WEEK, now))
        assert [(one.pk, one.overdue) for one in found] == [(self.away.pk, True), (self.late.pk, False)]
        self.explain(self.away, "izin")
        self.decide(self.late, DecisionAct.CONFIRMED, "")
        assert not background.unexplained(CITY, WEEK, now).exists()

    def test_what_was_decided_is_in_the_days_again_when_they_are_counted(self) -> None:
        self.decide(self.away, DecisionAct.EXCUSED, "apel")
        rollups.recount_marked(EVENING)
        sums = tables.total_sums(CITY, WEEK)
        assert sum(one.number for one in background.count_causes(CITY, WEEK)) == sums.indications + sums.excused
        assert sum(one.excused for one in background.count_causes(CITY, WEEK)) == sums.excused
