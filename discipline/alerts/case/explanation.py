"""Explain why an indication was raised, as plain data for the page, the PDF and other programs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from discipline.alerts.case import sentences
from discipline.alerts.case.case_file import Case, Recheck, open_case, recheck
from discipline.alerts.case.timeline import IndicationTimeline, TimelinePicture, build_timeline, pick_pictures
from discipline.alerts.case.visibility import Visibility, cover_blind, measure_visibility
from discipline.alerts.incomplete_evidence import RECORDED_IN
from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import Flip, StandingState
from discipline.staffing.rejudge import Span
from discipline.staffing.tally import unknown_times
from streams.evidence.models import Evidence
from streams.evidence.store import CLIPS

Kind, Form = Evidence.Kind, Evidence.Form
MOMENTS = (Kind.LAST_STAFFED, Kind.FIRST_EMPTY, Kind.DEADLINE, Kind.END)
ROWS = 60  # spans in the table of looks, the last ones

READY, PREPARING, DESTROYED, MISSING, AHEAD = "ready", "preparing", "destroyed", "missing", "ahead"


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One still or clip. `drawn` (with the zone) and `plain` are what may be shown of it; READY has at least one.

    `state` is READY (can be shown), PREPARING (recorded, faces not yet blurred), DESTROYED, MISSING (nothing was
    recorded) or AHEAD (its moment is yet to come).
    """

    kind: Evidence.Kind
    state: str
    at: datetime | None = None
    drawn: Evidence | None = None
    plain: Evidence | None = None
    note: Evidence | None = None  # the DESTROYED row: when and why
    original: int | None = None  # the id of the unblurred original, while its file is kept

    @property
    def best(self) -> Evidence | None:
        """The drawn form, or else the plain one."""
        return self.drawn or self.plain

    @property
    def shown(self) -> tuple[Evidence, ...]:
        """The forms that may be shown, drawn before plain."""
        return tuple(row for row in (self.drawn, self.plain) if row)

    @property
    def is_clip(self) -> bool:
        """Whether it is a clip, not a still."""
        return self.kind in CLIPS


@dataclass(frozen=True, slots=True)
class Explanation:
    """One indication explained; sentences are in the active language.

    - `stills` are the four moments of an accusation, `clips` all clips, `pictures` all stills that can be shown.
    - `film` is the timeline, `shots` its pictures with their places.
    - `looks` are the last ROWS spans on the timeline, `flips` those of the indication and the one before it.
    - `rule`, `hours` and `seen` are sentences; `visibility` holds the numbers behind `seen`.
    - `steps` is how many stills each step of the detection settled.
    - `controls` is the evidence of the control pictures, None when there is none or it was destroyed.
    """

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
    visibility: Visibility
    seen: tuple[str, ...]
    steps: tuple[tuple[str, int], ...]
    controls: Evidence | None
    recheck: Recheck
    rechecked: str

    @property
    def alert(self) -> Alert:
        """The indication itself."""
        return self.case.alert

    @property
    def live(self) -> bool:
        """Whether the indication has not ended."""
        return self.alert.ended_at is None

    @property
    def unfinished(self) -> bool:
        """Whether the explanation may soon change: the indication is open or evidence is being prepared."""
        return self.live or any(item.state == PREPARING for item in (*self.stills, *self.clips))

    @property
    def accuses(self) -> bool:
        """Whether it is held against the counter."""
        return not AlertKind(self.alert.kind).about_camera

    @property
    def fault(self) -> bool:
        """Whether it is about the camera."""
        return not self.accuses

    @property
    def nature(self) -> str:
        """The standing notice that an indication proves nothing, or that a camera fault accuses nobody."""
        return str(sentences.NATURE if self.accuses else sentences.NO_ACCUSATION)

    @property
    def advice(self) -> str:
        """What the operator should do about a camera fault."""
        return sentences.advice(self.alert)

    @property
    def unrecorded(self) -> int:
        """How many stills that it should have were not recorded, when others were."""
        return sum(item.state == MISSING for item in self.stills) if self.recorded else 0

    @property
    def recorded(self) -> bool:
        """Whether any evidence was recorded, even if it was destroyed since."""
        return any(item.state in (READY, PREPARING, DESTROYED) for item in (*self.stills, *self.clips))


def explain(alert: Alert, now: datetime, *, width: int = 1096, picture: int = 84, most: int = 12) -> Explanation:
    """Explain one indication.

    The timeline is at least `width` units wide, with up to `most` pictures that are `picture` units wide each. Load the
    alert with counter__kelurahan__kecamatan, counter__subject__zone__camera and superseded_by.
    """
    case = open_case(alert, now)
    related = _related(alert)
    items = _items(row for row in related if row.kind != Kind.CONTROLS)
    rechecked = recheck(case)
    pictures = [item for item in items if item.state == READY and not item.is_clip and item.at]
    pictures.sort(key=lambda item: (item.at, MOMENTS.index(item.kind) if item.kind in MOMENTS else 0))
    picked = _pick_items(pictures, most)
    visibility = measure_visibility(
        case.spans, case.duty, alert.since, case.end, case.rule.stale_s, _unknown_times(case)
    )
    timeline = build_timeline(
        cover_blind(case.spans, visibility.blind),
        case.duty,
        (alert.since, alert.raised_at, alert.ended_at),
        max(case.until, alert.raised_at),
        [item.at for item in picked if item.at],
        width=width,
        picture=picture,
    )
    return Explanation(
        case=case,
        headline=sentences.headline(case),
        ending=sentences.ending(alert),
        stills=tuple(_moments(case, items)) if not AlertKind(alert.kind).about_camera else (),
        clips=tuple(item for item in items if item.is_clip),
        film=timeline,
        shots=tuple((shot, picked[shot.number]) for shot in timeline.shots),
        pictures=tuple(pictures),
        looks=tuple(span for span in case.spans if span.started_at < timeline.end and timeline.start < span.ended_at)[
            -ROWS:
        ],
        flips=_flips(case),
        rule=tuple(sentences.rule(case)),
        rule_source=sentences.rule_source(case.rule_row),
        hours=tuple(sentences.hours(case)),
        visibility=visibility,
        seen=(*sentences.visibility(case, visibility), *_controls(items)),
        steps=tuple(_steps(items)),
        controls=_control_pictures(related),
        recheck=rechecked,
        rechecked=sentences.recheck(case, rechecked),
    )


