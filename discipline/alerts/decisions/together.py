"""Excuse several indications at once, each with a line of its own in its history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q

from discipline.alerts.decisions.record import DecisionStatement, record_decision
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.core.dialogue import NotAllowed
from offices.access.gate import Scope, within_offices

MOST = 100  # in one go: more than a page of the list has
NO_REASON = "no_reason"  # beside NotAllowed.why: neither the lurah nor the camat gave a reason


@dataclass(frozen=True, slots=True)
class Excused:
    """The lines that were added, and what was refused: NotAllowed.why or NO_REASON by indication."""

    lines: list[Decision] = field(default_factory=list)
    refused: dict[Alert, str] = field(default_factory=dict)


def chosen(keys: Iterable[str]) -> dict[int, int | None]:
    """Parse "alert:last_seen" of each chosen row, last_seen empty for none; leave out what is not of that form."""
    found: dict[int, int | None] = {}
    for key in keys:
        alert, _, line = key.partition(":")
        if alert.isdecimal() and (line.isdecimal() or not line) and len(found) < MOST:
            found[int(alert)] = int(line) if line else None
    return found


def excuse_together(
    rows: Mapping[int, int | None], user: AbstractBaseUser, scope: Scope, reason: str, text: str, now: datetime
) -> Excused:
    """Excuse each indication for `reason`, or for its lurah's when that is empty. One refusal stops no other.

    Indications outside the scope are left out without a word.
    """
    in_scope = Alert.objects.filter(within_offices(scope, "counter"), pk__in=rows)
    loaded = in_scope.select_related("counter__kelurahan__kecamatan", "counter__place__kecamatan")
    alerts = list(loaded.order_by("pk"))
    reasons = {} if reason else _explained_reasons(alerts)
    done = Excused()
    for alert in alerts:
        why = reason or reasons.get(alert.pk, "")
        if not why:
            done.refused[alert] = NO_REASON
            continue
        try:
            statement = DecisionStatement(DecisionAct.EXCUSED, rows[alert.pk], why, text)
            done.lines.append(record_decision(alert, user, statement, now))
        except NotAllowed as refusal:
            done.refused[alert] = refusal.why
    return done


def _explained_reasons(alerts: Iterable[Alert]) -> dict[int, str]:
    """Return the reason of each one's newest explanation, else of one of an indication that it superseded, by id."""
    pks = [alert.pk for alert in alerts]
    lines = Decision.objects.filter(Q(alert__in=pks) | Q(alert__superseded_by__in=pks), what=DecisionAct.EXPLAINED)
    own, earlier = dict[int, str](), dict[int, str]()
    for alert, later, reason in lines.order_by("pk").values_list("alert", "alert__superseded_by", "reason"):
        own[alert] = reason
        if later:
            earlier[later] = reason
    return earlier | own
