"""A signed month: frozen with its hash, amended by later changes, never changed without a trace."""

import json
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
import redis
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.retry import Retry

from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert
from discipline.notices import rule as notice_rule
from discipline.notices.forms import kinds_for_roles
from discipline.notices.models import Delivery
from discipline.notices.rule import Topic
from discipline.reports.numbers import rollups
from discipline.reports.numbers.models import Band, DayTally, ReportRule
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.places import CITY_KEY, Level, OrgUnit, place_for
from discipline.reports.signing import amending, fragment, password_attempts, signatures, snapshot, taking
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.reports.signing.page import signing_page
from discipline.reports.signing.steps import MonthState, SignStep, StepRefused
from discipline.reports.signing.taking import StepRequest
from offices.access.gate import Scope
from offices.places.models import Counter, Kelurahan
from streams.servers import valkey
from tests.support.attendance import MONDAY, staffed
from tests.support.base import PASSWORD, OfficeTestCase
from tests.support.clock import wib
from tests.support.months import ilir_barat, last_month, month_with_an_absence

NOVEMBER = parse_period("2026-11", MONDAY)
NOW = wib("09:00", date(2026, 12, 2))
LATER = NOW + timedelta(days=1)


def forget_tries(user: Any) -> None:
    valkey.client().delete(f"{valkey.PREFIX}:signing-tries:{user.pk}")


class Signed(OfficeTestCase):
    """Budi's November, with an absence of 18 minutes on the 16th."""

    away: Alert
    place: OrgUnit

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        away = staffed(cls.world.counter(cls.world.ilir35), MONDAY, away=("10:00", "10:18"))
        assert away
        cls.away, cls.place = away, ilir_barat(cls.world)
        staffed(cls.world.counter(cls.world.kemang), MONDAY)
        staffed(cls.world.counter(cls.world.ulu34), MONDAY)
        rollups.rebuild_days(MONDAY, NOVEMBER.last, NOW)

    def setUp(self) -> None:
        forget_tries(self.world.budi)

    def take(self, step: SignStep, now: datetime = NOW, **more: str) -> SigningStep:
        """Take a step as Budi, who has just opened the page."""
        seen = signing_page(self.place, NOVEMBER, self.world.budi, now)
        word = StepRequest(step, seen.seen, **{"sha256": seen.sha256, "password": PASSWORD, **more})
        return taking.take_step(self.place, NOVEMBER, self.world.budi, word, now)

    def refused(self, step: SignStep, now: datetime = NOW, **more: str) -> str:
        with pytest.raises(StepRefused) as refusal:
            self.take(step, now, **more)
        return refusal.value.why

    def sign(self) -> MonthSnapshot:
        self.take(SignStep.REVIEWED)
        signed = self.take(SignStep.SIGNED).snapshot
        assert signed
        return signed

    def excuse(self, act: DecisionAct = DecisionAct.EXCUSED, reason: str = "apel") -> None:
        newest = self.away.decisions.order_by("-pk").values_list("pk", flat=True).first()
        decisions.record_decision(
            self.away, self.world.budi, decisions.DecisionStatement(act, newest, reason, "Apel di kecamatan"), NOW
        )

    def excuse_late(self) -> None:
        self.excuse()
        rollups.recount_marked(NOW)
        assert amending.note_amendments(LATER) == 1


class Freezing(Signed):
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
        assert figures["Berpetugas"][1] == ""
        assert seen.broken == []

    def test_before_the_minute_that_notes_it_the_change_is_told_already(self) -> None:
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

    def test_a_rule_changed_afterwards_is_told_too(self) -> None:
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


