"""A report as a mail: what counts in it, a link to the page, the PDF and a link to stop, in a language of the site."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from discipline.core import provenance
from discipline.core.wording import weekday
from discipline.notices.senders import message_id
from discipline.reports.files import pdf as report_pdf
from discipline.reports.mail import subscriptions
from discipline.reports.mail.words import KINDS
from discipline.reports.numbers import summary, tables
from discipline.reports.numbers.period import Period, PeriodKind
from discipline.reports.numbers.places import OrgUnit
from discipline.reports.numbers.words import day_range, period_title
from discipline.reports.signing.signatures import signature_of
from discipline.reports.signing.steps import FINAL


@dataclass(frozen=True, slots=True)
class ReportIssue:
    """One report, made once for all recipients of a language; `notes` are remarks such as a missing signature."""

    place: OrgUnit
    period: Period
    language: str
    subject: str
    sentences: list[str]
    notice: str
    notes: list[str]
    pdf: bytes

    @property
    def file_name(self) -> str:
        """The name of the attached PDF."""
        return f"laporan-{self.place.key}-{self.period.key}.pdf"


def make_issue(place: OrgUnit, period: Period, now: datetime, *, language: str, counting: bool) -> ReportIssue | None:
    """Build a report for mailing; None for a period without duty.

    `counting`: some of its days are not counted to their end, which a note says.
    """
    with _speaking(language):
        report = tables.build_report(place, period)
        if not report.total.duty_s:
            return None
        signature = signature_of(place, period)
        notes = [_("Sebagian hari belum selesai dihitung; angka ini masih dapat berubah.")] if counting else []
        if signature is not None and signature.state not in FINAL:
            notes.append(_("Laporan bulan ini belum ditandatangani camat."))
        return ReportIssue(
            place=place,
            period=period,
            language=language,
            subject=_("%(kind)s %(place)s, %(when)s")
            % {"kind": KINDS[period.kind], "place": place.title, "when": _when(period)},
            sentences=summary.sentences(report),
            notice=provenance.demo_notice(),
            notes=notes,
            pdf=report_pdf.pdf(report, signature, now),
        )


def build_mail(issued: ReportIssue, user: int, address: str, once: str) -> EmailMultiAlternatives:
    """Build the mail of a report to one user; `once` identifies it, so that a retry has the same Message-ID."""
    kind = issued.period.kind
    token = subscriptions.stop_token(user, kind)
    context: dict[str, object] = {
        "issue": issued,
        "report": _link(reverse("report", args=[issued.place.key, issued.period.key])),
        "stop": _link(reverse("report-mail-stop", args=[token])),
        "settings": _link(reverse("notices")),
    }
    with _speaking(issued.language):
        context["kind"] = str(KINDS[kind]).lower()
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
def _speaking(language: str) -> Iterator[None]:
    with translation.override(language), timezone.override(settings.TIME_ZONE):
        yield
