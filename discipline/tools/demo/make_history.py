"""Create the demo's history and delete it again. Both are refused on a database that is not the demo's."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Min, Q, QuerySet

from discipline.alerts.models import Alert, Decision, Reminder
from discipline.core import attachments, provenance
from discipline.core.models import Attachment, DemoHistory
from discipline.evidence import retention
from discipline.evidence.models import LegalHold
from discipline.ops import demo_data
from discipline.reports.numbers import rollups
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks.models import Finding, FindingWord, SpotCheck, SpotEntry, SpotStop
from discipline.staffing.incident_models import IncidentDoubt, SystemIncident
from discipline.staffing.models import Flip, StaffingRule
from discipline.tools.demo import history_rounds, seeding, sign_months, write_history
from discipline.tools.demo.write_history import HistoryTask, WrittenCounts
from offices.access.models import Membership
from offices.hours.models import HoursPlan
from offices.hours.schedule import DAY, ZONE, local_day
from offices.places.models import Counter, Office
from streams.cameras.models import OccupancySpan
from streams.evidence.models import Evidence

LONGEST_DAYS = 5 * 366
COUNTED_AT_ONCE = 20  # counters; for the reason of write_history.AT_ONCE
# It computes between its queries, at low priority: on a busy machine for longer than IDLE_IN_TRANSACTION_S.
PATIENCE = "SET LOCAL idle_in_transaction_session_timeout = '5min'"
PREFIX = "contoh."  # user names of the history's own authors, inactive accounts without a password
Progress = Callable[[str], None]


class NoHistory(Exception):
    """Raised when no history can be written or deleted; the message says why."""


def never_had_history() -> bool:
    """Whether this database neither has a history nor had one that was deleted."""
    return not DemoHistory.objects.exists()


def create_history(days: int, seed: int, now: datetime, progress: Progress) -> tuple[DemoHistory, WrittenCounts]:
    """Write `days` days that end on the day before the demo began, in one transaction. Raises NotADemo, NoHistory."""
    if not 1 <= days <= LONGEST_DAYS:
        raise NoHistory(f"A history must have 1 to {LONGEST_DAYS} days.")
    plan = _demo_plan()
    if known := provenance.current_history():
        raise NoHistory(f"There is a history already, {known}: delete it first (manage.py demo --forget-history).")
    counters = Counter.objects.filter(active=True).select_related("kelurahan__kecamatan", "place__kecamatan")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(PATIENCE)
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
        progress(f"{sign_months.sign_months(task)} months signed")
    return made, written


def delete_history(now: datetime, progress: Progress) -> DemoHistory:
    """Delete every row from the history's days, and decisions on them made since, in one transaction.

    Raises NotADemo, NoHistory.
    """
    _demo_plan()
    known = provenance.current_history()
    if known is None:
        raise NoHistory("There is no made-up history in this database.")
    with transaction.atomic():
        alerts = Alert.objects.filter(raised_at__lt=known.until)
        checks = SpotCheck.objects.filter(started_at__lt=known.until)
        findings = Finding.objects.filter(stop__check_of__in=checks)
        attached = Q(decision__alert__in=alerts) | Q(finding_word__finding__in=findings)
        files = list(Attachment.objects.filter(attached))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL sidak.forget_demo = 'on'")
            decisions = Decision.objects.filter(alert__in=alerts)
            _delete(decisions.filter(undoes__isnull=False), progress)  # first: they protect those that they undo
            _delete(decisions, progress)
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
            _delete(model.objects.filter(alert__in=alerts), progress)
        _delete(SpotStop.objects.filter(check_of__in=checks), progress)
        _delete(checks, progress)
        drawn = list(Evidence.objects.filter(alerts__in=alerts, form=Evidence.Form.ORIGINAL).distinct())
        alerts.update(superseded_by=None)
        _delete(alerts, progress)
        _delete(SystemIncident.objects.filter(raised_at__lt=known.until), progress)
        _delete(IncidentDoubt.objects.filter(at__lt=known.until), progress)
        _delete(Flip.objects.filter(at__lt=known.until), progress)
        _delete(OccupancySpan.objects.filter(ended_at__lt=known.until), progress)
        _delete(get_user_model().objects.filter(username__startswith=PREFIX, is_active=False), progress)
        _rebuild_days(known, now, progress)
        known.forgotten_at = now
        known.save(update_fields=["forgotten_at"])
        for file in files:
            transaction.on_commit(partial(attachments.delete_file, file))
        for original in drawn:
            transaction.on_commit(partial(retention.destroy_original, original, retention.DEMO, now))
    return known


def _months(known: DemoHistory) -> list[int]:
    """Return the pks of month reports with days of the history, except those with a step from before it was made.

    The history's own steps are dated before the demo began.
    """
    before = SigningStep.objects.filter(at__gte=known.until, at__lt=known.made_at).values("report")
    return list(
        MonthReport.objects.filter(month__lte=known.last_day).exclude(pk__in=before).values_list("pk", flat=True)
    )


def _write_spot_checks(task: HistoryTask, progress: Progress) -> None:
    """Write spot checks by the demo's mayor and operator; none when one of these accounts was removed."""
    users = get_user_model().objects.filter(is_active=True).in_bulk(["walikota", "operator"], field_name="username")
    if len(users) == 2 and spotchecks.checker_for(users["walikota"]):
        progress(f"{history_rounds.write_spot_checks(task, users['walikota'], users['operator'])} spot checks")