def _unknown_times(case: Case) -> list[tuple[datetime, datetime, str]]:
    """Return the day's unknown time by the flips; it lasts until now while the counter is unknown."""
    lasts = bool(case.flips) and case.flips[-1].new == StandingState.UNKNOWN
    until = max(case.until, case.now) if lasts else case.until
    flips = [flip.as_rule_flip() for flip in case.flips]
    return unknown_times(flips, case.duty, case.begin, until)


def _related(alert: Alert) -> list[Evidence]:
    """Return the evidence of the indication and of those it superseded, with all derived rows, in chain order."""
    alerts = Alert.objects.filter(Q(pk=alert.pk) | Q(superseded_by=alert.pk))
    roots = Alert.evidence.through.objects.filter(alert__in=alerts).values("evidence")
    rows = Evidence.objects.filter(Q(pk__in=roots) | Q(of__in=roots) | Q(of__of__in=roots))
    return list(rows.order_by("kelurahan", "number"))


def _items(rows: Iterable[Evidence]) -> list[EvidenceItem]:
    """Return one item for each original, in order of time."""
    rows = list(rows)
    known = {row.pk: row for row in rows}
    destroyed = {row.of_id: row for row in rows if row.kind == Kind.DESTROYED}
    families: dict[int, list[Evidence]] = defaultdict(list)
    for row in rows:
        if row.kind != Kind.DESTROYED:
            families[row.of_id if row.of_id in known else row.pk].append(row)
    return sorted((_item(family, destroyed) for family in families.values()), key=lambda item: str(item.at))


def _item(family: Sequence[Evidence], destroyed: dict[int | None, Evidence]) -> EvidenceItem:
    original = family[0]
    left = {row.form: row for row in family if row.pk not in destroyed}
    notes = [destroyed[row.pk] for row in family if row.pk in destroyed]
    drawn, plain = left.get(Form.DRAWN), left.get(Form.PLAIN)
    state = READY if drawn or plain else DESTROYED if notes else PREPARING
    note = notes[-1] if notes else None
    kept = original.pk if Form.ORIGINAL in left else None
    return EvidenceItem(Kind(original.kind), state, original.at, drawn, plain, note, kept)


def _moments(case: Case, items: Iterable[EvidenceItem]) -> Iterable[EvidenceItem]:
    """Yield the stills that every accusation should have; AHEAD, PREPARING or MISSING where there is none."""
    alert = case.alert
    # The last of each kind is the indication's own, but for the END of an interruption.
    own = (item for item in items if item.kind != Kind.END or (item.at and alert.ends_near(item.at)))
    by_kind = {item.kind: item for item in own}
    for kind in MOMENTS:
        if kind == Kind.END and not alert.ended_at:
            yield EvidenceItem(kind, AHEAD)
        elif kind in by_kind:
            yield by_kind[kind]
        elif kind == Kind.LAST_STAFFED and not AlertKind(alert.kind).row.was_staffed:
            continue
        else:
            moment = (alert.ended_at if kind == Kind.END else None) or alert.raised_at
            yield EvidenceItem(kind, PREPARING if case.now - moment < RECORDED_IN else MISSING)


def _pick_items(pictures: list[EvidenceItem], most: int) -> list[EvidenceItem]:
    moments = [item.at for item in pictures if item.at]
    return [pictures[index] for index in pick_pictures(moments, [item.kind in MOMENTS for item in pictures], most)]


def _flips(case: Case) -> tuple[Flip, ...]:
    """Return the flips during the indication and the one before it, which gives the state until then."""
    first = next((n for n, flip in enumerate(case.flips) if flip.at >= case.alert.since), len(case.flips))
    return tuple(flip for flip in case.flips[max(0, first - 1) :] if flip.at <= case.end)


def _controls(items: Iterable[EvidenceItem]) -> Iterator[str]:
    """Yield whether staff would have been seen, by the still of the deadline or else the newest one in poor light."""
    rows = [row for item in items if not item.is_clip and (row := item.best) and "controls" in row.facts]
    if rows:
        yield sentences.controls(**max(rows, key=lambda row: (row.kind == Kind.DEADLINE, row.at)).facts["controls"])


def _control_pictures(rows: Sequence[Evidence]) -> Evidence | None:
    """Return the newest control pictures that were not destroyed."""
    destroyed = {row.of_id for row in rows if row.kind == Kind.DESTROYED}
    return next((row for row in reversed(rows) if row.kind == Kind.CONTROLS and row.pk not in destroyed), None)


def _steps(items: Iterable[EvidenceItem]) -> Iterable[tuple[str, int]]:
    """Return how many stills each step of the detection settled."""
    counts: dict[str, int] = defaultdict(int)
    for item in items:
        if not item.is_clip and (row := item.best) and (step := row.facts.get("step")):
            counts[str(step)] += 1
    return counts.items()