class Taking(Signed):
    def test_only_the_camat_of_the_kecamatan_takes_steps(self) -> None:
        world = self.world
        for user in (world.walikota, world.ani, world.intan, world.citra, world.dewi, world.tamu):
            with pytest.raises(StepRefused) as refusal:
                taking.take_step(self.place, NOVEMBER, user, StepRequest(SignStep.REVIEWED, None), NOW)
            assert refusal.value.why == StepRefused.ROLE
        assert not MonthReport.objects.exists()

    def test_a_password_is_asked_again_and_may_be_wrong_five_times(self) -> None:
        self.take(SignStep.REVIEWED)
        self.addCleanup(forget_tries, self.world.budi)
        for _ in range(password_attempts.MOST):
            assert self.refused(SignStep.SIGNED, password="bukan") == StepRefused.PASSWORD
        assert self.refused(SignStep.SIGNED) == StepRefused.TRIES

    def test_nobody_signs_while_nothing_counts_the_tries(self) -> None:
        self.take(SignStep.REVIEWED)
        away = redis.Redis(unix_socket_path="/nowhere/valkey.sock", retry=Retry(NoBackoff(), 0))
        with patch.object(password_attempts, "client", lambda: away):
            assert self.refused(SignStep.SIGNED) == StepRefused.AWAY

    def test_a_decision_between_looking_and_signing_is_shown_first(self) -> None:
        self.take(SignStep.REVIEWED)
        seen = signing_page(self.place, NOVEMBER, self.world.budi, NOW)
        self.excuse()
        assert self.refused(SignStep.SIGNED, sha256=seen.sha256) == StepRefused.RECOUNTING
        rollups.recount_marked(NOW)
        assert self.refused(SignStep.SIGNED, sha256=seen.sha256) == StepRefused.CHANGED
        again = signing_page(self.place, NOVEMBER, self.world.budi, NOW)
        assert len(again.since_review) == 2
        assert again.sha256 != seen.sha256
        self.take(SignStep.SIGNED)
        assert not signing_page(self.place, NOVEMBER, self.world.budi, NOW).since_review

    def test_a_month_whose_last_day_is_not_counted_yet_waits(self) -> None:
        DayTally.objects.filter(day=NOVEMBER.last).delete()  # as after beat has not run
        assert self.refused(SignStep.REVIEWED) == StepRefused.RECOUNTING
        rollups.rebuild_days(NOVEMBER.last, NOVEMBER.last, NOW)
        self.take(SignStep.REVIEWED)

    def test_an_old_page_is_told_so(self) -> None:
        old = signing_page(self.place, NOVEMBER, self.world.budi, NOW)
        self.take(SignStep.REVIEWED)
        word = StepRequest(SignStep.REVIEWED, old.seen, old.sha256)
        with pytest.raises(StepRefused) as refusal:
            taking.take_step(self.place, NOVEMBER, self.world.budi, word, NOW)
        assert refusal.value.why == StepRefused.STALE

    def test_it_goes_back_with_a_reason_and_the_history_keeps_all(self) -> None:
        self.take(SignStep.REVIEWED)
        self.take(SignStep.RETURNED, text="Apel belum dicatat")
        self.excuse()
        rollups.recount_marked(NOW)
        assert not signing_page(self.place, NOVEMBER, self.world.budi, NOW).since_review  # it is a draft again
        self.sign()
        self.take(SignStep.SENT)
        steps = [(row.what, row.text) for row in SigningStep.objects.order_by("pk")]
        assert steps == [
            ("reviewed", ""),
            ("returned", "Apel belum dicatat"),
            ("reviewed", ""),
            ("signed", ""),
            ("sent", ""),
        ]
        assert MonthReport.objects.get().state == MonthState.SENT

    def test_an_amendment_is_acknowledged_under_its_hash(self) -> None:
        self.sign()
        self.excuse_late()
        assert self.refused(SignStep.ACKNOWLEDGED, sha256="0" * 64) == StepRefused.CHANGED
        self.take(SignStep.ACKNOWLEDGED, LATER)
        seen = signing_page(self.place, NOVEMBER, self.world.budi, LATER)
        assert seen.amendments[0].signature
        assert seen.possible == [SignStep.SENT]

    def test_whoever_signs_is_warned_of_what_is_open(self) -> None:
        warnings = [one.text for one in signing_page(self.place, NOVEMBER, self.world.budi, NOW).warnings]
        assert warnings[0] == "1 indikasi belum Anda putuskan."
        assert warnings[1].startswith(
            "2 loket terlalu sedikit teramati (di bawah 60 persen): Loket 1, Kelurahan 35 Ilir; "
        )

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


