"""Who is told of a month: mayor and inspectorate when it is sent, the camat too when it changes after signing."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation
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
    """In the transaction that keeps the step. Returns how many messages were queued."""
    with translation.override("id"):
        words = _words(_("Laporan bulanan dikirim"), place, month)
    return outbox.queue_message(f"month:{step.report_id}", notice_rule.Topic.MONTH, words, None, now, roles=READERS)


def notify_amended(row: MonthSnapshot, place: OrgUnit, month: Period, now: datetime) -> int:
    """The same for an amendment; the camat is asked to acknowledge it."""
    with translation.override("id"):
        words = _words(_("Laporan bulanan berubah setelah ditandatangani"), place, month)
    matter, kind = f"amendment:{row.pk}", notice_rule.Topic.MONTH
    camat = list(Membership.objects.filter(kecamatan=place.row).values_list("user", flat=True))
    told = outbox.queue_message(matter, kind, words, None, now, users=camat)
    return told + outbox.queue_message(matter, kind, words, None, now, roles=READERS)


def _words(title: str, place: OrgUnit, month: Period) -> outbox.NoticeText:
    url = reverse("month-signing", args=[place.key, month.key])
    return outbox.NoticeText(title, f"{place.title}, {period_title(month)}.", url)
