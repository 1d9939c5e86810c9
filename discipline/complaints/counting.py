"""Count residents' reports: of a day for the room's daily report, of a month by office."""

from datetime import datetime

from django.db.models import Count, Q

from discipline.complaints.models import Complaint, ComplaintStep
from discipline.complaints.state_rule import ENDS, WAITING, ComplaintEvent, ComplaintState
from discipline.incidents.daily.contents import ResidentNumbers
from offices.places.locations.models import OFFICE_KEY
from offices.places.models import Place


def residents_between(since: datetime, until: datetime) -> ResidentNumbers:
    """Return the numbers of reports in [since, until); those that are open are counted now.

    late: those whose deadline passed in that time and still wait when counted. Reports that were not confirmed don't
    count. The kinds of private ones are left out of `by_kind`.
    """
    confirmed = Complaint.objects.exclude(state=ComplaintState.UNCONFIRMED.value)
    came = confirmed.filter(opened_at__gte=since, opened_at__lt=until)
    changes = ComplaintStep.objects.filter(what=ComplaintEvent.STATE.value, at__gte=since, at__lt=until)
    ended = [state.value for state in ENDS]
    late = Q(verify_by__gte=since, verify_by__lt=until, state=ComplaintState.OPEN.value)
    late |= Q(react_by__gte=since, react_by__lt=until, state__in=[state.value for state in WAITING])
    kinds = came.filter(private=False).values_list("kind__name").annotate(how_many=Count("pk"))
    return ResidentNumbers(
        came=came.count(),
        verified=changes.filter(state=ComplaintState.VERIFIED.value).values("complaint").distinct().count(),
        ended=changes.filter(state__in=ended).values("complaint").distinct().count(),
        late=confirmed.filter(late).count(),
        open=confirmed.exclude(state__in=ended).count(),
        by_kind=tuple(kinds.order_by("-how_many", "kind__name")),
    )


def by_office(since: datetime, until: datetime) -> dict[str, int]:
    """Return the number of reports in [since, until) about each office's counters, by its key, without private ones."""
    rows = Complaint.objects.exclude(state=ComplaintState.UNCONFIRMED.value).filter(
        opened_at__gte=since, opened_at__lt=until, private=False, kind__about_counter=True
    )
    of_kelurahan = rows.filter(place__kelurahan__isnull=False).values_list("place__kelurahan__code")
    of_kecamatan = rows.filter(place__kind=Place.Kind.KECAMATAN).values_list("place__kecamatan__code")
    found = dict(of_kelurahan.annotate(how_many=Count("pk")).order_by())
    counted = of_kecamatan.annotate(how_many=Count("pk")).order_by()
    return found | {f"{OFFICE_KEY}{code}": number for code, number in counted}
