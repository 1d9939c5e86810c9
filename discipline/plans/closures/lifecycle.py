"""The life of a closure: requested by the lurah, granted, refused or revoked by the camat, entered, ended early.

For a kecamatan office the camat requests and the mayor answers: offices.access.accountable.

Only a granted request becomes a Closure, and only a Closure shortens duty. A grant after the fact excuses the
indications that lie wholly within it, each with a recorded decision of that camat, so none disappears silently.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions.record import DecisionStatement
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.core.dialogue import Side
from discipline.core.wording import calendar, hour, local
from discipline.notices import outbox
from discipline.notices import rule as notice_rule
from discipline.plans import changes
from discipline.plans.changes import Effect, RowChange, Work, WorkDone
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.gate import Scope, deciding
from offices.hours.models import Closure, ClosureRequest
from offices.hours.schedule import local_day
from offices.places.models import Counter

EARLIEST, LATEST = timedelta(days=90), timedelta(days=366)  # how far from today a closure may lie
Kind, State = ClosureRequest.Kind, ClosureRequest.State
EXCUSE = {Kind.APEL: Decision.Reason.APEL, Kind.DINAS_LUAR: Decision.Reason.DINAS_LUAR}  # otherwise LAIN, with a text
TITLES = {
    State.ASKED: gettext_lazy("Permohonan penutupan"),
    State.GRANTED: gettext_lazy("Penutupan diberikan"),
    State.REFUSED: gettext_lazy("Permohonan penutupan ditolak"),
    State.REVOKED: gettext_lazy("Penutupan dicabut"),
}


class AlreadyAnswered(Exception):
    """Raised when a closure request is no longer waiting: it was answered or withdrawn in the meantime."""


@dataclass(frozen=True, slots=True)
class ClosureAnswer:
    """An answer to a request: the user who gives it, the text, and the time."""

    by: AbstractBaseUser
    word: str
    now: datetime


def request_closure(request: ClosureRequest, now: datetime) -> ClosureRequest:
    """Save the request and notify the camat."""
    request.asked_at = now
    with transaction.atomic():
        request.save()
        _notify_other_side(request, State.ASKED, now)
    return request


def withdraw_request(request: ClosureRequest, answer: ClosureAnswer) -> None:
    """Withdraw the request of the own office. Raises AlreadyAnswered when it is no longer waiting."""
    _record_answer(request, State.WITHDRAWN, answer)


def refuse_request(request: ClosureRequest, answer: ClosureAnswer) -> None:
    """Refuse the request and notify the lurah. Raises AlreadyAnswered when it is no longer waiting."""
    with transaction.atomic():
        _record_answer(request, State.REFUSED, answer)
        _notify_other_side(request, State.REFUSED, answer.now)


def waiting_for(scope: Scope) -> QuerySet[ClosureRequest]:
    """Return the requests that wait for an answer of this camat or mayor."""
    waiting = ClosureRequest.objects.filter(state=State.ASKED)
    below = Q(kelurahan__kecamatan__in=scope.kecamatan)
    return waiting.filter(below | Q(kelurahan=None) & deciding(scope, "counter") if scope.mayor else below)


def preview_grant(request: ClosureRequest, answer: ClosureAnswer) -> Effect:
    """Return the effect that a grant would have. Raises AlreadyAnswered when the request is no longer waiting."""
    return changes.preview_effect(_grant_work(request, answer), answer.now)


def grant_request(request: ClosureRequest, answer: ClosureAnswer) -> Effect:
    """Create the closure, excuse the indications within it, and notify the lurah.

    Raises AlreadyAnswered when the request is no longer waiting.
    """
    with transaction.atomic():
        ClosureRequest.objects.select_for_update().get(pk=request.pk)
        reason = "; ".join(filter(None, (request.reason, answer.word)))
        applied = changes.apply_work(_grant_work(request, answer), answer.by.pk, reason, answer.now)
        _notify_other_side(request, State.GRANTED, answer.now)
    return applied.effect


def _grant_work(request: ClosureRequest, answer: ClosureAnswer) -> Work:
    closure = Closure(
        kelurahan_id=None if request.counter_id else request.kelurahan_id,
        counter_id=request.counter_id,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        reason=closure_label(request.kind, request.reason),
        entered_by_id=answer.by.pk,
    )

    def work() -> WorkDone:
        granted = copy(closure)
        granted.save()
        _record_answer(request, State.GRANTED, answer, granted)
        return _with_excuses(granted, answer, EXCUSE.get(Kind(request.kind), Decision.Reason.LAIN))

    return work


def entry_work(closure: Closure, answer: ClosureAnswer) -> Work:
    """Return the Work that saves a closure without a request and excuses what `answer.by` may decide as its camat."""

    def work() -> WorkDone:
        entered = copy(closure)
        entered.save()
        return _with_excuses(entered, answer, Decision.Reason.LAIN)

    return work


def end_work(closure: Closure, at: datetime) -> Work:
    """Return the Work that ends the closure at the full minute of `at`; the time before stays closed."""
    shorter = copy(closure)
    shorter.ends_at = at.replace(second=0, microsecond=0)
    return changes.save_work(shorter)


def revoke_work(closure: Closure, answer: ClosureAnswer) -> Work:
    """Return the Work that deletes the closure and notifies the lurah who requested it.

    The indications it excused stay excused until the camat decides again.
    """

    def work() -> WorkDone:
        values = {"decided_by": answer.by.pk, "decided_at": answer.now, "word": answer.word}
        request = ClosureRequest.objects.filter(closure=closure.pk).first()
        if request:
            ClosureRequest.objects.filter(pk=request.pk).update(state=State.REVOKED, closure=None, **values)
            _notify_other_side(request, State.REVOKED, answer.now)
        return changes.remove_work(closure)()

    return work


def closure_label(kind: str, reason: str) -> str:
    """Return the closure's reason as shown with the hours, "Rapat: di kantor camat": Indonesian, at most 120 chars."""
    if kind == Kind.LAIN:
        return reason[:120]
    with translation.override("id"):
        return f"{Kind(kind).label}: {reason}"[:120]


