"""Why an indication was raised: all that a page, a sheet of paper or a program tells of one, as plain nouns."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from discipline.alerts.case import sentences
from discipline.alerts.case.case_file import Case, Recheck, open_case, recheck
from discipline.alerts.case.timeline import IndicationTimeline, TimelinePicture, build_timeline, pick_pictures
from discipline.alerts.case.visibility import Visibility, measure_visibility
from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import Flip
from discipline.staffing.rejudge import Span
from streams.evidence.models import Evidence
from streams.evidence.store import CLIPS

Kind, Form = Evidence.Kind, Evidence.Form
MOMENTS = (Kind.LAST_STAFFED, Kind.FIRST_EMPTY, Kind.DEADLINE, Kind.END)
PREPARED_IN = timedelta(minutes=5)  # evidence that is not there by then was not recorded
ROWS = 60  # looks in the table: the last ones say it all

READY, PREPARING, DESTROYED, MISSING, AHEAD = "ready", "preparing", "destroyed", "missing", "ahead"


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One still or clip of the evidence. `drawn` and `plain`: what may be shown of it, where it is READY.

    PREPARING: recorded, faces not yet blurred. AHEAD: its moment is yet to come. MISSING: nothing was recorded.
    """

    kind: Evidence.Kind
    state: str
    at: datetime | None = None
    drawn: Evidence | None = None
    plain: Evidence | None = None
    note: Evidence | None = None  # the DESTROYED row: when and why

    @property
    def best(self) -> Evidence | None:
        return self.drawn or self.plain

    @property
    def shown(self) -> tuple[Evidence, ...]:
        return tuple(row for row in (self.drawn, self.plain) if row)

    @property
    def is_clip(self) -> bool:
        return self.kind in CLIPS


@dataclass(frozen=True, slots=True)
class Explanation:
    """One indication explained. Sentences are in the reader's language."""

    case: Case
    headline: str
    ending: str
    stills: tuple[EvidenceItem, ...]
    clips: tuple[EvidenceItem, ...]
    film: IndicationTimeline
    shots: tuple[tuple[TimelinePicture, EvidenceItem], ...]
    pictures: tuple[EvidenceItem, ...]
    looks: tuple[Span, ...]
    flips: tuple[Flip, ...]
    rule: tuple[str, ...]
    rule_source: str
    hours: tuple[str, ...]
    sight: Visibility
    seen: tuple[str, ...]
    steps: tuple[tuple[str, int], ...]
    recheck: Recheck
    rechecked: str

    @property
    def alert(self) -> Alert:
        return self.case.alert

    @property
    def live(self) -> bool:
        return self.alert.ended_at is None

    @property
    def unfinished(self) -> bool:
        """Whether the same question asked again soon may have another answer."""
        return self.live or any(piece.state == PREPARING for piece in (*self.stills, *self.clips))

    @property
    def accuses(self) -> bool:
        return not AlertKind(self.alert.kind).about_camera

    @property
    def fault(self) -> bool:
        return not self.accuses

    @property
    def nature(self) -> str:
        """What it is, and what it is not."""
        return str(sentences.NATURE if self.accuses else sentences.NO_ACCUSATION)

    @property
    def advice(self) -> str:
        """What the operator does about a camera fault."""
        return sentences.advice(self.alert)

    @property
    def recorded(self) -> bool:
        """Whether there is, or was, any evidence at all."""
        return any(piece.state in (READY, PREPARING, DESTROYED) for piece in (*self.stills, *self.clips))


