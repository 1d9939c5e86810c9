"""Which reports a user may see and act on, which the public may, and which may be about the same."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case, DateTimeField, F, Q, QuerySet, When
from django.shortcuts import get_object_or_404

from discipline.complaints.models import Complaint, ComplaintKind
from discipline.complaints.state_rule import ENDS, ComplaintState
from offices.access.gate import Scope, within_places
from offices.places.distance_rule import km_between
from offices.places.pins import within_square

NEAR_M = 250
MOST_NEAR = 5
MOST_COMPARED = 100
PIN_DECIMALS = 3  # of a pin as the public sees it, as it may be somebody's door
ROUNDED_M = 80  # by which a pin moves at most, from the middle to the corner of a square of 0.001 degrees
LOADED = ("kind", "place__kelurahan__kecamatan", "place__kecamatan", "place__agency", "incident", "duplicate_of")
ENDED = [state.value for state in ENDS]
# The deadline that comes next; none while the city is handling a report, and after its end.
DUE = Case(
    When(state=ComplaintState.OPEN.value, then=F("verify_by")),
    When(state__in=[ComplaintState.VERIFIED.value, ComplaintState.REOPENED.value], then=F("react_by")),
    output_field=DateTimeField(),
)


def complaints_in(scope: Scope) -> QuerySet[Complaint]:
    """Return the confirmed reports in scope, with `due`.

    The city sees all but private ones, which only the inspectorate does; camat and lurah those about their offices
    that were verified.
    """
    confirmed = Complaint.objects.exclude(state=ComplaintState.UNCONFIRMED.value)
    found = confirmed.select_related(*LOADED).annotate(due=DUE)
    if scope.city:
        return found if scope.inspects else found.filter(private=False)
    own = within_places(scope, "place") & Q(place__isnull=False, private=False)
    return found.filter(own).exclude(state__in=[ComplaintState.OPEN.value, ComplaintState.REJECTED.value])


def complaint_in(scope: Scope, pk: int) -> Complaint:
    """Return the report. Raises Http404 if it is out of scope."""
    return get_object_or_404(complaints_in(scope), pk=pk)


def may_handle(scope: Scope, complaint: Complaint) -> bool:
    """Return whether the user acts on it: operators, and on private ones the inspectorate alone."""
    return scope.inspects if complaint.private else scope.operates


def published() -> QuerySet[Complaint]:
    """Return the reports that the public may read, the newest first."""
    shown = Complaint.objects.filter(private=False).exclude(public_text="")
    return shown.select_related(*LOADED).order_by("-opened_at", "-pk")


def published_near(kind: ComplaintKind, latitude: float, longitude: float) -> list[tuple[Complaint, int]]:
    """Return open public reports of this kind within NEAR_M of a pin in degrees, with the metres, the nearest first.

    It goes by rounded pins: from exact distances anybody could work out where the others are.
    """
    found = published().filter(within_square(latitude, longitude, NEAR_M + ROUNDED_M), kind=kind)
    pins = (
        (one, round(one.latitude, PIN_DECIMALS), round(one.longitude, PIN_DECIMALS))
        for one in found.exclude(state__in=ENDED)[:MOST_COMPARED]
    )
    return _by_distance(pins, latitude, longitude)


def alike(complaint: Complaint) -> list[tuple[Complaint, int]]:
    """Return open reports of the last 30 days near this one, with their distance in metres; none for a private one."""
    if complaint.private:
        return []
    since = complaint.created_at - timedelta(days=30)
    found = Complaint.objects.filter(
        within_square(complaint.latitude, complaint.longitude, NEAR_M),
        private=False,
        kind=complaint.kind_id,
        created_at__gte=since,
    ).exclude(state__in=[*ENDED, ComplaintState.UNCONFIRMED.value])
    others = found.exclude(pk=complaint.pk).select_related(*LOADED)[:MOST_COMPARED]
    pins = ((one, one.latitude, one.longitude) for one in others)
    return _by_distance(pins, complaint.latitude, complaint.longitude)


def is_late(complaint: Complaint, now: datetime) -> bool:
    """Return whether the deadline that comes next has passed."""
    due = due_of(complaint)
    return due is not None and due <= now


def due_of(complaint: Complaint) -> datetime | None:
    """Return the deadline that comes next, as DUE does."""
    if complaint.status is ComplaintState.OPEN:
        return complaint.verify_by
    return complaint.react_by if complaint.status in (ComplaintState.VERIFIED, ComplaintState.REOPENED) else None


def _by_distance(
    pins: Iterable[tuple[Complaint, float, float]], latitude: float, longitude: float
) -> list[tuple[Complaint, int]]:
    measured = ((one, round(1000 * km_between(north, east, latitude, longitude))) for one, north, east in pins)
    return sorted((one for one in measured if one[1] <= NEAR_M), key=lambda one: (one[1], one[0].pk))[:MOST_NEAR]
