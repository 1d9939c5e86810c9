"""Format a recheck, as text for the terminal and as JSON for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TypedDict

from discipline.alerts.case.case_file import Case, Recheck
from discipline.staffing.rejudge import JudgedIndication
from discipline.staffing.rule import StateChange
from offices.hours.schedule import ZONE
from streams.evidence.controls import ControlRecheck

SAME, DIFFERENT = "sama", "berbeda"


JsonFields = dict[str, str | None]  # a JudgedIndication or StateChange; times in ISO 8601, UTC


class RecheckedFlips(TypedDict):
    """Flips during the indication, in order."""

    stored: list[JsonFields]
    again: list[JsonFields]


class RecheckedControls(TypedDict):
    """How many control pictures were seen, how many are seen again, and which (from 1) are seen otherwise."""

    shown: int
    seen: int
    again: int
    differing: list[int]


class RecheckReport(TypedDict):
    """A recheck as JSON. `rule` holds the fields of Tolerances, `duty` pairs of ISO 8601 times in UTC."""

    alert: int
    same: bool
    stored: JsonFields
    again: JsonFields | None
    flips: RecheckedFlips
    controls: list[RecheckedControls]
    rule: dict[str, int]
    duty: list[list[str]]
    spans: int
    looks: int


def as_dict(case: Case, found: Recheck, controls: Sequence[ControlRecheck] = ()) -> RecheckReport:
    """Return the recheck ready for JSON; times in UTC."""
    return {
        "alert": case.alert.pk,
        "same": found.same and all(one.same for one in controls),
        "stored": _indication_dict(found.stored),
        "again": _indication_dict(found.again) if found.again else None,
        "flips": {
            "stored": [_indication_dict(flip) for flip in found.flips_stored],
            "again": [_indication_dict(flip) for flip in found.flips_again],
        },
        "controls": [
            {"shown": one.shown, "seen": one.seen, "again": one.seen_again, "differing": list(one.differing)}
            for one in controls
        ],
        "rule": asdict(case.rule),
        "duty": [[_iso(interval.start), _iso(interval.end)] for interval in case.duty],
        "spans": len(case.spans),
        "looks": sum(span.looks for span in case.spans),
    }


def in_words(case: Case, found: Recheck, controls: Sequence[ControlRecheck] = ()) -> str:
    """Return the recheck as lines of text; times in WIB."""
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
    for one in controls:
        differing = f", otherwise: {', '.join(map(str, one.differing))}" if one.differing else ""
        word = SAME if one.same else DIFFERENT
        lines.append(
            f"  controls  {word}: {one.seen} of {one.shown} were seen, {one.seen_again} are seen now{differing}"
        )
    return "\n".join(lines)


def _indication_dict(judged: JudgedIndication | StateChange) -> JsonFields:
    return {name: _iso(value) if isinstance(value, datetime) else value for name, value in asdict(judged).items()}


def _indication_line(judged: JudgedIndication | StateChange | None) -> str:
    if judged is None:
        return "nothing"
    values = asdict(judged).items()
    return "  ".join(
        f"{name} {_clock(value) if isinstance(value, datetime) else value or '-'}" for name, value in values
    )


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _clock(at: datetime) -> str:
    return at.astimezone(ZONE).isoformat(sep=" ", timespec="milliseconds").removesuffix("+07:00")
