"""A report as a mail: what counts in it, links to the page and to stop, and its files, in a language of the site."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

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
from discipline.reports.files.formats import FORMATS
from discipline.reports.files.other_rooms.registry import OtherReport
from discipline.reports.mail import subscriptions
from discipline.reports.mail.kinds import MailKind
from discipline.reports.mail.words import KINDS
from discipline.reports.numbers import summary, tables
from discipline.reports.numbers.period import Period, PeriodKind
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.numbers.words import day_range, period_title
from discipline.reports.signing.signatures import signature_of
from discipline.reports.signing.steps import FINAL


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that is attached to the mail."""

    name: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class ReportIssue:
    """One report, made once for all recipients of a language.

    - place: whom it is about, in words; page: the path of its page.
    - notes: remarks such as a missing signature; remarks: those at the end.
    """

    kind: MailKind
    place: str
    page: str
    language: str
    subject: str
    sentences: list[str]
    notice: str
    notes: list[str]
    remarks: list[str]
    enclosures: list[Enclosure]


def make_issue(place: OrgUnit, period: Period, now: datetime, *, language: str, counting: bool) -> ReportIssue | None:
    """Build a report for mailing; None for a period without duty.

    `counting`: some of its days are not counted to their end, which a note says.
    """
    with _speaking(language):
        report = tables.build_report(place, period)
        if not report.total.duty_s:
            return None
        kind, signature = MailKind(period.kind), signature_of(place, period)
        notes = _notes(counting=counting)
        if signature is not None and signature.state not in FINAL:
            notes.append(_("Laporan bulan ini belum ditandatangani camat."))
        return ReportIssue(
            kind=kind,
            place=place.title,
            page=reverse("report", args=[place.key, period.key]),
            language=language,
            subject=_("%(kind)s %(place)s, %(when)s")
            % {"kind": KINDS[kind], "place": place.title, "when": _when(period)},
            sentences=summary.sentences(report),
            notice=provenance.demo_notice(),
            notes=notes,
            remarks=[
                _("Laporan ini juga terlampir sebagai PDF."),
                _("Indikasi belum pelanggaran sampai diputuskan camat."),
            ],
            enclosures=[
                Enclosure(
                    f"laporan-{place.key}-{period.key}.pdf", report_pdf.pdf(report, signature, now), "application/pdf"
                )
            ],
        )


def make_other_issue(
    report: OtherReport, period: Period, now: datetime, *, language: str, counting: bool
) -> ReportIssue:
    """Build the report of another room for mailing, with a file in each of its formats. `counting`: as above."""
    with _speaking(language):
        kind, city = MailKind(report.key), OrgUnit(Level.CITY)
        return ReportIssue(
            kind=kind,
            place=city.title,
            page=report.page(period),
            language=language,
            subject=_("%(kind)s %(place)s, %(when)s")
            % {"kind": report.name, "place": city.title, "when": _when(period)},
            sentences=report.sentences(period, now),
            notice=provenance.demo_notice(),
            notes=_notes(counting=counting),
            remarks=[_("Angka ini juga terlampir sebagai berkas.")],
            enclosures=[_enclosure(report, period, code, now) for code in report.write],
        )


def _enclosure(report: OtherReport, period: Period, code: str, now: datetime) -> Enclosure:
    file = BytesIO()
    report.write[code](period, now, file)
    return Enclosure(f"{report.key}-{period.key}.{code}", file.getvalue(), FORMATS[code].media_type)


def _notes(*, counting: bool) -> list[str]:
    return [_("Sebagian hari belum selesai dihitung; angka ini masih dapat berubah.")] if counting else []


def build_mail(issued: ReportIssue, user: int, address: str, once: str) -> EmailMultiAlternatives:
    """Build the mail of a report to one user; `once` identifies it, so that a retry has the same Message-ID."""
    kind = issued.kind
    token = subscriptions.stop_token(user, kind)
    context: dict[str, object] = {
        "issue": issued,
        "report": _link(issued.page),
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
    for one in issued.enclosures:
        mail.attach(one.name, one.data, one.media_type)
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
