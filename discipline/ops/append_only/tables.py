"""The tables to which the application only adds rows. Grants, triggers against TRUNCATE and signed heads follow it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps

# By model: the fields that may still change. A new model here needs triggers, see CONTRIBUTING.md.
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "offices.FileAccess": (),
    "offices.RightsChange": (),
    "streams.CameraNote": (),
    "streams.EarlyDeletion": (),
    "streams.Evidence": (),
    "streams.EvidenceHead": (),
    "streams.EvidenceOpening": (),
    "streams.PublicChange": (),
    "streams.RetentionRule": (),
    "streams.SteeringLog": (),
    "streams.View": ("seen_at", "ended_at"),
    "streams.ViewReason": (),
    "discipline.Flip": ("alerted_at",),
    "discipline.Alert": (
        "ended_at",
        "ended_by",
        "unknown_s",
        "superseded_by",
        "withdrawn_by",
        "outcome",
        "new_letter",
        "notices_queued_at",
    ),
    "discipline.Alert_evidence": (),
    "discipline.Decision": (),
    "discipline.Attachment": (),
    "discipline.Retention": (),
    "discipline.LegalHold": ("ended_at", "ended_by", "end_reason"),
    "discipline.SpotEntry": (),
    "discipline.FindingWord": (),
    "discipline.SampleRule": (),
    "discipline.WeekDraw": (),
    "discipline.ConductJudgement": (),
    "discipline.MonthSnapshot": (),
    "discipline.SigningStep": (),
    "discipline.PlanChange": (),
    "discipline.IncidentStep": (),
    "discipline.IncidentNote": (),
    "discipline.TaskStep": (),
    "discipline.CaseStep": (),
    "discipline.CaseOpening": (),
    "discipline.ArticleChange": (),
    "discipline.ComplaintStep": (),
    "discipline.AlertConfirmation": (),
    "discipline.CameraMistake": (),
    "discipline.Handover": (),
    "discipline.HandoverSignature": (),
    "discipline.LogEntry": (),
    "discipline.IncomingCall": (),
    "discipline.Procedure": (),
    "discipline.ProcedureTick": (),
    "discipline.HandoverNotice": (),
    "discipline.DailyReport": ("pdf", "erased_at"),
    "discipline.DailyRetention": (),
    "discipline.ResponseTime": (),
    "discipline.DispatchChange": (),
    "discipline.RoomRetention": (),
    "discipline.SignedHead": ("mailed_at", "posted_at"),
}
# Only the owner writes these.
READ_ONLY = ("django_migrations", "discipline_demohistory")


@dataclass(frozen=True, slots=True)
class AppendOnly:
    """One of the tables: its columns that never change, those that may, and its primary key, a growing number."""

    name: str
    fixed: tuple[str, ...]
    changing: tuple[str, ...]
    key: str


def append_only_tables() -> list[AppendOnly]:
    """Return the tables, in the order of their names."""
    return _tables(APPEND_ONLY)


def sealed_tables() -> list[AppendOnly]:
    """Return those whose rows the signed heads cover: all but that of the heads, and that of procedures.

    Procedures begin with rows of a migration, which the way back to an older version removes.
    """
    return _tables(APPEND_ONLY.keys() - {"discipline.SignedHead", "discipline.Procedure"})


def _tables(labels: Iterable[str]) -> list[AppendOnly]:
    found = []
    for label in labels:
        meta = apps.get_model(label)._meta
        columns = {field.name: field.column for field in meta.concrete_fields}
        mutable = tuple(columns.pop(name) for name in APPEND_ONLY[label])
        assert meta.pk is not None
        found.append(AppendOnly(meta.db_table, tuple(sorted(columns.values())), mutable, meta.pk.column))
    return sorted(found, key=lambda table: table.name)
