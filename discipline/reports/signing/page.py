"""The page on which a user signs a kecamatan's month."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline.reports.numbers.figures import Sums, percent
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import OrgUnit
from discipline.reports.signing import freezing, signatures, snapshot, steps, taking
from discipline.reports.signing import words as signing_words
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.reports.signing.signatures import MonthSignature
from discipline.reports.signing.snapshot import MonthContents, MonthDocument
from offices.access.gate import User
from offices.hours.schedule import local_day

NAMED = 8  # counters that a caution names at most


@dataclass(frozen=True, slots=True)
class Amendment:
    """An amendment in words; `made_at` is None until Celery has written it, `signature` until it is acknowledged."""

    number: int  # from 1
    sentences: list[str]
    made_at: datetime | None = None
    sha256: str = ""
    signature: SigningStep | None = None


@dataclass(frozen=True, slots=True)
class SignedFigure:
    """One number as it was, or will be, signed; `now` is its present value where that differs, else empty."""

    word: str
    signed: str
    now: str = ""


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning before signing; `link` leads to the indications it is about, or is empty."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class SigningPage:
    """The template's data; `signs`: whether the user may take steps, `seen`: the newest step's id.

    `sha256` is the hash of the document that the next step signs. `broken` are the numbers of documents that differ
    from what was signed. `over`, `late`: the month has ended, and should have been signed by `due`. `floor` is the
    least coverage in percent.
    """

    place: OrgUnit
    month: Period
    signature: MonthSignature
    over: bool
    standing: steps.MonthStatus
    due: date
    late: bool
    signs: bool
    possible: list[steps.SignStep]
    seen: int | None
    sha256: str
    figures: list[SignedFigure]
    floor: int
    warnings: list[Caution]
    since_review: list[str]
    history: list[SigningStep]
    documents: list[MonthSnapshot]
    broken: list[int]
    amendments: list[Amendment]


def signing_page(place: OrgUnit, month: Period, user: User, now: datetime) -> SigningPage:
    """Return the page of a kecamatan's month for this user."""
    report = MonthReport.objects.filter(kecamatan=place.row, month=month.first).first()
    signature = signatures.signature_of(place, month)
    assert signature
    standing = taking.month_status(report, place, month)
    today = local_day(now)
    present = freezing.snapshot_contents(place, month)
    documents = list(report.snapshots.select_related("signature__by").order_by("number")) if report else []
    read = [snapshot.read_document(row.body) for row in documents]
    shown: MonthContents = read[0] if read else present
    total, current = Sums.of(shown["facts"]["total"]), Sums.of(present["facts"]["total"])
    history = list(report.steps.select_related("by").order_by("pk")) if report else []
    due = signatures.due_days([month])[month]
    final = standing.state in steps.FINAL
    return SigningPage(
        place=place,
        month=month,
        signature=signature,
        over=standing.over(today),
        standing=standing,
        due=due,
        late=today > due and not final and not standing.empty,
        signs=taking.may_sign(user, place),
        possible=steps.possible_steps(standing, today),
        seen=history[-1].pk if history else None,
        sha256=documents[-1].sha256 if documents else snapshot.sha256(snapshot.build_document(present)),
        figures=signed_figures(total, current if final else total, shown["facts"]["coverage_floor"]),
        floor=shown["facts"]["coverage_floor"],
        warnings=[] if final else signing_cautions(place, month, present, now),
        since_review=_since(report, present),
        history=history,
        documents=documents,
        broken=snapshot.broken_documents(
            snapshot.StoredDocument(row.number, bytes(row.body), row.sha256) for row in documents
        ),
        amendments=list_amendments(documents, read, present),
    )


