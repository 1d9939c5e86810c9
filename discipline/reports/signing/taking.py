"""Taking the camat's steps: the only writer of MonthReport.state, of SigningStep and of the signed snapshot."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from discipline.reports.numbers.counted import is_counted
from discipline.reports.numbers.period import Period, PeriodKind, period_of
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.signing import amending, freezing, snapshot, steps
from discipline.reports.signing import notes as signing_notes
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.reports.signing.steps import MonthState, SignStep, StepRefused
from offices.access.gate import User
from offices.access.models import Membership
from offices.accounts.passwords import Braked, confirm_password
from offices.accounts.visits import Visit, account_key
from offices.hours.schedule import local_day


@dataclass(frozen=True, slots=True)
class StepRequest:
    """A requested step; `seen` is the id of the newest step that the page showed, `sha256` its document's hash."""

    step: SignStep
    seen: int | None
    sha256: str = ""
    text: str = ""
    password: str = ""
    visit: Visit | None = None  # where the request comes from, for the brake on passwords


def may_sign(user: User, place: OrgUnit) -> bool:
    """Return whether the user may take steps there: only the camat of that kecamatan."""
    if place.level is not Level.KECAMATAN or not user.is_authenticated or not user.is_active:
        return False
    return Membership.objects.filter(user_id=user.pk, role=Membership.Role.CAMAT, kecamatan=place.row.pk).exists()


def month_of(report: MonthReport) -> tuple[OrgUnit, Period]:
    """Return the report's kecamatan and month."""
    return OrgUnit(Level.KECAMATAN, report.kecamatan), period_of(PeriodKind.MONTH, report.month)


def month_status(report: MonthReport | None, place: OrgUnit, month: Period) -> steps.MonthStatus:
    """Return what the steps depend on at present; `report` is None for a month without a row."""
    final = report is not None and report.state in steps.FINAL
    return steps.MonthStatus(
        state=MonthState(report.state) if report else MonthState.DRAFT,
        last=month.last,
        recounting=not is_counted(place, month),
        empty=not freezing.is_watched(place, month),
        amended=bool(final and report and report.snapshots.filter(number__gt=1, signature=None).exists()),
    )


def take_step(place: OrgUnit, month: Period, user: User, request: StepRequest, now: datetime) -> SigningStep:
    """Take one step under a lock on the month. Raises StepRefused: STALE for the second of two concurrent requests."""
    if not may_sign(user, place):
        raise StepRefused(StepRefused.ROLE)
    assert user.pk is not None  # may_sign refuses anonymous users
    if request.step in steps.BY_PASSWORD:
        _verify_password(user, request, now)
    MonthReport.objects.get_or_create(kecamatan=place.row, month=month.first)
    with transaction.atomic():
        report = MonthReport.objects.select_for_update().get(kecamatan=place.row, month=month.first)
        if request.seen != newest_step(report):
            raise StepRefused(StepRefused.STALE)
        after = steps.next_state(request.step, month_status(report, place, month), local_day(now), request.text)
        document = _snapshot_to_sign(report, place, month, request, now)
        report.state = after
        report.save(update_fields=["state", "reviewed", "seen"])
        step = SigningStep.objects.create(
            report=report,
            at=now,
            by_id=user.pk,
            role=Membership.Role.CAMAT,
            what=request.step,
            text=request.text.strip(),
            snapshot=document,
        )
        if request.step is SignStep.SENT:
            signing_notes.notify_sent(step, place, month, now)
        return step


def _verify_password(user: User, request: StepRequest, now: datetime) -> None:
    """Check the password, with the brake of signing in. Raises StepRefused: PASSWORD, or TRIES."""
    visit = request.visit or Visit(account_key(user.get_username()))
    try:
        right = confirm_password(user, request.password, visit, now)
    except Braked as braked:
        raise StepRefused(StepRefused.TRIES) from braked
    if not right:
        raise StepRefused(StepRefused.PASSWORD)


def newest_step(report: MonthReport) -> int | None:
    """Return the id of the newest step; None before the first."""
    return report.steps.order_by("-pk").values_list("pk", flat=True).first()


def _snapshot_to_sign(
    report: MonthReport, place: OrgUnit, month: Period, request: StepRequest, now: datetime
) -> MonthSnapshot | None:
    """Return the document that the step signs, None if it signs none; set `reviewed` and `seen` of the report, unsaved.

    Raises StepRefused (CHANGED) unless the document is exactly the one that the page showed.
    """
    if request.step is SignStep.ACKNOWLEDGED:
        newest = report.snapshots.order_by("-number").first()
        if newest is None or newest.sha256 != request.sha256:
            raise StepRefused(StepRefused.CHANGED)
        return newest
    if request.step is SignStep.RETURNED:
        report.reviewed = b""
    if request.step not in steps.ABOUT_NUMBERS:
        return None
    seen = amending.fingerprint(report)
    body = snapshot.build_document(freezing.snapshot_contents(place, month))
    if snapshot.sha256(body) != request.sha256:
        raise StepRefused(StepRefused.CHANGED)
    if request.step is SignStep.REVIEWED:
        report.reviewed = body
        return None
    report.reviewed, report.seen = b"", seen
    return MonthSnapshot.objects.create(
        report=report, number=snapshot.SIGNED, made_at=now, sha256=request.sha256, body=body
    )
