"""A month's numbers: counted from steps, on the page, in the files, and without small counts for the public."""

import hashlib
import os
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from discipline.incidents.models import Incident, IncidentSource
from discipline.incidents.numbers.counting import month_numbers
from discipline.incidents.numbers.public import for_public
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.steps import StepWanted, take_step
from discipline.incidents.tasks import changes as task_changes
from discipline.incidents.tasks.changes import TaskStepWanted
from discipline.incidents.tasks.models import Task
from discipline.incidents.tasks.state_rule import TaskState
from discipline.reports.files import jobs as report_jobs
from discipline.reports.files.models import ReportFile
from discipline.reports.mail import sending, subscriptions
from discipline.reports.mail.kinds import MailKind
from discipline.reports.mail.models import ReportMail
from discipline.reports.numbers.period import PeriodKind, period_of
from offices.access.gate import scope_of
from offices.access.models import FileAccess, Membership
from offices.accounts.languages import remember_language
from offices.places.models import Agency, Counter, Place
from tests.support.base import MORNING, OfficeTestCase, member
from tests.support.clock import wib
from tests.support.complaints import a_complaint
from tests.support.incidents import an_incident, incident_type
from tests.support.mail_server import mail_server

MINUTE = timedelta(minutes=1)
NOVEMBER = period_of(PeriodKind.MONTH, MORNING.date())
LOOKS = os.environ.get("LOOKS")  # a folder for the paper, to look at it


