"""A month's numbers: counted from steps, on the page, in the files, and without small counts for the public."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from django.core.cache import cache
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from discipline.incidents.models import Incident
from discipline.incidents.numbers.counting import month_numbers
from discipline.incidents.numbers.public import for_public
from discipline.incidents.tasks import changes as task_changes
from discipline.incidents.tasks.changes import TaskStepWanted
from discipline.incidents.tasks.models import Task
from discipline.incidents.tasks.state_rule import TaskState
from discipline.reports.numbers.period import PeriodKind, period_of
from offices.access.models import Membership
from offices.places.models import Agency
from tests.support.base import MORNING, OfficeTestCase, member
from tests.support.complaints import a_complaint
from tests.support.incidents import an_incident, incident_type

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
        assert (found.total.arrive.median_s, found.total.arrive.p90_s) == (40 * 60, 60 * 60)
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

    def test_the_page_the_files_and_the_public(self) -> None:
        self.incidents()
        a_complaint(self.world)
        self.client.force_login(self.world.walikota)
        page = self.client.get(reverse("incident-numbers"), {"bulan": NOVEMBER.key})
        for words in ("Dinas Perhubungan", "40 menit · 1 jam", "35 Ilir"):
            self.assertContains(page, words)
        assert self.client.get(reverse("incident-numbers"), {"bulan": "2026-W47"}).status_code == 404
        book = load_workbook(BytesIO(self.client.get(reverse("incident-numbers-xlsx", args=[NOVEMBER.key])).content))
        agencies = list(book["Instansi"].values)
        assert agencies[1][:5] == ("Dinas Perhubungan", 5, 5, 5, 5)
        paper = self.client.get(reverse("incident-numbers-pdf", args=[NOVEMBER.key])).content
        text = " ".join(PdfReader(BytesIO(paper)).pages[0].extract_text().split())
        for words in ("Angka penanganan kejadian", "November 2026", "Dinas Perhubungan", "35 Ilir"):
            assert words in text
        self.client.logout()
        page = self.client.get(reverse("public-incident-numbers"), {"bulan": NOVEMBER.key})
        self.assertContains(page, "tidak ditampilkan: terlalu sedikit", 2)
        self.assertNotContains(page, "Dinas Perhubungan")
        assert self.client.get(reverse("public-incident-numbers"), {"bulan": "2020-01"}).status_code == 404
        if LOOKS:
            Path(LOOKS, "numbers.pdf").write_bytes(paper)