def _rebuild_days(made: DemoHistory, now: datetime, progress: Progress) -> None:
    """Roll up the history's days for the reports, after writing or deleting them."""
    counters = list(Counter.objects.values_list("pk", flat=True))
    for begin in range(0, len(counters), COUNTED_AT_ONCE):
        rollups.rebuild_days(made.first_day, made.last_day, now, counters[begin : begin + COUNTED_AT_ONCE])
        progress(f"days of {min(begin + COUNTED_AT_ONCE, len(counters))} of {len(counters)} counters rolled up")


def _demo_plan() -> HoursPlan:
    plan = HoursPlan.objects.filter(source=demo_data.MARK).first()
    if plan is None:
        raise seeding.NotADemo("This database is not the demo's: a made-up history would be mixed with real days.")
    return plan


def _demo_start(plan: HoursPlan, now: datetime) -> date:
    """Return the demo's first day: rows from then on come from its own cameras."""
    days = [plan.valid_from or local_day(now), local_day(now)]
    for model, column in ((Flip, "at"), (Alert, "since"), (OccupancySpan, "started_at")):
        first = model.objects.aggregate(first=Min(column))["first"]
        days += [local_day(first)] if first else []
    return min(days)


def _start_rules_at(plan: HoursPlan, began: date) -> None:
    """Let the demo's own hours and graces hold from its first day on; rows edited since stay as they are."""
    if plan.valid_from is None and all(getattr(plan, day) == seeding.AROUND_THE_CLOCK for day in HoursPlan.DAYS):
        plan.valid_from = began
        plan.save(update_fields=["valid_from"])
    same = StaffingRule.objects.filter(**seeding.CITY, valid_from=None, valid_to=None, **seeding.GRACES)
    same.update(valid_from=began)


def _find_speaker() -> Callable[[str, Office], int]:
    """Return a function from role and office to the pk of the demo's account, or of an inactive one created for it."""
    users = {
        (member.role, member.kecamatan_id or member.kelurahan_id): member.user_id
        for member in Membership.objects.filter(user__username__in=[account.username for account in seeding.accounts()])
    }

    def pk(role: str, office: Office) -> int:
        place = {Membership.Role.LURAH: office, Membership.Role.CAMAT: office.area}.get(Membership.Role(role))
        known = users.get((role, place.pk if place else None))
        if known is None:
            code, name = (place.code, place.name) if place else (role, "")
            user = get_user_model()(username=f"{PREFIX}{code}", first_name=f"{role.title()} {name}".strip())
            user.is_active = False
            user.set_unusable_password()
            user.save()
            known = users[role, place.pk if place else None] = user.pk
        return known

    return pk


def _delete(rows: QuerySet[Any], progress: Progress) -> None:
    count, _ = rows.delete()
    if count:
        progress(f"{count} × {rows.model._meta.model_name} removed")
