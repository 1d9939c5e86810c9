"""What it means: the rules, the standings and flips of counters, indications, and what people say to them."""

from discipline.models.alerts import Alert, AlertQuerySet, Attachment, Decision, Outcome, Reminder
from discipline.models.incidents import IncidentRule, SystemIncident
from discipline.models.notices import Delivery, Device, Escalation, NoticeKind, NoticeRule
from discipline.models.retention import LegalHold, Retention, Storage
from discipline.models.standings import Flip, StaffingRule, Standing, State

__all__ = [
    "Alert",
    "AlertQuerySet",
    "Attachment",
    "Decision",
    "Delivery",
    "Device",
    "Escalation",
    "Flip",
    "IncidentRule",
    "LegalHold",
    "NoticeKind",
    "NoticeRule",
    "Outcome",
    "Reminder",
    "Retention",
    "StaffingRule",
    "Standing",
    "State",
    "Storage",
    "SystemIncident",
]