class Told(Signed):
    def setUp(self) -> None:
        super().setUp()
        for user in (self.world.walikota, self.world.intan, self.world.budi, self.world.citra, self.world.dewi):
            user.email = f"{user.username}@palembang.example"
            user.save()

    def notified(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in Delivery.objects.filter(kind="month").select_related("user"):
            found.setdefault(row.title, set()).add(row.user.username)
        return found

    def test_the_mayor_and_the_inspectorate_hear_of_a_month_that_is_sent(self) -> None:
        self.sign()
        assert not self.notified()
        self.take(SignStep.SENT)
        assert self.notified() == {"Laporan bulanan dikirim": {"walikota", "intan"}}
        row = Delivery.objects.first()
        assert row
        assert (row.body, row.gathered) == ("Kecamatan Ilir Barat II, November 2026.", True)
        assert row.url == reverse("month-signing", args=["16.71.01", "2026-11"])

    def test_the_camat_hears_of_an_amendment_too(self) -> None:
        self.sign()
        self.excuse_late()
        assert self.notified() == {"Laporan bulanan berubah setelah ditandatangani": {"walikota", "intan", "budi"}}

    def test_a_lurah_is_not_asked_about_months(self) -> None:
        assert Topic.MONTH not in kinds_for_roles(frozenset({notice_rule.LURAH}))
        assert Topic.MONTH in kinds_for_roles(frozenset({notice_rule.LURAH, notice_rule.CAMAT}))


class WhoHasSigned(Signed):
    def test_the_mayor_sees_who_has_signed_missing_ones_first(self) -> None:
        self.sign()
        rows = signatures.signing_overview(Scope(city=True), wib("09:00", date(2026, 12, 9)))
        assert [row.place.name for row in rows] == ["Seberang Ulu I", "Ilir Barat II"]
        cells = [row.cells[0] for row in rows]
        assert [(cell.late, cell.signature.state, cell.signature.by_name) for cell in cells] == [
            (True, MonthState.DRAFT, ""),
            (False, MonthState.SIGNED, "budi"),
        ]
        assert [len(row.cells) for row in rows] == [1, 1]  # October has no data

    def test_a_camat_sees_only_the_own_kecamatan(self) -> None:
        scope = Scope(kecamatan=frozenset({self.place.row.pk}))
        assert [row.place.key for row in signatures.signing_overview(scope, NOW)] == ["16.71.01"]

    def test_the_signature_for_the_papers(self) -> None:
        assert signatures.signature_of(OrgUnit(Level.CITY), NOVEMBER) is None
        assert signatures.signature_of(self.place, parse_period("2026-11-16", MONDAY)) is None
        draft = signatures.signature_of(self.place, NOVEMBER)
        assert draft == signatures.MonthSignature(MonthState.DRAFT, "Draf", "Camat Ilir Barat II")
        signed = self.sign()
        self.excuse_late()
        found = signatures.signature_of(self.place, NOVEMBER)
        assert found
        assert (found.by_name, found.at, found.sha256) == ("budi", NOW, signed.sha256)
        assert (found.amendments, found.waiting) == (1, 1)

    def test_a_report_tells_the_change_in_each_place_that_it_touched(self) -> None:
        self.sign()
        self.excuse_late()
        signings = {
            key: fragment.signing_of(place_for(self.world.walikota, key), NOVEMBER, LATER)
            for key in ("16.71.01", "16.71.01.1001", "16.71.01.1007", f"loket-{self.away.counter_id}", CITY_KEY)
        }
        city = signings.pop(CITY_KEY)
        assert isinstance(city, fragment.CitySigning)
        assert (city.watched, city.signed, city.amended) == (2, 1, 1)
        lengths = {key: len(one.changes) for key, one in signings.items() if isinstance(one, fragment.PlaceSigning)}
        assert lengths == {"16.71.01": 2, "16.71.01.1001": 2, "16.71.01.1007": 0, f"loket-{self.away.counter_id}": 2}


class Pages(OfficeTestCase):
    """The same through the pages, so by the machine's clock: last month."""

    def setUp(self) -> None:
        self.away = month_with_an_absence(self.world)
        self.place, self.month = ilir_barat(self.world), last_month()
        self.at = [self.place.key, self.month.key]
        self.client.force_login(self.world.budi)

    def step(self, step: str, **more: str) -> str:
        """Take a step as Budi and return the page that follows."""
        seen = signing_page(self.place, self.month, self.world.budi, timezone.now())
        fields = {"step": step, "seen": seen.seen or "", "sha256": seen.sha256, "password": PASSWORD} | more
        answer = self.client.post(reverse("month-signing-step", args=self.at), fields, follow=True)
        return answer.content.decode()

    def test_from_draft_to_sent(self) -> None:
        assert "Laporan dicatat sebagai sudah diperiksa." in self.step("reviewed")
        assert "Kata sandi tidak cocok" in self.step("signed", password="bukan")
        assert "Laporan ditandatangani" in self.step("signed")
        assert "Wali Kota dan BKPSDM melihatnya" in self.step("sent")
        assert "Langkah itu tidak dikenal" in self.step("dibakar")

    def test_the_signed_document_is_downloaded_with_its_hash(self) -> None:
        self.step("reviewed")
        self.step("signed")
        answer = self.client.get(reverse("month-signing-document", args=[*self.at, 1]))
        kept = MonthSnapshot.objects.get()
        assert sha256(answer.content).hexdigest() == kept.sha256 == answer.headers["ETag"].strip('"')
        assert answer.headers["Repr-Digest"].startswith("sha-256=:")
        assert self.client.get(reverse("month-signing-document", args=[*self.at, 2])).status_code == 404

    def test_a_week_a_kelurahan_and_a_month_to_come_have_no_such_page(self) -> None:
        ahead = self.month.after.after
        for place, month in (("16.71.01", "2026-W40"), ("16.71.01.1001", self.month.key), ("16.71.01", ahead.key)):
            assert self.client.get(reverse("month-signing", args=[place, month])).status_code == 404

    def test_every_report_leads_to_the_signatures(self) -> None:
        link = f'href="{reverse("signatures")}"'
        for user, place, shown in ((self.world.budi, "16.71.01", True), (self.world.dewi, "16.71.01.1001", False)):
            self.client.force_login(user)
            week = self.client.get(f"/laporan/{place}/{self.month.first:%G-W%V}/").content.decode()
            assert (link in week) == shown
        month = self.client.get(f"/laporan/16.71.01.1001/{self.month.key}/").content.decode()
        assert "Draf" in month
        assert "Periksa dan tanda tangani" not in month

    def test_who_may_not_sign_sees_no_form(self) -> None:
        self.client.force_login(self.world.walikota)
        text = self.client.get(reverse("month-signing", args=self.at)).content.decode()
        assert "Langkah berikutnya" not in text
        assert "Hanya camat" in self.step("reviewed")
