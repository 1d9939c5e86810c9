"""Mailed reports: recipients, once each, their content, and unsubscribing."""

import re
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.test import Client, override_settings
from pypdf import PdfReader

from discipline.core.models import DemoHistory
from discipline.reports.mail import sending, subscriptions
from discipline.reports.mail.kinds import MailKind
from discipline.reports.mail.models import ReportMail, ReportSubscription
from discipline.reports.numbers import rollups
from discipline.reports.numbers.models import DayTally
from discipline.staffing.models import Flip, Recount
from offices.access.models import Membership
from offices.accounts.languages import remember_language
from tests.support.attendance import MONDAY, staffed
from tests.support.clock import wib
from tests.support.mail_server import MailServer, mail_server
from tests.support.reported_week import TUESDAY, ReportedWeekCase

SATURDAY = MONDAY + timedelta(days=5)
AT_0630 = wib("06:30", TUESDAY)
LINK = re.compile(r"http://localhost:8000(/pemberitahuan/laporan/berhenti/[^/\s>]+/)")


class Mails(ReportedWeekCase):
    """Budi and Citra are camat with an e-mail address.

    On Monday Budi's 35 Ilir was empty for 18 minutes, and Citra's 3-4 Ulu was blind.
    """

    server: MailServer

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.server = cls.enterClassContext(mail_server())
        cls.enterClassContext(override_settings(**cls.server.settings()))

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for name in ("budi", "citra", "dewi", "walikota", "intan"):
            user = getattr(cls.world, name)
            user.email = f"{name}@example.test"
            user.save()

    def setUp(self) -> None:
        self.server.got.clear()
        self.server.refuse.clear()

    def run_at(self, now: datetime) -> list[str]:
        """Send what is due at that time; return what was sent to whom."""
        before = len(self.server.got)
        sending.plan_and_send(now)
        return [f"{mail['To']}: {mail['Subject'].strip()}" for mail in self.server.got[before:]]

    def mail(self, user: Any, kind: MailKind = MailKind.DAY) -> ReportMail:
        return ReportMail.objects.get(user=user, kind=kind, period__startswith="2026-11-1")


