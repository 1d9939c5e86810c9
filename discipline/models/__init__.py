"""What it means: rules, standings and flips of counters, indications, spot checks, and what people say to them."""

from discipline.models.alerts import Alert, AlertQuerySet, Attachment, Decision, Outcome, Reminder
from discipline.models.history import DemoHistory
from discipline.models.incidents import IncidentRule, SystemIncident
from discipline.models.integration import ApiClient, Webhook, WebhookCall
from discipline.models.mailings import ReportMail, ReportSubscription
from discipline.models.notices import Delivery, Device, Escalation, NoticeKind, NoticeRule
from discipline.models.plans import PlanChange
from discipline.models.report_files import ReportFile
from discipline.models.reports import Band, DayTally, Recount, ReportRule
from discipline.models.retention import LegalHold, Retention, Storage
from discipline.models.signing import MonthReport, MonthSnapshot, SigningStep
from discipline.models.spotchecks import Finding, FindingWord, Mark, SpotCheck, SpotEntry, SpotPicture, SpotStop
from discipline.models.standings import Flip, StaffingRule, Standing, State

__all__ = [
    "Alert",
    "AlertQuerySet",
    "ApiClient",
    "Attachment",
    "Band",
    "DayTally",
    "Decision",
    "Delivery",
    "DemoHistory",
    "Device",
    "Escalation",
    "Finding",
    "FindingWord",
    "Flip",
    "IncidentRule",
    "LegalHold",
    "Mark",
    "MonthReport",
    "MonthSnapshot",
    "NoticeKind",
    "NoticeRule",
    "Outcome",
    "PlanChange",
    "Recount",
    "Reminder",
    "ReportFile",
    "ReportMail",
    "ReportRule",
    "ReportSubscription",
    "Retention",
    "SigningStep",
    "SpotCheck",
    "SpotEntry",
    "SpotPicture",
    "SpotStop",
    "StaffingRule",
    "Standing",
    "State",
    "Storage",
    "SystemIncident",
    "Webhook",
    "WebhookCall",
]
