"""The rows of all offices: those of the kelurahan, then those of the kecamatan offices in use."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q

from discipline.alerts.models import Alert
from discipline.board import rows as board_rows
from discipline.board.models import BoardVersion, announced_at
from discipline.board.payloads import OfficeRow
from discipline.board.rows import AnyOfficeRow
from offices.access.gate import Scope, User, scope_of
from offices.places.models import Counter, Kelurahan, Office, Place
from streams.cameras.models import Camera


def all_rows(user: User) -> list[OfficeRow]:
    """Return all_rows_within the user's scope, with one more query."""
    return all_rows_within(scope_of(user))


def all_rows_within(scope: Scope) -> list[OfficeRow]:
    """Return a row for each office of the scope, by code: first the kelurahan, then the kecamatan offices in use.

    Three queries, one more where there may be kecamatan offices, and two more if there are any.
    """
    below = board_rows.rows_within(scope)
    if scope.city:
        return below + _rows(Q())
    return below + _rows(Q(kecamatan__in=scope.kecamatan)) if scope.kecamatan else below


def office_row(office: Office) -> OfficeRow:
    """Return the row of one office, also of a kecamatan office that is not in use any more.

    The caller must have checked the scope (offices.access.gate).
    """
    if isinstance(office, Kelurahan):
        return board_rows.kelurahan_rows(Q(pk=office.pk), Q(kelurahan=office.pk))[0]
    return _rows(Q(pk=office.pk), in_use=False)[0]


def split(rows: Iterable[AnyOfficeRow]) -> tuple[list[AnyOfficeRow], list[AnyOfficeRow]]:
    """Return the rows of the kelurahan, and those of the kecamatan offices."""
    below: list[AnyOfficeRow] = []
    above: list[AnyOfficeRow] = []
    for row in rows:
        (above if row["id"] < 0 else below).append(row)
    return below, above


def announce_changes(counters: Collection[int], alerts: Collection[int]) -> None:
    """Send the rows of these counters and alerts (ids) to open boards, as board_rows.announce_changes does."""
    board_rows.announce_changes(counters, alerts)
    of_alerts = Alert.objects.filter(pk__in=alerts).order_by().values_list("counter__place__kecamatan", flat=True)
    of_counters = Counter.objects.filter(pk__in=counters).order_by().values_list("place__kecamatan", flat=True)
    touched = {-pk for pk in (*of_counters, *of_alerts) if pk is not None}
    if touched:
        versions = BoardVersion.objects.increment(touched)
        ours = Q(pk__in=alerts, counter__place__kecamatan__isnull=False)
        feed = board_rows.indication_rows(ours, None) if alerts else []
        rows = _rows(Q(kecamatan__in=[-pk for pk in touched]))
        board_rows.publish(board_rows.by_group(rows, feed, versions))


def _rows(which: Q, *, in_use: bool = True) -> list[OfficeRow]:
    """Return the rows of these places of kecamatan offices; `in_use`: only of those with a watched counter."""
    watched = Counter.objects.filter(place=OuterRef("pk"), active=True)
    has_camera = Exists(Camera.objects.filter(place=OuterRef("pk"), enabled=True))
    query = (
        Place.objects.filter(which, kind=Place.Kind.KECAMATAN)
        .select_related("kecamatan")
        .annotate(has_camera=has_camera, announced=announced_at(-OuterRef("kecamatan")))
        .order_by("kecamatan__code")
    )
    places = list(query.filter(Exists(watched)) if in_use else query)  # before the counters: see BoardVersion
    return board_rows.rows_of(places, "place", Q(place__in=places)) if places else []
