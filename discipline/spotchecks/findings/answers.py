"""Findings of spot checks and what people say to them: the only writer of Finding and FindingWord."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from discipline.alerts import deadlines
from discipline.core import dialogue_lines
from discipline.core.dialogue import Entry, Side, Standpoint
from discipline.core.models import Attachment
from discipline.spotchecks.findings import notices as finding_notices
from discipline.spotchecks.findings import rule as finding_rule
from discipline.spotchecks.findings.rule import FindingAct, FindingStatus
from discipline.spotchecks.models import Finding, FindingWord, SpotCheck, SpotMark, SpotStop
from offices.access.gate import Scope, User, within
from offices.access.models import Membership
from offices.places.models import Counter, Kelurahan
from streams.live import access_log

Role = Membership.Role
OF_DUTY = (SpotMark.EMPTY, SpotMark.CLOSED)  # hold against an office only while it serves
NAMED = ("stop__kelurahan__kecamatan", "stop__check_of__by")


@dataclass(frozen=True, slots=True)
class FindingStatement:
    """What somebody wants to say to a finding: a dialogue.Statement with the deadline that it sets, if any."""

    act: FindingAct
    last_seen: int | None
    text: str = ""
    answer_by: datetime | None = None
    attachment: Attachment | None = None


def open_findings(check: SpotCheck, now: datetime) -> list[Finding]:
    """One for each office that was not orderly. What was empty or shut outside its hours is nobody's fault."""
    found = []
    stops = check.stops.exclude(mark__in=("", SpotMark.ORDERLY)).select_related("kelurahan")
    for stop in stops.order_by("place"):
        if stop.mark in OF_DUTY and not served(stop):
            continue
        found.append(Finding(stop=stop, opened_at=now, answer_by=_answer_by(stop.kelurahan, now)))
    Finding.objects.bulk_create(found)
    for finding in found:
        finding_notices.notify_finding_opened(finding, now)
    return found


def served(stop: SpotStop) -> bool:
    """Had the office service hours when it was marked? One without counters is taken to have."""
    if stop.marked_at is None or not Counter.objects.filter(kelurahan=stop.kelurahan_id, active=True).exists():
        return True
    return bool(access_log.on_duty(stop.marked_at, [stop.kelurahan_id]))


def standpoint(user: User, finding: Finding) -> Standpoint:
    """Camera faults ask the operator, the rest the lurah, and the camat unless the camat checked. Needs NAMED."""
    if not user.is_authenticated or not user.is_active:
        return Standpoint(Side.READER)
    office, check = finding.stop.kelurahan, finding.stop.check_of
    mine = {
        one.role
        for one in Membership.objects.filter(user_id=user.pk)
        if one.role in (Role.MAYOR, Role.OPERATOR)
        or one.kecamatan_id == office.kecamatan_id
        or one.kelurahan_id == office.pk
    }
    if check.role in mine:
        return Standpoint(Side.DECIDER, check.role)
    asked = (Role.OPERATOR,) if finding.stop.mark == SpotMark.CAMERA else (Role.CAMAT, Role.LURAH)
    role = next((role for role in asked if role in mine), None)
    return Standpoint(Side.ASKED, role) if role else Standpoint(Side.READER)


def history_of(finding: Finding) -> list[FindingWord]:
    return dialogue_lines.read(finding.words)


def entries(history: list[FindingWord]) -> list[Entry[FindingAct]]:
    return dialogue_lines.entries(FindingAct, history)


def record_finding_statement(finding: Finding, user: Any, statement: FindingStatement, now: datetime) -> FindingWord:
    """Add one line to the history and bring the finding up to date. Raises NotAllowed."""
    stands = standpoint(user, finding)
    with transaction.atomic():
        locked = Finding.objects.select_for_update().get(pk=finding.pk)
        until = _until(statement, finding.stop.kelurahan, now)
        row, history = dialogue_lines.append(
            finding_rule.DIALOGUE, locked.words, user.pk, stands, statement, now, answer_by=until
        )
        locked.status = finding_rule.status(history).value
        locked.answer_by = row.answer_by or locked.answer_by
        locked.save(update_fields=["status", "answer_by"])
        finding_notices.notify_finding_word(row, now)
    return row


def seen_by(scope: Scope) -> QuerySet[Finding]:
    return Finding.objects.filter(within(scope, "stop__kelurahan")).select_related(*NAMED)


def waiting_for(user: User) -> QuerySet[Finding]:
    """What waits for this user's word: an answer from who is asked, a decision from who checked. Nearest first."""
    if not user.is_authenticated or not user.is_active:
        return Finding.objects.none()
    asked = Q(status__in=[one.value for one in FindingStatus if one.asks])
    answered = Q(status=FindingStatus.ANSWERED.value)
    camera = Q(stop__mark=SpotMark.CAMERA)
    wanted = Q(pk__in=())
    for one in Membership.objects.filter(user_id=user.pk):
        if one.role == Role.MAYOR:
            wanted |= answered & Q(stop__check_of__role=Role.MAYOR)
        elif one.role == Role.OPERATOR:
            wanted |= asked & camera
        elif one.role == Role.CAMAT:
            own = Q(stop__kelurahan__kecamatan=one.kecamatan_id)
            wanted |= own & asked & ~camera & ~Q(stop__check_of__role=Role.CAMAT)
            wanted |= own & answered & Q(stop__check_of__role=Role.CAMAT)
        elif one.role == Role.LURAH:
            wanted |= Q(stop__kelurahan=one.kelurahan_id) & asked & ~camera
    return Finding.objects.filter(wanted).select_related(*NAMED).order_by("answer_by", "pk")


def _until(statement: FindingStatement, office: Kelurahan, now: datetime) -> datetime | None:
    """Return the new deadline of what is returned or extended."""
    if statement.act is FindingAct.EXTENDED:
        return statement.answer_by
    return statement.answer_by or _answer_by(office, now) if statement.act is FindingAct.RETURNED else None


def _answer_by(office: Kelurahan, now: datetime) -> datetime | None:
    """As long as an indication may be explained: the end of the third working day."""
    counter = Counter.objects.filter(kelurahan=office.pk, active=True).values_list("pk", flat=True).first()
    return deadlines.explain_by(counter, now) if counter else None


def readable_attachments(scope: Scope) -> Q:
    """Return the condition on Attachment of files given with answers that this scope may read."""
    return Q(finding_word__in=FindingWord.objects.filter(within(scope, "finding__stop__kelurahan")))
