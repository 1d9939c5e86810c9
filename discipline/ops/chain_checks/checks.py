"""The life of a check: requested, made by Celery place by place, and kept."""

import logging
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from discipline.ops.append_only import copies
from discipline.ops.append_only.comparing import HeadsReport, compare_heads
from discipline.ops.chain_checks.models import ChainCheck
from offices.access.gate import User
from streams.evidence import verify
from streams.servers import task_queue
from streams.servers.locks import Lock, lock_until_commit

log = logging.getLogger(__name__)

State = ChainCheck.State
TASK = "discipline.tasks.check_chains"
UNDER_WAY = (State.WAITING, State.WORKING)
SILENT_AFTER = timedelta(minutes=5)  # without progress for so long, the worker is dead: one place takes seconds
KEPT = 200  # checks
STORE_EVERY = timedelta(seconds=1)


def request_check(user: User, now: datetime) -> ChainCheck:
    """Return the check that is under way, or else a new one, which the worker is told to make."""
    with transaction.atomic():
        lock_until_commit(Lock.CHECK_CHAINS)
        end_silent(now)
        row = ChainCheck.objects.filter(state__in=UNDER_WAY).first()
        if row is None:
            row = ChainCheck.objects.create(by_id=user.pk or 0, asked_at=now, touched_at=now)
            kept = ChainCheck.objects.values("pk")[:KEPT]
            ChainCheck.objects.exclude(pk__in=kept).delete()
            transaction.on_commit(lambda: task_queue.send_task(TASK))
    return row


def end_silent(now: datetime) -> None:
    """End the check whose worker died, or that no worker has taken up."""
    silent = ChainCheck.objects.filter(state__in=UNDER_WAY, touched_at__lt=now - SILENT_AFTER)
    silent.update(state=State.FAILED, ended_at=now)


def make_requested() -> None:
    """Make the check that waits, if there is one; errors are logged and end it."""
    with transaction.atomic():
        row = ChainCheck.objects.select_for_update(skip_locked=True).filter(state=State.WAITING).first()
        if row is None:
            return
        row.state, row.touched_at = State.WORKING, timezone.now()
        row.save(update_fields=["state", "touched_at"])
    try:
        _make(row)
    except Exception:
        log.exception("Checking the evidence failed")
        _store(row, state=State.FAILED, ended_at=timezone.now())


def _make(row: ChainCheck) -> None:
    places = verify.places_with_evidence()
    row.to_check = len(places)
    stored_at = timezone.now()
    for place in places:
        report = verify.verify_evidence(timezone.now(), [place])
        row.places.append(_result(place.code, place.name, report))
        if timezone.now() - stored_at >= STORE_EVERY:
            stored_at = timezone.now()
            _store(row, to_check=row.to_check, places=row.places)
    strangers = verify.verify_unknown_folders(places, timezone.now())
    row.places += list(_of_strangers(strangers))
    heads = _compare_heads()
    _store(
        row,
        state=State.DONE,
        ended_at=timezone.now(),
        to_check=row.to_check,
        places=row.places,
        heads=heads.heads,
        head_faults=heads.faults,
    )


def _result(code: str, name: str, report: verify.VerificationReport) -> dict[str, Any]:
    faults = [asdict(fault) for fault in report.faults]
    return {"code": code, "name": name, "rows": report.rows, "files": report.files, "faults": faults}


def _of_strangers(report: verify.VerificationReport) -> Iterator[dict[str, Any]]:
    """Yield a result for each folder of no known place that holds files."""
    for code in sorted({fault.office for fault in report.faults}):
        faults = [asdict(fault) for fault in report.faults if fault.office == code]
        yield {"code": code, "name": code, "rows": 0, "files": 0, "faults": faults}


def _compare_heads() -> HeadsReport:
    own = copies.own_file()
    return compare_heads([own] if own.exists() else [], timezone.now())


def _store(row: ChainCheck, **values: Any) -> None:
    """Store progress or the end, unless the check was ended meanwhile as silent."""
    ChainCheck.objects.filter(pk=row.pk, state=State.WORKING).update(touched_at=timezone.now(), **values)
