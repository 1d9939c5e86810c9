"""Who is told of a month: mayor and inspectorate when it is sent, the camat too when it changes after signing."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from discipline import noticing, notify
from discipline.models import MonthSnapshot, SigningStep
from discipline.reports.period import Period
from discipline.reports.places import Place
from discipline.reports.words import period_title
from offices.models import Membership

READERS = (noticing.MAYOR, noticing.INSPECTOR)


def sent(step: SigningStep, place: Place, month: Period, now: datetime) -> int:
    """In the transaction that keeps the step. Returns how many messages were queued."""
    with translation.override("id"):
        words = _words(_("Laporan bulanan dikirim"), place, month)
    return notify.tell(f"month:{step.report_id}", noticing.Kind.MONTH, words, None, now, roles=READERS)


def amended(row: MonthSnapshot, place: Place, month: Period, now: datetime) -> int:
    """The same for an amendment; the camat is asked to acknowledge it."""
    with translation.override("id"):
        words = _words(_("Laporan bulanan berubah setelah ditandatangani"), place, month)
    matter, kind = f"amendment:{row.pk}", noticing.Kind.MONTH
    camat = list(Membership.objects.filter(kecamatan=place.row).values_list("user", flat=True))
    told = notify.tell(matter, kind, words, None, now, users=camat)
    return told + notify.tell(matter, kind, words, None, now, roles=READERS)


def _words(title: str, place: Place, month: Period) -> notify.Words:
    url = reverse("month-signing", args=[place.key, month.key])
    return notify.Words(title, f"{place.title}, {period_title(month)}.", url)
