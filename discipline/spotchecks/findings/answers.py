"""Open, answer and decide findings of spot checks. The only writer of Finding and FindingWord."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from discipline.alerts import deadlines
from discipline.core import dialogue_lines
from discipline.core.dialogue import Entry, Side, Standpoint
from discipline.core.models import Attachment
from discipline.spotchecks.findings import notices as finding_notices
from discipline.spotchecks.findings import rule as finding_rule
from discipline.spotchecks.findings.rule import FindingAct, FindingStatus
from discipline.spotchecks.models import (
    OFFICE,
    Finding,
    FindingWord,
    SpotCheck,
    SpotMark,
    SpotStop,
)
from discipline.spotchecks.scope import stops_within
from offices.access.gate import Scope, User
from offices.access.models import Membership
from offices.places.models import Counter, Office, at_office
from streams.live import picture_gate

Role = Membership.Role
OF_DUTY = (SpotMark.EMPTY, SpotMark.CLOSED)  # findings only during service hours
NAMED = (
    "stop__kelurahan__kecamatan",
    "stop__kecamatan__place",
    "stop__check_of__by",
)  # relations to load with a finding


@dataclass(frozen=True, slots=True)
class FindingStatement:
    """A dialogue.Statement about a finding, with the deadline that it sets, if any."""

    act: FindingAct
    last_seen: int | None
    text: str = ""
    answer_by: datetime | None = None
    attachment: Attachment | None = None


def open_findings(check: SpotCheck, now: datetime) -> list[Finding]:
    """Open and announce a finding for each office that was not orderly, in the caller's transaction.

    An office that was empty or closed outside its service hours gets none.
    """
    opened = []
    stops = check.stops.exclude(mark__in=("", SpotMark.ORDERLY)).select_related(*OFFICE)
    for stop in stops.order_by("place"):
        if stop.mark in OF_DUTY and not served(stop):
            continue
        opened.append(Finding(stop=stop, opened_at=now, answer_by=_answer_by(stop.office, now)))
    Finding.objects.bulk_create(opened)
    for finding in opened:
        finding_notices.notify_finding_opened(finding, now)
    return opened


def served(stop: SpotStop) -> bool:
    """Return whether the office had service hours when it was marked; True also if it has no counters."""
    if stop.marked_at is None or not Counter.objects.filter(at_office(stop.office), active=True).exists():
        return True
    return bool(picture_gate.on_duty(stop.marked_at, [stop.office_id]))


def standpoint(user: User, finding: Finding) -> Standpoint:
    """Return the user's side in the dialogue about a finding. Needs NAMED loaded.

    The role that made the check decides. The operator is asked about a camera, otherwise the lurah and the camat are.
    """
    if not user.is_authenticated or not user.is_active:
        return Standpoint(Side.READER)
    office, check = finding.stop.office, finding.stop.check_of
    roles = {
        membership.role
        for membership in Membership.objects.filter(user_id=user.pk)
        if membership.role in (Role.MAYOR, Role.OPERATOR)
        or membership.kecamatan_id == office.area.pk
        or membership.kelurahan_id == office.office_id
    }
    if check.role in roles:
        return Standpoint(Side.DECIDER, check.role)
    asked = (Role.OPERATOR,) if finding.stop.mark == SpotMark.CAMERA else (Role.CAMAT, Role.LURAH)
    role = next((role for role in asked if role in roles), None)
    return Standpoint(Side.ASKED, role) if role else Standpoint(Side.READER)


def history_of(finding: Finding) -> list[FindingWord]:
    """Return the words of a finding, oldest first."""
    return dialogue_lines.read(finding.words)


def entries(history: list[FindingWord]) -> list[Entry[FindingAct]]:
    """Return a history as the rule reads it."""
    return dialogue_lines.entries(FindingAct, history)


def record_finding_statement(finding: Finding, user: User, statement: FindingStatement, now: datetime) -> FindingWord:
    """Add a word to a finding, update its status and deadline, and queue the notices. Needs NAMED loaded.

    Raises NotAllowed.
    """
    stands = standpoint(user, finding)
    with transaction.atomic():
        locked = Finding.objects.select_for_update().get(pk=finding.pk)
        until = _until(statement, finding.stop.office, now)
        word: FindingWord
        word, history = dialogue_lines.append(
            finding_rule.DIALOGUE, locked.words, user.pk, stands, statement, now, answer_by=until
        )
        locked.status = finding_rule.status(history).value
        locked.answer_by = word.answer_by or locked.answer_by
        locked.save(update_fields=["status", "answer_by"])
        finding_notices.notify_finding_word(word, now)
    return word


def seen_by(scope: Scope) -> QuerySet[Finding]:
    """Return the findings in scope, with NAMED loaded."""
    return Finding.objects.filter(stops_within(scope, "stop")).select_related(*NAMED)


def waiting_for(user: User) -> QuerySet[Finding]:
    """Return the findings that wait for this user's answer or decision, nearest deadline first."""
    if not user.is_authenticated or not user.is_active:
        return Finding.objects.none()
    asked = Q(status__in=[status.value for status in FindingStatus if status.asks])
    answered = Q(status=FindingStatus.ANSWERED.value)
    camera = Q(stop__mark=SpotMark.CAMERA)
    wanted = Q(pk__in=())
    for membership in Membership.objects.filter(user_id=user.pk):
        if membership.role == Role.MAYOR:
            wanted |= answered & Q(stop__check_of__role=Role.MAYOR)
        elif membership.role == Role.OPERATOR:
            wanted |= asked & camera
        elif membership.role == Role.CAMAT:
            area = membership.kecamatan_id
            own = Q(stop__kelurahan__kecamatan=area) | Q(stop__kecamatan=area)
            wanted |= own & asked & ~camera & ~Q(stop__check_of__role=Role.CAMAT)
            wanted |= own & answered & Q(stop__check_of__role=Role.CAMAT)
        elif membership.role == Role.LURAH:
            wanted |= Q(stop__kelurahan=membership.kelurahan_id) & asked & ~camera
    return Finding.objects.filter(wanted).select_related(*NAMED).order_by("answer_by", "pk")


def _until(statement: FindingStatement, office: Office, now: datetime) -> datetime | None:
    """Return the new deadline that RETURNED or EXTENDED sets; None for other acts."""
    if statement.act is FindingAct.EXTENDED:
        return statement.answer_by
    return statement.answer_by or _answer_by(office, now) if statement.act is FindingAct.RETURNED else None


def _answer_by(office: Office, now: datetime) -> datetime | None:
    """Return the deadline of an indication raised now: the end of the third working day. None without counters."""
    counter = Counter.objects.filter(at_office(office), active=True).values_list("pk", flat=True).first()
    return deadlines.explain_by(counter, now) if counter else None
