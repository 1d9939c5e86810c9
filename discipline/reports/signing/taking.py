"""The camat's steps: the only writer of MonthReport.state and SigningStep, and of the snapshot that is signed."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from discipline.reports.numbers.counted import counted
from discipline.reports.numbers.period import Kind, Period, of_kind
from discipline.reports.numbers.places import Level, Place
from discipline.reports.signing import amending, freezing, password_attempts, snapshot, steps
from discipline.reports.signing import notes as signing_notes
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.reports.signing.steps import Refused, State, Step
from offices.access.gate import User
from offices.access.models import Membership
from offices.hours.schedule import local_day


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody wants to do. `seen`: the newest step that the page showed; `sha256`: of the document it showed."""

    step: Step
    seen: int | None
    sha256: str = ""
    text: str = ""
    password: str = ""


def signs(user: User, place: Place) -> bool:
    """Only the camat of that kecamatan."""
    if place.level is not Level.KECAMATAN or not user.is_authenticated or not user.is_active:
        return False
    return Membership.objects.filter(user_id=user.pk, role=Membership.Role.CAMAT, kecamatan=place.row.pk).exists()


def month_of(report: MonthReport) -> tuple[Place, Period]:
    return Place(Level.KECAMATAN, report.kecamatan), of_kind(Kind.MONTH, report.month)


def standing(report: MonthReport | None, place: Place, month: Period) -> steps.Month:
    """What the steps depend on, as it is now."""
    final = report is not None and report.state in steps.FINAL
    return steps.Month(
        state=State(report.state) if report else State.DRAFT,
        last=month.last,
        recounting=not counted(place, month),
        empty=not freezing.watched(place, month),
        amended=bool(final and report and report.snapshots.filter(number__gt=1, signature=None).exists()),
    )


def take(place: Place, month: Period, user: AbstractBaseUser, word: Word, now: datetime) -> SigningStep:
    """Take one step, or Refused. Of two who take it at once one is told that the page was old."""
    if not signs(user, place):  # type: ignore[arg-type]
        raise Refused(Refused.ROLE)
    if word.step in steps.BY_PASSWORD:
        password_attempts.identify(user, word.password)
    MonthReport.objects.get_or_create(kecamatan=place.row, month=month.first)
    with transaction.atomic():
        report = MonthReport.objects.select_for_update().get(kecamatan=place.row, month=month.first)
        if word.seen != newest_step(report):
            raise Refused(Refused.STALE)
        after = steps.check(word.step, standing(report, place, month), local_day(now), word.text)
        under = _signed(report, place, month, word, now)
        report.state = after
        report.save(update_fields=["state", "reviewed", "seen"])
        step = SigningStep.objects.create(
            report=report,
            at=now,
            by_id=user.pk,
            role=Membership.Role.CAMAT,
            what=word.step,
            text=word.text.strip(),
            snapshot=under,
        )
        if word.step is Step.SENT:
            signing_notes.sent(step, place, month, now)
        return step


def newest_step(report: MonthReport) -> int | None:
    return report.steps.order_by("-pk").values_list("pk", flat=True).first()


def _signed(report: MonthReport, place: Place, month: Period, word: Word, now: datetime) -> MonthSnapshot | None:
    """What the step stands under: exactly what the page showed, or Refused."""
    if word.step is Step.ACKNOWLEDGED:
        newest = report.snapshots.order_by("-number").first()
        if newest is None or newest.sha256 != word.sha256:
            raise Refused(Refused.CHANGED)
        return newest
    if word.step is Step.RETURNED:
        report.reviewed = b""
    if word.step not in steps.ABOUT_NUMBERS:
        return None
    seen = amending.fingerprint(report)
    body = snapshot.document(freezing.contents(place, month))
    if snapshot.sha256(body) != word.sha256:
        raise Refused(Refused.CHANGED)
    if word.step is Step.REVIEWED:
        report.reviewed = body
        return None
    report.reviewed, report.seen = b"", seen
    return MonthSnapshot.objects.create(
        report=report, number=snapshot.SIGNED, made_at=now, sha256=word.sha256, body=body
    )
