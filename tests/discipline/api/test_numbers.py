"""The API's numbers equal those of the tables from which page, sheets and PDF are made."""

from decimal import Decimal
from typing import Any

from discipline.alerts.decisions.rule import DecisionAct
from discipline.reports.numbers import rollups, tables
from discipline.reports.numbers.figures import NUMBERS, Sums, percent
from discipline.reports.numbers.models import Band, DayTally, ReportRule
from discipline.reports.numbers.places import Level, OrgUnit, place_for
from tests.support.api_clients import System
from tests.support.attendance import MONDAY
from tests.support.reported_week import CITY, EVENING, FRIDAY, TUESDAY, WEEK, ReportedWeekCase


def numbers(answer: dict[str, Any]) -> Sums:
    return Sums.of({name: answer[name] for name in NUMBERS})


def exactly(answer: float | None) -> Decimal | None:
    return None if answer is None else Decimal(str(answer))


class Numbers(ReportedWeekCase):
    def setUp(self) -> None:
        self.system = System(self.world, city=True)

    def report(self, place: str, period: str = "2026-W47") -> Any:
        answer = self.system.get(f"/laporan/{place}/{period}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def same(self, place: OrgUnit) -> None:
        answer, found = self.report(place.key), tables.build_report(place, WEEK)
        assert numbers(answer["total"]) == found.total
        assert numbers(answer["before"]) == found.before
        assert [(one["key"], one["name"], numbers(one)) for one in answer["parts"]] == [
            (line.key, line.name, line.sums) for line in found.lines
        ]
        assert [(one["day"], numbers(one)) for one in answer["days"]] == [(line.key, line.sums) for line in found.days]
        for one, sums in [
            (answer["total"], found.total),
            *zip(answer["parts"], (li.sums for li in found.lines), strict=True),
        ]:
            assert exactly(one["availability"]) == percent(sums.availability)
            assert exactly(one["coverage"]) == percent(sums.coverage)
            assert (one["indications"], one["enough"]) == (sums.indications, sums.enough(found.floor))

    def test_a_report_holds_the_numbers_of_the_tables_at_every_level(self) -> None:
        self.same(CITY)
        for key in ("16.71.01", "16.71.01.1001", f"loket-{self.one.pk}", "16.71.02"):
            self.same(place_for(self.world.walikota, key))

    def test_a_decision_changes_the_api_as_it_changes_the_tables(self) -> None:
        before = self.report("16.71.01")["total"]
        self.decide(self.away, DecisionAct.EXCUSED, "apel")
        rollups.recount_marked(EVENING)
        after = self.report("16.71.01")["total"]
        assert (before["absences"], after["absences"], after["excused"]) == (1, 0, 1)
        assert after["excused_s"] == before["absent_s"] - after["absent_s"] > 0
        self.same(CITY)

    def test_too_little_data_is_reported_and_is_no_low_score(self) -> None:
        blind = self.report("16.71.02")["total"]
        assert (blind["availability"], blind["coverage"], blind["enough"]) == (None, 0, False)

    def test_parts_are_ranked_with_ties_and_those_of_too_little_data_apart(self) -> None:
        ReportRule.objects.create(coverage_floor=5)
        ranks = {one["name"]: one["rank"] for one in self.report("kota")["parts"]}
        assert ranks == {"Ilir Barat II": 1, "Seberang Ulu I": None}

    def test_bands_are_those_of_the_report(self) -> None:
        Band.objects.create(name="TL 2", kind="late", from_minute=31, to_minute=60, reference="Perwali 1/2026")
        (band,) = self.report("kota")["bands"]
        assert (band["name"], band["counter_days"], band["reference"]) == ("TL 2", 1, "Perwali 1/2026")

    def test_counters_and_days_add_up_to_the_report(self) -> None:
        rows = self.system.items("/harian", dari=str(MONDAY), sampai=str(FRIDAY), batas=2)
        assert len(rows) == DayTally.objects.filter(day__range=(MONDAY, FRIDAY)).count() > 4
        assert [row["day"] for row in rows] == sorted(row["day"] for row in rows)
        for name in ("duty_s", "staffed_s", "absent_s", "unknown_s", "absences"):
            assert sum(row[name] for row in rows) == self.report("kota")["total"][name]
        for row in rows:
            assert row["duty_s"] == sum(
                row[f"{part}_s"] for part in ("staffed", "grace", "absent", "excused", "unknown")
            )

    def test_days_are_narrowed_by_place_and_date_and_stay_in_scope(self) -> None:
        rows = self.system.items("/harian", kelurahan="16.71.01.1001", dari=str(TUESDAY), sampai=str(TUESDAY))
        assert [(row["counter"]["id"], row["late_openings"]) for row in rows if row["late_openings"]] == [
            (self.one.pk, 1)
        ]
        theirs = System(self.world, "Ulu", kecamatan=[self.world.kecamatan["16.71.02"]])
        assert {row["kecamatan"]["code"] for row in theirs.items("/harian")} == {"16.71.02"}
        assert theirs.items("/harian", kecamatan="16.71.01") == []

    def test_a_report_reaches_as_far_as_the_scope(self) -> None:
        ours = System(self.world, "Ilir", kecamatan=[self.world.kecamatan["16.71.01"]])
        office = System(self.world, "35 Ilir", kelurahan=[self.world.ilir35])
        places = ("kota", "16.71.01", "16.71.02", "16.71.01.1001", "16.71.01.1007", f"loket-{self.one.pk}")
        open_to = {
            self.system: [200, 200, 200, 200, 200, 200],
            ours: [404, 200, 404, 200, 200, 200],
            office: [404, 404, 404, 200, 404, 200],
        }
        for system, expected in open_to.items():
            assert [system.get(f"/laporan/{place}/2026-W47").status_code for place in places] == expected

    def test_a_period_that_is_none_is_refused_in_words(self) -> None:
        wrong = {
            "2026-13": "tidak terbaca",
            "2026-11-09..2026-11-03": "lebih awal",
            "2199": "belum dimulai",
            "2015-01-01..2026-01-01": "lima tahun",
            "0001-01-01..0001-01-02": "tidak terbaca",
            "november": "Bentuknya tidak dikenal.",
        }
        for period, words in wrong.items():
            answer = self.system.get(f"/laporan/kota/{period}")
            assert answer.status_code == 422
            assert words in answer.json()["faults"][0]["detail"], period

    def test_an_indication_of_the_drill_down_is_found_by_the_api(self) -> None:
        counted = tables.counted_indications(OrgUnit(Level.CITY), WEEK)
        answer = self.system.items("/indikasi", dari=str(MONDAY), sampai=str(FRIDAY))
        assert (
            {one["id"] for one in answer} == set(counted.values_list("pk", flat=True)) == {self.away.pk, self.late.pk}
        )