class Numbers(OfficeTestCase):
    def setUp(self) -> None:
        cache.delete(f"incident-numbers:{NOVEMBER.key}")
        self.dishub = Agency.objects.create(code="dishub", name="Dinas Perhubungan")
        self.gita = member("gita", Membership.Role.AGENCY, agency=self.dishub)

    def incidents(self) -> list[Task]:
        """Open five floods and a fire, and ask the agency about each flood: it arrives after 20, 30, … minutes."""
        tasks = []
        for number in range(5):
            flood = an_incident(self.world, title=f"Genangan {number}")
            task = task_changes.ask(flood, self.dishub, "Alihkan lalu lintas", self.world.ani, MORNING)
            for state, minutes in ((TaskState.ACCEPTED, 5), (TaskState.ARRIVED, 20 + 10 * number)):
                at = MORNING + minutes * MINUTE
                task_changes.take_task_step(task, TaskStepWanted(state), self.gita, at, by_agency=True)
            tasks.append(task)
        an_incident(self.world, kind=incident_type("fire"), title="Kebakaran di Kertapati")
        an_incident(self.world, title="Bulan lain")
        Incident.objects.filter(title="Bulan lain").update(opened_at=MORNING - timedelta(days=30))
        return tasks

    def test_a_month_is_counted_from_steps(self) -> None:
        self.incidents()
        found = month_numbers(NOVEMBER, MORNING + 60 * MINUTE)
        assert [(line.name, line.number) for line in found.kinds] == [("Banjir atau genangan", 5), ("Kebakaran", 1)]
        assert [(line.name, line.number) for line in found.kecamatan] == [("Ilir Barat II", 6)]
        assert (found.total.arrive.median_s, found.total.arrive.p90_s) == (35 * 60, 50 * 60)
        [agency] = found.agencies
        assert (agency.name, agency.number, agency.acknowledge.median_s) == ("Dinas Perhubungan", 5, 5 * 60)
        assert (agency.arrive.number, agency.arrive.median_s, agency.arrive.p90_s) == (4, 35 * 60, 50 * 60)
        assert (agency.kept, agency.missed) == (
            5 + 3,
            2,
        )  # accepted in 10 minutes; on the spot in 45, of which two late
        public = for_public(found)
        assert [(one.line.name, one.hidden) for one in public.kinds] == [
            ("Banjir atau genangan", True),  # the fire could be computed from the total
            ("Kebakaran", True),
        ]
        assert public.total
        assert public.total.number == 6

    def test_who_waited_and_who_was_there_first(self) -> None:
        heard = an_incident(self.world, source=IncidentSource.SYSTEM)
        newest = heard.steps.order_by("-pk")[0].pk
        take_step(heard, StepWanted(IncidentState.ACKNOWLEDGED, newest), self.world.ani, MORNING + 4 * MINUTE)
        an_incident(self.world)  # acknowledged as Ani opened it: nobody waited
        task = task_changes.ask(heard, self.dishub, "Periksa", self.world.ani, MORNING + 5 * MINUTE)
        for state, minutes, sent in ((TaskState.ACCEPTED, 8, 8), (TaskState.ARRIVED, 20, 90)):  # sent later
            wanted = TaskStepWanted(state, happened_at=MORNING + minutes * MINUTE)
            task_changes.take_task_step(task, wanted, self.gita, MORNING + sent * MINUTE, by_agency=True)
        other = task_changes.ask(heard, self.world.ilir35, "Periksa", self.world.ani, MORNING + 5 * MINUTE)
        task_changes.take_task_step(
            other,
            TaskStepWanted(TaskState.DECLINED, "Bukan kami"),
            self.world.dewi,
            MORNING + 9 * MINUTE,
            by_agency=True,
        )
        a_complaint(self.world)
        camat = Place.objects.get(kind=Place.Kind.KECAMATAN, kecamatan__code="16.71.01")
        Counter.objects.create(place=camat, name="Loket camat")
        a_complaint(self.world, place=camat)
        found = month_numbers(NOVEMBER, MORNING + 100 * MINUTE)
        assert (found.total.number, found.total.acknowledge.number, found.total.acknowledge.median_s) == (2, 1, 4 * 60)
        assert (found.total.arrive.number, found.total.arrive.median_s) == (1, 20 * 60)
        assert [line.reports for line in found.places] == [1, 1]

    def kept(self, format_: str) -> bytes:
        """Return the file of that format that the mayor asks for on the page."""
        self.client.force_login(self.world.walikota)
        self.client.post(reverse("report-files", args=["kejadian", NOVEMBER.key]), {"format": format_})
        report_jobs.make_waiting()
        row = ReportFile.objects.get(format=format_)
        assert row.state == ReportFile.State.DONE, row.why
        answer = self.client.get(reverse("report-file", args=[row.pk]))
        assert f"sidak-kejadian-2026-11.{format_}" in answer["Content-Disposition"]
        return b"".join(answer)

    def check_files(self, paper: bytes, book: bytes) -> None:
        agencies = list(load_workbook(BytesIO(book))["Instansi"].values)
        assert agencies[1][:5] == ("Dinas Perhubungan", 5, 5, 5, 5)
        text = " ".join(PdfReader(BytesIO(paper)).pages[0].extract_text().split())
        for words in ("Angka penanganan kejadian", "November 2026", "Dinas Perhubungan", "35 Ilir"):
            assert words in text

    def test_they_are_mailed_on_the_first_to_who_chose_them_in_their_language(self) -> None:
        self.incidents()
        first, world = wib("06:30", date(2026, 12, 1)), self.world
        for user in (world.walikota, world.intan, world.budi, world.ani):
            user.email = f"{user.username}@example.test"
            user.save()
            subscriptions.save_subscriptions(user.pk, dict.fromkeys(MailKind, False) | {MailKind.INCIDENTS: True})
        subscriptions.save_subscriptions(world.ani.pk, {MailKind.INCIDENTS: False})
        remember_language(world.intan, "en")
        assert MailKind.INCIDENTS in subscriptions.offered_to(scope_of(world.ani))
        assert MailKind.INCIDENTS not in subscriptions.offered_to(scope_of(world.budi))  # camat
        with mail_server() as server, override_settings(**server.settings()):
            sending.plan_and_send(first - MINUTE)
            assert not ReportMail.objects.exists()
            sending.plan_and_send(first)
            sending.plan_and_send(first + sending.PATIENCE)  # days that nobody has counted keep it waiting until then
            sending.plan_and_send(first + timedelta(days=1))
        assert ReportMail.objects.filter(state="sent").count() == 2
        mails = {mail["To"]: mail for mail in server.got}
        assert sorted(mails) == ["intan@example.test", "walikota@example.test"]
        mail = mails["walikota@example.test"]
        assert mail["Subject"] == "Angka penanganan kejadian Kota Palembang, November 2026"
        text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
        for part in (text, html):
            assert "6 kejadian. Diterima: " in part
            assert "/kejadian/angka/?bulan=2026-11" in part
            assert "Indikasi belum pelanggaran" not in part
        files = {str(one.get_filename()): one.get_content() for one in mail.iter_attachments()}
        assert sorted(files) == ["kejadian-2026-11.pdf", "kejadian-2026-11.xlsx"]
        assert b"%PDF" in files["kejadian-2026-11.pdf"][:8]
        agencies = list(load_workbook(BytesIO(files["kejadian-2026-11.xlsx"]))["Instansi"].values)
        assert agencies[1][:2] == ("Dinas Perhubungan", 5)
        english = mails["intan@example.test"].get_body(["plain"]).get_content()  # type: ignore[union-attr]
        assert "6 incidents" in english
        assert "monthly incident numbers" in english
        if LOOKS:
            Path(LOOKS, "numbers-mail.html").write_text(html)
            Path(LOOKS, "numbers-mail.txt").write_text(english)

    def test_the_page_the_files_and_the_public(self) -> None:
        self.incidents()
        a_complaint(self.world)
        self.client.force_login(self.world.walikota)
        page = self.client.get(reverse("incident-numbers"), {"bulan": NOVEMBER.key})
        for words in ("Dinas Perhubungan", "40 menit · 1 jam", "35 Ilir"):
            self.assertContains(page, words)
        assert self.client.get(reverse("incident-numbers"), {"bulan": "2026-W47"}).status_code == 404
        paper, book = self.kept("pdf"), self.kept("xlsx")
        self.check_files(paper, book)
        row = ReportFile.objects.get(format="pdf")
        assert hashlib.sha256(paper).hexdigest() == row.sha256
        assert FileAccess.objects.filter(user=self.world.walikota, key=str(row.pk)).exists()
        self.assertContains(page, reverse("report-files", args=["kejadian", NOVEMBER.key]))
        for key, data in ((NOVEMBER.key, {"format": "csv"}), ("2026-W47", {"format": "pdf"})):
            self.client.post(reverse("report-files", args=["kejadian", key]), data)
        assert ReportFile.objects.count() == 2
        for user in (self.world.budi, self.gita):
            self.client.force_login(user)
            address = reverse("report-files", args=["kejadian", NOVEMBER.key])
            assert self.client.post(address, {"format": "pdf"}).status_code == 404
        self.client.logout()
        page = self.client.get(reverse("public-incident-numbers"), {"bulan": NOVEMBER.key})
        self.assertContains(page, "tidak ditampilkan: terlalu sedikit", 2)
        self.assertNotContains(page, "Dinas Perhubungan")
        assert self.client.get(reverse("public-incident-numbers"), {"bulan": "2020-01"}).status_code == 404
        if LOOKS:
            Path(LOOKS, "numbers.pdf").write_bytes(paper)
