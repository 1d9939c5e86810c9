"""What is published of indications, after the commit."""

from dataclasses import dataclass

from discipline.core.events import Event


@dataclass(frozen=True, slots=True)
class AlertsChanged:
    """These indications were raised, ended, superseded or withdrawn by the rule."""

    alerts: frozenset[int]


@dataclass(frozen=True, slots=True)
class DecisionRecorded:
    """Somebody explained or decided this indication, or took that back."""

    alert: int


alerts_changed: Event[AlertsChanged] = Event()
decision_recorded: Event[DecisionRecorded] = Event()
