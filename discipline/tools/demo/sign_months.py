"""Sign the history's older months, as their camat would have done in time; the newest is left to be signed."""

from datetime import datetime, time, timedelta

from discipline.reports.numbers.period import Period, PeriodKind, period_of
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.signing import amending, freezing, snapshot
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.tools.demo.write_history import HistoryTask
from offices.access.models import Membership
from offices.hours.schedule import DAY, ZONE
from offices.places.models import Kecamatan, Kelurahan

SIGNED_AFTER = timedelta(days=3, hours=9, minutes=40)  # the end of the month
BETWEEN = timedelta(minutes=6)  # two steps
STEPS = (SigningStep.What.REVIEWED, SigningStep.What.SIGNED, SigningStep.What.SENT)


def sign_months(task: HistoryTask) -> int:
    """Sign and send each whole month of the history that was over SIGNED_AFTER before its end; return how many.

    Call it once the days are counted. Without a speaker nothing is signed.
    """
    if task.speaker is None:
        return 0
    signed = 0
    for month in _whole_months(task):
        at = datetime.combine(month.last + DAY, time(), tzinfo=ZONE) + SIGNED_AFTER
        if at + len(STEPS) * BETWEEN > task.until:
            continue
        for kecamatan in Kecamatan.objects.all():
            office = Kelurahan.objects.filter(kecamatan=kecamatan).first()
            if office and freezing.is_watched(OrgUnit(Level.KECAMATAN, kecamatan), month):
                _sign(kecamatan, month, task.speaker(Membership.Role.CAMAT, office), at)
                signed += 1
    return signed


def _whole_months(task: HistoryTask) -> list[Period]:
    firsts = [day for day in task.days if day.day == 1]
    months = [period_of(PeriodKind.MONTH, first) for first in firsts]
    return [month for month in months if month.last <= task.last]


def _sign(kecamatan: Kecamatan, month: Period, camat: int, at: datetime) -> None:
    body = snapshot.build_document(freezing.snapshot_contents(OrgUnit(Level.KECAMATAN, kecamatan), month))
    report = MonthReport.objects.create(kecamatan=kecamatan, month=month.first, state=MonthReport.State.SENT)
    report.seen = amending.fingerprint(report)
    report.save(update_fields=["seen"])
    document = MonthSnapshot.objects.create(
        report=report,
        number=snapshot.SIGNED,
        made_at=at + BETWEEN,
        sha256=snapshot.sha256(body),
        body=body,
    )
    SigningStep.objects.bulk_create(
        SigningStep(
            report=report,
            at=at + number * BETWEEN,
            by_id=camat,
            role=Membership.Role.CAMAT,
            what=what,
            snapshot=document if what == SigningStep.What.SIGNED else None,
        )
        for number, what in enumerate(STEPS)
    )
