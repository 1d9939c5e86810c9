"""What it means: the rules, the standings and flips of counters, indications, and what people say to them."""

from discipline.models.alerts import Alert, AlertQuerySet, Attachment, Decision, Outcome, Reminder
from discipline.models.incidents import IncidentRule, SystemIncident
from discipline.models.retention import LegalHold, Retention, Storage
from discipline.models.standings import Flip, StaffingRule, Standing, State

__all__ = [
    "Alert",
    "AlertQuerySet",
    "Attachment",
    "Decision",
    "Flip",
    "IncidentRule",
    "LegalHold",
    "Outcome",
    "Reminder",
    "Retention",
    "StaffingRule",
    "Standing",
    "State",
    "Storage",
    "SystemIncident",
]
