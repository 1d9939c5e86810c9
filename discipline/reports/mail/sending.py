"""The outbox of reports: plans what is due, takes up what waits, asks the gate once more, sends it, writes that down.

A report goes to one person once: its row can't be there twice. Between the mail server's yes and our note of it lies a
moment in which a worker may die; then the mail goes out again, under the same Message-ID.
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

from discipline.notices import rule as notice_rule
from discipline.notices.senders import Permanent, Retry, submit_mail
from discipline.reports.mail import calendar as mail_calendar
from discipline.reports.mail import subscriptions
from discipline.reports.mail.letter import ReportIssue, build_mail, make_issue
from discipline.reports.mail.models import ReportMail
from discipline.reports.numbers.counted import is_counted
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import Period, PeriodKind, parse_period
from discipline.reports.numbers.places import OrgUnit, place_for
from offices.hours.schedule import ZONE, local_day

log = logging.getLogger(__name__)

SENDING_S = 120.0  # then what is left waits for the next beat
LEASE = timedelta(minutes=10)  # longer than SENDING_S and one mail
COUNTING_DELAY = timedelta(minutes=5)  # between looks at whether the days are counted
# After so long it goes out and says that some days were not counted to their end: a camat opens at 07.30.
PATIENCE = timedelta(minutes=90)
KEPT = timedelta(days=400)
LONGEST_RETRY = timedelta(seconds=notice_rule.BACKOFF_S[-1])
MAX_ERROR_CHARS = 300
Why = ReportMail.Why

_busy = threading.Lock()


class _Skip(Exception):
    """Not to be sent any more; the text is a ReportMail.Why."""


class _StillCounting(Exception):
    """Its days are still being counted."""


def plan_and_send(now: datetime) -> None:
    """Plan and send. A mail server that answers slowly holds one thread of a worker, and no second one."""
    if not _busy.acquire(blocking=False):
        return
    try:
        queue_due_mails(now)
        send_waiting(now)
    finally:
        _busy.release()


def queue_due_mails(now: datetime) -> int:
    """Queue what is due and was not planned before; who subscribes later is served with the next. Returns how many."""
    rows = [
        ReportMail(user_id=user, kind=period.kind, period=period.key, place=place, created_at=now, next_try_at=now)
        for period in mail_calendar.due_periods(now, ZONE, _on_duty)
        if not ReportMail.objects.filter(kind=period.kind, period=period.key).exists()
        for user, place in subscriptions.recipients(period.kind)
    ]
    with transaction.atomic():  # all or none: the first row says that the run was planned
        ReportMail.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def send_waiting(now: datetime) -> int:
    """Send what waits. Returns how many mails the server took."""
    until, sent = monotonic() + SENDING_S, 0
    made: dict[tuple[str, str], ReportIssue | None] = {}  # of the place and period that is being sent
    for row in _claimed(now, until):
        if (row.place, row.period) not in made:
            made.clear()
        try:
            _send(row, made, now)
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
    """What became of mails is kept for KEPT."""
    ReportMail.objects.filter(created_at__lt=now - KEPT).delete()


def _on_duty(period: Period) -> bool:
    return DayTally.objects.filter(day__gte=period.first, day__lte=period.last, duty_s__gt=0).exists()


def _claimed(now: datetime, until: float) -> Iterator[ReportMail]:
    """One after the other, those of one place and period together."""
    waiting = ReportMail.objects.filter(state=ReportMail.State.WAITING, next_try_at__lte=now)
    seen = waiting.order_by("kind", "period", "place", "pk").values_list("pk", "next_try_at")
    for pk, next_try_at in list(seen):
        if monotonic() > until:
            return
        claim = waiting.filter(pk=pk, next_try_at=next_try_at)
        if claim.update(next_try_at=now + LEASE, tries=F("tries") + 1) == 1:
            yield ReportMail.objects.select_related("user").get(pk=pk)


def _send(row: ReportMail, made: dict[tuple[str, str], ReportIssue | None], now: datetime) -> None:
    """Raises _Skip, _NotYet, Retry or Permanent, and whatever goes wrong on the way."""
    place = _allowed_place(row)
    period = parse_period(row.period, local_day(now))
    key = row.place, row.period
    if key not in made:
        ready = is_counted(place, period)
        if not ready and now - row.created_at < PATIENCE:
            raise _StillCounting
        made[key] = make_issue(place, period, now, counting=not ready)
    issued = made[key]
    if issued is None:
        raise _Skip(Why.NO_DUTY)
    submit_mail(build_mail(issued, row.user_id, row.user.email, once=f"report-{row.pk}"))


def _allowed_place(row: ReportMail) -> OrgUnit:
    """The scope and the wishes are those of now, not of when it was planned."""
    if not row.user.is_active:
        raise _Skip(Why.INACTIVE)
    try:
        place = place_for(row.user, row.place)
    except Http404:
        raise _Skip(Why.SCOPE) from None
    if not subscriptions.is_subscribed(row.user_id, PeriodKind(row.kind), row.place):
        raise _Skip(Why.OFF)
    if not row.user.email:
        raise _Skip(Why.ADDRESS)
    return place


def _failed(row: ReportMail, error: Exception, now: datetime) -> None:
    if not isinstance(error, Retry | Permanent):
        log.error("report mail %s", row.pk, exc_info=error)
    why = (str(error) or repr(error))[:MAX_ERROR_CHARS]
    pause = notice_rule.retry_delay(row.tries) or LONGEST_RETRY
    patience = mail_calendar.CATCH_UP[PeriodKind(row.kind)]  # a server that is away for a night loses no report
    if isinstance(error, Permanent) or now + pause - row.created_at > patience:
        _finish(row, ReportMail.State.FAILED, why)
    else:
        _waiting_row(row).update(next_try_at=now + pause, why=why)


def _finish(row: ReportMail, state: str, why: str) -> None:
    _waiting_row(row).update(state=state, why=why, ended_at=timezone.now())


def _waiting_row(row: ReportMail) -> QuerySet[ReportMail]:
    return ReportMail.objects.filter(pk=row.pk, state=ReportMail.State.WAITING)
