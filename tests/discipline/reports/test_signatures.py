"""Who sees which months are signed, and who is notified of one that is sent or amended."""

from datetime import date

from django.urls import reverse

from discipline.notices import rule as notice_rule
from discipline.notices.forms import kinds_for_roles
from discipline.notices.models import Delivery
from discipline.notices.rule import Topic
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.places import CITY_KEY, Level, OrgUnit, place_for
from discipline.reports.signing import fragment, signatures
from discipline.reports.signing.steps import MonthState, SignStep
from offices.access.gate import Scope
from tests.support.attendance import MONDAY
from tests.support.clock import wib
from tests.support.signing import LATER, NOVEMBER, NOW, SigningTestCase


class WhoHasSigned(SigningTestCase):
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

    def test_a_report_shows_the_change_in_each_place_that_it_touched(self) -> None:
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


class SigningNotices(SigningTestCase):
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
