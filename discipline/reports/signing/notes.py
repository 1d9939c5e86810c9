"""Notices about a month: to mayor and inspectorate when it is sent, and to the camat too when it is amended."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.notices import outbox
from discipline.notices import rule as notice_rule
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import OrgUnit
from discipline.reports.numbers.words import period_title
from discipline.reports.signing.models import MonthSnapshot, SigningStep
from offices.access.models import Membership

READERS = (notice_rule.MAYOR, notice_rule.INSPECTOR)


def notify_sent(step: SigningStep, place: OrgUnit, month: Period, now: datetime) -> int:
    """Queue the notices of a sent month, in the transaction that saves the step; return how many were queued."""

    def words() -> outbox.NoticeText:
        return _words(_("Laporan bulanan dikirim"), place, month)

    return outbox.queue_message(f"month:{step.report_id}", notice_rule.Topic.MONTH, words, None, now, roles=READERS)


def notify_amended(row: MonthSnapshot, place: OrgUnit, month: Period, now: datetime) -> int:
    """Queue the notices of an amendment, which the camat should acknowledge; return how many were queued."""

    def words() -> outbox.NoticeText:
        return _words(_("Laporan bulanan berubah setelah ditandatangani"), place, month)

    subject, topic = f"amendment:{row.pk}", notice_rule.Topic.MONTH
    camat = list(Membership.objects.filter(kecamatan=place.row).values_list("user", flat=True))
    queued = outbox.queue_message(subject, topic, words, None, now, users=camat)
    return queued + outbox.queue_message(subject, topic, words, None, now, roles=READERS)


def _words(title: str, place: OrgUnit, month: Period) -> outbox.NoticeText:
    url = reverse("month-signing", args=[place.key, month.key])
    return outbox.NoticeText(title, f"{place.title}, {period_title(month)}.", url)
