"""A signed month: frozen with its hash, amended by later changes, never changed without a trace."""

import json
from datetime import date, timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from discipline.alerts.decisions.rule import DecisionAct
from discipline.reports.numbers import rollups
from discipline.reports.numbers.models import Band, ReportRule
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.signing import amending, fragment, snapshot, taking
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.reports.signing.page import signing_page
from discipline.reports.signing.steps import MonthState, SignStep
from discipline.reports.signing.taking import StepRequest
from offices.places.models import Counter, Kelurahan
from tests.support.attendance import MONDAY
from tests.support.base import PASSWORD
from tests.support.signing import LATER, NOVEMBER, NOW, SigningTestCase


class Freezing(SigningTestCase):
    def test_what_is_signed_is_what_the_report_says(self) -> None:
        signed = self.sign()
        found = snapshot.read_document(signed.body)
        assert signed.sha256 == sha256(bytes(signed.body)).hexdigest()
        assert (found["month"], found["kecamatan"]["code"], found["number"]) == ("2026-11", "16.71.01", 1)
        counter = f"loket-{self.away.counter_id}"
        assert found["facts"]["days"][counter]["2026-11-16"]["absent_s"] == 1080
        assert found["facts"]["total"]["absences"] == 1
        recorded = found["facts"]["indications"][str(self.away.pk)]
        assert (recorded["kind"], recorded["since"], recorded["outcome"]) == (
            "absence",
            "2026-11-16T03:00:00+00:00",
            "",
        )
        assert "3-4 Ulu" not in json.dumps(found)

    def test_nobodys_name_is_in_it(self) -> None:
        self.excuse()
        rollups.recount_marked(NOW)
        text = bytes(self.sign().body).decode()
        assert "apel" in text
        for name in ("budi", "dewi", "Apel di kecamatan"):
            assert name not in text

    def test_an_excuse_granted_late_is_an_amendment_with_its_difference(self) -> None:
        signed = self.sign()
        before = bytes(signed.body)
        self.excuse_late()
        signed.refresh_from_db()
        assert bytes(signed.body) == before
        seen = signing_page(self.place, NOVEMBER, self.world.budi, LATER)
        assert [one.sentences for one in seen.amendments] == [
            [
                "Loket 1, Kelurahan 35 Ilir, 16 November 2026: kosong 18 → 0 menit, dengan izin 0 → 18 menit",
                f"Indikasi #{self.away.pk}: belum diputuskan → Dengan izin (Apel atau upacara)",
            ]
        ]
        figures = {figure.word: (figure.signed, figure.now) for figure in seen.figures}
        assert figures["Indikasi yang dihitung"] == ("1", "0")
        assert figures["Kosong"] == ("18 menit", "0 menit")
        assert figures["Ada petugas"][1] == ""
        assert seen.broken == []

    def test_a_change_is_shown_before_its_amendment_is_stored(self) -> None:
        self.sign()
        self.excuse()
        rollups.recount_marked(NOW)
        assert signing_page(self.place, NOVEMBER, self.world.budi, NOW).amendments[0].made_at is None
        signing = fragment.signing_of(self.place, NOVEMBER, NOW)
        assert isinstance(signing, fragment.PlaceSigning)
        assert len(signing.changes) == 2

    def test_each_amendment_hangs_on_the_one_before(self) -> None:
        self.sign()
        self.excuse_late()
        self.excuse(DecisionAct.CONFIRMED, "")
        rollups.recount_marked(NOW)
        assert amending.note_amendments(LATER) == 1
        rows = list(MonthSnapshot.objects.order_by("number"))
        assert [snapshot.read_document(row.body)["amends"] for row in rows] == ["", rows[0].sha256, rows[1].sha256]
        assert rows[1].sha256 != rows[2].sha256
        assert amending.note_amendments(LATER) == 0

    def test_nothing_is_noted_while_its_days_wait_to_be_counted_again(self) -> None:
        self.sign()
        self.excuse()
        assert amending.note_amendments(LATER) == 0
        rollups.recount_marked(NOW)
        assert amending.note_amendments(LATER) == 1

    def test_a_new_name_or_a_row_counted_again_amends_nothing(self) -> None:
        self.sign()
        Counter.objects.filter(pk=self.away.counter_id).update(name="Loket A")
        Kelurahan.objects.filter(pk=self.world.ilir35.pk).update(name="Tiga Lima Ilir")
        rollups.rebuild_days(MONDAY, NOVEMBER.last, LATER)
        assert amending.note_amendments(LATER) == 0
        assert not signing_page(self.place, NOVEMBER, self.world.budi, LATER).amendments

    def test_a_rule_changed_afterwards_is_an_amendment_too(self) -> None:
        band = {"kind": "late", "name": "TL 1", "from_minute": 1, "to_minute": 30}
        Band.objects.create(**band)
        self.sign()
        ReportRule.objects.create(coverage_floor=70)
        Band.objects.update(to_minute=20)
        assert amending.note_amendments(LATER) == 1
        assert signing_page(self.place, NOVEMBER, self.world.budi, LATER).amendments[0].sentences == [
            "Terlambat buka, TL 1 (1-20): – → 0 hari loket",
            "Terlambat buka, TL 1 (1-30): 0 → – hari loket",
            "Cakupan paling sedikit: 60 → 70 persen",
        ]

    def test_an_old_month_is_compared_at_night(self) -> None:
        self.sign()
        self.excuse()
        rollups.recount_marked(NOW)
        in_two_years = NOW + timedelta(days=730)
        assert amending.note_amendments(in_two_years) == 0
        assert amending.note_amendments(in_two_years, months=None) == 1

    def test_another_kecamatan_is_not_amended_by_it(self) -> None:
        citra = OrgUnit(Level.KECAMATAN, self.world.kecamatan["16.71.02"])
        for step in (SignStep.REVIEWED, SignStep.SIGNED):
            seen = signing_page(citra, NOVEMBER, self.world.citra, NOW)
            word = StepRequest(step, seen.seen, seen.sha256, password=PASSWORD)
            taking.take_step(citra, NOVEMBER, self.world.citra, word, NOW)
        self.excuse()
        rollups.recount_marked(NOW)
        assert amending.note_amendments(LATER) == 0

    def test_the_database_refuses_to_change_what_was_signed(self) -> None:
        self.sign()
        for change in (
            lambda: MonthSnapshot.objects.update(body=b"{}"),
            lambda: MonthSnapshot.objects.all().delete(),
            lambda: SigningStep.objects.update(text="lain"),
            lambda: SigningStep.objects.all().delete(),
            lambda: MonthReport.objects.update(state=MonthState.DRAFT),
            lambda: MonthReport.objects.update(month=date(2026, 10, 1)),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_a_document_changed_behind_the_database_shows(self) -> None:
        self.sign()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE discipline_monthsnapshot DISABLE TRIGGER monthsnapshot_append_only")
            cursor.execute(
                "UPDATE discipline_monthsnapshot SET body = replace(convert_from(body, 'UTF8'), '1080', '0')::bytea"
            )
            cursor.execute("ALTER TABLE discipline_monthsnapshot ENABLE TRIGGER monthsnapshot_append_only")
        assert signing_page(self.place, NOVEMBER, self.world.budi, NOW).broken == [1]
        output = StringIO()
        with pytest.raises(SystemExit):
            call_command("verify_reports", stdout=output)
        assert output.getvalue().splitlines()[0] == "16.71.01 2026-11: document 1 is not what was signed"

    def test_what_was_signed_is_found_genuine(self) -> None:
        self.sign()
        self.excuse_late()
        output = StringIO()
        call_command("verify_reports", stdout=output)
        assert output.getvalue() == "1 signed months, 2 documents, 0 broken\n"
        call_command("verify_reports", "--json", stdout=output)
        assert '"documents": 2, "broken": []' in output.getvalue()
