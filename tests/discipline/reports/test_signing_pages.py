"""The signing of a month through its pages."""

from hashlib import sha256

from django.urls import reverse
from django.utils import timezone

from discipline.reports.signing.models import MonthSnapshot
from discipline.reports.signing.page import signing_page
from tests.support.base import PASSWORD, OfficeTestCase
from tests.support.months import ilir_barat, last_month, month_with_an_absence


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
