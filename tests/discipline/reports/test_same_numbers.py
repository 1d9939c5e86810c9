"""One report as page, XLSX, CSV, PDF and by the API: the same numbers everywhere, to the tenth."""

import csv
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook
from pypdf import PdfReader

from discipline.alerts.decisions.rule import DecisionAct
from discipline.reports.files import pdf as report_pdf
from discipline.reports.files import table_files, workbook
from discipline.reports.files.file_job import FileJob
from discipline.reports.numbers import numerals, tables
from discipline.reports.numbers.figures import Sums, minutes, percent
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.places import Level, OrgUnit, place_for
from offices.hours.schedule import ZONE
from tests.support.api_clients import System
from tests.support.attendance import MONDAY, staffed
from tests.support.reported_week import CITY, EVENING, TUESDAY, WEEK, ReportedWeekCase

PLACES = ("kota", "16.71.01", "16.71.02", "16.71.01.1001")
TITLES = {Level.KECAMATAN: "Kecamatan", Level.KELURAHAN: "Kelurahan", Level.COUNTER: "Loket"}
NUMBER = r"(–|tidak cukup data|[\d.]+(?:,\d+)?(?: %)?)"


@dataclass(frozen=True)
class Shown:
    """The percentages and minutes that each form shows for a place, as written there; None for too little data."""

    availability: Decimal | None
    coverage: Decimal | None
    absent_min: Decimal
    indications: int


Table = dict[str, Shown]


def shown(sums: Sums, floor: int) -> Shown:
    known = percent(sums.availability) if sums.enough(floor) else None
    return Shown(known, percent(sums.coverage), minutes(sums.absent_s), sums.indications)


def read(text: str) -> Decimal | None:
    """Parse a number as written in Indonesian: 1.234,5 or 97,2 %."""
    bare = text.removesuffix(" %").replace(".", "").replace(",", ".")
    return None if bare in ("–", "tidak cukup data", "Tidak cukup data") else Decimal(bare)


def read_shown(availability: str, coverage: str, absent: str, indications: str) -> Shown:
    return Shown(read(availability), read(coverage), read(absent) or Decimal(0), int(read(indications) or 0))