class Sending(Mails):
    def test_each_camat_gets_yesterday_at_half_past_six_and_once(self) -> None:
        assert self.run_at(wib("06:29", TUESDAY)) == []
        sent = [
            "budi@example.test: Laporan harian Kecamatan Ilir Barat II, Senin 16 November 2026",
            "citra@example.test: Laporan harian Kecamatan Seberang Ulu I, Senin 16 November 2026",
        ]
        assert self.run_at(AT_0630) == sent
        assert self.run_at(AT_0630) == []
        assert self.run_at(wib("06:31", TUESDAY)) == []
        assert self.run_at(wib("06:29", TUESDAY)) == []  # after the clock was set back

    def test_what_stands_in_it(self) -> None:
        self.run_at(AT_0630)
        mail = self.server.got[0]
        text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
        for part in (text, html):
            assert "98,0 % dari jam layanan yang dinilai, dengan cakupan 100,0 %" in part
            assert "kosong terlama 18 menit di Kelurahan 35 Ilir" in part
            assert "1 indikasi menunggu penjelasan." in part
            assert "http://localhost:8000/laporan/16.71.01/2026-11-16/" in part
            assert LINK.search(part)
            assert "belum selesai dihitung" not in part
            assert "dewi" not in part
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["Auto-Submitted"] == "auto-generated"

    def test_who_reads_english_gets_it_in_english(self) -> None:
        remember_language(self.world.budi, "en")
        assert (
            self.run_at(AT_0630)[0]
            == "budi@example.test: Daily report, Kecamatan Ilir Barat II, Monday 16 November 2026"
        )
        text = self.server.got[0].get_body(["plain"]).get_content()  # type: ignore[union-attr]
        assert "Full report: http" in text
        assert "Laporan" not in text.replace("/laporan/", "")
        assert self.server.got[1]["Subject"].startswith("Laporan harian")

    def test_the_paper_is_in_it_made_once_for_all_of_a_kecamatan(self) -> None:
        deputy = type(self.world.budi).objects.create(username="plt", email="plt@example.test")
        camat = Membership.Role.CAMAT
        Membership.objects.create(user=deputy, role=camat, kecamatan=self.world.kecamatan["16.71.01"])
        self.run_at(AT_0630)
        papers = {mail["To"]: next(mail.iter_attachments()) for mail in self.server.got}
        attachment = papers["budi@example.test"]
        assert (attachment.get_filename(), attachment.get_content_type()) == (
            "laporan-16.71.01-2026-11-16.pdf",
            "application/pdf",
        )
        assert attachment.get_content() == papers["plt@example.test"].get_content()
        assert attachment.get_content() != papers["citra@example.test"].get_content()
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(attachment.get_content())).pages)
        assert "Kecamatan Ilir Barat II · Senin 16 November 2026" in text
        assert "98,0 %" in text

    def test_a_made_up_past_is_called_that(self) -> None:
        sunday = MONDAY - timedelta(days=1)
        until = {"last_day": sunday, "until": wib("00:00", MONDAY)}
        DemoHistory.objects.create(seed=1, first_day=sunday, made_at=AT_0630, **until)
        self.run_at(AT_0630)
        for kind in ("plain", "html"):
            part = self.server.got[0].get_body([kind])
            assert part
            assert "Data contoh, bukan keadaan sebenarnya" in part.get_content()

    def test_the_week_on_monday_and_the_month_on_the_first(self) -> None:
        monday = wib("06:30", MONDAY + timedelta(days=7))
        rollups.bring_up_to_date(monday)
        assert [line for line in self.run_at(monday) if "mingguan" in line] == [
            "budi@example.test: Laporan mingguan Kecamatan Ilir Barat II, 16–22 November 2026",
            "citra@example.test: Laporan mingguan Kecamatan Seberang Ulu I, 16–22 November 2026",
        ]
        first = wib("06:30", date(2026, 12, 1))
        rollups.bring_up_to_date(first)
        assert [line for line in self.run_at(first) if "bulanan" in line] == [
            "budi@example.test: Laporan bulanan Kecamatan Ilir Barat II, November 2026",
            "citra@example.test: Laporan bulanan Kecamatan Seberang Ulu I, November 2026",
        ]
        unsigned = {
            mail["Subject"].split()[1]: "belum ditandatangani camat" in mail.as_string() for mail in self.server.got
        }
        assert unsigned == {"harian": False, "mingguan": False, "bulanan": True}

    def test_a_run_that_was_missed_is_made_up(self) -> None:
        assert len(self.run_at(wib("11:47", TUESDAY))) == 2

    def test_it_waits_until_the_days_are_counted_but_not_for_ever(self) -> None:
        Recount.objects.create(first_day=MONDAY, last_day=MONDAY, why="keputusan", asked_at=AT_0630)
        assert self.run_at(AT_0630) == []
        Recount.objects.all().delete()
        assert self.run_at(wib("06:34", TUESDAY)) == []
        assert len(self.run_at(wib("06:35", TUESDAY))) == 2

    def test_at_eight_it_goes_out_and_says_that_days_are_missing(self) -> None:
        now = wib("06:30", SATURDAY)
        staffed(self.one, SATURDAY - timedelta(days=1))
        DayTally.objects.filter(day=SATURDAY - timedelta(days=1), counter=self.one).delete()
        assert [line for line in self.run_at(now) if "harian" in line and "budi" in line] == []
        assert [line for line in self.run_at(wib("07:59", SATURDAY)) if "budi" in line] == []
        assert [line for line in self.run_at(wib("08:04", SATURDAY)) if "harian" in line and "budi" in line]
        delivered = next(mail for mail in self.server.got if mail["To"] == "budi@example.test")
        assert "Sebagian hari belum selesai dihitung" in delivered.as_string()

    def test_who_died_between_taking_it_up_and_sending_it_loses_no_report(self) -> None:
        sending.queue_due_mails(AT_0630)
        taken = next(sending._claimed(AT_0630, float("inf")))  # and then the machine loses power
        assert len(self.run_at(wib("06:31", TUESDAY))) == 1
        assert self.run_at(wib("06:39", TUESDAY)) == []
        assert len(self.run_at(wib("06:40", TUESDAY))) == 1
        taken.refresh_from_db()
        assert (taken.state, taken.tries) == ("sent", 2)
        assert len({mail["Message-ID"] for mail in self.server.got}) == 2

    def test_two_that_look_at_once_take_it_up_once(self) -> None:
        sending.queue_due_mails(AT_0630)
        one, other = (sending._claimed(AT_0630, float("inf")) for _ in range(2))
        first = next(one)
        assert next(other).pk != first.pk
        assert [row.pk for row in [*one, *other]] == []

    def test_a_slow_mail_server_holds_no_second_thread(self) -> None:
        with sending._busy:
            assert self.run_at(AT_0630) == []
        assert len(self.run_at(AT_0630)) == 2

    def test_a_server_that_is_busy_gets_it_later_and_one_that_refuses_is_not_asked_again(self) -> None:
        self.server.refuse = {"budi@example.test": "450 greylisted", "citra@example.test": "550 no such user"}
        assert self.run_at(AT_0630) == []
        budi, citra = self.mail(self.world.budi), self.mail(self.world.citra)
        assert (budi.state, citra.state) == ("waiting", "failed")
        assert "no such user" in citra.why
        self.server.refuse.clear()
        assert [line.partition(":")[0] for line in self.run_at(wib("06:31", TUESDAY))] == ["budi@example.test"]

    def test_a_server_that_is_away_for_two_days_gets_it_and_one_that_never_comes_back_is_given_up(self) -> None:
        with override_settings(EMAIL_PORT=1):
            sending.queue_due_mails(AT_0630)
            for hours in range(0, 80, 8):
                sending.send_waiting(AT_0630 + timedelta(hours=hours))
                if hours <= 48:
                    assert self.mail(self.world.budi).state == "waiting"
                if hours == 48:
                    ReportMail.objects.filter(user=self.world.citra).update(next_try_at=AT_0630)
                    with override_settings(EMAIL_PORT=self.server.port):
                        sending.send_waiting(AT_0630 + timedelta(hours=49))
        assert [mail["To"] for mail in self.server.got] == ["citra@example.test"]
        budi = self.mail(self.world.budi)
        assert (budi.state, "refused" in budi.why) == ("failed", True)

    def test_the_gate_is_asked_again_when_it_is_sent(self) -> None:
        world = self.world
        ReportSubscription.objects.create(user=world.dewi, daily=True)
        ReportSubscription.objects.create(user=world.walikota, daily=True)
        sending.queue_due_mails(AT_0630)
        Membership.objects.filter(user=world.budi).update(kecamatan=world.kecamatan["16.71.02"])
        type(world.citra).objects.filter(pk=world.citra.pk).update(is_active=False)
        type(world.dewi).objects.filter(pk=world.dewi.pk).update(email="")
        subscriptions.save_subscriptions(world.walikota.pk, {MailKind.DAY: False})
        assert sending.send_waiting(AT_0630) == 0
        why = {name: self.mail(getattr(world, name)).why for name in ("budi", "citra", "dewi", "walikota")}
        assert why == {"budi": "scope", "citra": "inactive", "dewi": "address", "walikota": "off"}

    def test_an_office_without_duty_gets_no_mail(self) -> None:
        DayTally.objects.filter(counter=self.far).delete()
        Flip.objects.filter(counter=self.far).delete()
        assert [line.partition(":")[0] for line in self.run_at(AT_0630)] == ["budi@example.test"]
        assert self.mail(self.world.citra).why == "no_duty"

    def test_who_chose_gets_the_own_place_and_who_comes_later_the_next(self) -> None:
        for name in ("dewi", "walikota", "intan"):
            ReportSubscription.objects.create(user=getattr(self.world, name), daily=True)
        assert [line.partition(": ")[2].partition(",")[0] for line in self.run_at(AT_0630)] == [
            "Laporan harian Kecamatan Ilir Barat II",
            "Laporan harian Kelurahan 35 Ilir",
            "Laporan harian Kecamatan Seberang Ulu I",
            "Laporan harian Kota Palembang",
            "Laporan harian Kota Palembang",
        ]
        subscriptions.save_subscriptions(self.world.eko.pk, {MailKind.DAY: True})
        assert self.run_at(wib("07:00", TUESDAY)) == []

    def test_a_camat_of_two_kecamatan_gets_both(self) -> None:
        second = self.world.kecamatan["16.71.02"]
        Membership.objects.create(user=self.world.budi, role=Membership.Role.CAMAT, kecamatan=second)
        assert [line.partition(": ")[2].partition(",")[0] for line in self.run_at(AT_0630) if "budi" in line] == [
            "Laporan harian Kecamatan Ilir Barat II",
            "Laporan harian Kecamatan Seberang Ulu I",
        ]

    def test_what_became_of_mails_is_forgotten_after_a_year_and_not_before(self) -> None:
        sending.queue_due_mails(AT_0630)
        sending.delete_old_mails(AT_0630 + timedelta(days=399))
        assert ReportMail.objects.exists()
        sending.delete_old_mails(AT_0630 + timedelta(days=401))
        assert not ReportMail.objects.exists()


