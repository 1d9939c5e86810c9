"""Amendments: what changes in a month after it was signed. The only writer of snapshots from number 2 on."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection, transaction

from discipline.reports.numbers import tables
from discipline.reports.numbers.figures import OF_A_DAY
from discipline.reports.numbers.models import Band, ReportRule
from discipline.reports.numbers.period import PeriodKind, period_of
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.signing import freezing, snapshot, steps
from discipline.reports.signing import notes as signing_notes
from discipline.reports.signing.models import MonthReport, MonthSnapshot
from discipline.reports.signing.snapshot import MonthContents
from offices.hours.schedule import ZONE, local_day

MONTHS = 18  # compared every few minutes; older months at night

# For each month, one hash over the rows that its numbers and indications come from.
ROWS = f"""
SELECT id, md5(string_agg(line, ';' ORDER BY line)) FROM (
    SELECT report.id, concat_ws(',', counter_id, day, {", ".join(OF_A_DAY)}) AS line
    FROM discipline_monthreport report
    JOIN offices_kelurahan office ON office.kecamatan_id = report.kecamatan_id
    JOIN offices_counter counter ON counter.kelurahan_id = office.id
    JOIN discipline_daytally tally ON tally.counter_id = counter.id
        AND tally.day >= report.month AND tally.day < (report.month + interval '1 month')
    WHERE report.id = ANY(%(reports)s)
    UNION ALL
    SELECT report.id, concat_ws(',', alert.id, alert.kind, alert.since, coalesce(alert.ended_at::text, '-'), outcome,
        superseded_by_id, withdrawn_by_id,
        (SELECT max(decision.id) FROM discipline_decision decision WHERE decision.alert_id = alert.id))
    FROM discipline_monthreport report
    JOIN offices_kelurahan office ON office.kecamatan_id = report.kecamatan_id
    JOIN offices_counter counter ON counter.kelurahan_id = office.id
    JOIN discipline_alert alert ON alert.counter_id = counter.id
        AND alert.since >= (report.month::timestamp AT TIME ZONE %(zone)s)
        AND alert.since < ((report.month + interval '1 month')::timestamp AT TIME ZONE %(zone)s)
    WHERE report.id = ANY(%(reports)s)
) AS lines GROUP BY id
"""  # noqa: S608 the column names are constants


def note_amendments(now: datetime, months: int | None = MONTHS) -> int:
    """Write an amendment for each signed month whose numbers changed; return how many were written.

    `months`: skip months that lie further back; None compares all.
    """
    signed = MonthReport.objects.filter(state__in=steps.FINAL)
    if months is not None:
        signed = signed.filter(month__gte=_months_before(local_day(now), months))
    known = dict(signed.order_by().values_list("pk", "seen"))
    stale = [(pk, seen) for pk, seen in _fingerprints(list(known)) if known[pk] != seen]
    return sum(_note_amendment(pk, seen, now) for pk, seen in stale)


def fingerprint(report: MonthReport) -> str:
    """Return the SHA-256 over the month's present rows and the rules, in hexadecimal."""
    return next(seen for _, seen in _fingerprints([report.pk]))


def changed_contents(place: OrgUnit, report: MonthReport) -> MonthContents | None:
    """Return the present contents of a signed month; None when its newest snapshot has the same facts."""
    newest = report.snapshots.order_by("-number").first()
    present = freezing.snapshot_contents(place, period_of(PeriodKind.MONTH, report.month))
    return present if newest and present["facts"] != snapshot.read_document(newest.body)["facts"] else None


def _note_amendment(pk: int, seen: str, now: datetime) -> bool:
    """Write an amendment if the facts changed; in any case store the fingerprint. Return whether one was written."""
    with transaction.atomic():
        report = MonthReport.objects.select_for_update().get(pk=pk)
        place = OrgUnit(Level.KECAMATAN, report.kecamatan)
        month = period_of(PeriodKind.MONTH, report.month)
        if tables.is_recounting(place, month):
            return False  # the amendment would be incomplete; the next run after the recount writes it
        present = changed_contents(place, report)
        if present:
            newest = report.snapshots.latest("number")
            body = snapshot.build_document(present, newest.number + 1, newest.sha256)
            row = MonthSnapshot.objects.create(
                report=report, number=newest.number + 1, made_at=now, sha256=snapshot.sha256(body), body=body
            )
            signing_notes.notify_amended(row, place, month, now)
        report.seen = seen
        report.save(update_fields=["seen"])
    return bool(present)


def _fingerprints(reports: list[int]) -> Iterator[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"reports": reports, "zone": ZONE.key})
        rows = dict(cursor.fetchall())
    rules = f"{ReportRule.floor()} {list(Band.objects.order_by('pk').values_list())}"
    for pk in reports:
        yield pk, hashlib.sha256(f"{rows.get(pk, '')} {rules}".encode()).hexdigest()


def _months_before(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