def list_amendments(
    documents: list[MonthSnapshot], read: list[MonthDocument], present: MonthContents
) -> list[Amendment]:
    """Return the amendments, oldest first, each with its difference from the document before.

    `read` are the parsed `documents`. Changes that are not written yet come last, as an amendment without a date.
    """
    amendments = []
    for before, after, row in zip(read, read[1:], documents[1:], strict=False):
        signature = getattr(row, "signature", None)
        amendments.append(
            Amendment(
                row.number - 1, signing_words.difference_in_words(before, after), row.made_at, row.sha256, signature
            )
        )
    if read and (unnoted := signing_words.difference_in_words(read[-1], present)):
        amendments.append(Amendment(len(read), unnoted))
    return amendments


def signed_figures(signed: Sums, now: Sums, floor: int) -> list[SignedFigure]:
    """Return the figures in the order of the page; below `floor` percent of coverage there is no availability."""
    return [
        SignedFigure(word, was, "" if was == present else present)
        for (word, was), (_word, present) in zip(_figures(signed, floor), _figures(now, floor), strict=True)
    ]


def _figures(sums: Sums, floor: int) -> list[tuple[str, str]]:
    lengths = [(capfirst(str(word)), _minutes(getattr(sums, name))) for name, word in signing_words.PARTS.items()]
    known = sums.enough(floor)
    return [
        (_("Ketersediaan loket"), _percent(sums.availability) if known else _("tidak cukup data")),
        (_("Cakupan pengamatan"), _percent(sums.coverage)),
        *lengths,
        (_("Indikasi yang dihitung"), str(sums.indications)),
        (_("Indikasi dengan izin"), str(sums.excused)),
    ]


def _percent(share: float | None) -> str:
    value = percent(share)
    return "–" if value is None else _("%(number)s %%") % {"number": number_format(value, 1)}


def _minutes(seconds: int) -> str:
    return _("%(number)s menit") % {"number": signing_words.number(seconds)}


def signing_cautions(place: OrgUnit, month: Period, present: MonthContents, now: datetime) -> list[Caution]:
    """Return what the signer should know; no caution prevents signing."""
    cautions = []
    alerts: Any = freezing.accusations(place, month)  # Any: `explained` is an annotation
    open_ones = alerts.filter(outcome="")
    explaining = open_ones.with_explained().filter(explained=False, explain_by__gte=now).count()
    deciding = open_ones.count() - explaining
    if explaining:
        text = ngettext(
            "%(n)s indikasi menunggu penjelasan lurah.", "%(n)s indikasi menunggu penjelasan lurah.", explaining
        )
        cautions.append(Caution(text % {"n": explaining}, _inbox(place, month, "jelaskan")))
    if deciding:
        text = ngettext("%(n)s indikasi belum Anda putuskan.", "%(n)s indikasi belum Anda putuskan.", deciding)
        cautions.append(Caution(text % {"n": deciding}, _inbox(place, month, "putuskan")))
    facts, names = present["facts"], present["names"]
    floor = facts["coverage_floor"]
    few = [key for key, sums in facts["counters"].items() if not Sums.of(sums).enough(floor) and sums["duty_s"]]
    if few:
        text = ngettext(
            "%(n)s loket terlalu sedikit terpantau (di bawah %(floor)s persen): %(names)s",
            "%(n)s loket terlalu sedikit terpantau (di bawah %(floor)s persen): %(names)s",
            len(few),
        )
        called = "; ".join(signing_words.counter_name(key, names) for key in few[:NAMED])
        more = "; …" if len(few) > NAMED else ""
        cautions.append(Caution(text % {"n": len(few), "floor": floor, "names": called + more}))
    return cautions


def _inbox(place: OrgUnit, month: Period, stage: str) -> str:
    query = {"tahap": stage, "kecamatan": place.key, "dari": f"{month.first}", "sampai": f"{month.last}"}
    return f"{reverse('indications')}?{urlencode(query)}"


def _since(report: MonthReport | None, present: MonthContents) -> list[str]:
    """Return what changed since the review, in sentences."""
    return (
        signing_words.difference_in_words(snapshot.read_document(report.reviewed), present)
        if report and report.reviewed
        else []
    )
