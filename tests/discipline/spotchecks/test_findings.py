"""Findings of a spot check: camat and lurah answer, the mayor accepts or returns, and every text is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from discipline.alerts import deadlines
from discipline.core.models import Attachment
from discipline.notices.models import Delivery, Device
from discipline.spotchecks.findings import answers
from discipline.spotchecks.models import Finding, FindingWord
from offices.access.models import FileAccess
from offices.hours.models import HoursPlan
from tests.support.base import OfficeTestCase
from tests.support.rounds import Round

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


class FindingCase(OfficeTestCase):
    maker = "walikota"

    def setUp(self) -> None:
        deadlines.schedule.forget()
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
        for who in ("walikota", "budi", "citra", "dewi", "eko"):
            endpoint = f"https://push.example.com/{who}"
            Device.objects.create(user=getattr(self.world, who), endpoint=endpoint, created_at=timezone.now())
        round_ = Round(getattr(self.world, self.maker), self.world.ilir35, self.world.kemang)
        round_.mark(1, self.mark())
        round_.mark(2, "orderly")
        self.check = round_.finish()
        self.finding = Finding.objects.get()

    def mark(self) -> str:
        return "empty"

    def post(self, who: str, name: str, **form: Any) -> Any:
        newest = self.finding.words.order_by("-pk").first()
        self.client.force_login(getattr(self.world, who))
        return self.client.post(
            reverse(name, args=[self.finding.pk]), {"last_seen": newest.pk if newest else ""} | form, follow=True
        )

    def answer(self, who: str = "dewi", text: str = "Petugas mengantar berkas, sudah kembali", **form: Any) -> Any:
        return self.post(who, "finding-answer", text=text, **form)

    def follow(self, who: str, act: str, **form: Any) -> Any:
        return self.post(who, "finding-follow", act=act, **form)

    def status(self) -> str:
        return Finding.objects.get(pk=self.finding.pk).status

    def waiting(self) -> set[str]:
        names = ("walikota", "ani", "budi", "citra", "dewi", "eko", "intan")
        return {name for name in names if answers.waiting_for(getattr(self.world, name)).exists()}


class OfTheMayor(FindingCase):
    def test_only_offices_not_in_order_get_findings_which_wait_for_camat_and_lurah(self) -> None:
        assert (self.finding.stop.kelurahan, self.waiting()) == (self.world.ilir35, {"budi", "dewi"})
        for who in ("budi", "dewi"):
            self.client.force_login(getattr(self.world, who))
            page = self.client.get(reverse("indications")).content.decode()
            assert "1 temuan inspeksi menunggu Anda" in page
            assert f"/sidak/temuan/{self.finding.pk}/" in self.client.get(reverse("spot-checks")).content.decode()

    def test_a_message_leads_who_is_asked_there_and_each_word_the_other_side(self) -> None:
        assert self.notified(f"finding:{self.finding.pk}") == {"budi", "dewi"}
        self.answer()
        answered = self.finding.words.get()
        assert self.notified(f"findingword:{answered.pk}") == {"walikota"}
        self.follow("walikota", "returned", text="Siapa yang menggantikan petugas?")
        returned = self.finding.words.latest("pk")
        assert self.notified(f"findingword:{returned.pk}") == {"budi", "dewi"}

    def notified(self, subject_key: str) -> set[str]:
        rows = Delivery.objects.filter(subject_key=subject_key).select_related("user")
        assert {row.url for row in rows} == {f"/sidak/temuan/{self.finding.pk}/"}
        return {row.user.username for row in rows}

    def test_it_is_to_be_answered_by_the_end_of_the_third_working_day(self) -> None:
        assert self.finding.answer_by is not None
        left = self.finding.answer_by - timezone.now()
        assert timedelta(days=3) - timedelta(minutes=1) <= left <= timedelta(days=4)

    def test_the_lurah_answers_the_mayor_returns_the_camat_answers_the_mayor_accepts(self) -> None:
        self.answer("dewi")
        assert (self.status(), self.waiting()) == ("answered", {"walikota"})
        self.follow("walikota", "returned", text="Siapa yang menggantikan?")
        assert (self.status(), self.waiting()) == ("returned", {"budi", "dewi"})
        self.answer("budi", "Sekretaris lurah menggantikan")
        page = self.follow("walikota", "accepted").content.decode()
        assert (self.status(), self.waiting()) == ("accepted", set())
        texts = ("Petugas mengantar berkas", "Siapa yang menggantikan?", "Sekretaris lurah menggantikan")
        assert all(words in page for words in texts)
        self.client.force_login(self.world.intan)
        assert all(
            words in self.client.get(reverse("finding", args=[self.finding.pk])).content.decode() for words in texts
        )

    def test_accepting_is_taken_back_within_ten_minutes(self) -> None:
        self.answer()
        page = self.follow("walikota", "accepted").content.decode()
        assert "Urungkan" in page
        self.follow("walikota", "undone")
        assert self.status() == "answered"
        assert FindingWord.objects.count() == 3

    def test_a_mistaken_finding_is_withdrawn_with_a_reason(self) -> None:
        assert "Tulis alasannya" in self.follow("walikota", "withdrawn").content.decode()
        self.follow("walikota", "withdrawn", text="Loket pindah ke ruang sebelah")
        assert (self.status(), self.waiting()) == ("withdrawn", set())

    def test_the_checker_moves_the_deadline_and_the_move_is_notified(self) -> None:
        day = timezone.localdate() + timedelta(days=9)
        self.follow("walikota", "extended", until=str(day))
        self.finding.refresh_from_db()
        assert self.finding.answer_by is not None
        assert timezone.localtime(self.finding.answer_by).date() == day
        assert self.status() == "waiting"
        page = self.follow("walikota", "extended", until=str(timezone.localdate() - timedelta(days=1)))
        assert "sudah lewat" in page.content.decode()
        assert FindingWord.objects.count() == 1

    def test_nobody_answers_or_decides_for_another(self) -> None:
        for who in ("walikota", "ani", "intan"):
            assert "Peran Anda" in self.answer(who).content.decode()
        for who in ("citra", "eko", "tamu"):
            assert self.answer(who).status_code == 404
        self.answer()
        for who in ("budi", "dewi", "intan", "ani"):
            assert "Peran Anda" in self.follow(who, "accepted").content.decode()
        assert self.status() == "answered"

    def test_who_has_not_read_the_newest_answer_reads_it_first(self) -> None:
        self.answer("dewi")
        page = self.answer("budi", last_seen="").content.decode()
        assert "Ada tanggapan lain" in page
        assert "sudah kembali</textarea>" in page
        assert FindingWord.objects.count() == 1

    def test_a_letter_given_with_an_answer_opens_for_who_sees_the_office(self) -> None:
        self.answer(attachment=SimpleUploadedFile("surat.pdf", PDF))
        address = reverse("attachment", args=[Attachment.objects.get().pk])
        for who, status in (("walikota", 200), ("budi", 200), ("citra", 404), ("eko", 404)):
            self.client.force_login(getattr(self.world, who))
            assert self.client.get(address).status_code == status
        offices = set(FileAccess.objects.filter(kind="attachment").values_list("user__username", "offices__0"))
        assert offices == {(name, Finding.objects.get().stop.kelurahan_id) for name in ("walikota", "budi")}
        assert "bukan PDF" in self.answer(attachment=SimpleUploadedFile("surat.pdf", b"MZ" * 99)).content.decode()

    def test_the_database_refuses_to_change_answers(self) -> None:
        self.answer()
        for change in (lambda: FindingWord.objects.update(text=""), lambda: FindingWord.objects.all().delete()):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_a_missed_deadline_is_shown(self) -> None:
        Finding.objects.update(answer_by=timezone.now() - timedelta(hours=1))
        self.client.force_login(self.world.dewi)
        assert "sudah lewat" in self.client.get(reverse("finding", args=[self.finding.pk])).content.decode()
        assert "Tenggat lewat" in self.client.get(reverse("findings")).content.decode()


class OfACamat(FindingCase):
    maker = "budi"

    def test_the_lurah_answers_and_the_camat_who_checked_decides(self) -> None:
        assert self.waiting() == {"dewi"}
        assert "Peran Anda" in self.answer("budi").content.decode()
        self.answer("dewi")
        assert self.waiting() == {"budi"}
        assert "Peran Anda" in self.follow("walikota", "accepted").content.decode()
        self.follow("budi", "accepted")
        assert self.status() == "accepted"


class OfACamera(FindingCase):
    def mark(self) -> str:
        return "camera"

    def test_a_camera_fault_asks_the_operator_and_is_no_ones_fault_at_the_office(self) -> None:
        assert self.waiting() == {"ani"}
        assert "Peran Anda" in self.answer("dewi").content.decode()
        page = self.answer("ani", "Kabel jaringan diganti").content.decode()
        assert "tidak diperhitungkan terhadap kantor" in page
        camera = self.world.cameras[self.finding.stop.office_id]
        assert f'href="/kamera/{camera.pk}/"' in page
        assert (self.status(), self.waiting()) == ("answered", {"walikota"})


class OutsideTheHours(OfficeTestCase):
    def test_an_office_that_is_shut_outside_its_hours_is_noted_and_blamed_for_nothing(self) -> None:
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, ""))
        round_ = Round(self.world.walikota, self.world.ilir35, self.world.kemang, self.world.ulu5)
        for place, mark in ((1, "closed"), (2, "empty"), (3, "conduct")):
            round_.mark(place, mark)
        check = round_.finish()
        assert [finding.stop.mark for finding in Finding.objects.all()] == ["conduct"]
        self.client.force_login(self.world.walikota)
        page = self.client.get(reverse("spot-check", args=[check.pk])).content.decode()
        assert page.count("Di luar jam layanan, jadi tidak menjadi temuan.") == 2
