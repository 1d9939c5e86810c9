"""Files of evidence over HTTP; originals only with a reason, and each opening is logged."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from offices.access.models import Membership
from streams.evidence import openings as evidence_openings
from streams.evidence import store
from streams.evidence.models import Evidence, EvidenceOpening
from streams.evidence.redaction.jobs import waiting_originals
from streams.looks.shown_controls import pack
from streams.pixels.occupancy import ShownControl
from tests.support.base import MORNING, OfficeTestCase
from tests.support.pictures import grey_jpeg
from tests.support.proof import store_still

Form, Kind = Evidence.Form, Evidence.Kind
REASON = "Pemeriksaan perkara 12/IX"
CLIP = bytes(range(256)) * 8


class Serving(OfficeTestCase):
    def setUp(self) -> None:
        self.loket = self.world.counter(self.world.ilir35)
        original = store_still(self.loket, Kind.EMPTIED_CLIP, data=b"asli")
        self.clip = store_still(self.loket, Kind.EMPTIED_CLIP, Form.PLAIN, data=CLIP, of=original)
        self.client.force_login(self.world.budi)

    def get(self, **headers: str) -> Any:
        return self.client.get(f"/bukti/{self.clip.pk}/", headers=headers)

    def test_a_telephone_gets_the_part_of_the_clip_it_asks_for(self) -> None:
        answer = self.get(Range="bytes=0-1")
        assert (answer.status_code, answer.content) == (206, CLIP[:2])
        assert answer.headers["Content-Range"] == "bytes 0-1/2048"
        assert (answer.headers["Content-Type"], answer.headers["Accept-Ranges"]) == ("video/mp4", "bytes")
        assert self.get(Range="bytes=2040-").content == CLIP[2040:]

    def test_past_the_end_there_is_nothing(self) -> None:
        answer = self.get(Range="bytes=2048-")
        assert (answer.status_code, answer.content) == (416, b"")
        assert answer.headers["Content-Range"] == "bytes */2048"

    def test_the_whole_clip_when_no_part_is_asked_for(self) -> None:
        answer = self.get()
        assert (answer.status_code, answer.content) == (200, CLIP)
        assert answer.headers["ETag"] == f'"{self.clip.sha256}"'
        assert answer.headers["Cache-Control"] == "no-store"

    def test_what_the_browser_has_already_is_not_sent_again(self) -> None:
        assert self.get(**{"If-None-Match": f'"{self.clip.sha256}"'}).status_code == 304
        assert self.get(**{"If-None-Match": '"other"'}).status_code == 200

    def test_a_part_of_another_version_is_not_mixed_into_this_one(self) -> None:
        assert self.get(Range="bytes=0-1", **{"If-Range": '"other"'}).status_code == 200
        assert self.get(Range="bytes=0-1", **{"If-Range": f'"{self.clip.sha256}"'}).status_code == 206

    def test_a_file_changed_on_disk_is_never_shown(self) -> None:
        store.path_of(self.clip).write_bytes(CLIP[:-1] + b"!")
        with self.assertLogs("streams.evidence.views", "ERROR") as logged:
            answer = self.get()
        assert answer.status_code == 409
        assert "Berkas ini berubah sejak disimpan" in answer.content.decode()
        assert self.clip.path in logged.output[0]
        assert answer.headers["Cache-Control"] == "no-store"

    def test_a_missing_file_is_distinguished_from_one_destroyed_by_rule(self) -> None:
        store.path_of(self.clip).unlink()
        with self.assertLogs("streams.evidence.views", "ERROR"):
            missing = self.get()
        assert (missing.status_code, "Berkas ini hilang" in missing.content.decode()) == (404, True)
        store.note_destroyed(self.clip, "retention", MORNING)
        with self.assertNoLogs("streams.evidence.views"):
            destroyed = self.get()
        assert destroyed.status_code == 410
        assert "Dimusnahkan pada 23 November 2026, 09.00 WIB" in destroyed.content.decode()


class Originals(OfficeTestCase):
    def setUp(self) -> None:
        self.original = store_still(self.world.counter(self.world.ilir35), data=grey_jpeg(200))
        self.address = f"/bukti/{self.original.pk}/asli/"
        self.client.force_login(self.world.intan)

    def opened(self) -> str:
        """Return the address of the page that follows the reason."""
        return self.client.post(self.address, {"reason": REASON}).headers["Location"]

    def test_intan_says_why_and_sees_the_original_once_it_is_in_the_log(self) -> None:
        assert "Berkas asli ini belum pernah dibuka" in self.client.get(self.address).content.decode()
        assert not EvidenceOpening.objects.exists()
        page = self.opened()
        line = EvidenceOpening.objects.get()
        assert (line.user_id, line.evidence_id, line.reason) == (self.world.intan.pk, self.original.pk, REASON)
        assert REASON in self.client.get(page).content.decode()
        picture = self.client.get(f"{page}berkas/")
        assert (picture.status_code, picture.content) == (200, grey_jpeg(200))
        assert picture.headers["Cache-Control"] == "no-store"
        assert REASON in self.client.get(self.address).content.decode()  # the next reader sees the earlier ones

    def test_without_a_reason_nothing_opens(self) -> None:
        for reason in ("", "cek", "a b c d e       ", " " * 40):
            answer = self.client.post(self.address, {"reason": reason})
            assert answer.status_code == 422, reason
        assert not EvidenceOpening.objects.exists()

    def test_looking_twice_with_one_reason_is_one_opening_and_coming_back_is_another(self) -> None:
        page = self.opened()
        self.client.get(f"{page}berkas/")
        self.client.get(f"{page}berkas/")
        assert EvidenceOpening.objects.count() == 1
        assert self.opened() != page
        assert EvidenceOpening.objects.count() == 2

    def test_the_address_of_an_opening_is_worth_nothing_to_anybody_else(self) -> None:
        page = self.opened()
        for user in (self.world.walikota, self.world.ani, self.world.budi, self.world.dewi):
            self.client.force_login(user)
            assert self.client.get(f"{page}berkas/").status_code == 403
        colleague = type(self.world.intan).objects.create_user("indra")
        Membership.objects.create(user=colleague, role=Membership.Role.INSPECTOR)
        self.client.force_login(colleague)
        assert (self.client.get(page).status_code, self.client.get(f"{page}berkas/").status_code) == (410, 410)

    def test_after_signing_out_and_in_again_the_address_is_worth_nothing(self) -> None:
        page = self.opened()
        self.client.logout()
        self.client.force_login(self.world.intan)
        assert self.client.get(f"{page}berkas/").status_code == 410
        assert "sudah berakhir" in self.client.get(page).content.decode()

    def test_after_five_minutes_the_address_is_worth_nothing(self) -> None:
        session = self.client.session.session_key or ""
        user = self.world.intan.pk
        ticket = evidence_openings.open_original(user, session, self.original, REASON, timezone.now())
        assert evidence_openings.opening_of(ticket, user, session)
        whole_time = evidence_openings.OPEN_FOR
        evidence_openings.OPEN_FOR = timedelta(seconds=-1)
        self.addCleanup(setattr, evidence_openings, "OPEN_FOR", whole_time)
        with pytest.raises(evidence_openings.TicketError):
            evidence_openings.opening_of(ticket, user, session)

    def test_a_ticket_made_by_hand_opens_nothing(self) -> None:
        self.opened()
        forged = signing.dumps([EvidenceOpening.objects.get().pk, "x"], salt="another")
        for ticket in (forged, "x", "a:b:c"):
            assert self.client.get(f"/bukti/asli/{ticket}/berkas/").status_code == 410

    def test_no_shown_form_and_no_note_can_be_opened_as_an_original(self) -> None:
        shown = store_still(self.world.counter(self.world.ilir35), form=Form.PLAIN, of=self.original)
        assert self.client.get(f"/bukti/{shown.pk}/asli/").status_code == 404

    def test_the_superuser_who_operates_everything_has_no_key(self) -> None:
        root = type(self.world.intan).objects.create_superuser("root")
        self.client.force_login(root)
        assert self.client.get(self.address).status_code == 403
        assert self.client.post(self.address, {"reason": REASON}).status_code == 403
        assert self.client.get(f"/bukti/{self.original.pk}/").status_code == 404
        assert not EvidenceOpening.objects.exists()

    def test_the_log_can_be_neither_changed_nor_shortened(self) -> None:
        self.opened()
        for change in (
            lambda: EvidenceOpening.objects.update(reason="lain sekali ya"),
            EvidenceOpening.objects.all().delete,
        ):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                change()

    def test_the_database_refuses_an_opening_without_a_reason(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            EvidenceOpening.objects.create(evidence=self.original, user=self.world.intan, at=MORNING, reason="cek saja")


class Log(OfficeTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.world.intan)

    def text(self, query: str = "") -> str:
        return " ".join(self.client.get(f"/bukti/pembukaan/{query}").content.decode().split())

    def store_opening(self, office: Any, reason: str, at: Any = MORNING) -> None:
        original = store_still(self.world.counter(office))
        EvidenceOpening.objects.create(evidence=original, user=self.world.intan, at=at, reason=reason)

    def test_an_empty_log_says_so(self) -> None:
        assert "Belum ada bukti asli yang dibuka." in self.text()

    def test_the_log_lists_who_when_what_and_why_newest_first(self) -> None:
        self.store_opening(self.world.ilir35, "Laporan warga nomor 4")
        self.store_opening(self.world.ulu5, "Perkara lurah 5 Ulu", MORNING + timedelta(days=1))
        text = self.text()
        for words in ("23 Nov 2026, 09.00 WIB", "intan", "Loket 1, 35 Ilir", "Laporan warga nomor 4"):
            assert words in text
        assert text.index("Perkara lurah 5 Ulu") < text.index("Laporan warga nomor 4")

    def test_the_log_is_narrowed_by_kecamatan_date_and_words(self) -> None:
        self.store_opening(self.world.ilir35, "Laporan warga nomor 4")
        self.store_opening(self.world.ulu5, "Perkara lurah 5 Ulu", MORNING + timedelta(days=1))
        for query, found in (
            ("?kecamatan=16.71.02", "Perkara"),
            ("?sampai=2026-11-23", "Laporan"),
            ("?dari=2026-11-24", "Perkara"),
            ("?q=warga+intan", "Laporan"),
            ("?q=5+Ulu", "Perkara"),
        ):
            text = self.text(query)
            shown = ("Perkara lurah" in text, "Laporan warga nomor" in text)
            assert shown == (found == "Perkara", found == "Laporan"), query
        assert "Tidak ada pembukaan yang cocok." in self.text("?q=tidak-ada")
        assert "Laporan warga nomor" in self.text("?dari=kemarin")  # invalid filters are ignored

    def test_a_long_log_takes_as_many_queries_as_a_short_one(self) -> None:
        for number in range(60):
            self.store_opening(self.world.ilir35, f"Pemeriksaan nomor {number}")
        with self.assertNumQueries(8):
            first = self.text()
        assert "Berikutnya" in first
        assert "Pemeriksaan nomor 3" in self.text("?hal=2")


class ControlPictures(OfficeTestCase):
    def setUp(self) -> None:
        self.shown = [ShownControl(grey_jpeg(200), seen=True), ShownControl(grey_jpeg(90), seen=False)]
        self.row = store_still(
            self.world.counter(self.world.ilir35), Kind.CONTROLS, data=pack(self.shown), seen=1, shown=2, quorum=1
        )
        self.client.force_login(self.world.intan)

    def opened(self) -> str:
        return self.client.post(f"/bukti/{self.row.pk}/asli/", {"reason": REASON}).headers["Location"]

    def test_intan_sees_each_of_them_once_the_opening_is_in_the_log(self) -> None:
        assert "tanpa nama" in self.client.get(f"/bukti/{self.row.pk}/asli/").content.decode()
        page = self.opened()
        assert EvidenceOpening.objects.get().evidence == self.row
        text = self.client.get(page).content.decode()
        assert "1 dari 2 terlihat" in text
        assert 'alt="Gambar kontrol 2 dari 2"' in text
        for number, control in enumerate(self.shown, 1):
            answer = self.client.get(f"{page}kontrol/{number}/")
            assert (answer.status_code, answer.content) == (200, control.jpeg)
            assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("image/jpeg", "no-store")
        for number in (0, 3):
            assert self.client.get(f"{page}kontrol/{number}/").status_code == 404
        whole = self.client.get(f"{page}berkas/")
        assert (whole.headers["Content-Type"], whole.content) == ("application/zip", pack(self.shown))
        assert EvidenceOpening.objects.count() == 1

    def test_nobody_else_sees_any(self) -> None:
        page = self.opened()
        for user in (self.world.walikota, self.world.ani, self.world.budi, self.world.dewi):
            self.client.force_login(user)
            assert self.client.get(f"{page}kontrol/1/").status_code == 403
            assert self.client.get(f"/bukti/{self.row.pk}/").status_code == 404
        self.client.force_login(self.world.intan)  # another session
        assert self.client.get(f"{page}kontrol/1/").status_code == 410

    def test_pictures_that_were_changed_are_never_shown(self) -> None:
        page = self.opened()
        store.path_of(self.row).write_bytes(pack(self.shown[:1]))
        with self.assertLogs("streams.evidence.views", "ERROR"):
            answers = [self.client.get(address).status_code for address in (page, f"{page}kontrol/1/")]
        assert answers == [409, 409]

    def test_another_original_has_none(self) -> None:
        still = store_still(self.world.counter(self.world.ilir35))
        page = self.client.post(f"/bukti/{still.pk}/asli/", {"reason": REASON}).headers["Location"]
        assert self.client.get(f"{page}kontrol/1/").status_code == 404

    def test_no_blurred_form_is_made_of_them(self) -> None:
        assert self.row not in waiting_originals(MORNING)
        assert waiting_originals(MORNING).count() == 0