class Stopping(Mails):
    def setUp(self) -> None:
        super().setUp()
        self.run_at(AT_0630)
        self.browser = Client(enforce_csrf_checks=True)

    def test_the_link_in_the_mail_leads_to_a_button_and_back(self) -> None:
        body = self.server.got[0].get_body(["plain"])
        found = LINK.search(body.get_content() if body else "")
        assert found
        path = found[1]
        page = self.browser.get(path)
        assert "Berhenti menerima laporan harian?" in page.content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
        assert token
        for do, words, on in (("stop", "Laporan harian tidak dikirim lagi", False), ("resume", "Berhenti", True)):
            form = {"csrfmiddlewaretoken": token[1], "do": do}
            assert words in self.browser.post(path, form, follow=True).content.decode()
            assert subscriptions.subscriptions_of(self.world.budi.pk) == {
                MailKind.DAY: on,
                MailKind.WEEK: True,
                MailKind.MONTH: True,
                MailKind.INCIDENTS: False,
            }
        assert self.browser.post(path, {"do": "stop"}).status_code == 403  # from another site

    def test_one_click_in_the_mail_program_needs_no_cookie_and_a_look_changes_nothing(self) -> None:
        path = self.server.got[0]["List-Unsubscribe"].strip(" <>").removeprefix("http://localhost:8000")
        assert self.browser.get(path).status_code == 302
        assert self.browser.head(path).status_code == 302
        assert self.browser.post(path).status_code == 400
        assert subscriptions.subscriptions_of(self.world.budi.pk)[MailKind.DAY]
        assert self.browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not self.browser.cookies
        assert subscriptions.subscriptions_of(self.world.budi.pk) == {
            MailKind.DAY: False,
            MailKind.WEEK: True,
            MailKind.MONTH: True,
            MailKind.INCIDENTS: False,
        }
        rollups.bring_up_to_date(wib("20:00", TUESDAY))
        assert [line for line in self.run_at(wib("06:30", MONDAY + timedelta(days=2))) if "budi" in line] == []

    def test_a_link_that_is_not_ours_or_of_somebody_gone_has_no_power(self) -> None:
        good = subscriptions.stop_token(self.world.budi.pk, MailKind.DAY)
        type(self.world.citra).objects.filter(pk=self.world.citra.pk).update(is_active=False)
        for token in (good[:-1], "x", subscriptions.stop_token(self.world.citra.pk, MailKind.DAY)):
            page = self.browser.get(f"/pemberitahuan/laporan/berhenti/{token}/")
            assert page.status_code == 404
            assert "Tautan ini tidak berlaku" in page.content.decode()
            now = f"/pemberitahuan/laporan/berhenti/{token}/langsung/"
            assert self.browser.post(now, {"List-Unsubscribe": "One-Click"}).status_code == 404

    def test_the_token_opens_nothing_else(self) -> None:
        token = subscriptions.stop_token(self.world.budi.pk, MailKind.DAY)
        self.browser.get(f"/pemberitahuan/laporan/berhenti/{token}/")
        assert self.browser.get("/pemberitahuan/").status_code == 302

    def test_three_switches_on_the_page_of_notifications(self) -> None:
        self.client.force_login(self.world.budi)
        page = self.client.get("/pemberitahuan/").content.decode()
        assert page.count('" checked aria-describedby="report-') == 3
        assert "budi@example.test" in page
        assert re.search(r"terakhir dikirim \d+ \w+ \d{4}, \d\d\.\d\d WIB", page)
        answer = self.client.post("/pemberitahuan/laporan/", {"minggu": "on"}, follow=True).content.decode()
        assert "Pilihan laporan lewat e-mail tersimpan" in answer
        assert subscriptions.subscriptions_of(self.world.budi.pk) == {
            MailKind.DAY: False,
            MailKind.WEEK: True,
            MailKind.MONTH: False,
            MailKind.INCIDENTS: False,
        }

    def test_users_see_that_they_have_no_address_or_were_not_reached(self) -> None:
        ReportMail.objects.filter(user=self.world.budi).update(state="failed", why="550 no such user")
        self.client.force_login(self.world.budi)
        assert "tidak dikirim: 550 no such user" in self.client.get("/pemberitahuan/").content.decode()
        self.client.force_login(self.world.eko)
        assert "laporan belum dapat dikirim" in self.client.get("/pemberitahuan/").content.decode()
