"""A report as a mail: three sentences, a link to the page, the PDF and a link to stop. In Indonesian, as all mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from discipline.core import provenance
from discipline.core.wording import weekday
from discipline.notices.senders import message_id
from discipline.reports.files import pdf as report_pdf
from discipline.reports.mail import subscriptions
from discipline.reports.numbers import summary, tables
from discipline.reports.numbers.period import Period, PeriodKind
from discipline.reports.numbers.places import OrgUnit
from discipline.reports.numbers.words import day_range, period_title
from discipline.reports.signing.signatures import signature_of
from discipline.reports.signing.steps import FINAL

COUNTING = "Sebagian hari belum selesai dihitung; angka ini masih dapat berubah."
UNSIGNED = "Laporan bulan ini belum ditandatangani camat."
NAMES = {PeriodKind.DAY: "harian", PeriodKind.WEEK: "mingguan", PeriodKind.MONTH: "bulanan"}


@dataclass(frozen=True, slots=True)
class ReportIssue:
    """One report, made once for all recipients; `notes` are remarks such as a missing signature."""

    place: OrgUnit
    period: Period
    subject: str
    sentences: list[str]
    notice: str
    notes: list[str]
    pdf: bytes

    @property
    def file_name(self) -> str:
        """The name of the attached PDF."""
        return f"laporan-{self.place.key}-{self.period.key}.pdf"


def make_issue(place: OrgUnit, period: Period, now: datetime, *, counting: bool) -> ReportIssue | None:
    """Build a report for mailing; None for a period without duty.

    `counting`: some of its days are not counted to their end, which a note says.
    """
    with _indonesian():
        report = tables.build_report(place, period)
        if not report.total.duty_s:
            return None
        signature = signature_of(place, period)
        return ReportIssue(
            place=place,
            period=period,
            subject=f"Laporan {NAMES[period.kind]} {place.title}, {_when(period)}",
            sentences=summary.sentences(report),
            notice=provenance.demo_notice(),
            notes=[COUNTING] * counting + [UNSIGNED] * (signature is not None and signature.state not in FINAL),
            pdf=report_pdf.pdf(report, signature, now),
        )


def build_mail(issued: ReportIssue, user: int, address: str, once: str) -> EmailMultiAlternatives:
    """Build the mail of a report to one user; `once` identifies it, so that a retry has the same Message-ID."""
    kind = issued.period.kind
    token = subscriptions.stop_token(user, kind)
    context = {
        "issue": issued,
        "kind": NAMES[kind],
        "report": _link(reverse("report", args=[issued.place.key, issued.period.key])),
        "stop": _link(reverse("report-mail-stop", args=[token])),
        "settings": _link(reverse("notices")),
    }
    with _indonesian():
        text = render_to_string("reports/mail/letter.txt", context)
        html = render_to_string("reports/mail/letter.html", context)
    headers = {
        "Message-ID": message_id(once, address),
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{_link(reverse('report-mail-stop-now', args=[token]))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
    }
    mail = EmailMultiAlternatives(issued.subject, text, settings.DEFAULT_FROM_EMAIL, [address], headers=headers)
    mail.attach_alternative(html, "text/html")
    mail.attach(issued.file_name, issued.pdf, "application/pdf")
    return mail


def _when(period: Period) -> str:
    if period.kind is PeriodKind.DAY:
        return weekday(period.first)
    return day_range(period.first, period.last) if period.kind is PeriodKind.WEEK else period_title(period)


def _link(path: str) -> str:
    return str(settings.SITE_URL).rstrip("/") + path


@contextmanager
def _indonesian() -> Iterator[None]:
    with translation.override("id"), timezone.override(settings.TIME_ZONE):
        yield
