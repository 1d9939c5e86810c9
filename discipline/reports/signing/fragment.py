"""What the page of a report says of its month's signature."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from discipline.reports.numbers.figures import Sums
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.signing import amending, freezing, signatures, snapshot, steps
from discipline.reports.signing import words as signing_words
from discipline.reports.signing.models import MonthReport
from discipline.reports.signing.page import SignedFigure, signed_figures
from discipline.reports.signing.signatures import MonthSignature
from offices.hours.schedule import local_day
from offices.places.models import Counter


@dataclass(frozen=True, slots=True)
class CitySigning:
    """How many kecamatan there are to sign the month, and how many have; `amended` of them changed since."""

    month: Period
    over: bool
    watched: int
    signed: int
    amended: int


@dataclass(frozen=True, slots=True)
class PlaceSigning:
    """`kecamatan` is the place itself, or the one that it lies in. `changes`: what is different from what was signed,
    of the place alone; `figures`: the kecamatan's, where any changed."""

    kecamatan: OrgUnit
    month: Period
    over: bool
    signature: MonthSignature
    changes: list[str] = field(default_factory=list)
    figures: list[SignedFigure] = field(default_factory=list)


def signing_of(place: OrgUnit, month: Period, now: datetime) -> CitySigning | PlaceSigning:
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
    if amending.fingerprint(report) != report.seen:  # Celery notes it soon; here it is told at once
        present = freezing.snapshot_contents(kecamatan, month)
    elif signature.amendments:
        present = snapshot.read_document(report.snapshots.latest("number").body)
    else:
        return PlaceSigning(kecamatan, month, over, signature)
    changes = signing_words.difference_in_words(signed, present, None if place == kecamatan else _counters(place))
    floor = signed["facts"]["coverage_floor"]
    was, now_is = (Sums.of(one["facts"]["total"]) for one in (signed, present))
    changed = [one for one in signed_figures(was, now_is, floor) if one.now] if place == kecamatan else []
    return PlaceSigning(kecamatan, month, over, signature, changes, changed)


def _of_city(month: Period, over: bool) -> CitySigning:
    final = MonthReport.objects.filter(month=month.first, state__in=steps.FINAL)
    amended = final.filter(snapshots__number__gt=snapshot.SIGNED).distinct()
    return CitySigning(month, over, signatures.watched_in(month), final.count(), amended.count())


def _counters(place: OrgUnit) -> Collection[str]:
    return {f"loket-{pk}" for pk in Counter.objects.filter(place.within()).values_list("pk", flat=True)}
