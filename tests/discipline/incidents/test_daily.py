"""The daily report: what it tells of the day that ended at 07.00, made once, made later, read by those of the room."""

import hashlib
import os
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from discipline.complaints.counting import residents_between
from discipline.incidents.daily.gathering import gather
from discipline.incidents.daily.making import make_due
from discipline.incidents.daily.models import DailyReport, DailyRetention
from discipline.incidents.shifts import changes
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.steps import StepWanted, take_step
from discipline.incidents.tasks import changes as task_changes
from discipline.notices.models import Delivery
from discipline.tasks import forget_notices
from offices.access.models import FileAccess, Membership
from offices.hours.schedule import local_day
from offices.places.models import Agency
from streams.cameras.troubles.models import CameraTrouble
from tests.support.base import MORNING, OfficeTestCase, member
from tests.support.complaints import a_complaint
from tests.support.incidents import an_incident
from tests.support.places import camera_at, street_point

SEVEN = datetime(2026, 11, 24, 7, tzinfo=ZoneInfo("Asia/Jakarta"))
DAY = timedelta(days=1)
LOOKS = os.environ.get("LOOKS")  # a folder for the paper, to look at it


class DailyReports(OfficeTestCase):
    def setUp(self) -> None:
        self.dishub, self.ani = Agency.objects.create(code="dishub", name="Dinas Perhubungan"), self.world.ani
        self.bayu = member("bayu", Membership.Role.OPERATOR)

    def a_day(self) -> None:
        """From Monday 09.00 WIB: a shift and its handover, two incidents, one with a task that nobody accepts."""
        changes.begin("Regu A", None, self.ani, MORNING)
        changes.join(self.dishub, self.bayu, MORNING)
        flood = an_incident(self.world)
        task_changes.ask(flood, self.dishub, "Alihkan lalu lintas", self.ani, MORNING)
        other = an_incident(self.world, title="Asap di Kertapati", happened_at=MORNING)
        newest = other.steps.order_by("-pk")[0].pk
        wanted = StepWanted(IncidentState.UNFOUNDED, newest, "Uap pabrik")
        take_step(other, wanted, self.ani, MORNING + timedelta(hours=1))
        a_complaint(self.world)
        CameraTrouble.objects.create(camera=camera_at(street_point()), cause="refused", since=MORNING - DAY)
        changes.write("Pompa Sekip menyala", self.ani, MORNING)
        changes.hand_over("", self.ani, MORNING + timedelta(hours=12))
        changes.write("Sesudah pukul tujuh", self.ani, SEVEN)

    def test_it_tells_the_day_as_it_was_at_seven(self) -> None:
        self.a_day()
        day = gather(SEVEN - DAY, SEVEN, residents_between(SEVEN - DAY, SEVEN))
        assert [(one.title, one.state) for one in day.incidents] == [
            ("Genangan di bawah Ampera", "Ditugaskan"),
            ("Asap di Kertapati", "Bukan kejadian"),
        ]
        assert day.incidents[1].ended_at == MORNING + timedelta(hours=1)
        [tasks] = day.tasks
        assert (tasks.who, tasks.asked, tasks.done, tasks.kept, tasks.missed) == ("Dinas Perhubungan", 1, 0, 0, 3)
        assert day.residents
        assert day.residents.came == day.residents.open == 1
        [shift] = day.shifts
        assert (shift.chief, shift.people) == (
            "ani",
            (("Ruang kendali", ("ani",)), ("Dinas Perhubungan", ("bayu",))),
        )
        assert [one.text for one in day.notes] == ["Pompa Sekip menyala"]
        assert [(one.cause, one.ended_at) for one in day.troubles] == [("Perangkat menolak sambungan", None)]
        before = gather(SEVEN - 2 * DAY, SEVEN - DAY, None)
        assert (before.incidents, before.tasks, before.shifts, len(before.troubles)) == ([], [], [], 1)

    def test_it_is_made_once_and_later_if_nobody_was_there_and_told(self) -> None:
        assert make_due(SEVEN) == 0  # no shift yet
        self.a_day()
        for user in (self.world.walikota, self.ani):
            user.email = f"{user.username}@kota.example"
            user.save()
        assert make_due(SEVEN - timedelta(minutes=1), residents_between) == 0
        assert [make_due(SEVEN + timedelta(minutes=5), residents_between) for _beat in range(3)] == [1, 0, 0]
        report = DailyReport.objects.first()
        assert report
        assert (report.since, report.until) == (SEVEN - DAY, SEVEN)
        queued = Delivery.objects.filter(subject_key=f"daily:{report.pk}")
        assert [row.user for row in queued] == [self.world.walikota]  # operators turn it on
        assert make_due(SEVEN + 2 * DAY, residents_between) == 2
        with pytest.raises(DatabaseError, match="append"), transaction.atomic():
            DailyReport.objects.update(sha256="0" * 64)

        self.client.force_login(self.world.intan)
        self.assertContains(self.client.get(reverse("daily-reports")), "Senin, 23 November 2026")
        answer = self.client.get(reverse("daily-report-file", args=[report.pk]))
        assert hashlib.sha256(answer.content).hexdigest() == report.sha256
        text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages)
        for words in (
            "Senin 23 November 2026 pukul 07.00 sampai",
            "Ruang kendali: ani",
            "belum ditandatangani",
            "Sekip",
        ):
            assert words in text
        assert "Sesudah pukul tujuh" not in text
        assert FileAccess.objects.filter(user=self.world.intan, key=f"daily:{report.pk}").exists()
        self.client.force_login(self.world.dewi)
        assert self.client.get(reverse("daily-report-file", args=[report.pk])).status_code == 403
        if LOOKS:
            Path(LOOKS, "daily.pdf").write_bytes(answer.content)

    def test_papers_are_erased_after_the_time_in_force_and_not_before_thirty_days(self) -> None:
        now = timezone.now()
        young, old, older = (
            DailyReport.objects.create(
                since=now - (days + 1) * DAY,
                until=now - days * DAY,
                made_at=now - days * DAY,
                pdf=b"%PDF",
                sha256="a" * 64,
            )
            for days in (29, 80, 366)
        )
        for report, change in ((young, {"pdf": b"", "erased_at": now}), (old, {"pdf": b"lain"})):
            with pytest.raises(DatabaseError, match="append"), transaction.atomic():
                DailyReport.objects.filter(pk=report.pk).update(**change)
        forget_notices()
        kept = DailyReport.objects.filter(erased_at=None)
        assert set(kept) == {young, old}  # the usual 365 days
        self.client.force_login(self.world.intan)
        page = self.client.get(reverse("daily-reports"))
        self.assertContains(page, "berkas dihapus")
        self.assertContains(page, "Berkas dihapus sesudah 365 hari.")
        assert self.client.get(reverse("daily-report-file", args=[older.pk])).status_code == 404
        older.refresh_from_db()
        assert (bytes(older.pdf), older.sha256) == (b"", "a" * 64)

        rule = {"days": 60, "since": local_day(now), "basis": "SK Sekda 12/2026"}
        assert self.client.post(reverse("daily-retention"), rule).status_code == 403
        self.client.force_login(self.ani)
        for wrong in ({"days": 29}, {"since": local_day(now - DAY)}, {"basis": "SK"}):
            answer = self.client.post(reverse("daily-retention"), rule | wrong)
            self.assertContains(answer, 'aria-invalid="true"', status_code=422)
        self.client.post(reverse("daily-retention"), rule)
        self.client.post(reverse("daily-retention"), rule | {"days": 400, "since": local_day(now + DAY)})
        self.assertContains(self.client.get(reverse("daily-retention")), "60 hari sesudah dibuat")
        forget_notices()
        assert list(kept.all()) == [young]
        forget_notices()
        with pytest.raises(DatabaseError, match="append"), transaction.atomic():
            DailyRetention.objects.update(days=30)
