"""Events about indications, published after the commit."""

from dataclasses import dataclass

from discipline.core.events import Event


@dataclass(frozen=True, slots=True)
class AlertsChanged:
    """The rule raised, ended, superseded or withdrew these indications (ids)."""

    alerts: frozenset[int]


@dataclass(frozen=True, slots=True)
class DecisionRecorded:
    """A user explained or decided this indication (id), or undid a decision."""

    alert: int


alerts_changed: Event[AlertsChanged] = Event()
decision_recorded: Event[DecisionRecorded] = Event()
