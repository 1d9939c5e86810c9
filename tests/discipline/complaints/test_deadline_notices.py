"""The morning's message about deadlines of residents' reports."""

from datetime import datetime, timedelta

from django.test import TestCase

from discipline.complaints.deadline_notices import notify_deadlines
from discipline.complaints.state_rule import ComplaintState
from discipline.notices.models import Delivery
from offices.access.models import Membership
from offices.hours.schedule import ZONE
from tests.support.base import World, member
from tests.support.complaints import a_complaint, move


class DeadlineNotices(TestCase):
    def setUp(self) -> None:
        self.world = World()
        self.rina = member("rina", Membership.Role.INSPECTOR)
        for person in (self.world.ani, self.world.walikota, self.rina):
            person.email = f"{person.username}@kota.example"
            person.save()
        report = a_complaint(self.world)
        assert report.verify_by
        self.report = report
        self.deadline = report.verify_by.astimezone(ZONE)  # midnight, the end of the third working day

    def morning(self, days: int) -> datetime:
        """Return 07.30 of the last day of the deadline, or so many days later."""
        return self.deadline - timedelta(days=1) + timedelta(days=days, hours=7, minutes=30)

    def titles(self) -> dict[str, str]:
        """Return what was queued, by user name."""
        return {row.user.username: row.title for row in Delivery.objects.filter(kind="complaint")}

    def test_operators_are_notified_once_a_morning_of_what_is_due_and_late(self) -> None:
        assert notify_deadlines(self.morning(-1)) == 0
        assert notify_deadlines(self.morning(0) - timedelta(minutes=1)) == 0
        assert notify_deadlines(self.morning(0)) == 1
        assert self.titles() == {"ani": "Laporan warga: 1 berakhir hari ini"}
        assert notify_deadlines(self.morning(0) + timedelta(hours=1)) == 0
        Delivery.objects.all().delete()
        a_complaint(self.world)
        assert notify_deadlines(self.morning(1)) == 1
        assert self.titles() == {"ani": "Laporan warga: 2 melewati tenggat"}

    def test_an_answered_report_is_due_no_more(self) -> None:
        move(self.report, ComplaintState.VERIFIED, self.world)
        assert notify_deadlines(self.morning(0)) == 0

    def test_private_reports_are_counted_for_the_inspectorate_alone(self) -> None:
        move(self.report, ComplaintState.REJECTED, self.world, text="Uji coba", message="Bukan loket kota")
        a_complaint(self.world, "corruption")
        assert notify_deadlines(self.morning(0)) == 1
        assert self.titles() == {"rina": "Laporan warga tertutup: 1 berakhir hari ini"}
