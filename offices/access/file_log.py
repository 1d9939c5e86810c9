"""The log of files about people: who opened which evidence, sheet, attachment or report. The only writer of FileAccess.

Views that send such a file call log_file before they answer. Live pictures: streams/live/access_log.py.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from offices.access.gate import User
from offices.access.models import FileAccess


def log_file(user: User, kind: FileAccess.Kind, key: object, title: object, offices: Iterable[int | None] = ()) -> None:
    """Log that the user opens a file: one row a user, object and hour. `offices`: ids of kelurahan."""
    now = timezone.now()
    row = FileAccess(
        user_id=user.pk or 0,
        kind=kind,
        key=str(key)[:40],
        title=str(title)[:200],
        offices=sorted({pk for pk in offices if pk is not None}),
        hour=now.replace(minute=0, second=0, microsecond=0),
        at=now,
    )
    FileAccess.objects.bulk_create([row], ignore_conflicts=True)


def filter_files(
    words: str = "",
    office: int | None = None,
    since: date | None = None,
    until: date | None = None,
    kind: str = "",
) -> QuerySet[FileAccess]:
    """Return the rows that match, newest first. `since` and `until` are days in WIB."""
    rows = FileAccess.objects.select_related("user")
    if office:
        rows = rows.filter(offices__contains=[office])
    if since:
        rows = rows.filter(at__date__gte=since)
    if until:
        rows = rows.filter(at__date__lte=until)
    if kind:
        rows = rows.filter(kind=kind)
    for word in words.split():
        rows = rows.filter(
            Q(user__username__icontains=word)
            | Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(title__icontains=word)
        )
    return rows
