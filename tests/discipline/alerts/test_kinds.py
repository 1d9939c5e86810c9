"""Every kind in the table of alert kinds is counted, notified, listed and decided everywhere."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from discipline.alerts.case import sentences
from discipline.alerts.case.case_file import open_case
from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert
from discipline.alerts.words import alert_word
from discipline.api.v1.api import schema
from discipline.board.words import words_for_browser
from discipline.core.dialogue import NotAllowed
from discipline.notices import subjects
from discipline.notices.forms import NoticeRuleForm
from discipline.notices.models import Delivery
from discipline.notices.recipients import active_people
from discipline.notices.rule import TOPICS, Mode, NoticePreferences, Topic, mode_for
from discipline.reports.files import table_files
from discipline.reports.numbers import columns, drill_down, figures, rollups, summary, tables
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.pages import page as page_page
from discipline.reports.pages.parts import PartsWanted
from discipline.reports.signing import amending, freezing
from discipline.reports.signing import words as signing_words
from discipline.staffing.alert_kinds import ABOUT_CAMERAS, ACCUSATIONS, COLUMNS, AlertKind
from discipline.staffing.models import Flip, StaffingRule, Standing, StandingState
from offices.access.gate import scope_of
from offices.access.models import Membership
from tests.support.api_clients import System
from tests.support.attendance import MONDAY, indication, staffed
from tests.support.base import MORNING, OfficeTestCase
from tests.support.clock import wib

EVENING = wib("18:00", MONDAY)
DAY = parse_period("2026-11-16", MONDAY)


def code_fields() -> list[Any]:
    """Return the columns that hold codes of the table."""
    found = [(Alert, "kind"), (Delivery, "kind"), (Flip, "reason"), (Standing, "reason")]
    return [model._meta.get_field(name) for model, name in found]


@pytest.mark.parametrize("kind", AlertKind)
def test_a_row_is_complete(kind: AlertKind) -> None:
    row = kind.row
    assert row.code
    assert row.label
    assert StaffingRule._meta.get_field(row.tolerance)
    assert "%(grace)s" in str(row.rule)
    assert {*row.notify_now, *row.notify_in_digest} <= set(Membership.Role.values)
    assert bool(row.times) == bool(row.amended) == bool(row.column) != kind.about_camera
    assert kind.about_camera or not row.blind
    assert set(row.details) <= {reason.value for reason in row.blind}


@pytest.mark.parametrize("kind", AlertKind)
def test_columns_have_room_for_its_code(kind: AlertKind) -> None:
    assert all(len(kind.value) <= (field.max_length or 0) for field in code_fields())
    assert str(dict(Alert._meta.get_field("kind").flatchoices)[kind.value]) == str(kind.label)
    assert str(dict(Delivery._meta.get_field("kind").flatchoices)[kind.value]) == str(kind.label)


def test_no_two_kinds_share_a_code_or_a_column() -> None:
    assert len(TOPICS) == len(AlertKind) + len(Topic)
    assert len(set(COLUMNS)) == len(ACCUSATIONS)
    assert not set(COLUMNS) & set(figures.Sums.__dataclass_fields__)


@pytest.mark.parametrize("column", COLUMNS)
def test_every_table_of_a_report_counts_it(column: str) -> None:
    sums = figures.Sums(counts={column: 3})
    assert (sums.indications, (sums + sums).counts[column]) == (3, 6)
    shown = {one.key: one.value(sums) for one in columns.sums_columns(lambda sums: sums, 60)}
    assert shown[column] == 3
    assert column in signing_words.COUNTS
    assert f" {column}," in amending.ROWS


@pytest.mark.parametrize("kind", ACCUSATIONS)
def test_the_api_knows_it(kind: AlertKind) -> None:
    parts = schema()["components"]["schemas"]
    assert kind.value in parts["Indication"]["properties"]["kind"]["enum"]
    listing = next(one for path, one in schema()["paths"].items() if path.endswith("/indikasi"))["get"]
    asked = next(part for part in listing["parameters"] if part["name"] == "jenis")
    assert kind.value in str(asked["schema"])
    assert all(kind.row.column in parts[name]["required"] for name in ("Tally", "Total", "Part", "DayOfReport"))


class EveryKind(OfficeTestCase):
    """One ended alert of each kind at 35 Ilir, on Monday the 16th."""

    alerts: dict[AlertKind, Alert]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        StaffingRule.objects.create()
        counter = cls.world.counter(cls.world.ilir35)
        staffed(counter, MONDAY)
        cls.alerts = {
            kind: indication(counter, kind, wib(f"09:{n:02}", MONDAY), wib(f"09:{n + 40}", MONDAY))
            for n, kind in enumerate(AlertKind)
        }

    def opened(self, address: str, **asked: str) -> Any:
        client = Client()
        client.force_login(self.world.budi)
        answer = client.get(address, asked)
        assert answer.status_code == 200, address
        return answer

    def test_it_is_described_in_words(self) -> None:
        for kind, alert in self.alerts.items():
            with self.subTest(kind=kind):
                case = open_case(alert, EVENING)
                texts = [sentences.headline(case), *sentences.rule(case), sentences.ending(alert)]
                assert all(one and "%(" not in one for one in texts)
                assert sentences.place(alert) in texts[0]
                subject = subjects.current([f"alert:{alert.pk}"], EVENING, "id")[f"alert:{alert.pk}"]
                assert (subject.kind, str(kind.label) in subject.title) == (kind, True)
                for detail, word in kind.row.details.items():
                    assert alert_word(kind, detail) == word
                shown = self.opened(f"/indikasi/{alert.pk}/")
                self.assertContains(shown, str(kind.label))

    def test_browsers_can_say_it(self) -> None:
        for kind in AlertKind:
            for language in ("id", "en"):
                with self.subTest(kind=kind, language=language), translation.override(language):
                    words = words_for_browser()
                    assert words["kinds"][kind] == str(kind.label)
                    assert words["details"][kind] == {code: str(word) for code, word in kind.row.details.items()}
                    assert kind in ABOUT_CAMERAS or kind == AlertKind.ABSENCE or kind in words["reasons"]

    def test_users_choose_how_they_are_notified_of_it(self) -> None:
        for user in (self.world.dewi, self.world.budi, self.world.walikota, self.world.ani, self.world.intan):
            person = active_people([user.pk])[user.pk]
            form, roles = NoticeRuleForm(person, None), person.roles(None)
            for kind in AlertKind:
                with self.subTest(kind=kind, user=user.username):
                    usual = Mode.NOW if roles & set(kind.notify_now) else Mode.OFF
                    usual = Mode.DIGEST if usual is Mode.OFF and roles & set(kind.notify_in_digest) else usual
                    assert mode_for(kind, roles, NoticePreferences()) is usual
                    assert form[f"mode_{kind}"].initial == usual
                    assert form[f"mode_{kind}"].label == kind.label

    def test_it_waits_in_the_inbox_for_a_decision_unless_it_is_about_a_camera(self) -> None:
        for kind, alert in self.alerts.items():
            with self.subTest(kind=kind):
                shown = self.opened("/indikasi/", tahap="semua", jenis=kind.value)
                assert (kind.value in dict(shown.context["kinds"])) == (kind in ACCUSATIONS)
                listed = [one.pk for one in shown.context["page"]]
                assert (listed == [alert.pk]) == (kind in ACCUSATIONS)
                statement = decisions.DecisionStatement(DecisionAct.CONFIRMED, None)
                if kind in ACCUSATIONS:
                    assert decisions.record_decision(alert, self.world.budi, statement, EVENING).what == "confirmed"
                else:
                    with pytest.raises(NotAllowed):
                        decisions.record_decision(alert, self.world.budi, statement, EVENING)

    def test_reports_count_it_in_its_column_unless_it_is_about_a_camera(self) -> None:
        rollups.rebuild_days(MONDAY, MONDAY, EVENING)
        row = DayTally.objects.get(counter=self.world.counter(self.world.ilir35), day=MONDAY)
        assert row.counts == dict.fromkeys(COLUMNS, 1)
        place = OrgUnit(Level.KECAMATAN, self.world.kecamatan["16.71.01"])
        report = tables.build_report(place, DAY)
        assert report.total.counts == dict.fromkeys(COLUMNS, 1)
        facts = freezing.snapshot_contents(place, DAY)["facts"]
        context = page_page.page_context(report, scope_of(self.world.budi), PartsWanted(Level.KELURAHAN), EVENING)
        stood_out = summary.sentences(report)[1]
        file = StringIO()
        table_files.write_csv(report, table_files.DAYS, file, EVENING)
        (in_file,) = csv.DictReader(file.getvalue().splitlines())
        for kind in ACCUSATIONS:
            with self.subTest(kind=kind):
                assert facts["total"][kind.row.column] == 1
                assert facts["indications"][str(self.alerts[kind].pk)]["kind"] == kind
                assert (kind.value, kind.label, 1) in context["kinds"]
                assert kind.row.times % {"count": 1, "n": "1"} in stood_out
                assert in_file[kind.row.column] == "1"
                found = drill_down.filter_indications(place, DAY, drill_down.parse_filter({"jenis": kind.value}))
                assert [one.pk for one in found] == [self.alerts[kind].pk]
        for kind in ABOUT_CAMERAS:
            assert str(self.alerts[kind].pk) not in facts["indications"]

    def test_other_systems_read_it_unless_it_is_about_a_camera(self) -> None:
        system = System(self.world, city=True)
        for kind, alert in self.alerts.items():
            with self.subTest(kind=kind):
                answer = system.get("/indikasi", jenis=kind.value)
                if kind in ACCUSATIONS:
                    assert [one["id"] for one in answer.json()["items"]] == [alert.pk]
                else:
                    assert answer.status_code == 422

    def test_the_board_shows_a_counter_that_stands_accused_of_it(self) -> None:
        Alert.objects.all().delete()
        for kind in AlertKind:
            with self.subTest(kind=kind):
                self.world.stand(
                    self.world.counter(self.world.ilir35), StandingState.ABSENT, MORNING, reason=kind.value
                )
                alert = self.world.accuse(self.world.counter(self.world.ilir35), kind=kind)
                self.assertContains(self.opened("/"), str(kind.label))
                Alert.objects.filter(pk=alert.pk).update(ended_at=MORNING + timedelta(hours=1))


def test_a_month_signed_before_a_kind_existed_still_compares_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freezing, "COLUMNS", (*COLUMNS, "left_at_noon"))
    zeros = dict.fromkeys((*COLUMNS, "excused"), 0)
    assert freezing._numbers(zeros | {"left_at_noon": 0}) == zeros
    assert freezing._numbers(zeros | {"left_at_noon": 2}) == zeros | {"left_at_noon": 2}
