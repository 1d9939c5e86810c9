"""Delete the files of closed cases when their day has passed; what is written of the case stays."""

import logging
from datetime import datetime

from django.db import transaction

from discipline.incidents.case_file import changes, contents, files
from discipline.incidents.case_file.models import CaseFile
from offices.hours.schedule import local_day
from streams.evidence import store

RETENTION = "retention"

log = logging.getLogger(__name__)


def delete_old_files(now: datetime) -> int:
    """Delete the files of closed cases whose last day has passed, and release their holds; return how many cases.

    Their clips leave the chain of evidence with a note in it. What a killed process left is found again.
    """
    deleted = 0
    for case in CaseFile.objects.filter(keep_until__lt=local_day(now), deleted_at=None).order_by("pk"):
        try:
            _delete(case, now)
            deleted += 1
        except OSError:
            log.exception("can't remove the files of case %s", case.pk)
    return deleted


def _delete(case: CaseFile, now: datetime) -> None:
    evidence = contents.original_of(case)
    if evidence and not store.is_destroyed(evidence):
        store.note_destroyed(evidence, RETENTION, now)
    if evidence:
        store.path_of(evidence).unlink(missing_ok=True)
    files.remove_all(case)
    with transaction.atomic():
        case.parts.all().delete()
        changes.release_hold(case, f"Masa simpan berkas {case.number} habis", case.opened_by_id, now)
        CaseFile.objects.filter(pk=case.pk).update(deleted_at=now)
