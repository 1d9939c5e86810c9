"""Gives the demo a past, once, and takes it away again. Refused on every database that is not the demo's."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Min, Q, QuerySet

from discipline.alerts.models import Alert, Decision, Reminder
from discipline.core import attachments, provenance
from discipline.core.models import Attachment, DemoHistory
from discipline.evidence.models import LegalHold
from discipline.reports.numbers import rollups
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks.models import Finding, FindingWord, SpotCheck, SpotEntry, SpotStop
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Flip, StaffingRule
from discipline.tools.demo import history_rounds, seeding, write_history
from discipline.tools.demo.write_history import HistoryTask, WrittenCounts
from offices.access.models import Membership
from offices.hours.models import HoursPlan
from offices.hours.schedule import DAY, ZONE, local_day
from offices.places.models import Counter, Kelurahan
from streams.cameras.models import OccupancySpan

LONGEST_DAYS = 5 * 366
COUNTED_AT_ONCE = 20  # counters; see history_writing.AT_ONCE
PREFIX = "contoh."  # user names of those who spoke in the history; nobody can sign in as them
Progress = Callable[[str], None]


class NoHistory(Exception):
    """Why there is none to write or to forget, in words."""


def never_had_history() -> bool:
    """Neither has a history nor had one that was forgotten."""
    return not DemoHistory.objects.exists()


def create_history(days: int, seed: int, now: datetime, progress: Progress) -> tuple[DemoHistory, WrittenCounts]:
    """Write so many days up to the day before the demo began. NotADemo, NoHistory.

    One transaction: all of it or nothing.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise NoHistory(f"A history has 1 to {LONGEST_DAYS} days.")
    plan = _demo_plan()
    if known := provenance.current_history():
        raise NoHistory(f"There is a history already, {known}: forget it first (manage.py demo --forget-history).")
    counters = Counter.objects.filter(active=True).select_related("kelurahan__kecamatan")
    with transaction.atomic():
        began = _demo_start(plan, now)
        last = began - DAY
        first = last - (days - 1) * DAY
        until = datetime.combine(began, time(), tzinfo=ZONE)
        made = DemoHistory.objects.create(seed=seed, first_day=first, last_day=last, until=until, made_at=now)
        _start_rules_at(plan, began)
        task = HistoryTask(seed, first, last, until, _find_speaker())
        write_history.write_outages(task, counters)
        written = write_history.write_days(
            task, counters, lambda done, of: progress(f"{done} of {of} counters, {first} to {last}")
        )
        if not written.days:
            raise NoHistory(f"No counter has service hours from {first} to {last}: see Jam layanan.")
        _write_spot_checks(task, progress)
        _rebuild_days(made, now, progress)
    return made, written


def delete_history(now: datetime, progress: Progress) -> DemoHistory:
    """Remove all that is of the history's time, and what was said of it since. NotADemo, NoHistory."""
    _demo_plan()
    known = provenance.current_history()
    if known is None:
        raise NoHistory("There is no made-up history in this database.")
    with transaction.atomic():
        of_it = Alert.objects.filter(raised_at__lt=known.until)
        checks = SpotCheck.objects.filter(started_at__lt=known.until)
        findings = Finding.objects.filter(stop__check_of__in=checks)
        said = Q(decision__alert__in=of_it) | Q(finding_word__finding__in=findings)
        files = list(Attachment.objects.filter(said))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL sidak.forget_demo = 'on'")
            words = Decision.objects.filter(alert__in=of_it)
            _delete(words.filter(undoes__isnull=False), progress)  # else those that they undo were protected
            _delete(words, progress)
            answers = FindingWord.objects.filter(finding__in=findings)
            _delete(answers.filter(undoes__isnull=False), progress)
            _delete(answers, progress)
            _delete(findings, progress)
            _delete(SpotEntry.objects.filter(check_of__in=checks), progress)
            months = _months(known)
            _delete(SigningStep.objects.filter(report__in=months), progress)
            _delete(MonthSnapshot.objects.filter(report__in=months), progress)
            _delete(MonthReport.objects.filter(pk__in=months), progress)
            cursor.execute("SET LOCAL sidak.forget_demo = 'off'")
        _delete(Attachment.objects.filter(pk__in=[file.pk for file in files]), progress)
        for model in (Reminder, LegalHold):
            _delete(model.objects.filter(alert__in=of_it), progress)
        _delete(SpotStop.objects.filter(check_of__in=checks), progress)
        _delete(checks, progress)
        of_it.update(superseded_by=None)
        _delete(of_it, progress)
        _delete(SystemIncident.objects.filter(raised_at__lt=known.until), progress)
        _delete(Flip.objects.filter(at__lt=known.until), progress)
        _delete(OccupancySpan.objects.filter(ended_at__lt=known.until), progress)
        _delete(get_user_model().objects.filter(username__startswith=PREFIX, is_active=False), progress)
        _rebuild_days(known, now, progress)
        known.forgotten_at = now
        known.save(update_fields=["forgotten_at"])
        for file in files:
            transaction.on_commit(lambda gone=file: attachments.delete_file(gone))  # type: ignore[misc]
    return known


