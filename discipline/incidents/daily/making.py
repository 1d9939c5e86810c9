"""Make the daily reports that are due, each once, and queue the notices of it."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from discipline.core.wording import local, weekday
from discipline.incidents.daily import paper
from discipline.incidents.daily.contents import ResidentNumbers
from discipline.incidents.daily.day_rule import day_of, due_days, first_date
from discipline.incidents.daily.gathering import gather
from discipline.incidents.daily.models import DailyReport
from discipline.incidents.shifts.models import Shift
from discipline.notices import outbox
from discipline.notices import rule as notice_rule
from offices.hours.schedule import ZONE
from streams.servers.locks import Lock, lock_until_commit

CountResidents = Callable[[datetime, datetime], ResidentNumbers]
READERS = (notice_rule.OPERATOR, notice_rule.MAYOR, notice_rule.INSPECTOR)


def make_due(now: datetime, count_residents: CountResidents | None = None) -> int:
    """Make the reports that are due and missing; return how many.

    `count_residents` returns the numbers of residents' reports in [since, until).
    """
    first_shift = Shift.objects.order_by("started_at").values_list("started_at", flat=True).first()
    newest = DailyReport.objects.values_list("since", flat=True).first()  # the newest, by Meta.ordering
    made, in_use = (first_date(at, ZONE) if at else None for at in (newest, first_shift))
    days = due_days(now, ZONE, made, in_use)
    return sum(_make(day, now, count_residents) for day in days)


def _make(day: date, now: datetime, count_residents: CountResidents | None) -> bool:
    since, until = day_of(day, ZONE)
    with transaction.atomic():
        lock_until_commit(Lock.DAILY_REPORT)
        if DailyReport.objects.filter(since=since).exists():
            return False
        residents = count_residents(since, until) if count_residents else None
        with override("id"), timezone.override(settings.TIME_ZONE):
            data = paper.pdf(gather(since, until, residents), now)
        sha256 = hashlib.sha256(data).hexdigest()
        report = DailyReport.objects.create(since=since, until=until, made_at=now, pdf=data, sha256=sha256)
        _notify(report, now)
    return True


def _notify(report: DailyReport, now: datetime) -> None:
    def words() -> outbox.NoticeText:
        body = _("Masa %(day)s pukul 07.00 sampai esoknya pukul 07.00 WIB.") % {"day": weekday(local(report.since))}
        return outbox.NoticeText(_("Laporan harian ruang kendali"), body, reverse("daily-reports"))

    outbox.queue_message(f"daily:{report.pk}", notice_rule.Topic.DAILY, words, None, now, roles=READERS)
