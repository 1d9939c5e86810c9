"""The outbox of report mails: queues what is due, claims what waits, checks the recipient's rights again and sends.

A user gets a report once, since its row is unique. If a worker dies after the mail server has accepted a mail and
before the row is updated, the mail is sent again with the same Message-ID.
"""

import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import F, QuerySet
from django.http import Http404
from django.utils import timezone

from discipline.core import heartbeats
from discipline.core.heartbeats import Part
from discipline.notices import rule as notice_rule
from discipline.notices.senders import Permanent, Retry, submit_mail
from discipline.reports.files.other_rooms.registry import OtherReport, Subject, other_reports, subject_for
from discipline.reports.mail import calendar as mail_calendar
from discipline.reports.mail import subscriptions
from discipline.reports.mail.kinds import MailKind
from discipline.reports.mail.letter import ReportIssue, build_mail, make_issue, make_other_issue
from discipline.reports.mail.models import ReportMail
from discipline.reports.numbers.counted import is_counted
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import Period, PeriodKind, parse_period
from discipline.reports.numbers.places import Level, OrgUnit
from offices.accounts.languages import language_of
from offices.hours.schedule import ZONE, local_day

log = logging.getLogger(__name__)

SENDING_S = 120.0  # after that the rest waits for the next beat
LEASE = timedelta(minutes=10)  # longer than SENDING_S and one mail
COUNTING_DELAY = timedelta(minutes=5)  # between checks whether the days are counted
# After that the mail is sent with a note that some days are not counted to their end: camats start at 07.30.
PATIENCE = timedelta(minutes=90)
KEPT = timedelta(days=400)
LONGEST_RETRY = timedelta(seconds=notice_rule.BACKOFF_S[-1])
MAX_ERROR_CHARS = 300
Why = ReportMail.Why
Issues = dict[tuple[str, str, str], ReportIssue | None]  # by place, period and language; None without duty

_busy = threading.Lock()


class _Skip(Exception):
    """The mail is not to be sent; the text is a ReportMail.Why."""


class _StillCounting(Exception):
    """The period's days are still being counted."""


def plan_and_send(now: datetime) -> None:
    """Queue what is due and send what waits. Returns at once while another thread of the process is at it.

    So a slow mail server holds one thread of a worker and no second one.
    """
    if not _busy.acquire(blocking=False):
        return
    try:
        heartbeats.beat(Part.REPORT_MAIL)
        queue_due_mails(now)
        send_waiting(now)
    finally:
        _busy.release()


def queue_due_mails(now: datetime) -> int:
    """Queue the mails of due periods that were not queued before; return how many were queued.

    Users who subscribe after that get the next period.
    """
    rows = [
        ReportMail(user_id=user, kind=kind, period=period.key, place=place, created_at=now, next_try_at=now)
        for kind, period in _due(now)
        if not ReportMail.objects.filter(kind=kind, period=period.key).exists()
        for user, place in subscriptions.recipients(kind)
    ]
    with transaction.atomic():  # all or none: any row marks the period as queued
        ReportMail.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def send_waiting(now: datetime) -> int:
    """Send waiting mails for SENDING_S; return how many the server accepted."""
    until, sent = monotonic() + SENDING_S, 0
    issues: Issues = {}  # holds the place and period that is being sent
    for row in _claimed(now, until):
        heartbeats.beat(Part.REPORT_MAIL)
        if not any(key[:2] == (row.place, row.period) for key in issues):
            issues.clear()
        try:
            _send(row, issues, now)
        except _Skip as error:
            _finish(row, ReportMail.State.SKIPPED, str(error))
        except _StillCounting:
            _waiting_row(row).update(next_try_at=now + COUNTING_DELAY, tries=0)
        except Exception as error:
            _failed(row, error, now)
        else:
            _finish(row, ReportMail.State.SENT, "")
            sent += 1
    return sent


def delete_old_mails(now: datetime) -> None:
    """Delete rows older than KEPT."""
    ReportMail.objects.filter(created_at__lt=now - KEPT).delete()