def _months(known: DemoHistory) -> list[int]:
    """Those with days of the history, unless somebody took a step before there was one."""
    before = SigningStep.objects.filter(at__lt=known.made_at).values("report")
    return list(
        MonthReport.objects.filter(month__lte=known.last_day).exclude(pk__in=before).values_list("pk", flat=True)
    )


def _write_spot_checks(task: HistoryTask, progress: Progress) -> None:
    """By the demo's mayor and operator, where nobody has removed them."""
    users = get_user_model().objects.filter(is_active=True).in_bulk(["walikota", "operator"], field_name="username")
    if len(users) == 2 and spotchecks.checker_for(users["walikota"]):
        progress(f"{history_rounds.write_spot_checks(task, users['walikota'], users['operator'])} spot checks")


def _rebuild_days(made: DemoHistory, now: datetime, progress: Progress) -> None:
    """Work out its days for the reports, or that there are none left."""
    counters = list(Counter.objects.values_list("pk", flat=True))
    for begin in range(0, len(counters), COUNTED_AT_ONCE):
        rollups.rebuild_days(made.first_day, made.last_day, now, counters[begin : begin + COUNTED_AT_ONCE])
        progress(f"days of {min(begin + COUNTED_AT_ONCE, len(counters))} of {len(counters)} counters worked out")


def _demo_plan() -> HoursPlan:
    plan = HoursPlan.objects.filter(source=seeding.MARK).first()
    if plan is None:
        raise seeding.NotADemo("This database is not the demo's: a made-up history would stand among real days.")
    return plan


def _demo_start(plan: HoursPlan, now: datetime) -> date:
    """The demo's first day: from then on what is stored was watched."""
    told = [plan.valid_from or local_day(now), local_day(now)]
    for model, column in ((Flip, "at"), (Alert, "since"), (OccupancySpan, "started_at")):
        first = model.objects.aggregate(first=Min(column))["first"]
        told += [local_day(first)] if first else []
    return min(told)


def _start_rules_at(plan: HoursPlan, began: date) -> None:
    """The demo's own hours and graces hold from its first day; rows that somebody changed stay as they are."""
    if plan.valid_from is None and all(getattr(plan, day) == seeding.AROUND_THE_CLOCK for day in HoursPlan.DAYS):
        plan.valid_from = began
        plan.save(update_fields=["valid_from"])
    same = StaffingRule.objects.filter(**seeding.CITY, valid_from=None, valid_to=None, **seeding.GRACES)
    same.update(valid_from=began)


def _find_speaker() -> Callable[[str, Kelurahan], int]:
    """The demo's own accounts where they are, else somebody who was there in those days and can't sign in."""
    own = {
        (one.role, one.kecamatan_id or one.kelurahan_id): one.user_id
        for one in Membership.objects.filter(user__username__in=[one.username for one in seeding.accounts()])
    }

    def pk(role: str, office: Kelurahan) -> int:
        place: Any = office.kecamatan if role == Membership.Role.CAMAT else office
        known = own.get((role, place.pk))
        if known is None:
            user = get_user_model()(username=f"{PREFIX}{place.code}", first_name=f"{role.title()} {place.name}")
            user.is_active = False
            user.set_unusable_password()
            user.save()
            known = own[role, place.pk] = user.pk
        return known

    return pk


def _delete(rows: QuerySet[Any], progress: Progress) -> None:
    count, _ = rows.delete()
    if count:
        progress(f"{count} × {rows.model._meta.model_name} removed")
