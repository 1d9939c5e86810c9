"""All models of the app, which Django finds here; each is defined in its room."""

from discipline.alerts.models import Alert, AlertQuerySet, Decision, Reminder
from discipline.api.access.models import ApiClient, Webhook, WebhookCall
from discipline.board.models import BoardVersion
from discipline.board.screens.models import ScreenSpotlight, WallScreen
from discipline.board.street_points.models import WallScene
from discipline.complaints.blocks.models import ComplaintBlock
from discipline.complaints.models import (
    Complaint,
    ComplaintFollower,
    ComplaintKind,
    ComplaintMail,
    ComplaintStep,
)
from discipline.complaints.photos.models import ComplaintPhoto
from discipline.complaints.reviews.models import AlertConfirmation, CameraMistake
from discipline.core.models import Attachment, DemoHistory, Heartbeat
from discipline.disclosure.footage.models import FootageCopy, FootagePicture
from discipline.evidence.models import LegalHold, Retention, Storage
from discipline.evidence.recordings.models import RecordingExport
from discipline.incidents.calls.models import IncomingCall
from discipline.incidents.case_file.articles.models import ArticleChange
from discipline.incidents.case_file.models import (
    BylawArticle,
    CaseFile,
    CaseOpening,
    CasePart,
    CaseStep,
    CaseStill,
)
from discipline.incidents.daily.models import DailyReport, DailyRetention
from discipline.incidents.dispatch.models import AgencyArea, DispatchChange
from discipline.incidents.models import Incident, IncidentCamera, IncidentNote, IncidentStep, IncidentType
from discipline.incidents.procedures.models import Procedure, ProcedureTick
from discipline.incidents.queue.models import QueueClaim, QueueReminder
from discipline.incidents.room.models import RoomPass, RoomRetention, RoomVisit
from discipline.incidents.shifts.models import (
    Handover,
    HandoverNotice,
    HandoverSignature,
    LogEntry,
    Shift,
    ShiftMember,
)
from discipline.incidents.tasks.models import AgencyDuty, ResponseTime, Task, TaskStep
from discipline.notices.models import Delivery, Device, Escalation, NoticeRule
from discipline.ops.append_only.models import SignedHead
from discipline.ops.chain_checks.models import ChainCheck
from discipline.ops.first_run.models import TourSeen
from discipline.plans.models import PlanChange
from discipline.reports.files.models import ReportFile
from discipline.reports.mail.models import ReportMail, ReportSubscription
from discipline.reports.numbers.models import Band, DayTally, ReportRule
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.spotchecks.models import Finding, FindingWord, SpotCheck, SpotEntry, SpotMark, SpotPicture, SpotStop
from discipline.spotchecks.sample.models import ClipFilm, ConductJudgement, CounterClip, SampleRule, WeekDraw
from discipline.staffing.incident_models import IncidentDoubt, IncidentRule, SweepMark, SystemIncident
from discipline.staffing.models import Flip, Recount, StaffingRule, Standing, StandingState

__all__ = [
    "AgencyArea",
    "AgencyDuty",
    "Alert",
    "AlertConfirmation",
    "AlertQuerySet",
    "ApiClient",
    "ArticleChange",
    "Attachment",
    "Band",
    "BoardVersion",
    "BylawArticle",
    "CameraMistake",
    "CaseFile",
    "CaseOpening",
    "CasePart",
    "CaseStep",
    "CaseStill",
    "ChainCheck",
    "ClipFilm",
    "Complaint",
    "ComplaintBlock",
    "ComplaintFollower",
    "ComplaintKind",
    "ComplaintMail",
    "ComplaintPhoto",
    "ComplaintStep",
    "ConductJudgement",
    "CounterClip",
    "DailyReport",
    "DailyRetention",
    "DayTally",
    "Decision",
    "Delivery",
    "DemoHistory",
    "Device",
    "DispatchChange",
    "Escalation",
    "Finding",
    "FindingWord",
    "Flip",
    "FootageCopy",
    "FootagePicture",
    "Handover",
    "HandoverNotice",
    "HandoverSignature",
    "Heartbeat",
    "Incident",
    "IncidentCamera",
    "IncidentDoubt",
    "IncidentNote",
    "IncidentRule",
    "IncidentStep",
    "IncidentType",
    "IncomingCall",
    "LegalHold",
    "LogEntry",
    "MonthReport",
    "MonthSnapshot",
    "NoticeRule",
    "PlanChange",
    "Procedure",
    "ProcedureTick",
    "QueueClaim",
    "QueueReminder",
    "RecordingExport",
    "Recount",
    "Reminder",
    "ReportFile",
    "ReportMail",
    "ReportRule",
    "ReportSubscription",
    "ResponseTime",
    "Retention",
    "RoomPass",
    "RoomRetention",
    "RoomVisit",
    "SampleRule",
    "ScreenSpotlight",
    "Shift",
    "ShiftMember",
    "SignedHead",
    "SigningStep",
    "SpotCheck",
    "SpotEntry",
    "SpotMark",
    "SpotPicture",
    "SpotStop",
    "StaffingRule",
    "Standing",
    "StandingState",
    "Storage",
    "SweepMark",
    "SystemIncident",
    "Task",
    "TaskStep",
    "TourSeen",
    "WallScene",
    "WallScreen",
    "Webhook",
    "WebhookCall",
    "WeekDraw",
]
