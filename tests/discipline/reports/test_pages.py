"""Reports as pages: their texts, where their numbers link to, and how they refuse."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format

from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.reports.numbers import numerals, rollups, tables
from discipline.reports.numbers.figures import percent
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import Period, PeriodKind, parse_period, period_of
from discipline.reports.numbers.places import place_for
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.staffing.models import StandingState
from discipline.staffing.recount import request_recount
from offices.hours.models import HolidayOverride, HoursPlan
from offices.hours.schedule import ZONE, local_day
from offices.places.models import Kelurahan
from tests.support.attendance import flip
from tests.support.past_week import PastWeekCase
from tests.support.reading import Page

CAMATS = "16.71.01"  # Budi's
NUMBER = re.compile(r"[\d.]+")
MOST_QUERIES = 30  # of the city's page of a week


class Pages(PastWeekCase):
    def open(self, who: str, place: str, period: str, query: str = "") -> Page:
        self.client.force_login(getattr(self.world, who))
        return Page(self.client.get(reverse("report", args=[place, period]) + query))

    def asked(self, who: str, **asked: str) -> Any:
        self.client.force_login(getattr(self.world, who))
        return self.client.get(reverse("reports"), asked)

    def decide(self, alert: Alert, act: DecisionAct, reason: str) -> None:
        decisions.record_decision(
            alert, self.world.budi, decisions.DecisionStatement(act, None, reason, "Apel"), self.past.evening
        )
        rollups.recount_marked(self.past.evening)


class WhereItBegins(Pages):
    def test_on_monday_morning_a_camat_is_led_to_last_week_of_the_own_kecamatan(self) -> None:
        for who, place in (("budi", CAMATS), ("walikota", "kota"), ("dewi", "16.71.01.1001")):
            assert self.asked(who).headers["Location"] == f"/laporan/{place}/{self.past.week.key}/"

    def test_the_picker_opens_the_period_that_holds_the_day(self) -> None:
        day = f"{self.past.tuesday}"
        for kind in (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR):
            key = period_of(kind, self.past.tuesday).key
            answer = self.asked("budi", tempat=CAMATS, jenis=kind.value, tanggal=day)
            assert answer.headers["Location"] == f"/laporan/{CAMATS}/{key}/"
        answer = self.asked("budi", jenis="rentang", tanggal=f"{self.past.monday}", sampai=day)
        assert answer.headers["Location"] == f"/laporan/{CAMATS}/{self.past.monday}..{day}/"

    def test_only_places_in_scope_are_linked_above(self) -> None:
        office = "16.71.01.1001"
        seen = {who: self.crumbs(who, office) for who in ("walikota", "budi", "dewi")}
        assert seen == {"walikota": ["kota", CAMATS], "budi": [CAMATS], "dewi": []}

    def crumbs(self, who: str, place: str) -> list[str]:
        links = {link.attributes["href"] for link in self.open(who, place, self.past.week.key).links}
        return [key for key in ("kota", CAMATS) if f"/laporan/{key}/{self.past.week.key}/" in links]


class Numbers(Pages):
    def test_the_page_shows_what_the_tables_say(self) -> None:
        key = self.past.week.key
        for place, day in (("kota", f"{self.past.monday}"), (CAMATS, f"{self.past.monday}"), (CAMATS, key)):
            period = parse_period(day, local_day(timezone.now()))
            report = tables.build_report(place_for(self.world.walikota, place), period)
            shown = self.open("walikota", place, day).numbers
            total = report.total
            if total.enough(report.floor):
                assert shown["availability"] == shown_share(percent(total.availability))
            else:
                assert "availability" not in shown
            assert shown["coverage"] == shown_share(percent(total.coverage))
            assert shown["indications"] == str(total.indications)
            for name in ("staffed_s", "absent_s", "unknown_s"):
                assert shown.get(name, "0 menit") == numerals.hours(getattr(total, name))
            kinds = {kind.value: total.counts[kind.row.column] for kind in ACCUSATIONS}
            for kind in [kind for kind, number in kinds.items() if number]:
                assert shown[kind] == str(kinds[kind])

    def test_every_number_leads_to_as_many_indications(self) -> None:
        self.decide(self.past.away, DecisionAct.EXCUSED, "apel")
        fields = {"at": self.past.evening, "by": self.world.dewi, "role": "lurah", "what": DecisionAct.EXPLAINED}
        Decision.objects.create(alert=self.past.late, reason="sakit", text="Sakit", **fields)
        followed: set[str] = set()
        month = f"{self.past.monday}..{self.past.monday + timedelta(20)}"  # long enough for a calendar
        own = f"loket-{self.past.one.pk}"
        for place, period in (("kota", month), (CAMATS, f"{self.past.tuesday}"), (own, self.past.week.key)):
            for link in self.open("walikota", place, period).links:
                number, address = NUMBER.match(link.text), link.attributes["href"]
                if (
                    "/indikasi/?" not in address
                    or number is None
                    or "urut=" in address
                    or "aria-label" in link.attributes
                ):
                    continue
                listed = Page(self.client.get(address)).numbers["listed"]
                assert number.group() == NUMBER.match(listed).group(), (address, link.text, listed)  # type: ignore[union-attr]
                followed |= set(re.findall(r"[?&](\w+)=", address))
        assert followed == {"hasil", "jenis", "hari", "alasan", "pita"}

    def test_what_nobody_explained_leads_to_its_list(self) -> None:
        page = self.open("budi", CAMATS, self.past.week.key)
        assert page.numbers["waiting"].startswith("2 ")
        listed = Page(self.client.get(f"/laporan/{CAMATS}/{self.past.week.key}/indikasi/?hasil=belum"))
        assert listed.numbers["listed"] == "2 indikasi"

    def test_an_hour_of_the_heat_map_opens_what_went_on_in_it(self) -> None:
        address = reverse("report-indications", args=[CAMATS, self.past.week.key])
        self.client.force_login(self.world.budi)
        found = {
            (weekday, hour): Page(self.client.get(f"{address}?pekan={weekday}&jam={hour}")).numbers["listed"][0]
            for weekday, hour in ((1, 9), (1, 10), (1, 11), (2, 7), (2, 8), (2, 9))
        }
        assert found == {(1, 9): "0", (1, 10): "1", (1, 11): "0", (2, 7): "1", (2, 8): "1", (2, 9): "0"}

    def test_the_longest_comes_first_where_the_longest_was_asked_for(self) -> None:
        address = reverse("report-indications", args=["kota", self.past.week.key])
        self.client.force_login(self.world.walikota)
        links = Page(self.client.get(f"{address}?urut=terlama")).links
        shown = [link.attributes["href"] for link in links if link.attributes["href"].startswith("/indikasi/")]
        assert shown[1:] == [f"/indikasi/{self.past.late.pk}/", f"/indikasi/{self.past.away.pk}/"]

    def test_nonsense_in_the_address_of_a_list_is_ignored(self) -> None:
        address = reverse("report-indications", args=["kota", self.past.week.key])
        self.client.force_login(self.world.walikota)
        for query in (
            "jenis=x&hasil=y",
            "hari=kemarin",
            "loket=٣",
            "pita=99999",
            "pekan=9&jam=99",
            "hal=x",
        ):
            assert Page(self.client.get(f"{address}?{query}")).numbers["listed"] == "2 indikasi"

    def test_more_queries_are_not_asked_for_more_offices(self) -> None:
        self.client.force_login(self.world.walikota)
        address = reverse("report", args=["kota", self.past.week.key])
        with CaptureQueriesContext(connection) as asked:
            self.client.get(address)
        assert len(asked) <= MOST_QUERIES
        for n in range(20):
            Kelurahan.objects.create(
                code=f"16.71.02.2{n:03}",
                kecamatan=self.world.kecamatan["16.71.02"],
                name=f"Kampung {n}",
                latitude=-3,
                longitude=104.7,
            ).counters.create(name="Loket 1")
        with self.assertNumQueries(len(asked)):
            self.client.get(address)


def shown_share(value: Any) -> str:
    return f"{number_format(value, 1)} %"


class Ranking(Pages):
    def ranks(self, place: str, query: str = "") -> list[tuple[str, str]]:
        page = self.open("walikota", place, f"{self.past.monday}", query)
        return [(row.text.split()[0], row.attributes["data-part"]) for row in page.rows("part")]

    def test_equals_share_a_place_and_what_is_unknown_has_none(self) -> None:
        past = self.past
        found = self.ranks(CAMATS, "?tingkat=loket")
        assert [rank for rank, _ in found] == ["1", "1", "3", "–"]
        assert {key for _, key in found[:2]} == {f"loket-{past.two.pk}", f"loket-{past.twin.pk}"}
        assert found[2][1] == f"loket-{past.one.pk}"

    def test_a_blind_office_stands_apart_and_is_not_the_last(self) -> None:
        page = self.open("walikota", "kota", f"{self.past.monday}", "?tingkat=kelurahan")
        assert [row.text.split()[0] for row in page.rows("part")] == ["1", "2", "–", "–"]
        assert "Tidak cukup data (2): cakupan di bawah 60 %, tanpa peringkat" in page.text

    def test_a_column_sorts_without_mixing_the_two(self) -> None:
        by_trouble = self.ranks("kota", "?tingkat=kelurahan&urut=indikasi")
        assert [rank for rank, _ in by_trouble] == ["2", "1", "–", "–"]
        assert self.ranks("kota", "?tingkat=rt&urut=warna") == self.ranks("kota")

    def test_each_header_says_how_it_sorts_and_turns_round(self) -> None:
        def heads(query: str) -> list[tuple[str, str]]:
            page = self.open("walikota", CAMATS, f"{self.past.monday}", f"?tingkat=loket{query}")
            links = [link.attributes["href"] for link in page.links if "arah=" in link.attributes["href"]]
            sorts = [element.attributes["aria-sort"] for element in page.elements if "aria-sort" in element.attributes]
            assert len(sorts) == 1
            return [(sorts[0], link) for link in links if "#parts-title" in link and "urut=ketersediaan" in link]

        ours = "?tingkat=loket&urut=ketersediaan&arah={}#parts-title"
        worst_first = ["3", "1", "1", "–"]
        for query, sort, following, ranks in (
            ("", "ascending", "naik", ["1", "1", "3", "–"]),
            ("&urut=ketersediaan", "ascending", "turun", worst_first),
            ("&urut=ketersediaan&arah=turun", "descending", "naik", ["1", "1", "3", "–"]),
            ("&urut=peringkat&arah=turun", "descending", "naik", worst_first),
        ):
            assert heads(query)[-1] == (sort, ours.format(following)), query
            assert [rank for rank, _ in self.ranks(CAMATS, f"?tingkat=loket{query}")] == ranks, query

    def test_too_little_data_shows_no_percentage(self) -> None:
        page = self.open("citra", "16.71.02", f"{self.past.monday}")
        assert "availability" not in page.numbers
        assert "Tidak cukup data" in page.text


class Refusals(Pages):
    def test_a_range_that_makes_no_sense_is_refused_in_words_and_nothing_typed_is_lost(self) -> None:
        today = local_day(timezone.now())
        wrong = {
            "Tanggal akhir lebih awal": (f"{today}", f"{today - timedelta(3)}"),
            "Rentang itu belum dimulai": (f"{today + timedelta(3)}", f"{today + timedelta(9)}"),
            "lebih dari lima tahun": ("2015-01-01", f"{today}"),
            "Tanggalnya tidak terbaca": ("kemarin", ""),
        }
        for words, (first, last) in wrong.items():
            answer = self.asked("budi", tempat=CAMATS, jenis="rentang", tanggal=first, sampai=last)
            page = Page(answer)
            assert (page.status, words in page.text) == (400, True), words
            kept = {e.attributes.get("name"): e.attributes.get("value") for e in page.elements if e.tag == "input"}
            assert (kept["tanggal"], kept["sampai"], kept["tempat"]) == (first, last, CAMATS)
            if last:
                assert words in self.open("budi", CAMATS, f"{first}..{last}").text

    def test_an_address_that_cannot_be_read_is_refused_the_same_way(self) -> None:
        self.client.force_login(self.world.budi)
        for name in ("report", "report-indications"):
            answer = self.client.get(reverse(name, args=[CAMATS, "2026-13"]))
            assert (answer.status_code, "Pilih tanggal" in answer.content.decode()) == (400, True)
        assert self.asked("budi", jenis="abad", tanggal="2026-11-01").status_code == 400
        assert self.asked("budi", jenis="minggu", tanggal="9999-12-31").status_code == 400

    def test_another_kecamatan_is_not_there(self) -> None:
        assert self.open("citra", CAMATS, self.past.week.key).status == 404
        assert self.asked("citra", tempat=CAMATS, jenis="hari", tanggal="2020-01-01").status_code == 404


class States(Pages):
    def test_a_time_before_anybody_watched_says_so_and_leads_to_a_day_that_is_known(self) -> None:
        page = self.open("budi", CAMATS, "2019")
        assert "Tidak ada yang dihitung" in page.text
        newest = self.past.friday.isoformat()
        assert f"/laporan/{CAMATS}/{newest}/" in {link.attributes["href"] for link in page.links}

    def test_a_holiday_is_called_by_its_name(self) -> None:
        HoursPlan.objects.update(on_holidays=False)
        HolidayOverride.objects.create(day=self.past.friday, open=False, name="Hari Jadi Kota")
        rollups.rebuild_days(self.past.friday, self.past.friday, self.past.evening)
        page = self.open("budi", CAMATS, f"{self.past.friday}")
        assert "Tidak ada jam layanan: Hari Jadi Kota." in page.text

    def test_a_day_that_goes_on_says_until_when(self) -> None:
        now = timezone.now()
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"))
        opening = datetime.combine(local_day(now), datetime.min.time(), tzinfo=ZONE)
        flip(self.past.one, opening, StandingState.CLOSED, StandingState.STAFFED)
        rollups.rebuild_days(local_day(now), local_day(now), now)
        page = self.open("budi", CAMATS, f"{local_day(now)}")
        assert f"Masih berjalan: dihitung sampai {now.astimezone(ZONE):%H.%M} WIB hari ini." in page.text

    def test_while_days_are_counted_again_the_page_says_so_and_htmx_waits_for_it(self) -> None:
        address = reverse("report", args=[CAMATS, self.past.week.key])
        request_recount(self.past.monday, self.past.monday, [self.past.one.pk], "decision")
        page = self.open("budi", CAMATS, self.past.week.key)
        assert "Sedang dihitung ulang" in page.text
        assert address in {element.attributes.get("hx-get") for element in page.elements}
        htmx = {"HX-Request": "true"}
        assert self.client.get(address, headers=htmx).status_code == 204
        rollups.recount_marked(self.past.evening)
        assert self.client.get(address, headers=htmx).headers["HX-Refresh"] == "true"
        assert "Sedang dihitung ulang" not in self.open("budi", CAMATS, self.past.week.key).text

    def test_a_day_shows_each_counter_with_what_was_excused(self) -> None:
        self.decide(self.past.away, DecisionAct.EXCUSED, "apel")
        page = self.open("dewi", "16.71.01.1001", f"{self.past.monday}")
        strips = [element for element in page.elements if element.attributes.get("class") == "strip"]
        assert strips[0].attributes["aria-label"] == "Ada petugas 7 jam 12 menit, Kosong dengan izin 18 menit"
        assert "p-excused" in {element.attributes.get("class") for element in page.elements}

    def test_the_strips_of_a_day_are_the_minutes_of_its_rows(self) -> None:
        row = DayTally.objects.get(counter=self.past.one, day=self.past.tuesday)
        page = self.open("dewi", f"loket-{self.past.one.pk}", f"{self.past.tuesday}")
        strip = next(element for element in page.elements if element.attributes.get("class") == "strip")
        assert (row.absent_s, row.staffed_s) == (35 * 60, 7 * 3600 - 5 * 60)
        assert strip.attributes["aria-label"] == "Ada petugas 6 jam 55 menit, Kosong 35 menit"

    def test_a_counter_shows_its_days_one_by_one(self) -> None:
        page = self.open("dewi", f"loket-{self.past.one.pk}", self.past.week.key)
        strips = [element for element in page.elements if element.attributes.get("class") == "strip"]
        assert [strip.attributes["aria-label"] for strip in strips][:3] == [
            "Ada petugas 7 jam 12 menit, Kosong 18 menit",
            "Ada petugas 6 jam 55 menit, Kosong 35 menit",
            "Ada petugas 7 jam 30 menit",
        ]

    def test_a_month_has_a_calendar_with_its_holidays(self) -> None:
        HolidayOverride.objects.create(day=self.past.friday, open=False, name="Hari Jadi Kota")
        month: Period = period_of(PeriodKind.MONTH, self.past.friday)
        page = self.open("budi", CAMATS, month.key)
        assert "Hari Jadi Kota" in page.text
        assert f"/laporan/{CAMATS}/{self.past.monday}/" in {link.attributes["href"] for link in page.links}

    def test_it_reads_well_in_english(self) -> None:
        self.client.force_login(self.world.budi)
        self.client.post(reverse("set_language"), {"language": "en"})
        text = Page(self.client.get(reverse("report", args=[CAMATS, f"{self.past.monday}"]))).text
        for words in ("Availability", "coverage", "By kelurahan", "Camera health", "Reasons given"):
            assert words in text
