"""A recheck for the terminal and for programs: what was stored, what came out again, and on what it stands."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from discipline.alerts.case.case_file import Case, Recheck
from discipline.staffing.rejudge import JudgedIndication
from discipline.staffing.rule import StateChange
from offices.hours.schedule import ZONE

SAME, DIFFERENT = "sama", "berbeda"


def as_dict(case: Case, found: Recheck) -> dict[str, Any]:
    """JSON-ready; moments in UTC."""
    return {
        "alert": case.alert.pk,
        "same": found.same,
        "stored": _indication_dict(found.stored),
        "again": _indication_dict(found.again),
        "flips": {
            "stored": [_indication_dict(flip) for flip in found.flips_stored],
            "again": [_indication_dict(flip) for flip in found.flips_again],
        },
        "rule": asdict(case.rule),
        "duty": [[_iso(interval.start), _iso(interval.end)] for interval in case.duty],
        "spans": len(case.spans),
        "looks": sum(span.looks for span in case.spans),
    }


def in_words(case: Case, found: Recheck) -> str:
    """Some lines; moments in WIB."""
    looks = sum(span.looks for span in case.spans)
    lines = [
        f"indication {case.alert.pk} ({case.alert}): {SAME if found.same else DIFFERENT}",
        f"from {looks} looks in {len(case.spans)} spans of {case.day}",
        f"  stored  {_indication_line(found.stored)}",
        f"  again   {_indication_line(found.again)}",
    ]
    if found.flips_stored != found.flips_again:
        again, stored = set(found.flips_again), set(found.flips_stored)
        lines += [f"  flip only stored  {_indication_line(flip)}" for flip in found.flips_stored if flip not in again]
        lines += [f"  flip only again   {_indication_line(flip)}" for flip in found.flips_again if flip not in stored]
    return "\n".join(lines)


def _indication_dict(noun: JudgedIndication | StateChange | None) -> dict[str, Any] | None:
    if noun is None:
        return None
    return {name: _iso(value) if isinstance(value, datetime) else value for name, value in asdict(noun).items()}


def _indication_line(noun: JudgedIndication | StateChange | None) -> str:
    if noun is None:
        return "nothing"
    values = asdict(noun).items()
    return "  ".join(
        f"{name} {_clock(value) if isinstance(value, datetime) else value or '-'}" for name, value in values
    )


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _clock(at: datetime) -> str:
    return at.astimezone(ZONE).isoformat(sep=" ", timespec="milliseconds").removesuffix("+07:00")
