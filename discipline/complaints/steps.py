"""Move residents' reports on, and write what else is known of them. The only writer of their state and history."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from discipline.complaints.clock import REACT_DAYS, VERIFY_DAYS, due_after
from discipline.complaints.mailing import mails
from discipline.complaints.models import Complaint, ComplaintStep
from discipline.complaints.seen_rule import SeenOutcome
from discipline.complaints.state_rule import (
    ComplaintEvent,
    ComplaintState,
    ComplaintStepRefused,
    check_complaint_step,
    may_reopen,
)
from discipline.incidents.models import Incident, IncidentSource
from discipline.incidents.opening import NewIncident, open_incident
from discipline.incidents.queue.changes import announce
from offices.access.gate import User


@dataclass(frozen=True, slots=True)
class ComplaintStepWanted:
    """A step that somebody of the city wants to take. last_seen: the id of the newest line on the page that they saw.

    text: for the city; message: for the resident. duplicate_of: of DUPLICATE, the report that goes on.
    """

    state: ComplaintState
    last_seen: int
    text: str = ""
    message: str = ""
    duplicate_of: Complaint | None = None


def confirm(complaint: Complaint, now: datetime) -> None:
    """Open a report, whose time begins then. Nothing happens to one that is open."""
    with transaction.atomic():
        locked = lock(complaint)
        if locked.status is ComplaintState.UNCONFIRMED:
            locked.opened_at, locked.verify_by = now, due_after(now, VERIFY_DAYS)
            _set(locked, ComplaintState.OPEN, now, None)
    complaint.refresh_from_db()


def take_complaint_step(complaint: Complaint, wanted: ComplaintStepWanted, by: User, now: datetime) -> ComplaintStep:
    """Set the state of a report, notify the resident and return the line. Raises ComplaintStepRefused."""
    with transaction.atomic():
        locked = lock(complaint)
        newest = locked.steps.order_by("-pk").values_list("pk", flat=True).first()
        if newest != wanted.last_seen:
            raise ComplaintStepRefused(ComplaintStepRefused.STALE)
        check_complaint_step(locked.status, wanted.state, wanted.message)
        if wanted.state is ComplaintState.DUPLICATE:
            locked.duplicate_of = _checked_target(locked, wanted.duplicate_of)
        return _set(locked, wanted.state, now, by, wanted.text, wanted.message)


def answer(complaint: Complaint, message: str, by: User, now: datetime) -> ComplaintStep:
    """Write to the resident without changing the state. An answer is the reaction that the clock waits for.

    Raises ComplaintStepRefused for an empty one.
    """
    if not message.strip():
        raise ComplaintStepRefused(ComplaintStepRefused.TEXT)
    with transaction.atomic():
        locked = lock(complaint)
        if locked.status in (ComplaintState.VERIFIED, ComplaintState.REOPENED):
            return _set(locked, ComplaintState.IN_HAND, now, by, message=message)
        return _write(locked, ComplaintEvent.ANSWER, now, by, message=message)


def publish(complaint: Complaint, text: str, by: User, now: datetime, address: str = "") -> None:
    """Set what the public reads of a report; an empty text hides it. Raises ComplaintStepRefused for a private one."""
    text, address = text.strip(), address.strip() if text.strip() else ""
    with transaction.atomic():
        locked = lock(complaint)
        if locked.private:
            raise ComplaintStepRefused(ComplaintStepRefused.PRIVATE)
        if (locked.public_text, locked.public_address) == (text, address):
            return
        locked.public_text, locked.public_address = text, address
        locked.save(update_fields=["public_text", "public_address"])
        said = "\n".join(filter(None, [text, address])) or _("Disembunyikan dari publik")
        _write(locked, ComplaintEvent.PUBLISHED, now, by, said)


def join(complaint: Complaint, incident: Incident, by: User, now: datetime) -> None:
    """Let the report be about an incident, which may have others: it is verified and in hand then.

    Raises ComplaintStepRefused for a private report and one that has ended.
    """
    with transaction.atomic():
        locked = lock(complaint)
        if locked.private:
            raise ComplaintStepRefused(ComplaintStepRefused.PRIVATE)
        if locked.status.ended or locked.status is ComplaintState.UNCONFIRMED:
            raise ComplaintStepRefused(ComplaintStepRefused.STATE)
        if locked.incident_id == incident.pk:
            return
        locked.incident = incident
        locked.save(update_fields=["incident"])
        _write(locked, ComplaintEvent.JOINED, now, by, str(incident))
        if locked.status is ComplaintState.OPEN:
            _set(locked, ComplaintState.VERIFIED, now, by, notify=False)
        if locked.status is not ComplaintState.IN_HAND:
            _set(locked, ComplaintState.IN_HAND, now, by)


def open_incident_of(complaint: Complaint, by: User, now: datetime) -> Incident:
    """Open an incident from the report, join them and return it: once, and once more when it was reopened.

    Raises ComplaintStepRefused.
    """
    kind = complaint.kind.incident_kind
    if kind is None or complaint.private:
        raise ComplaintStepRefused(ComplaintStepRefused.PRIVATE)
    with transaction.atomic():
        new = NewIncident(
            kind=kind,
            title=_("%(kind)s, laporan warga %(number)s") % {"kind": complaint.kind.name, "number": complaint.number},
            latitude=complaint.latitude,
            longitude=complaint.longitude,
            happened_at=complaint.happened_at or complaint.created_at,
            source=IncidentSource.REPORT,
            description="\n\n".join([complaint.text, *_reopened_because(complaint)]),
            address=complaint.address,
            place=complaint.place,
            source_key=f"report:{complaint.pk}" + (":reopened" if complaint.reopened else ""),
        )
        incident = open_incident(new, by, now)
        join(complaint, incident, by, now)
    return incident


def note(complaint: Complaint, what: ComplaintEvent, by: User, now: datetime, text: str = "") -> None:
    """Record something that changes neither state nor text. text: for the city."""
    with transaction.atomic():
        _write(lock(complaint), what, now, by, text)


def move_to(complaint: Complaint, incident: Incident, by: User | None, now: datetime) -> None:
    """Let the report be about another incident, without a word to the resident."""
    with transaction.atomic():
        locked = lock(complaint)
        locked.incident = incident
        locked.save(update_fields=["incident"])
        _write(locked, ComplaintEvent.JOINED, now, by, str(incident))


def end_with_incident(
    complaint: Complaint, state: ComplaintState, message: str, by: User | None, now: datetime
) -> bool:
    """End a report as its incident ended, notify the resident and return True; False if it ended or was reopened."""
    with transaction.atomic():
        locked = lock(complaint)
        if locked.status not in (ComplaintState.VERIFIED, ComplaintState.IN_HAND):
            return False
        _set(locked, state, now, by, message=message)
    return True


def compare(complaint: Complaint, outcome: SeenOutcome, by: User, now: datetime, text: str = "") -> None:
    """Record how a report about a counter compares with what was seen. text: how that is known."""
    with transaction.atomic():
        locked = lock(complaint)
        locked.outcome = outcome.value
        locked.save(update_fields=["outcome"])
        _write(locked, ComplaintEvent.COMPARED, now, by, "\n".join(filter(None, [str(outcome.label), text.strip()])))


def reopen(complaint: Complaint, text: str, now: datetime) -> None:
    """Open an ended report again, for its resident: once. Raises ComplaintStepRefused."""
    if not text.strip():
        raise ComplaintStepRefused(ComplaintStepRefused.TEXT)
    with transaction.atomic():
        locked = lock(complaint)
        if not can_reopen(locked, now):
            raise ComplaintStepRefused(ComplaintStepRefused.REOPENED)
        locked.reopened = True
        _set(locked, ComplaintState.REOPENED, now, None, text, notify=False)


def agree(complaint: Complaint, now: datetime) -> None:
    """Record that the resident says it is done. Raises ComplaintStepRefused for one that is not."""
    with transaction.atomic():
        locked = lock(complaint)
        if locked.status is not ComplaintState.DONE:
            raise ComplaintStepRefused(ComplaintStepRefused.STATE)
        if not has_agreed(locked):
            _write(locked, ComplaintEvent.AGREED, now, None)


def can_reopen(complaint: Complaint, now: datetime) -> bool:
    """Return whether its resident may still reopen it."""
    ended = complaint.steps.filter(what=ComplaintEvent.STATE.value).order_by("-pk").values_list("at", flat=True).first()
    return ended is not None and may_reopen(complaint.status, ended, complaint.reopened, now)


def has_agreed(complaint: Complaint) -> bool:
    """Return whether the resident has said that it is done."""
    newest = complaint.steps.filter(what__in=[ComplaintEvent.AGREED.value, ComplaintEvent.STATE.value]).last()
    return newest is not None and newest.what == ComplaintEvent.AGREED.value


def lock(complaint: Complaint) -> Complaint:
    """Return the report, locked until the end of the transaction."""
    return Complaint.objects.select_for_update(of=("self",)).select_related("kind").get(pk=complaint.pk)


def _checked_target(complaint: Complaint, other: Complaint | None) -> Complaint:
    """Return the report that goes on. Raises ComplaintStepRefused without one, or when it is itself a duplicate."""
    if other is None or other.pk == complaint.pk or other.duplicate_of_id or other.private != complaint.private:
        raise ComplaintStepRefused(ComplaintStepRefused.TARGET)
    return other


def _reopened_because(complaint: Complaint) -> list[str]:
    """Return what its resident wrote when reopening it."""
    steps = complaint.steps.filter(what=ComplaintEvent.STATE.value, state=ComplaintState.REOPENED.value)
    return list(steps.values_list("text", flat=True))


def _set(
    complaint: Complaint,
    state: ComplaintState,
    now: datetime,
    by: User | None,
    text: str = "",
    message: str = "",
    *,
    notify: bool = True,
) -> ComplaintStep:
    complaint.state, complaint.changed_at = state.value, now
    if state in (ComplaintState.VERIFIED, ComplaintState.REOPENED):
        complaint.react_by = due_after(now, REACT_DAYS)
    complaint.save()
    announce()
    step = _write(complaint, ComplaintEvent.STATE, now, by, text, message, notify=False)
    if notify:
        mails.notify(step)
    return step


def _write(
    complaint: Complaint,
    what: ComplaintEvent,
    now: datetime,
    by: User | None,
    text: str = "",
    message: str = "",
    *,
    notify: bool = True,
) -> ComplaintStep:
    step = ComplaintStep.objects.create(
        complaint=complaint,
        what=what.value,
        state=complaint.state,
        at=now,
        by_id=by.pk if by else None,
        text=text.strip(),
        message=message.strip(),
    )
    if step.message and notify:
        mails.notify(step)
    return step
