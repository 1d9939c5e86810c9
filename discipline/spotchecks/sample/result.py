"""What the sample says: rates with their intervals for the city and each kecamatan, and how the draw went.

There is none of an office: at a counter with one or two people it would be about a person.
"""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from django.db.models import Count
from django.db.models.functions import Coalesce
from django.utils.functional import Promise

from discipline.spotchecks.sample import drawing, keeping
from discipline.spotchecks.sample.interval_rule import Agreement, Rate, agreement, wilson
from discipline.spotchecks.sample.items_rule import ConductItem, ItemAnswer
from discipline.spotchecks.sample.models import CounterClip, WeekDraw
from offices.access.gate import Scope
from offices.places.models import Kecamatan

LEAST_CLIPS = 30  # of a kecamatan: with fewer the interval says nothing, and
LEAST_OFFICES = 3  # of which they are: with fewer a kecamatan's rate would be an office's
WEEKS = 13  # that the page sums up: a quarter of a year
SCALES = (0.1, 0.25, 0.5, 1.0)  # ends of the bars' axis
YES, NO, UNSURE = (answer.value for answer in ItemAnswer)


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item: its rate among the clips with a clear answer, and how many had none."""

    item: ConductItem
    rate: Rate
    unsure: int


@dataclass(frozen=True, slots=True)
class AreaResult:
    """A kecamatan. rate: None where too few clips, or clips of too few offices, were judged."""

    name: str
    clips: int
    offices: int
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class DrawResult:
    """A week's draw. seed: "" while the week lasts, as moments to come must not be known; same: it repeats."""

    week: date
    seed: str
    moments: int
    outcomes: Sequence[tuple[str | Promise, int]]
    same: bool


@dataclass(frozen=True, slots=True)
class SampleResult:
    """The result of some weeks. moments: that were drawn and are over; unusable: clips without visitor or server."""

    since: date
    until: date  # the last day
    moments: int
    clips: int
    judged: int
    unusable: int
    items: list[ItemResult]
    areas: list[AreaResult]
    agreement: Agreement
    scale: float  # the end of the bars' axis, a share


def sample_result(scope: Scope, item: ConductItem, today: date, weeks: int = WEEKS) -> SampleResult:
    """Return the result of the last weeks, this one included; the kecamatan in scope by one item."""
    until = drawing.monday_of(today) + timedelta(days=6)
    since = until - timedelta(days=weeks * 7 - 1)
    clips = CounterClip.objects.filter(draw__week__gte=since, draw__week__lte=until)
    over = clips.exclude(outcome=CounterClip.Outcome.WAITING)
    judged = _first_and_second(clips.filter(outcome=CounterClip.Outcome.TAKEN))
    usable = {clip: answers[0] for clip, answers in judged.items() if answers[0]}
    items = [_item(one, usable.values()) for one in ConductItem]
    areas = _areas(scope, item, usable)
    rates = [*(one.rate for one in items), *(one.rate for one in areas if one.rate)]
    highest = max((rate.high for rate in rates if rate.judged), default=1.0)
    return SampleResult(
        since=since,
        until=min(until, today),
        moments=over.count(),
        clips=clips.filter(outcome=CounterClip.Outcome.TAKEN).count(),
        judged=len(judged),
        unusable=len(judged) - len(usable),
        items=items,
        areas=areas,
        agreement=agreement(_pairs(judged.values())),
        scale=next(scale for scale in SCALES if ceil(highest * 1000) <= scale * 1000),
    )


def draw_results(today: date, most: int) -> list[DrawResult]:
    """Return the newest draws, each compared with what its seed and list give."""
    found = []
    for draw in WeekDraw.objects.order_by("-week")[:most]:
        numbers = dict(draw.clips.order_by().values_list("outcome").annotate(Count("pk")))
        outcomes = [(one.label, numbers[one.value]) for one in CounterClip.Outcome if one.value in numbers]
        over = draw.week + timedelta(days=7) <= today
        seed = draw.drawn["seed"] if over else ""
        found.append(DrawResult(draw.week, seed, sum(numbers.values()), outcomes, drawing.repeats(draw)))
    return found


def _first_and_second(clips: Iterable[CounterClip]) -> dict[int, list[Mapping[str, str]]]:
    """Return by clip what the checkers answered, the first first; {} for a clip that was not usable."""
    judged: dict[int, list[Mapping[str, str]]] = defaultdict(list)
    for clip, answers in keeping.standing_judgements(clips).values_list("clip", "answers"):
        judged[clip].append(answers)
    return judged


def _item(item: ConductItem, usable: Iterable[Mapping[str, str]]) -> ItemResult:
    answers = Tally(one[item.value] for one in usable)
    return ItemResult(item, wilson(answers[YES], answers[YES] + answers[NO]), answers[UNSURE])


def _areas(scope: Scope, item: ConductItem, usable: Mapping[int, Mapping[str, str]]) -> list[AreaResult]:
    """Return the kecamatan of the user's offices, by name, those without a clip too."""
    area_of = Coalesce("counter__kelurahan__kecamatan", "counter__place__kecamatan")
    rows = CounterClip.objects.filter(pk__in=usable).annotate(area=area_of)
    answers: dict[int, list[str]] = defaultdict(list)
    offices: dict[int, set[int]] = defaultdict(set)
    for clip, area, place in rows.values_list("pk", "area", "counter__place"):
        answers[area].append(usable[clip][item.value])
        offices[area].add(place)
    return [_area(one, answers[one.pk], len(offices[one.pk])) for one in _kecamatan_of(scope)]


def _kecamatan_of(scope: Scope) -> Sequence[Kecamatan]:
    known = Kecamatan.objects.order_by("name")
    if not scope.city:
        known = known.filter(pk__in=scope.kecamatan) | known.filter(kelurahan__in=scope.kelurahan)
    return list(known.distinct())


def _area(kecamatan: Kecamatan, answers: Sequence[str], offices: int) -> AreaResult:
    clear = [one for one in answers if one != UNSURE]
    enough = len(clear) >= LEAST_CLIPS and offices >= LEAST_OFFICES
    rate = wilson(clear.count(YES), len(clear)) if enough else None
    return AreaResult(kecamatan.name, len(answers), offices, rate)


def _pairs(judged: Iterable[Sequence[Mapping[str, str]]]) -> Iterable[tuple[bool, bool]]:
    for answers in judged:
        if len(answers) < 2 or not (answers[0] and answers[1]):
            continue
        for item in ConductItem:
            pair = answers[0][item.value], answers[1][item.value]
            if UNSURE not in pair:
                yield pair[0] == YES, pair[1] == YES