def _due(now: datetime) -> Iterator[tuple[MailKind, Period]]:
    for period in mail_calendar.due_periods(now, ZONE, _on_duty):
        yield MailKind(period.kind), period
    for report in other_reports():
        if month := mail_calendar.newest_due(PeriodKind.MONTH, now, ZONE, report.has_any):
            yield MailKind(report.key), month


def _on_duty(period: Period) -> bool:
    return DayTally.objects.filter(day__gte=period.first, day__lte=period.last, duty_s__gt=0).exists()


def _claimed(now: datetime, until: float) -> Iterator[ReportMail]:
    """Claim due rows one by one until `until` (monotonic), those of one place and period together."""
    waiting = ReportMail.objects.filter(state=ReportMail.State.WAITING, next_try_at__lte=now)
    due = waiting.order_by("kind", "period", "place", "pk").values_list("pk", "next_try_at")
    for pk, next_try_at in list(due):
        if monotonic() > until:
            return
        claim = waiting.filter(pk=pk, next_try_at=next_try_at)
        if claim.update(next_try_at=now + LEASE, tries=F("tries") + 1) == 1:
            yield ReportMail.objects.select_related("user__chosen_language").get(pk=pk)


def _send(row: ReportMail, issues: Issues, now: datetime) -> None:
    """Send one mail; build its report unless it is in `issues`.

    Raises _Skip, _StillCounting, Retry or Permanent, and whatever building the report raises.
    """
    place = _allowed_place(row)
    period = parse_period(row.period, local_day(now))
    key = row.place, row.period, language_of(row.user)
    if key not in issues:
        ready = is_counted(OrgUnit(Level.CITY) if isinstance(place, OtherReport) else place, period)
        if not ready and now - row.created_at < PATIENCE:
            raise _StillCounting
        issues[key] = _issue(place, period, now, key[2], counting=not ready)
    issued = issues[key]
    if issued is None:
        raise _Skip(Why.NO_DUTY)
    submit_mail(build_mail(issued, row.user_id, row.user.email, once=f"report-{row.pk}"))


def _issue(place: Subject, period: Period, now: datetime, language: str, *, counting: bool) -> ReportIssue | None:
    if isinstance(place, OtherReport):
        return make_other_issue(place, period, now, language=language, counting=counting)
    return make_issue(place, period, now, language=language, counting=counting)


def _allowed_place(row: ReportMail) -> Subject:
    """Return what the mail is about. Raises _Skip when the user's present rights or choices no longer include it."""
    if not row.user.is_active:
        raise _Skip(Why.INACTIVE)
    try:
        place = subject_for(row.user, row.place)
    except Http404:
        raise _Skip(Why.SCOPE) from None
    if not subscriptions.is_subscribed(row.user_id, MailKind(row.kind), row.place):
        raise _Skip(Why.OFF)
    if not row.user.email:
        raise _Skip(Why.ADDRESS)
    return place


def _failed(row: ReportMail, error: Exception, now: datetime) -> None:
    if not isinstance(error, Retry | Permanent):
        log.error("Sending report mail %s failed", row.pk, exc_info=error)
    why = (str(error) or repr(error))[:MAX_ERROR_CHARS]
    pause = notice_rule.retry_delay(row.tries) or LONGEST_RETRY
    period = MailKind(row.kind).period_kind
    patience = mail_calendar.CATCH_UP[period]  # long enough for a mail server that is down overnight
    if isinstance(error, Permanent) or now + pause - row.created_at > patience:
        _finish(row, ReportMail.State.FAILED, why)
    else:
        _waiting_row(row).update(next_try_at=now + pause, why=why)


def _finish(row: ReportMail, state: str, why: str) -> None:
    _waiting_row(row).update(state=state, why=why, ended_at=timezone.now())


def _waiting_row(row: ReportMail) -> QuerySet[ReportMail]:
    return ReportMail.objects.filter(pk=row.pk, state=ReportMail.State.WAITING)
