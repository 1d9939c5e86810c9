"""Destroys evidence past its retention time, and the oldest when the quota is exceeded; never what is held.

A destroyed file leaves its row and a DESTROYED row in the chain of its place. That note is committed before the file is
removed; if the process dies in between, remove_leftovers() removes the file. An original is destroyed together with
its shown forms.
"""

import logging
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Literal, TypedDict

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from discipline.alerts.models import Alert, Decision
from discipline.evidence.models import LegalHold, Retention, Storage
from offices.places.models import Place
from streams.evidence import store
from streams.evidence.disk import DiskState, disk_room
from streams.evidence.models import Evidence
from streams.looks.models import StaffControl
from streams.servers.locks import Lock, lock_until_commit

GB = 10**9
RETENTION, QUOTA, DEMO = "retention", "quota", "demo"  # reasons for destruction; demo: with the made-up history
LEFT_BEHIND = timedelta(hours=1)  # temporary files and empty folders older than this are abandoned

log = logging.getLogger(__name__)


class StorageStatus(TypedDict):
    """Disk usage of evidence in GB (10⁹ bytes) and in percent of the quota, and the room on its disk.

    `used_gb`, `held_gb` and `percent` are None while `state` is "unmeasured"; an empty `state` is normal. `free_gb` is
    None when the disk can't be asked; `disk`: a DiskState.
    """

    used_gb: float | None
    held_gb: float | None
    quota_gb: int
    percent: float | None
    state: Literal["", "warning", "full", "unmeasured"]
    free_gb: float | None
    disk: str


def current_retention() -> Retention:
    """Return the numbers that apply: the newest row, or an unsaved one with the defaults."""
    return Retention.objects.order_by("-pk").first() or Retention()


def case_indications() -> QuerySet[Alert]:
    """Return indications that became a case: ever held, explained or decided, or superseded by such an indication.

    Their evidence is kept for `case_days`.
    """
    held = Exists(LegalHold.objects.filter(Q(alert=OuterRef("pk")) | Q(alert=OuterRef("superseded_by"))))
    answered = Exists(Decision.objects.filter(Q(alert=OuterRef("pk")) | Q(alert=OuterRef("superseded_by"))))
    return Alert.objects.filter(Q(held) | Q(answered))


def is_case(alert: Alert) -> bool:
    """Return whether the indication is one of case_indications()."""
    return case_indications().filter(pk=alert.pk).exists()


def apply_retention(now: datetime) -> None:
    """Destroy expired controls and evidence, then the oldest until the rest fits the quota, and measure the disk."""
    numbers = current_retention()
    StaffControl.objects.filter(at__lt=now - timedelta(days=numbers.still_days)).delete()
    expired = sum(1 for root in _due(numbers, now) if destroy_original(root, RETENTION, now))
    used = _bytes(_live_files())
    crowded = 0
    if used > numbers.quota_gb * GB:
        for root in _not_held(_roots()).order_by("stored_at", "pk").iterator(chunk_size=200):
            freed = destroy_original(root, QUOTA, now)
            crowded += bool(freed)
            used -= freed
            if used <= numbers.quota_gb * GB:
                break
    if expired or crowded:
        log.info("evidence destroyed: %s past retention, %s over the quota", expired, crowded)
    held = _bytes(
        _live_files().filter(Q(pk__in=_only_held(_roots()).values("pk")) | Q(of__in=_only_held(_roots()).values("pk")))
    )
    Storage.objects.update_or_create(
        pk=1, defaults={"used_bytes": max(0, used), "held_bytes": held, "measured_at": now}
    )


def storage_status() -> StorageStatus:
    """Return the disk usage of evidence as last measured and the room on its disk now, for pages and /healthz."""
    try:
        room = disk_room()
        free_gb, disk = round(room.free / GB, 2), room.state
    except OSError as error:
        log.warning("can't ask for the room on the disk of evidence: %s", error)
        free_gb, disk = None, DiskState.FULL
    numbers, last = current_retention(), Storage.objects.first()
    quota_gb = numbers.quota_gb
    if last is None:
        return {
            "used_gb": None,
            "held_gb": None,
            "quota_gb": quota_gb,
            "percent": None,
            "state": "unmeasured",
            "free_gb": free_gb,
            "disk": disk.value,
        }
    percent = 100 * last.used_bytes / (quota_gb * GB)
    return {
        "used_gb": round(last.used_bytes / GB, 2),
        "held_gb": round(last.held_bytes / GB, 2),
        "quota_gb": quota_gb,
        "percent": round(percent, 1),
        "state": "full" if percent >= 100 else "warning" if percent >= numbers.warn_percent else "",
        "free_gb": free_gb,
        "disk": disk.value,
    }