def is_in_reach(at: datetime, now: datetime) -> bool:
    """Return whether a closure may begin or end at `at`: EARLIEST before to LATEST after today, by local days."""
    return -EARLIEST <= timedelta(days=(local_day(at) - local_day(now)).days) <= LATEST


def excusable_indications(closure: Closure, now: datetime) -> tuple[list[Alert], list[Alert]]:
    """Return the indications wholly within the closure, and those that only overlap it.

    Leaves out those already excused or decided to be false alarms. One that is still open counts as ending `now`.
    """
    alerts = Alert.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=closure.starts_at),
        kind__in=ACCUSATIONS,
        superseded_by=None,
        withdrawn_by=None,
        since__lt=closure.ends_at,
        outcome__in=["", DecisionAct.CONFIRMED],
        counter__in=Counter.objects.filter(changes.counters_filter(closure)),
    )
    loaded = alerts.select_related("counter__kelurahan__kecamatan", "counter__place__kecamatan")
    overlapping = list(loaded.order_by("pk"))
    inside = [
        alert
        for alert in overlapping
        if closure.starts_at <= alert.since and (alert.ended_at or now) <= closure.ends_at
    ]
    return inside, [alert for alert in overlapping if alert not in inside]


def _with_excuses(closure: Closure, answer: ClosureAnswer, reason: Decision.Reason) -> WorkDone:
    """Excuse the indications within a saved closure that `answer.by` may decide."""
    inside, partly = excusable_indications(closure, answer.now)
    own = [alert for alert in inside if decisions.standpoint(answer.by, alert).side is Side.DECIDER]
    for alert in own:
        history = decisions.history_of(alert)
        text = f"Penutupan: {closure.reason}"
        excuse = DecisionStatement(DecisionAct.EXCUSED, history[-1].pk if history else None, reason, text)
        decisions.record_decision(alert, answer.by, excuse, answer.now)
    left = [alert.pk for alert in (*inside, *partly) if alert not in own]
    return WorkDone([RowChange(None, closure)], _ids(own), left)


def _ids(alerts: Iterable[Alert]) -> list[int]:
    return [alert.pk for alert in alerts]


def _record_answer(
    request: ClosureRequest, state: ClosureRequest.State, answer: ClosureAnswer, closure: Closure | None = None
) -> None:
    """Store the answer. Raises AlreadyAnswered when the request is no longer waiting: of two answers the first wins."""
    waiting = ClosureRequest.objects.filter(pk=request.pk, state=State.ASKED)
    values = {"decided_by_id": answer.by.pk, "decided_at": answer.now, "word": answer.word.strip()}
    if not waiting.update(state=state, closure=closure, **values):
        raise AlreadyAnswered


def _notify_other_side(request: ClosureRequest, state: ClosureRequest.State, now: datetime) -> None:
    """Notify who decides of a new request, or who asked of an answer."""

    def words() -> outbox.NoticeText:
        what = _("%(kind)s, %(place)s, %(day)s pukul %(at)s WIB.") % {
            "kind": request.get_kind_display(),
            "place": request.place,
            "day": calendar(local(request.starts_at)),
            "at": hour(request.starts_at),
        }
        return outbox.NoticeText(str(TITLES[state]), what, reverse("closure-request", args=[request.pk]))

    to = [notice_rule.DECIDER if state == State.ASKED else notice_rule.ASKED]
    key = f"closure-request:{request.pk}:{state}"
    outbox.queue_message(key, notice_rule.Topic.DECISION, words, request.office, now, roles=to)
