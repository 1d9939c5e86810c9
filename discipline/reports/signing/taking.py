"""The camat's steps: the only writer of MonthReport.state and SigningStep, and of the snapshot that is signed."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from discipline.reports.numbers.counted import is_counted
from discipline.reports.numbers.period import Period, PeriodKind, period_of
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.signing import amending, freezing, password_attempts, snapshot, steps
from discipline.reports.signing import notes as signing_notes
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.reports.signing.steps import MonthState, SignStep, StepRefused
from offices.access.gate import User
from offices.access.models import Membership
from offices.hours.schedule import local_day


@dataclass(frozen=True, slots=True)
class StepRequest:
    """What somebody wants to do. `seen`: the newest step that the page showed; `sha256`: of the document it showed."""

    step: SignStep
    seen: int | None
    sha256: str = ""
    text: str = ""
    password: str = ""


def may_sign(user: User, place: OrgUnit) -> bool:
    """Only the camat of that kecamatan."""
    if place.level is not Level.KECAMATAN or not user.is_authenticated or not user.is_active:
        return False
    return Membership.objects.filter(user_id=user.pk, role=Membership.Role.CAMAT, kecamatan=place.row.pk).exists()


def month_of(report: MonthReport) -> tuple[OrgUnit, Period]:
    return OrgUnit(Level.KECAMATAN, report.kecamatan), period_of(PeriodKind.MONTH, report.month)


def month_status(report: MonthReport | None, place: OrgUnit, month: Period) -> steps.MonthStatus:
    """What the steps depend on, as it is now."""
    final = report is not None and report.state in steps.FINAL
    return steps.MonthStatus(
        state=MonthState(report.state) if report else MonthState.DRAFT,
        last=month.last,
        recounting=not is_counted(place, month),
        empty=not freezing.is_watched(place, month),
        amended=bool(final and report and report.snapshots.filter(number__gt=1, signature=None).exists()),
    )


def take_step(place: OrgUnit, month: Period, user: AbstractBaseUser, word: StepRequest, now: datetime) -> SigningStep:
    """Take one step, or Refused. Of two who take it at once one is told that the page was old."""
    if not may_sign(user, place):  # type: ignore[arg-type]
        raise StepRefused(StepRefused.ROLE)
    if word.step in steps.BY_PASSWORD:
        password_attempts.verify_password(user, word.password)
    MonthReport.objects.get_or_create(kecamatan=place.row, month=month.first)
    with transaction.atomic():
        report = MonthReport.objects.select_for_update().get(kecamatan=place.row, month=month.first)
        if word.seen != newest_step(report):
            raise StepRefused(StepRefused.STALE)
        after = steps.next_state(word.step, month_status(report, place, month), local_day(now), word.text)
        under = _snapshot_to_sign(report, place, month, word, now)
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
        if word.step is SignStep.SENT:
            signing_notes.notify_sent(step, place, month, now)
        return step


def newest_step(report: MonthReport) -> int | None:
    return report.steps.order_by("-pk").values_list("pk", flat=True).first()


def _snapshot_to_sign(
    report: MonthReport, place: OrgUnit, month: Period, word: StepRequest, now: datetime
) -> MonthSnapshot | None:
    """What the step stands under: exactly what the page showed, or Refused."""
    if word.step is SignStep.ACKNOWLEDGED:
        newest = report.snapshots.order_by("-number").first()
        if newest is None or newest.sha256 != word.sha256:
            raise StepRefused(StepRefused.CHANGED)
        return newest
    if word.step is SignStep.RETURNED:
        report.reviewed = b""
    if word.step not in steps.ABOUT_NUMBERS:
        return None
    seen = amending.fingerprint(report)
    body = snapshot.build_document(freezing.snapshot_contents(place, month))
    if snapshot.sha256(body) != word.sha256:
        raise StepRefused(StepRefused.CHANGED)
    if word.step is SignStep.REVIEWED:
        report.reviewed = body
        return None
    report.reviewed, report.seen = b"", seen
    return MonthSnapshot.objects.create(
        report=report, number=snapshot.SIGNED, made_at=now, sha256=word.sha256, body=body
    )
