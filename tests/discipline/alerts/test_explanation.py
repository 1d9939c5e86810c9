"""The explanation of an indication in words that the lurah, the camat and the mayor understand."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.test import SimpleTestCase
from django.utils.translation import override

from discipline.alerts.case import explanation
from discipline.alerts.models import Alert
from discipline.core.wording import exact_length
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import StaffingRule
from discipline.staffing.rule import State
from discipline.staffing.tally import tally_day
from offices.hours.models import Closure, HolidayOverride, HoursPlan
from offices.places.models import Counter
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.pixels.occupancy import Look
from tests.support.base import OfficeTestCase
from tests.support.clock import wib
from tests.support.exhibits import show
from tests.support.proof import Form, Kind, store_still
from tests.support.story import RecordedDay, absence_of_eighteen_minutes


def picture() -> np.ndarray:
    return np.full((36, 64, 3), 128, np.uint8)


def explained(alert: Alert, clock: str = "17:00") -> explanation.Explanation:
    return explanation.explain(alert, wib(clock))


class Lengths(SimpleTestCase):
    def test_a_number_of_the_rule_is_exact_to_the_second(self) -> None:
        lengths = {0: "0 detik", 20: "20 detik", 60: "1 menit", 90: "1 menit 30 detik", 600: "10 menit", 7200: "2 jam"}
        assert {seconds: exact_length(seconds) for seconds in lengths} == lengths


class Explaining(OfficeTestCase):
    loket: Counter
    alert: Alert

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        StaffingRule.objects.create(valid_from=date(2026, 1, 1))
        cls.loket = cls.world.counter(cls.world.ilir35)
        cls.alert = absence_of_eighteen_minutes(cls.loket)

    def test_one_sentence_says_it_all(self) -> None:
        assert explained(self.alert).headline == (
            "Loket 1, Kelurahan 35 Ilir, kosong 18 menit: sejak 09.42.05 sampai 10.00.10 WIB, Senin 23 November 2026."
        )
        with override("en"):
            assert "from 09:42:05 to 10:00:10 WIB, Monday 23 November 2026" in explained(self.alert).headline

    def test_the_rule_is_shown_with_its_numbers_and_source(self) -> None:
        result = explained(self.alert)
        assert (
            result.rule[0]
            == "Loket dinyatakan kosong setelah 10 menit tanpa petugas. Batasnya jatuh pada 09.52.05 WIB."
        )
        assert "Sedikitnya 3 pengamatan berturut-turut" in result.rule[1]
        assert result.rule_source == "Aturan: Seluruh kota, berlaku sejak 1 Januari 2026."

    def test_the_closest_rule_is_the_one_that_is_shown(self) -> None:
        StaffingRule.objects.create(counter=self.loket, absence_grace_s=900, valid_to=date(2026, 12, 31))
        result = explained(self.alert)
        assert "setelah 15 menit" in result.rule[0]
        assert result.rule_source == "Aturan: Loket 1, 35 Ilir, berlaku sampai 31 Desember 2026."
        assert not result.recheck.same
        assert result.rechecked.startswith("Dihitung ulang dari pengamatan tersimpan: hasilnya berbeda.")

    def test_without_a_stored_rule_the_built_in_one_is_named(self) -> None:
        StaffingRule.objects.all().delete()
        assert explained(self.alert).rule_source.startswith("Aturan bawaan")

    def test_the_hours_are_shown_with_the_break_and_their_source(self) -> None:
        HoursPlan.objects.update(source="Perpres 21/2023", valid_from=date(2026, 1, 1))
        assert explained(self.alert).hours == (
            "Jam layanan Senin 23 November 2026: 07.30–12.00, 13.00–16.00 WIB.",
            "Jeda 12.00–13.00 WIB tidak dihitung.",
            "Dasar jam layanan: Jam layanan (Perpres 21/2023); Seluruh kota, berlaku sejak 1 Januari 2026.",
        )

    def test_what_shaped_the_day_is_named(self) -> None:
        HolidayOverride.objects.create(
            day=date(2026, 11, 23), open=True, name="Layanan tetap buka", source="SE 12/2026"
        )
        Closure.objects.create(starts_at=wib("08:00"), ends_at=wib("08:30"), reason="Apel pagi")
        Closure.objects.create(starts_at=wib("08:00", 24), ends_at=wib("08:30", 24), reason="Besok")
        hours = explained(self.alert).hours
        assert "Hari khusus: Layanan tetap buka (SE 12/2026) (kantor buka)." in hours
        assert "Penutupan yang disetujui: Apel pagi, 08.00–08.30 WIB." in hours
        assert not any("Besok" in sentence for sentence in hours)

    def test_a_day_that_was_made_a_holiday_afterwards_says_so(self) -> None:
        HolidayOverride.objects.create(day=date(2026, 11, 23), open=False, name="Cuti bersama daerah")
        result = explained(self.alert)
        assert result.hours[:2] == (
            "Menurut data sekarang tidak ada jam layanan pada Senin 23 November 2026.",
            "Hari khusus: Cuti bersama daerah (kantor tutup).",
        )
        assert result.rechecked.startswith("Tidak dapat dihitung ulang")

    def test_the_state_of_the_camera_is_shown(self) -> None:
        assert explained(self.alert).seen == (
            "Selama itu kamera mengamati loket 217 kali, rata-rata tiap 5 detik.",
            "Tidak ada jeda 1 menit atau lebih.",
            "Sepanjang jam layanan hari itu kamera selalu dapat menilai.",
        )

    def test_the_flips_begin_with_what_the_counter_was_before(self) -> None:
        flips = explained(self.alert).flips
        assert [(flip.old, flip.new) for flip in flips] == [
            ("closed", "staffed"),
            ("staffed", "grace"),
            ("grace", "absent"),
            ("absent", "staffed"),
        ]

    def test_it_comes_out_the_same_again(self) -> None:
        result = explained(self.alert)
        assert result.recheck.same
        assert result.rechecked == "Dihitung ulang dari 451 pengamatan tersimpan hari itu: hasilnya sama."


class Pictures(OfficeTestCase):
    def setUp(self) -> None:
        self.loket = self.world.counter(self.world.ilir35)
        self.alert = absence_of_eighteen_minutes(self.loket)

    def still(self, kind: Evidence.Kind, clock: str = "17:00") -> explanation.EvidenceItem:
        return next(piece for piece in explained(self.alert, clock).stills if piece.kind == kind)

    def test_the_four_moments_have_a_place_also_without_a_picture(self) -> None:
        result = explained(self.alert)
        assert [piece.kind for piece in result.stills] == [*explanation.MOMENTS]
        assert {piece.state for piece in result.stills} == {"missing"}
        assert not result.recorded
        assert not result.unfinished

    def test_what_was_just_raised_is_still_being_recorded(self) -> None:
        result = explained(self.alert, "09:55")
        assert {piece.state for piece in result.stills} == {"preparing"}
        assert result.unfinished

    def test_an_original_whose_faces_are_not_yet_blurred_is_being_prepared(self) -> None:
        self.alert.evidence.add(store_still(self.loket, Kind.DEADLINE, at=wib("09:52:05")))
        piece = self.still(Kind.DEADLINE)
        assert (piece.state, piece.at, piece.shown) == ("preparing", wib("09:52:05"), ())

    def test_what_may_be_shown_is_found_through_the_original(self) -> None:
        show(self.alert, Kind.DEADLINE, wib("09:52:05"), picture())
        piece = self.still(Kind.DEADLINE)
        assert piece.state == "ready"
        assert [row.form for row in piece.shown] == [Form.DRAWN, Form.PLAIN]
        assert [shot.at for shot, _ in explained(self.alert).shots] == [wib("09:52:05")]

    def test_what_was_destroyed_says_when_and_why(self) -> None:
        original = show(self.alert, Kind.DEADLINE, wib("09:52:05"), picture())
        gone = datetime(2026, 12, 23, tzinfo=UTC)
        for row in (original, *original.derived.all()):
            store.note_destroyed(row, "retention", gone)
        piece = self.still(Kind.DEADLINE)
        assert (piece.state, piece.shown) == ("destroyed", ())
        assert piece.note is not None
        assert (piece.note.at, piece.note.facts) == (gone, {"why": "retention"})

    def test_an_original_destroyed_alone_leaves_what_may_be_shown(self) -> None:
        store.note_destroyed(show(self.alert, Kind.DEADLINE, wib("09:52:05"), picture()), "retention", wib("17:00"))
        assert self.still(Kind.DEADLINE).state == "ready"

    def test_an_early_leave_shows_the_pictures_of_the_absence_before_it(self) -> None:
        day = RecordedDay(self.loket)
        day.sees(Look.STAFFED, "10:05", "15:30")
        day.sees(Look.EMPTY, "15:30", "16:00:10")
        leave = Alert.objects.get(kind="early_leave")
        absence = Alert.objects.get(superseded_by=leave)
        show(absence, Kind.LAST_STAFFED, wib("15:29:55"), picture())
        show(absence, Kind.DEADLINE, wib("15:40"), picture())
        show(leave, Kind.DEADLINE, wib("15:59:55"), picture())
        found = {piece.kind: piece.at for piece in explained(leave).stills if piece.at}
        assert found == {Kind.LAST_STAFFED: wib("15:29:55"), Kind.DEADLINE: wib("15:59:55")}
        assert explained(leave).headline.startswith("Loket 1, Kelurahan 35 Ilir, kosong 30 menit sampai tutup")

    def test_the_end_of_an_interruption_is_not_taken_for_the_end(self) -> None:
        day = RecordedDay(self.loket)
        day.sees(Look.STAFFED, "10:05", "14:00")
        day.sees(Look.EMPTY, "14:00", "14:20")
        day.sees(Look.BLIND, "14:20", "14:20:10", "dark")
        day.sees(Look.EMPTY, "14:20:10", "14:40")
        alert = Alert.objects.get(since=wib("14:00"))
        show(alert, Kind.END, wib("14:20"), picture())
        assert explained(alert, "14:40").stills[-1].state == "ahead"
        day.sees(Look.STAFFED, "14:40", "14:41")
        alert.refresh_from_db()
        ends = [piece for piece in explained(alert).stills if piece.kind == Kind.END]
        assert [(piece.state, piece.at) for piece in ends] == [("missing", None)]
        show(alert, Kind.END, wib("14:40"), picture())
        ends = [piece for piece in explained(alert).stills if piece.kind == Kind.END]
        assert [(piece.state, piece.at) for piece in ends] == [("ready", wib("14:40"))]

    def test_of_very_many_pictures_the_film_shows_some_and_the_page_all(self) -> None:
        for minute in range(43, 60):
            show(self.alert, Kind.DURING, wib(f"09:{minute}"), picture())
        show(self.alert, Kind.END, wib("10:00:10"), picture())
        result = explained(self.alert)
        assert (len(result.shots), len(result.pictures)) == (12, 18)
        assert result.shots[-1][1].kind == Kind.END


class LiveOnes(OfficeTestCase):
    def setUp(self) -> None:
        StaffingRule.objects.create()
        self.day = RecordedDay(self.world.counter(self.world.ilir35))
        self.day.sees(Look.STAFFED, "07:29", "09:00")

    def test_an_absence_that_goes_on_counts_on(self) -> None:
        self.day.sees(Look.EMPTY, "09:00", "09:12")
        result = explained(Alert.objects.get(), "09:12:02")
        assert result.headline == (
            "Loket 1, Kelurahan 35 Ilir, masih kosong, sudah 12 menit: sejak 09.00.00 WIB, Senin 23 November 2026."
        )
        assert (result.ending, result.live, result.stills[-1].state) == ("", True, "ahead")
        assert result.recheck.same

    def test_an_absence_cut_off_by_its_camera_says_so(self) -> None:
        self.day.sees(Look.EMPTY, "09:00", "09:12")
        self.day.sees(Look.BLIND, "09:12", "09:13", "offline")
        result = explained(Alert.objects.get(), "09:13:30")
        assert result.ending == "Berakhir karena kamera tidak lagi dapat menilai. Sesudahnya tidak ada yang dihitung."
        assert result.seen[-2:] == (
            "Selama itu kamera selalu dapat menilai.",
            "Sepanjang jam layanan hari itu kamera tidak dapat menilai selama 1 menit 30 detik.",
        )

    def test_a_picture_that_went_stale_is_unknown_in_words_numbers_and_drawing(self) -> None:
        self.day.sees(Look.EMPTY, "09:00", "09:29:05")
        self.day.sweep("09:30:01")
        stale = explained(self.day.counter.alerts.get(kind=AlertKind.ABSENCE), "09:30:01")
        assert stale.ending.startswith("Berakhir karena kamera tidak lagi dapat menilai.")
        assert not any("selalu dapat menilai" in text for text in stale.seen if text.startswith("Sepanjang"))
        self.day.sees(Look.EMPTY, "09:30:02", "10:00")
        self.day.sees(Look.STAFFED, "10:00", "10:05")
        result = explained(self.day.counter.alerts.get(kind=AlertKind.ABSENCE), "10:05")
        assert result.seen == (
            "Selama itu kamera mengamati loket 709 kali, rata-rata tiap 5 detik.",
            "Tanpa pengamatan 09.29.00–09.30.02 WIB (1 menit 2 detik).",
            "Selama itu kamera tidak dapat menilai selama 2 detik; waktu itu tidak dihitung kosong.",
            "Sepanjang jam layanan hari itu kamera tidak dapat menilai selama 2 detik.",
        )
        assert (result.visibility.inside_s, result.visibility.blind_s, result.alert.unknown_s) == (2, 2, 2)
        bands = [(band.kind, band.reason, band.start, band.end) for band in result.film.seen]
        assert bands[1:4] == [
            ("empty", "", wib("09:00"), wib("09:30")),
            ("blind", "stale", wib("09:30"), wib("09:30:02")),
            ("empty", "", wib("09:30:02"), wib("10:00")),
        ]
        assert "kosong 59 menit" in result.headline
        assert result.rule[-1] == (
            "Kekosongan yang terputus kurang dari 10 menit karena kamera, tanpa petugas terlihat, tetap satu indikasi."
        )
        assert result.recheck.same

    def test_the_unknown_time_of_the_page_is_that_of_the_report(self) -> None:
        self.day.sees(Look.EMPTY, "09:00", "09:20")
        self.day.sees(Look.BLIND, "09:20", "09:22", "dark")
        self.day.sees(Look.EMPTY, "09:22", "09:40")
        self.day.sees(Look.STAFFED, "09:42", "16:01")
        self.day.sweep("17:00")
        result = explained(self.day.counter.alerts.get(kind=AlertKind.ABSENCE))
        flips = [flip.as_rule_flip() for flip in result.case.flips]
        day = tally_day(flips, result.case.duty, wib("07:30"), wib("16:00"), State.CLOSED)
        assert result.visibility.blind_s == day.unknown_s
        assert result.visibility.inside_s == result.alert.unknown_s == 120
        assert result.case.end - result.alert.since == timedelta(minutes=40, seconds=55)
        assert day.absent_s == result.alert.lasting_s(wib("17:00"))

    def test_a_camera_fault_accuses_nobody_and_advises_the_operator(self) -> None:
        self.day.sees(Look.BLIND, "09:00", "09:10", "covered")
        self.day.sweep("09:09")
        result = explained(self.day.counter.alerts.get(kind=AlertKind.CAMERA_FAULT), "09:10")
        assert not result.accuses
        assert result.stills == ()
        assert result.advice == "Periksa apakah ada yang menutupi lensa."
        assert result.headline.startswith("Kamera Loket 1, Kelurahan 35 Ilir tidak dapat menilai, sudah 10 menit")
        assert "Tidak ada loket yang dinyatakan kosong" in result.nature
        assert result.recheck.same

    def test_a_covered_camera_is_a_note_of_its_own_and_comes_out_the_same_again(self) -> None:
        self.day.sees(Look.BLIND, "09:00", "09:10", "covered")
        self.day.sweep("09:09")
        result = explained(self.day.counter.alerts.get(kind=AlertKind.BLINDED), "09:10")
        assert not result.accuses
        assert result.headline.startswith("Kamera Loket 1, Kelurahan 35 Ilir tertutup atau bergeser, sudah 10 menit")
        assert result.recheck.same
