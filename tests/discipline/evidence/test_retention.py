"""How long evidence is kept: what is destroyed, what is on hold, and what remains afterwards."""

import errno
import os
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from discipline.alerts.models import Alert
from discipline.evidence import legal_holds, retention
from discipline.evidence.models import LegalHold, Retention, Storage
from discipline.staffing.alert_kinds import AlertKind
from offices.places.models import Counter
from streams.evidence import chain, store
from streams.evidence.models import Evidence
from tests.support.base import MORNING, OfficeTestCase
from tests.support.pictures import grey_jpeg
from tests.support.proof import store_still

Kind, Form = Evidence.Kind, Evidence.Form
REASON = "Perkara nomor 12 tahun ini"


def after(days: float) -> datetime:
    return MORNING + timedelta(days=days)


class Retaining(OfficeTestCase):
    def setUp(self) -> None:
        shutil.rmtree(settings.EVIDENCE_DIR, ignore_errors=True)  # files of tests whose rows were rolled back
        Path(settings.EVIDENCE_DIR).mkdir()
        self.loket = self.world.counter(self.world.ilir35)

    def shown(self, at: datetime = MORNING, counter: Counter | None = None, size: int = 0) -> Evidence:
        """Store an original with its shown forms."""
        data = grey_jpeg() + bytes(size)
        original = store_still(counter or self.loket, at=at, data=data)
        for form in (Form.PLAIN, Form.DRAWN):
            store_still(counter or self.loket, at=at, form=form, of=original, data=data)
        return original

    def of_an_indication(self) -> tuple[Alert, Evidence]:
        alert, original = self.world.accuse(self.loket), self.shown()
        alert.evidence.add(original)
        return alert, original

    def numbers(self, **changes: int) -> None:
        Retention.objects.create(since=MORNING, by=self.world.intan, **changes)

    def notes(self) -> list[tuple[str, int | None]]:
        found = Evidence.objects.filter(kind=Kind.DESTROYED).order_by("pk")
        return [(note.facts["why"], note.of_id) for note in found]

    # --- by time ---------------------------------------------------------------------------------------------------

    def test_after_thirty_days_the_original_goes_with_its_shown_forms_and_the_notes_remain(self) -> None:
        original = self.shown()
        retention.apply_retention(after(29.9))
        assert (files(), self.notes()) == (3, [])
        retention.apply_retention(after(30.1))
        assert files() == 0
        family = [original.pk, *original.derived.exclude(kind=Kind.DESTROYED).values_list("pk", flat=True)]
        assert self.notes() == [("retention", pk) for pk in family]

    def test_the_chain_still_holds_after_destroying(self) -> None:
        self.shown()
        self.shown(after(20))
        retention.apply_retention(after(31))
        links = [store.link_of(row) for row in Evidence.objects.all()]
        assert len(links) == 9
        assert list(chain.chain_faults(links)) == []

    def test_a_second_run_destroys_nothing_twice(self) -> None:
        self.shown()
        retention.apply_retention(after(31))
        retention.apply_retention(after(32))
        assert len(self.notes()) == 3

    def test_the_numbers_that_were_set_last_apply(self) -> None:
        self.shown()
        self.numbers(still_days=5)
        self.numbers(still_days=60)
        retention.apply_retention(after(50))
        assert files() == 3
        self.numbers(still_days=40)
        retention.apply_retention(after(50))
        assert files() == 0

    def test_numbers_that_make_no_sense_are_refused_by_the_database(self) -> None:
        for wrong in ({"still_days": 0}, {"still_days": 91}, {"quota_gb": 0}, {"warn_percent": 101}):
            with pytest.raises(IntegrityError), transaction.atomic():
                self.numbers(**wrong)

    def test_the_evidence_of_a_case_stays_ninety_days(self) -> None:
        alert, _ = self.of_an_indication()
        other = self.shown()
        assert not retention.is_case(alert)
        hold = legal_holds.hold_indication(alert, REASON, self.world.intan.pk, MORNING)
        legal_holds.end_hold(hold, "Pemeriksaan selesai", self.world.intan.pk, after(10))
        assert retention.is_case(alert)
        retention.apply_retention(after(89))
        assert {pk for _, pk in self.notes()} >= {other.pk}
        assert files() == 3
        retention.apply_retention(after(91))
        assert files() == 0

    def test_what_a_later_indication_took_over_is_of_its_case_too(self) -> None:
        late, _ = self.of_an_indication()
        never = Alert.objects.create(counter=self.loket, kind=AlertKind.NOT_OPENED, since=MORNING, raised_at=MORNING)
        Alert.objects.filter(pk=late.pk).update(superseded_by=never)
        legal_holds.hold_indication(never, REASON, self.world.intan.pk, MORNING)
        retention.apply_retention(after(400))
        assert files() == 3

    # --- holds -----------------------------------------------------------------------------------------------------

    def test_what_is_held_outlives_every_time_until_the_hold_ends(self) -> None:
        alert, _ = self.of_an_indication()
        hold = legal_holds.hold_indication(alert, REASON, self.world.intan.pk, MORNING)
        retention.apply_retention(after(400))
        assert (files(), self.notes()) == (3, [])
        assert legal_holds.end_hold(hold, "Pemeriksaan selesai", self.world.intan.pk, after(401))
        retention.apply_retention(after(402))
        assert files() == 0

    def test_an_office_is_held_for_its_days_only(self) -> None:
        self.shown()
        self.shown(after(1))
        self.shown(counter=self.world.counter(self.world.ulu5))
        day = date(2026, 11, 23)
        legal_holds.hold_office(self.world.ilir35, day, day, REASON, self.world.intan.pk, MORNING)
        retention.apply_retention(after(60))
        assert [path.parent.parent.name for path in paths()] == ["16.71.01.1001"] * 3
        assert {path.parent.name for path in paths()} == {"2026-11-23"}

    def test_a_held_day_is_a_day_in_palembang(self) -> None:
        self.shown(datetime.fromisoformat("2026-11-22T23:30:00+00:00"))  # Monday the 23rd, 06.30 WIB
        day = date(2026, 11, 23)
        legal_holds.hold_office(self.world.ilir35, day, day, REASON, self.world.intan.pk, MORNING)
        retention.apply_retention(after(60))
        assert files() == 3

    def test_a_hold_set_while_the_run_is_at_it_is_heeded(self) -> None:
        alert, original = self.of_an_indication()
        listed = list(retention._due(Retention(), after(31)))
        legal_holds.hold_indication(alert, REASON, self.world.intan.pk, after(31))
        assert listed == [original]
        assert retention.destroy_original(listed[0], "retention", after(31)) == 0
        assert files() == 3

    def test_an_indication_is_held_once(self) -> None:
        alert, _ = self.of_an_indication()
        first = legal_holds.hold_indication(alert, REASON, self.world.intan.pk, MORNING)
        assert legal_holds.hold_indication(alert, "Alasan yang lain", self.world.intan.pk, after(1)) == first
        assert LegalHold.objects.get().reason == REASON

    def test_a_hold_is_ended_once_and_not_without_a_reason(self) -> None:
        alert, _ = self.of_an_indication()
        hold = legal_holds.hold_indication(alert, REASON, self.world.intan.pk, MORNING)
        with pytest.raises(IntegrityError), transaction.atomic():
            legal_holds.end_hold(hold, "ya", self.world.intan.pk, after(1))
        assert legal_holds.end_hold(hold, "Pemeriksaan selesai", self.world.intan.pk, after(1))
        assert not legal_holds.end_hold(hold, "Pemeriksaan selesai", self.world.intan.pk, after(2))

    # --- by disk space -----------------------------------------------------------------------------------------------

    def test_when_room_runs_out_the_oldest_goes_first_and_only_as_much_as_is_needed(self) -> None:
        oldest, newest = self.shown(size=1000), self.shown(after(1), size=1000)
        used = sum(path.stat().st_size for path in paths())
        with patch.object(retention, "GB", used - 1):
            self.numbers(quota_gb=1)
            retention.apply_retention(after(2))
        assert self.notes()[0] == ("quota", oldest.pk)
        assert len(self.notes()) == 3
        assert store.path_of(newest).exists()
        assert Storage.objects.get().used_bytes == sum(path.stat().st_size for path in paths())

    def test_when_only_held_evidence_is_left_it_stays_and_a_problem_is_reported(self) -> None:
        alert, _ = self.of_an_indication()
        self.shown(after(-1))
        legal_holds.hold_indication(alert, REASON, self.world.intan.pk, MORNING)
        with patch.object(retention, "GB", 100):
            self.numbers(quota_gb=1)
            retention.apply_retention(after(2))
            room = retention.storage_status()
            self.client.force_login(self.world.ani)
            page = self.client.get("/kamera/").content.decode()
        assert files() == 3
        assert room["state"] == "full"
        assert room["held_gb"] == room["used_gb"]
        assert "Perekaman bukti berjalan terus" in page
        assert store_still(self.loket)  # recording goes on

    def test_the_operator_is_warned_of_the_disk_itself_whatever_the_quota_says(self) -> None:
        self.client.force_login(self.world.ani)
        room = shutil.disk_usage("/")
        for free, state, words in (
            (4096, "full", "Diska bukti penuh."),
            (min(room.total // 21, 4_900_000_000), "low", "Sisa ruang di diska bukti tinggal"),
        ):
            with patch.object(shutil, "disk_usage", lambda _, free=free: room._replace(free=free)):
                assert retention.storage_status()["disk"] == state
                assert words in self.client.get("/kamera/").content.decode()
        with patch.object(shutil, "disk_usage", side_effect=OSError(errno.EIO, "broken")):
            assert (retention.storage_status()["free_gb"], retention.storage_status()["disk"]) == (None, "full")

    def test_at_eighty_percent_the_operator_is_warned(self) -> None:
        self.shown()
        used = sum(path.stat().st_size for path in paths())
        self.client.force_login(self.world.ani)
        for share, state in ((0.79, ""), (0.8, "warning"), (1.0, "full")):
            Storage.objects.update_or_create(
                pk=1, defaults={"used_bytes": int(200 * retention.GB * share), "held_bytes": 0, "measured_at": MORNING}
            )
            assert retention.storage_status()["state"] == state
            assert ("Penyimpanan bukti terisi 80 %" in self.client.get("/kamera/").content.decode()) == (
                state == "warning"
            )
        retention.apply_retention(MORNING)
        assert Storage.objects.get().used_bytes == used

    # --- crashes ---------------------------------------------------------------------------------------------------

    def test_a_process_killed_between_note_and_file_leaves_nothing_for_long(self) -> None:
        original, other = self.shown(), self.shown(after(1))
        with patch.object(retention, "_remove", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            retention.apply_retention(after(30.5))
        assert (files(), len(self.notes())) == (6, 3)
        assert retention.remove_leftovers(after(30.6)) == 3
        assert not store.path_of(original).exists()
        assert store.path_of(other).exists()
        assert retention.remove_leftovers(after(30.7)) == 0

    def test_a_file_that_can_not_be_removed_now_is_removed_later(self) -> None:
        self.shown()
        with (
            patch.object(Path, "unlink", side_effect=PermissionError("read-only")),
            self.assertLogs("discipline.evidence.retention", "ERROR"),
        ):
            retention.apply_retention(after(31))
        assert files() == 3
        assert retention.remove_leftovers(after(32)) == 3

    def test_half_written_files_of_a_killed_process_go_and_fresh_ones_stay(self) -> None:
        self.shown()
        folder = paths()[0].parent
        for name, hours in ((".old.part", 2), (".new.part", 0)):
            (folder / name).write_bytes(b"a face")
            moment = (MORNING - timedelta(hours=hours)).timestamp()
            os.utime(folder / name, (moment, moment))
        assert retention.remove_leftovers(MORNING) == 1
        assert {path.name for path in folder.glob(".*")} == {".new.part"}

    def test_a_form_stored_while_its_original_was_destroyed_goes_with_the_next_run(self) -> None:
        original = store_still(self.loket)
        retention.apply_retention(after(31))
        store_still(self.loket, form=Form.PLAIN, of=original)
        retention.apply_retention(after(32))
        assert files() == 0


def paths() -> list[Path]:
    return sorted(path for path in Path(settings.EVIDENCE_DIR).rglob("*.jpg"))


def files() -> int:
    return len(paths())


class Pages(OfficeTestCase):
    def setUp(self) -> None:
        self.alert = self.world.accuse(self.world.counter(self.world.ilir35))
        self.client.force_login(self.world.intan)

    def text(self, address: str = "/retensi/") -> str:
        return " ".join(self.client.get(address, follow=True).content.decode().split())

    def test_before_anything_the_page_says_that_there_is_nothing(self) -> None:
        page = self.text()
        for words in ("Belum diukur", "Tidak ada bukti yang dikunci.", "Belum ada bukti yang dimusnahkan."):
            assert words in page
        assert 'value="30"' in page
        assert 'value="90"' in page

    def test_intan_changes_the_numbers_and_the_page_says_who_did(self) -> None:
        numbers = {"still_days": 45, "case_days": 120, "quota_gb": 50, "warn_percent": 70}
        assert self.client.post("/retensi/ubah/", numbers).status_code == 302
        page = self.text()
        assert 'value="45"' in page
        assert "oleh intan" in page
        wrong = self.client.post("/retensi/ubah/", numbers | {"case_days": 10})
        assert wrong.status_code == 422
        assert "lebih singkat" in wrong.content.decode()
        assert retention.current_retention().case_days == 120

    def test_the_operator_sees_the_numbers_and_can_not_change_them(self) -> None:
        self.client.force_login(self.world.ani)
        page = self.text()
        assert "Diubah oleh Inspektorat." in page
        assert "<textarea" not in page

    def test_intan_holds_an_indication_on_its_page_and_ends_it_there(self) -> None:
        address = f"/indikasi/{self.alert.pk}/"
        assert "Kunci bukti (pemeriksaan)" in self.text(address)
        self.client.post(f"{address}tahan/", {"reason": "cek"})
        assert not LegalHold.objects.exists()
        self.client.post(f"{address}tahan/", {"reason": REASON})
        assert REASON in self.text(address)
        assert "Loket kosong: Loket 1, 35 Ilir" in self.text()
        hold = LegalHold.objects.get()
        self.client.post(f"/penahanan/{hold.pk}/akhiri/", {"reason": "Pemeriksaan selesai"})
        assert "Bukti dikunci" not in self.text(address)
        assert "Pemeriksaan selesai" in self.text()

    def test_the_lurah_sees_that_it_is_held_and_neither_why_nor_a_button(self) -> None:
        legal_holds.hold_indication(self.alert, REASON, self.world.intan.pk, MORNING)
        self.client.force_login(self.world.dewi)
        page = self.text(f"/indikasi/{self.alert.pk}/")
        assert "Bukti dikunci" in page
        assert REASON not in page
        assert "Akhiri penahanan" not in page

    def test_an_office_is_held_by_a_form_that_knows_what_is_missing(self) -> None:
        form = {"kelurahan": self.world.ulu5.pk, "first_day": "2026-11-20", "last_day": "2026-11-23", "reason": REASON}
        for change in ({"reason": "cek"}, {"last_day": "2026-11-19"}, {"kelurahan": ""}, {"first_day": ""}):
            answer = self.client.post("/retensi/tahan/", form | change)
            assert answer.status_code == 422, change
            assert "field-error" in answer.content.decode(), change
        assert self.client.post("/retensi/tahan/", form).status_code == 302
        assert "5 Ulu, 20 Nov 2026 – 23 Nov 2026" in self.text()

    def test_what_was_destroyed_is_counted_by_day_and_cause(self) -> None:
        store_still(self.world.counter(self.world.ilir35))
        retention.apply_retention(after(31))
        page = self.text()
        assert "24 Desember 2026" in page
        assert "Masa simpan lewat" in page
