"""The receipt of a case's handover as a PDF: who received what, from which agency, when."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from discipline.core.pdf.document import pdf
from discipline.core.pdf.flow import Flowable, beside, rule, shares, space
from discipline.core.pdf.styles import AUTHORITY, BODY, CODE, MAROON, SMALL, TINY, TITLE, WIDTH
from discipline.core.pdf.tables import TableColumn, table
from discipline.core.pdf.text import paragraph
from discipline.core.wording import calendar, name_of
from discipline.incidents.case_file.models import CaseFile, CaseStep
from discipline.incidents.case_file.papers.minutes import SIGN_HIGH, moment

FOOT = 50
LABEL = 130.0  # points


def sheet(case: CaseFile, step: CaseStep, letterhead: str) -> bytes:
    """Return the PDF, in the active language. step: the handover."""
    title = _("Tanda terima berkas pelanggaran %(number)s") % {"number": case.number}
    rows = [
        (_("Berkas"), f"{case.number}, {case.incident.number} {case.incident.title}"),
        (_("Diserahkan oleh"), f"{name_of(step.by)}, {case.agency.name}"),
        (_("Diterima oleh"), f"{step.receiver}, {step.receiver_agency}"),
        (_("Nomor surat"), step.letter or "–"),
        (_("Tanggal serah terima"), calendar(step.day)),
        (_("Dicatat"), moment(step.at)),
    ]
    columns = [TableColumn("", LABEL), TableColumn("", WIDTH - LABEL, most=8)]
    story: list[Flowable] = [
        paragraph(letterhead, AUTHORITY),
        rule(MAROON, 1.5, before=3, after=6),
        paragraph(title, TITLE),
        space(6),
        table(columns, rows, compact=True),
        space(8),
        paragraph(_("Yang diserahkan: berkas.zip dengan sidik SHA-256"), BODY),
        paragraph(step.sha256, CODE),
        space(24),
        beside([_signer(_("Yang menyerahkan"), name_of(step.by)), _signer(_("Yang menerima"), step.receiver)],
               shares(2, 40), 40),
    ]  # fmt: skip

    def footer(number: int, pages: int) -> Sequence[Flowable]:
        return [paragraph(f"{title} · {number}/{pages}", TINY)]

    return pdf(title, story, footer, FOOT)


def _signer(role: str, name: str) -> list[Flowable]:
    return [paragraph(role, SMALL), space(SIGN_HIGH), rule(), paragraph(name, SMALL)]