def explain(alert: Alert, now: datetime, *, width: int = 1096, picture: int = 84, most: int = 12) -> Explanation:
    """Everything about one indication; `width`, `picture` and `most` pictures are for its film.

    Load the alert with what it names: counter__kelurahan__kecamatan, counter__zone__camera, superseded_by.
    """
    case = open_case(alert, now)
    pieces = _pieces(_related(alert))
    found = recheck(case)
    pictures = [piece for piece in pieces if piece.state == READY and not piece.is_clip and piece.at]
    pictures.sort(key=lambda piece: (piece.at, MOMENTS.index(piece.kind) if piece.kind in MOMENTS else 0))
    some = _pick_items(pictures, most)
    drawn = build_timeline(
        case.spans,
        case.duty,
        (alert.since, alert.raised_at, alert.ended_at),
        max(case.until, alert.raised_at),
        [piece.at for piece in some if piece.at],
        width=width,
        picture=picture,
    )
    saw = measure_visibility(case.spans, case.duty, alert.since, case.end, case.rule.stale_s)
    return Explanation(
        case=case,
        headline=sentences.headline(case),
        ending=sentences.ending(alert),
        stills=tuple(_moments(case, pieces)) if not AlertKind(alert.kind).about_camera else (),
        clips=tuple(piece for piece in pieces if piece.is_clip),
        film=drawn,
        shots=tuple((shot, some[shot.number]) for shot in drawn.shots),
        pictures=tuple(pictures),
        looks=tuple(span for span in case.spans if span.started_at < drawn.end and drawn.start < span.ended_at)[-ROWS:],
        flips=_flips(case),
        rule=tuple(sentences.rule(case)),
        rule_source=sentences.rule_source(case.rule_row),
        hours=tuple(sentences.hours(case)),
        sight=saw,
        seen=tuple(sentences.sight(case, saw)),
        steps=tuple(_steps(pieces)),
        recheck=found,
        rechecked=sentences.recheck(case, found),
    )


def _related(alert: Alert) -> list[Evidence]:
    """The indication's evidence and that of those it took the place of, with all that was made of it."""
    matters = Alert.objects.filter(Q(pk=alert.pk) | Q(superseded_by=alert.pk))
    roots = Alert.evidence.through.objects.filter(alert__in=matters).values("evidence")
    rows = Evidence.objects.filter(Q(pk__in=roots) | Q(of__in=roots) | Q(of__of__in=roots))
    return list(rows.order_by("kelurahan", "number"))


def _pieces(rows: Iterable[Evidence]) -> list[EvidenceItem]:
    """One for each original, in the order of their moments."""
    rows = list(rows)
    known = {row.pk: row for row in rows}
    gone = {row.of_id: row for row in rows if row.kind == Kind.DESTROYED}
    families: dict[int, list[Evidence]] = defaultdict(list)
    for row in rows:
        if row.kind != Kind.DESTROYED:
            families[row.of_id if row.of_id in known else row.pk].append(row)
    return sorted((_piece(family, gone) for family in families.values()), key=lambda piece: str(piece.at))


def _piece(family: Sequence[Evidence], gone: dict[int | None, Evidence]) -> EvidenceItem:
    original = family[0]
    left = {row.form: row for row in family if row.pk not in gone}
    notes = [gone[row.pk] for row in family if row.pk in gone]
    drawn, plain = left.get(Form.DRAWN), left.get(Form.PLAIN)
    state = READY if drawn or plain else DESTROYED if notes else PREPARING
    return EvidenceItem(Kind(original.kind), state, original.at, drawn, plain, notes[-1] if notes else None)


def _moments(case: Case, pieces: Iterable[EvidenceItem]) -> Iterable[EvidenceItem]:
    """The stills that every accusation should have, with a word where one is not there."""
    by_kind = {piece.kind: piece for piece in pieces}  # the last of each kind: that of the indication itself
    alert = case.alert
    for kind in MOMENTS:
        if kind in by_kind:
            yield by_kind[kind]
        elif kind == Kind.LAST_STAFFED and not AlertKind(alert.kind).row.was_staffed:
            continue
        elif kind == Kind.END and not alert.ended_at:
            yield EvidenceItem(kind, AHEAD)
        else:
            moment = (alert.ended_at if kind == Kind.END else None) or alert.raised_at
            yield EvidenceItem(kind, PREPARING if case.now - moment < PREPARED_IN else MISSING)


def _pick_items(pictures: list[EvidenceItem], most: int) -> list[EvidenceItem]:
    moments = [piece.at for piece in pictures if piece.at]
    return [pictures[index] for index in pick_pictures(moments, [piece.kind in MOMENTS for piece in pictures], most)]


def _flips(case: Case) -> tuple[Flip, ...]:
    """The flips of the matter, and the one before it: what the counter was until then."""
    first = next((n for n, flip in enumerate(case.flips) if flip.at >= case.alert.since), len(case.flips))
    return tuple(flip for flip in case.flips[max(0, first - 1) :] if flip.at <= case.end)


def _steps(pieces: Iterable[EvidenceItem]) -> Iterable[tuple[str, int]]:
    """How many of the stills each step of the detection settled."""
    counts: dict[str, int] = defaultdict(int)
    for piece in pieces:
        if not piece.is_clip and (row := piece.best) and (step := row.facts.get("step")):
            counts[str(step)] += 1
    return counts.items()