class SameNumbers(ReportedWeekCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        staffed(cls.world.counter(cls.world.ilir35, 2), TUESDAY, away=("10:00", "10:31"))
        # Seconds whose percentages end in half a tenth, so that different rounding would be noticed.
        rows = DayTally.objects.filter(counter=cls.one, day=MONDAY)
        rows.update(absent_s=F("absent_s") + 3, staffed_s=F("staffed_s") - 3, longest_s=F("longest_s") + 3)
        DayTally.objects.filter(counter=cls.two, day=MONDAY).update(staffed_s=F("staffed_s") - 57, absent_s=57)

    def setUp(self) -> None:
        self.places = [place_for(self.world.walikota, key) for key in PLACES]

    def expected(self, place: OrgUnit) -> Table:
        report = tables.build_report(place, WEEK)
        parts = {line.name: shown(line.sums, report.floor) for line in report.lines}
        return parts | {"": shown(report.total, report.floor)}

    def xlsx(self, place: OrgUnit) -> Any:
        file = BytesIO()
        workbook.write_file(FileJob(0, place, WEEK, "", EVENING), file)
        return load_workbook(BytesIO(file.getvalue()))

    def csv(self, place: OrgUnit, table: str) -> list[dict[str, str]]:
        file = StringIO(newline="")
        table_files.write_csv(tables.build_report(place, WEEK), table, file, EVENING)
        return list(csv.DictReader(StringIO(file.getvalue())))

    def test_the_page(self) -> None:
        self.client.force_login(self.world.walikota)
        for place in self.places:
            page = self.client.get(reverse("report", args=[place.key, WEEK.key])).content.decode()
            found: Table = {}
            for row in re.findall(r"<tr data-part=.*?</tr>", page, re.DOTALL):
                cells = [in_words(cell) for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)]
                available = cells[2].partition(" cakupan ")[0]
                absent, in_hours = exact_minutes(row)
                assert cells[-2] in (in_hours, "0"), row
                found[cells[1]] = read_shown(available, cells[3], absent, cells[-1])
            total = {name: in_words(text) for name, text in re.findall(r'data-number="(\w+)">([^<]*)<', page)}
            absent = (re.findall(r'title="([^"]*) menit" data-number="absent_s"', page) or ["0"])[0]
            found[""] = read_shown(total.get("availability", "–"), total["coverage"], absent, total["indications"])
            assert found == self.expected(place), place.key

    def test_the_xlsx(self) -> None:
        for place in self.places:
            book = self.xlsx(place)
            found = {}
            for row in dicts(book[TITLES[place.parts]]):
                found[row[TITLES[place.parts]]] = self.of_sheet(row)
            total = {row[0]: row[1] for row in book["Ringkasan"].values if row[0]}
            found[""] = self.of_sheet(total)
            assert found == self.expected(place), place.key

    def of_sheet(self, row: dict[str, Any]) -> Shown:
        percents = [row["Ketersediaan"], row["Cakupan"]]
        known = [None if one is None else Decimal(str(one)) * 100 for one in percents]
        absent, indications = row["Kosong (menit)"], row["Indikasi"]
        assert isinstance(absent, int | float)
        assert isinstance(indications, int)
        return Shown(known[0], known[1], Decimal(str(absent)), indications)

    def test_the_csv(self) -> None:
        for place in self.places:
            found = {row["name"]: self.of_csv(row) for row in self.csv(place, place.parts)}
            expected = self.expected(place)
            del expected[""]  # a CSV has no row of totals
            assert found == expected, place.key

    def of_csv(self, row: dict[str, str]) -> Shown:
        known = [Decimal(row[key]) if row[key] else None for key in ("availability_percent", "coverage_percent")]
        return Shown(known[0], known[1], Decimal(row["absent_min"]), int(row["indications"]))

    def test_the_pdf(self) -> None:
        for place in self.places:
            with override("id"):
                data = report_pdf.pdf(tables.build_report(place, WEEK), now=EVENING)
            text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages)
            first_table = text.partition(f"Per {place.parts}")[2]
            found = {}
            expected = self.expected(place)
            for name in expected:
                row = re.search(rf"{re.escape(name or 'Seluruhnya')} {' '.join([NUMBER] * 4)}", first_table)
                if row:
                    availability, coverage, indications, absent = row.groups()
                    found[name] = read_shown(availability, coverage, absent, indications)
            assert found == expected, place.key

    def test_the_api(self) -> None:
        system = System(self.world, city=True)
        for place in self.places:
            answer = system.get(f"/laporan/{place.key}/{WEEK.key}").json()
            found = {one["name"]: self.of_api(one) for one in answer["parts"]} | {"": self.of_api(answer["total"])}
            assert found == self.expected(place), place.key

    def of_api(self, one: dict[str, Any]) -> Shown:
        known = [None if one[key] is None else Decimal(str(one[key])) for key in ("availability", "coverage")]
        available = known[0] if one["enough"] else None
        return Shown(available, known[1], minutes(one["absent_s"]), one["indications"])

    def test_a_counters_days_are_the_same_in_sheet_csv_and_rows(self) -> None:
        sheet, lines = list(dicts(self.xlsx(CITY)["Hari"])), self.csv(CITY, "hari")
        rows = DayTally.objects.select_related("counter__kelurahan")
        expected = {
            (row.day, row.counter.office.name, row.counter.name): (minutes(row.staffed_s), minutes(row.absent_s))
            for row in rows
        }
        assert {
            (row["Tanggal"].date(), row["Kelurahan"], row["Loket"]): (
                Decimal(str(row["Ada petugas (menit)"])),
                Decimal(str(row["Kosong (menit)"])),
            )
            for row in sheet
        } == expected
        assert {
            (date.fromisoformat(row["day"]), row["kelurahan"], row["counter"]): (
                Decimal(row["staffed_min"]),
                Decimal(row["absent_min"]),
            )
            for row in lines
        } == expected

    def test_indications_are_as_many_as_the_numbers_say_with_their_moments(self) -> None:
        self.decide(self.away, DecisionAct.EXCUSED, "apel")
        total = tables.total_sums(CITY, WEEK)
        sheet, lines = list(dicts(self.xlsx(CITY)["Indikasi"])), self.csv(CITY, "indikasi")
        assert len(sheet) == len(lines) == tables.counted_indications(CITY, WEEK).count() == total.indications + 1
        by_number = {int(row["number"]): row for row in lines}
        for row in sheet:
            line = by_number[row["Nomor"]]
            since = datetime.fromisoformat(line["since"])
            assert since.utcoffset() == ZONE.utcoffset(since)
            assert (row["Sejak (WIB)"], row["Tanggal"].date()) == (since.replace(tzinfo=None), since.date())
            assert Decimal(str(row["Lama (menit)"])) == Decimal(line["minutes"])
        away = by_number[self.away.pk]
        assert (away["minutes"], away["decision"], away["kind"]) == ("18.0", "excused", "absence")


def dicts(sheet: Any) -> Any:
    """Return the rows below the headers; assert that these are frozen and that the filter covers all rows."""
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    heads, *rows = sheet.values
    return [dict(zip(heads, row, strict=True)) for row in rows]


def exact_minutes(html: str) -> tuple[str, str]:
    """Return the minutes that a cell has as its title, and the length that people read there."""
    (exact,) = re.findall(r'title="([^"]*) menit"', html)
    return exact, numerals.hours(int((read(exact) or Decimal(0)) * 60))


def in_words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
