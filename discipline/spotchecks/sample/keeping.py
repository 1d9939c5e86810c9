"""Which clips are wanted, those that were taken, what became of the others, and their deletion.

The only writer of CounterClip besides the draw, and of ClipFilm besides hiding.py.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from discipline.evidence import retention
from discipline.evidence.models import LegalHold
from discipline.spotchecks.models import Finding, SpotMark, SpotStop
from discipline.spotchecks.sample.drawing import rule_on
from discipline.spotchecks.sample.models import ClipFilm, ConductJudgement, CounterClip, SampleRule
from discipline.spotchecks.sample.moments_rule import twice
from discipline.staffing.models import Flip, StandingState
from offices.hours.schedule import local_day
from offices.places.models import at_office
from streams.cameras.models import Zone
from streams.looks.visits.clips import TakenClip, WantedClip

SOON = timedelta(seconds=10)  # more than the time between two heartbeats of a watch
STOP_WAITS = timedelta(seconds=60)  # a clip of a spot check is not taken later than that after the mark
CLOSED_AFTER = timedelta(minutes=2)  # a clip ends and is stored after the last moment at which it could begin
Outcome = CounterClip.Outcome


def wanted_clips(cameras: Iterable[int], now: datetime) -> list[WantedClip]:
    """Return the clips that are wanted of these cameras, by id, now or soon, those wanted longest first."""
    waiting = CounterClip.objects.filter(outcome=Outcome.WAITING, camera__in=list(cameras))
    due = waiting.filter(wanted_from__lte=now + SOON, wanted_until__gte=now - SOON).order_by("wanted_from", "pk")
    return [
        WantedClip(
            one.pk, one.camera_id or 0, one.counter_id, one.wanted_from, one.wanted_until, one.draw_id is not None
        )
        for one in due
    ]


def want_for_stop(stop: SpotStop, at: datetime) -> None:
    """Want a clip of each watched counter of an office that was marked at `at`; once, however often it is marked."""
    zones = Zone.objects.filter(
        at_office(stop.office, "subject__counter"), camera__enabled=True, subject__counter__active=True
    )
    CounterClip.objects.bulk_create(
        [
            CounterClip(
                stop=stop,
                counter_id=zone.subject_id,
                camera_id=zone.camera_id,
                wanted_from=at,
                wanted_until=at + STOP_WAITS,
            )
            for zone in zones
        ],
        ignore_conflicts=True,
    )


def store_clip(taken: TakenClip) -> None:
    """Store a clip that was taken, unless another one was or it is not waited for any more."""
    with transaction.atomic():
        clip = CounterClip.objects.select_for_update().filter(pk=taken.key, outcome=Outcome.WAITING).first()
        if clip is None:
            return
        clip.outcome, clip.taken_at = Outcome.TAKEN, taken.at
        clip.save(update_fields=["outcome", "taken_at"])
        zones = [[list(point) for point in zone.polygon] for zone in taken.zones]
        ClipFilm.objects.create(clip=clip, original=taken.mp4, zones=zones, again_at=timezone.now())


def close_past(now: datetime) -> int:
    """Say of clips that did not come what the ledger knows of that time; return how many."""
    past = CounterClip.objects.filter(outcome=Outcome.WAITING, wanted_until__lt=now - CLOSED_AFTER)
    closed = 0
    for clip in past:
        outcome = Outcome.UNSEEN if clip.stop_id else _without_clip(clip)
        closed += CounterClip.objects.filter(pk=clip.pk, outcome=Outcome.WAITING).update(outcome=outcome)
    return closed


def _without_clip(clip: CounterClip) -> str:
    flips = Flip.objects.filter(counter=clip.counter_id)
    before = flips.filter(at__lte=clip.wanted_from).order_by("-at", "-pk").values_list("new", flat=True)[:1]
    during = flips.filter(at__gt=clip.wanted_from, at__lte=clip.wanted_until).values_list("new", flat=True)
    states = {*before, *during}
    order = (
        (StandingState.STAFFED, Outcome.NO_VISITOR),
        (StandingState.UNKNOWN, Outcome.UNSEEN),
        (StandingState.ABSENT, Outcome.EMPTY),
        (StandingState.GRACE, Outcome.EMPTY),
        (StandingState.CLOSED, Outcome.CLOSED),
    )
    return next((outcome for state, outcome in order if state in states), Outcome.UNSEEN)


def delete_old(now: datetime) -> int:
    """Delete the films that are past their time, and return how many.

    Of the sample: those that were judged as often as wanted, keep_judged_days later; any after keep_days. Of a spot
    check: those whose mark was changed, and the others with the snapshots of the check. What was judged stays.
    """
    kept = CounterClip.objects.filter(outcome=Outcome.TAKEN, deleted_at=None)
    due = [*_due_of_sample(kept.filter(draw__isnull=False), now), *_due_of_checks(kept.filter(stop__isnull=False), now)]
    with transaction.atomic():
        ClipFilm.objects.filter(clip__in=due).delete()
        return CounterClip.objects.filter(pk__in=due, deleted_at=None).update(deleted_at=now)


def _due_of_sample(kept: QuerySet[CounterClip], now: datetime) -> list[int]:
    rule = rule_on(local_day(now)) or SampleRule()
    unjudged, judged = (now - timedelta(days=days) for days in (rule.keep_days, rule.keep_judged_days))
    standing = Count("judgements", filter=Q(judgements__undoes=None, judgements__undone_by=None), distinct=True)
    rows = kept.prefetch_related("draw__rule").annotate(judged=standing, last_at=Max("judgements__at"))
    due = []
    for clip in rows:
        assert clip.draw is not None  # filtered
        wanted = 1 + twice(clip.draw.drawn["seed"], clip.number or 0, clip.draw.rule.second_percent)
        done = clip.judged >= wanted and clip.last_at is not None and clip.last_at <= judged
        if done or (clip.taken_at and clip.taken_at < unjudged):
            due.append(clip.pk)
    return due


def _due_of_checks(kept: QuerySet[CounterClip], now: datetime) -> list[int]:
    numbers = retention.current_retention()
    young, case = (now - timedelta(days=days) for days in (numbers.still_days, numbers.case_days))
    findings = Finding.objects.filter(stop=OuterRef("stop"))
    live = findings.filter(Q(status__in=("waiting", "answered", "returned")) | Q(words__at__gte=case))
    days = {"first_day__lte": OuterRef("taken_at__date"), "last_day__gte": OuterRef("taken_at__date")}
    held = LegalHold.objects.filter(ended_at=None, kelurahan=OuterRef("stop__kelurahan"), **days)
    changed = ~Q(stop__mark=SpotMark.CONDUCT) & Q(stop__check_of__finished_at__isnull=False)
    free = kept.exclude(Exists(held))
    old = free.filter(taken_at__lt=young).exclude(Exists(live)).exclude(Exists(findings), taken_at__gte=case)
    return [*free.filter(changed).values_list("pk", flat=True), *old.values_list("pk", flat=True)]


def standing_judgements(clips: Iterable[CounterClip]) -> QuerySet[ConductJudgement]:
    """Return what checkers saw in these clips and was not undone, the first first."""
    return ConductJudgement.objects.filter(clip__in=clips, undoes=None, undone_by=None).order_by("pk")