def remove_leftovers(now: datetime) -> int:
    """Remove files that a killed process left: those noted as destroyed, and temporary ones. Returns how many."""
    removed = 0
    for folder in sorted(Path(settings.EVIDENCE_DIR).glob("*/*/")):
        destroyed = set(_destroyed_in(folder))
        for path in folder.iterdir():
            old = path.suffix == ".part" and _age(path, now) > LEFT_BEHIND
            if old or f"{folder.parent.name}/{folder.name}/{path.name}" in destroyed:
                removed += _remove(path)
        if not any(folder.iterdir()) and _age(folder, now) > LEFT_BEHIND:
            folder.rmdir()
    return removed


def _due(numbers: Retention, now: datetime) -> Iterator[Evidence]:
    """Yield originals past their retention time and not held, oldest first."""
    in_a_case = Exists(Alert.evidence.through.objects.filter(evidence=OuterRef("pk"), alert__in=case_indications()))
    case = in_a_case | Exists(_of_office(LegalHold.objects.all()))
    still, long = (now - timedelta(days=days) for days in (numbers.still_days, numbers.case_days))
    past = _not_held(_roots()).filter(stored_at__lt=still).exclude(case, stored_at__gte=long)
    return past.order_by("stored_at", "pk").iterator(chunk_size=200)


def _roots() -> QuerySet[Evidence]:
    """Return originals, and rows without one, of which the file or that of a shown form still exists."""
    note = Evidence.objects.filter(kind=Evidence.Kind.DESTROYED)
    derived = Evidence.objects.filter(of=OuterRef("pk")).exclude(kind=Evidence.Kind.DESTROYED)
    left = derived.exclude(Exists(note.filter(of=OuterRef("pk"))))
    gone = Exists(note.filter(of=OuterRef("pk")))
    roots = Evidence.objects.filter(of=None).filter(~gone | Exists(left))
    roots = roots.exclude(kind=Evidence.Kind.RECORDING)  # kept for good
    return roots.annotate(day=TruncDate("at")).select_related("counter", "place__kelurahan")


def _of_office(holds: QuerySet[LegalHold]) -> QuerySet[LegalHold]:
    return holds.filter(kelurahan=OuterRef("kelurahan"), first_day__lte=OuterRef("day"), last_day__gte=OuterRef("day"))


def _held_filter() -> Q:
    active = LegalHold.objects.filter(ended_at=None)
    of_alert = Q(alert__evidence=OuterRef("pk")) | Q(alert__supersedes__evidence=OuterRef("pk"))
    return Q(Exists(active.filter(of_alert))) | Q(Exists(_of_office(active)))


def _only_held(roots: QuerySet[Evidence]) -> QuerySet[Evidence]:
    return roots.filter(_held_filter())


def _not_held(roots: QuerySet[Evidence]) -> QuerySet[Evidence]:
    return roots.exclude(_held_filter())


def _live_files() -> QuerySet[Evidence]:
    note = Evidence.objects.filter(kind=Evidence.Kind.DESTROYED, of=OuterRef("pk"))
    return Evidence.objects.exclude(path="").exclude(kind=Evidence.Kind.RECORDING).exclude(Exists(note))


def _bytes(files: QuerySet[Evidence]) -> int:
    return files.aggregate(total=Sum("size"))["total"] or 0


def destroy_original(root: Evidence, why: str, now: datetime) -> int:
    """Note and remove an original with its shown forms. Returns the bytes freed: 0 if held meanwhile, or gone."""
    with transaction.atomic():
        lock_holds()
        if not _not_held(_roots()).filter(pk=root.pk).exists():
            return 0
        files = list(_live_files().filter(Q(pk=root.pk) | Q(of=root)).select_related("counter", "place__kelurahan"))
        for row in files:
            store.note_destroyed(row, why, now)
    for row in files:
        _remove(store.path_of(row))
    return sum(row.size for row in files)


def lock_holds() -> None:
    """Block other processes from holding or destroying evidence until the transaction ends."""
    lock_until_commit(Lock.HOLD_OR_DESTROY)


def _remove(path: Path) -> bool:
    """Remove a file, and return whether that succeeded. An OSError is logged: remove_leftovers() tries again."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.error("can't remove %s, which is noted as destroyed: %s", path, error)
        return False
    return True


def _destroyed_in(folder: Path) -> QuerySet[Evidence, str]:
    """Return the paths noted as destroyed in the folder of a place and day (16.71.01.1001/2026-11-23)."""
    try:
        day = date.fromisoformat(folder.name)
    except ValueError:
        return Evidence.objects.none().values_list("path", flat=True)
    start = timezone.make_aware(datetime.combine(day, time.min))
    places = Place.objects.annotate(found=Place.code_at()).filter(found=folder.parent.name)
    shown = Evidence.objects.filter(place__in=places.values("pk"), at__gte=start, at__lt=start + timedelta(days=1))
    note = Evidence.objects.filter(kind=Evidence.Kind.DESTROYED, of=OuterRef("pk"))
    return shown.filter(Exists(note)).values_list("path", flat=True)


def _age(path: Path, now: datetime) -> timedelta:
    return now - datetime.fromtimestamp(os.stat(path).st_mtime, UTC)
