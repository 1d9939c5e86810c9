"""A test case with a reported week whose users ask for files of reports."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from discipline.reports.files import jobs as report_jobs
from discipline.reports.files.models import ReportFile
from discipline.reports.numbers.places import place_for
from tests.support.reported_week import WEEK, ReportedWeekCase

KECAMATAN = "16.71.01"


class FilesCase(ReportedWeekCase):
    """Offers to ask for files, make and fetch them; each test begins and ends with an empty folder of files."""

    def setUp(self) -> None:
        """Empty the folder now, as other tests of this process share it, and at the end."""
        _empty(Path(settings.REPORT_DIR))
        self.addCleanup(_empty, Path(settings.REPORT_DIR))

    def ask(self, user: Any, key: str = KECAMATAN, format_: str = "xlsx", table: str = "", **more: Any) -> ReportFile:
        """Return the file that the user asks for, not yet made."""
        values: dict[str, Any] = {"period": WEEK, "language": "id", "now": timezone.now()} | more
        return report_jobs.request_file(user, place_for(user, key), format_=format_, table=table, **values)

    def made(self, user: Any, key: str = KECAMATAN, format_: str = "xlsx", table: str = "", **more: Any) -> ReportFile:
        """Return the file that the user asks for, made."""
        row = self.ask(user, key, format_, table, **more)
        report_jobs.make_waiting()
        row.refresh_from_db()
        return row

    def get(self, user: Any, row: ReportFile) -> Any:
        """Return the answer to the user who fetches the file."""
        self.client.force_login(user)
        return self.client.get(reverse("report-file", args=[row.pk]))


def _empty(folder: Path) -> None:
    for path in folder.glob("*"):
        path.unlink()
