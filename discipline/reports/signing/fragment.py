"""The state of a month's signature as a report's page shows it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from discipline.reports.numbers.figures import Sums
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.signing import amending, freezing, signatures, snapshot, steps
from discipline.reports.signing import words as signing_words
from discipline.reports.signing.models import MonthReport
from discipline.reports.signing.page import SignedFigure, signed_figures
from discipline.reports.signing.signatures import MonthSignature
from discipline.reports.signing.snapshot import MonthContents
from offices.hours.schedule import local_day
from offices.places.models import Counter


@dataclass(frozen=True, slots=True)
class CitySigning:
    """A month of the city: `watched` kecamatan have something to sign, `signed` have, `amended` of these changed since.

    `over`: the month has ended.
    """

    month: Period
    over: bool
    watched: int
    signed: int
    amended: int


@dataclass(frozen=True, slots=True)
class PlaceSigning:
    """A month of one place; `kecamatan` is the place itself or the one that it is part of.

    `changes` are the differences from the signed document that concern the place, in words. `figures` are the
    kecamatan's numbers that changed; empty for a smaller place.
    """

    kecamatan: OrgUnit
    month: Period
    over: bool
    signature: MonthSignature
    changes: list[str] = field(default_factory=list)
    figures: list[SignedFigure] = field(default_factory=list)


def signing_of(place: OrgUnit, month: Period, now: datetime) -> CitySigning | PlaceSigning:
    """Return how far the month's signature is, for the city or the place's kecamatan."""
    over = local_day(now) > month.last
    if place.level is Level.CITY:
        return _of_city(month, over)
    kecamatan = place
    while kecamatan.level is not Level.KECAMATAN:
        kecamatan = kecamatan.above or kecamatan
    signature = signatures.signature_of(kecamatan, month)
    assert signature
    if signature.state not in steps.FINAL:
        return PlaceSigning(kecamatan, month, over, signature)
    report = MonthReport.objects.get(kecamatan=kecamatan.row, month=month.first)
    signed = snapshot.read_document(report.snapshots.get(number=snapshot.SIGNED).body)
    if amending.fingerprint(report) != report.seen:  # Celery has not written the amendment yet
        present: MonthContents = freezing.snapshot_contents(kecamatan, month)
    elif signature.amendments:
        present = snapshot.read_document(report.snapshots.latest("number").body)
    else:
        return PlaceSigning(kecamatan, month, over, signature)
    changes = signing_words.difference_in_words(signed, present, None if place == kecamatan else _counters(place))
    floor = signed["facts"]["coverage_floor"]
    was, now_is = Sums.of(signed["facts"]["total"]), Sums.of(present["facts"]["total"])
    changed = [figure for figure in signed_figures(was, now_is, floor) if figure.now] if place == kecamatan else []
    return PlaceSigning(kecamatan, month, over, signature, changes, changed)


def _of_city(month: Period, over: bool) -> CitySigning:
    final = MonthReport.objects.filter(month=month.first, state__in=steps.FINAL)
    amended = Count("pk", distinct=True, filter=Q(snapshots__number__gt=snapshot.SIGNED))
    counted = final.aggregate(signed=Count("pk", distinct=True), amended=amended)
    return CitySigning(month, over, signatures.watched_in(month), **counted)


def _counters(place: OrgUnit) -> Collection[str]:
    return {f"loket-{pk}" for pk in Counter.objects.filter(place.within()).values_list("pk", flat=True)}
