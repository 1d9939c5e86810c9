"""Which clip a checker is shown next, what was seen in it, and its undoing. The only writer of ConductJudgement."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from discipline.core.dialogue import UNDO
from discipline.spotchecks.sample import keeping
from discipline.spotchecks.sample.items_rule import complete
from discipline.spotchecks.sample.models import ConductJudgement, CounterClip
from discipline.spotchecks.sample.moments_rule import place_in_line, twice
from offices.access.gate import User, scope_of
from offices.hours.schedule import local_day


class JudgingRefused(Exception):
    """A clip is not, or no longer, this checker's to judge, or the answers are not complete."""


@dataclass(frozen=True, slots=True)
class CheckerTurn:
    """What a checker is to do: the next clip, None when there is none; how many were judged today and how many wait.

    undoable: the last own judgement, while it can be undone.
    """

    clip: CounterClip | None
    done: int
    left: int
    undoable: ConductJudgement | None


def turn_of(user: User, now: datetime) -> CheckerTurn:
    """Return the checker's turn."""
    line = waiting_for(user)
    today = own_judgements(user).filter(at__date=local_day(now)).count()
    return CheckerTurn(line[0] if line else None, today, len(line), last_undoable(user, now))


def waiting_for(user: User) -> list[CounterClip]:
    """Return the clips that wait for this checker, in an order that is the checker's own.

    Each waits for one checker, some for a second one. Nobody judges the own office or kecamatan.
    """
    scope = scope_of(user)
    clips = list(
        shown_clips()
        .exclude(counter__kelurahan__in=scope.kelurahan)
        .exclude(counter__kelurahan__kecamatan__in=scope.kecamatan)
        .exclude(counter__place__kecamatan__in=scope.kecamatan)
    )
    judged_by: dict[int, set[int]] = defaultdict(set)
    for clip, by in keeping.standing_judgements(clips).values_list("clip", "by"):
        judged_by[clip].add(by)
    mine = [clip for clip in clips if _waits(clip, judged_by[clip.pk], user.pk or 0)]
    return sorted(mine, key=lambda clip: place_in_line(_seed(clip), user.pk or 0, clip.number or 0))


def shown_clips() -> QuerySet[CounterClip]:
    """Return the clips of the sample that can be shown. Those of one draw share it: its list is long."""
    taken = CounterClip.objects.filter(outcome=CounterClip.Outcome.TAKEN, draw__isnull=False, deleted_at=None)
    return taken.filter(film__shown__isnull=False).prefetch_related("draw__rule")


def _seed(clip: CounterClip) -> str:
    assert clip.draw is not None  # of shown_clips
    return str(clip.draw.drawn["seed"])


def _waits(clip: CounterClip, judged_by: set[int], user: int) -> bool:
    assert clip.draw is not None
    wanted = 1 + twice(_seed(clip), clip.number or 0, clip.draw.rule.second_percent)
    return user not in judged_by and len(judged_by) < wanted


def own_judgements(user: User) -> QuerySet[ConductJudgement]:
    """Return what this checker saw and did not undo."""
    return ConductJudgement.objects.filter(by=user.pk, undoes=None, undone_by=None)


def last_undoable(user: User, now: datetime) -> ConductJudgement | None:
    """Return the checker's last judgement if it can still be undone: for ten minutes, while its clip is kept."""
    last = own_judgements(user).order_by("-at", "-pk").first()
    return last if last and now - last.at <= UNDO and last.clip.deleted_at is None else None


def judge(user: User, clip: UUID, usable: bool, answers: Mapping[str, str], now: datetime) -> ConductJudgement:
    """Store what a checker saw. Raises JudgingRefused.

    usable: a visitor and who serves can be seen; otherwise the answers are ignored.
    """
    if usable and not complete(answers):
        raise JudgingRefused
    with transaction.atomic():
        locked = CounterClip.objects.select_for_update().filter(uuid=clip).first()
        if locked is None or locked.pk not in {one.pk for one in waiting_for(user)}:
            raise JudgingRefused
        return ConductJudgement.objects.create(
            clip=locked, by_id=user.pk or 0, at=now, usable=usable, answers=dict(answers) if usable else {}
        )


def undo(user: User, now: datetime) -> ConductJudgement:
    """Take back the checker's last judgement, so that its clip waits again. Raises JudgingRefused."""
    last = last_undoable(user, now)
    if last is None:
        raise JudgingRefused
    with transaction.atomic():
        CounterClip.objects.select_for_update().get(pk=last.clip_id)
        if ConductJudgement.objects.filter(undoes=last).exists():
            raise JudgingRefused
        return ConductJudgement.objects.create(
            clip_id=last.clip_id, by_id=user.pk or 0, at=now, usable=last.usable, answers=last.answers, undoes=last
        )
