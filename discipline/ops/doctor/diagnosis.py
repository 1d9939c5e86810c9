"""What an examination found. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is: a fault keeps Sidak from doing its work, or will."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One sentence about a subject, and how to mend it; `mend` is "" where nothing is wrong."""

    subject: str
    severity: Severity
    text: str
    mend: str = ""


def ok(subject: str, text: str) -> Diagnosis:
    """Return the finding that all is well."""
    return Diagnosis(subject, Severity.OK, text)


def warning(subject: str, text: str, mend: str) -> Diagnosis:
    """Return a finding that somebody should look at."""
    return Diagnosis(subject, Severity.WARNING, text, mend)


def fault(subject: str, text: str, mend: str) -> Diagnosis:
    """Return a finding that has to be mended."""
    return Diagnosis(subject, Severity.FAULT, text, mend)
