"""What belongs to a case: its files with their hashes, and the visits of the agency's officers with their photos."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from discipline.core import attachments
from discipline.core.models import Attachment
from discipline.incidents.case_file import files
from discipline.incidents.case_file.models import CaseFile, CasePart
from discipline.incidents.tasks.models import TaskStep
from discipline.incidents.tasks.state_rule import TaskState
from streams.evidence import store
from streams.evidence.models import Evidence

ORIGINAL = "rekaman-asli.mp4"
COPY = "rekaman-wajah-disembunyikan.mp4"
PAPER = "berita-acara.pdf"
EXPORT_RECEIPT = "tanda-terima-rekaman.pdf"
LOG = "pembukaan.csv"
SUMS = "SHA256SUMS"
ARCHIVE = "berkas.zip"
Kind = CasePart.Kind


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A file of the case. name: in the ZIP and the list of hashes."""

    name: str
    path: Path
    sha256: str
    size: int


def entries(case: CaseFile, *, papers: bool) -> Iterator[CaseEntry]:
    """Yield the files in the order of the list: recording, copy, stills, photos; `papers`: those, too, and the log."""
    if evidence := original_of(case):
        yield CaseEntry(ORIGINAL, store.path_of(evidence), evidence.sha256, evidence.size)
    kinds = [Kind.COPY, Kind.STILL, Kind.HIDDEN]
    yield from _parts(case, kinds)
    for name, photo in photos(case):
        yield CaseEntry(name, attachments.path_of(photo), photo.sha256, photo.size)
    if papers:
        yield from _parts(case, [Kind.PAPER, Kind.LOG])


def original_of(case: CaseFile) -> Evidence | None:
    """Return the original clip in the chain of evidence, None without one."""
    return case.export.evidence if case.export else None


def visits(case: CaseFile) -> list[TaskStep]:
    """Return what the agency's officers reported of the incident, in its order: without the asking."""
    steps = TaskStep.objects.filter(task__incident=case.incident_id, task__agency=case.agency_id)
    steps = steps.exclude(state=TaskState.ASKED.value)
    return list(steps.select_related("by", "attachment").order_by("happened_at", "pk"))


def photos(case: CaseFile) -> list[tuple[str, Attachment]]:
    """Return the officers' photos with their names in the ZIP."""
    found = [step.attachment for step in visits(case) if step.attachment]
    return [(f"kunjungan-{n}{Path(one.path).suffix}", one) for n, one in enumerate(found, start=1)]


def _parts(case: CaseFile, kinds: list[CasePart.Kind]) -> Iterator[CaseEntry]:
    for part in case.parts.filter(kind__in=kinds).order_by("kind", "name"):
        yield CaseEntry(part.name, files.path_of(part), part.sha256, part.size)


def listed_sums(case: CaseFile) -> list[CaseEntry]:
    """Return the list of hashes itself, which is in the ZIP, too."""
    return list(_parts(case, [Kind.SUMS]))
