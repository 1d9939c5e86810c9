"""The demo's sample of conduct: its rules, six weeks that were judged, and this week's draw, whose clips come live.

The judged weeks are made up; their clips are said to be deleted, as they would be.
"""

import random
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model

from discipline.spotchecks.sample import drawing
from discipline.spotchecks.sample.items_rule import ConductItem, ItemAnswer
from discipline.spotchecks.sample.models import ConductJudgement, CounterClip, SampleRule, WeekDraw
from offices.hours.schedule import local_day

WEEKS = 6
PAST, LIVE = 3, 20  # clips per office and week; more now, so that the first come within minutes
BASIS = "Surat Edaran Wali Kota tentang standar pelayanan loket (contoh)"
OUTCOMES = {"taken": 70, "no_visitor": 22, "empty": 3, "unseen": 5}  # percent
SEEN = {"eating": 0.03, "phone": 0.09, "asleep": 0.002, "private": 0.04, "no_greeting": 0.22}
UNSURE, UNUSABLE = 0.05, 0.06
Outcome = CounterClip.Outcome


def seed_conduct(now: datetime) -> int:
    """Make the sample; return how many judgements it has, 0 if there is a rule already."""
    inspector = get_user_model().objects.filter(username="inspektorat").first()
    if SampleRule.objects.exists() or inspector is None:
        return 0
    today = local_day(now)
    begin = now - timedelta(weeks=WEEKS, days=today.weekday())
    SampleRule.objects.create(since=local_day(begin), per_office=PAST, basis=BASIS, by=inspector)
    chance = random.Random(16)  # noqa: S311 made-up answers, the same each time
    judgements = []
    for week in range(WEEKS):
        draw = drawing.draw_week(begin + timedelta(weeks=week))
        if draw:
            clips = _closed(draw, chance)
            judgements += [_judgement(clip, inspector.pk, chance) for clip in clips]
    ConductJudgement.objects.bulk_create(judgements)
    SampleRule.objects.create(since=today, per_office=LIVE, basis=BASIS, by=inspector)
    drawing.draw_week(now)
    return len(judgements)


def _closed(draw: WeekDraw, chance: random.Random) -> list[CounterClip]:
    """Close the moments of a past week, and return those that had a clip."""
    clips = list(draw.clips.all())
    for clip in clips:
        (clip.outcome,) = chance.choices([Outcome(code) for code in OUTCOMES], list(OUTCOMES.values()))
        if clip.outcome == Outcome.TAKEN:
            clip.taken_at, clip.deleted_at = clip.wanted_from, clip.wanted_from + timedelta(days=4)
    CounterClip.objects.bulk_update(clips, ["outcome", "taken_at", "deleted_at"])
    return [clip for clip in clips if clip.outcome == Outcome.TAKEN]


def _judgement(clip: CounterClip, by: int, chance: random.Random) -> ConductJudgement:
    usable = chance.random() >= UNUSABLE
    answers = {item.value: _answer(item, chance) for item in ConductItem} if usable else {}
    at = (clip.taken_at or clip.wanted_from) + timedelta(hours=20)
    return ConductJudgement(clip=clip, by_id=by, at=at, usable=usable, answers=answers)


def _answer(item: ConductItem, chance: random.Random) -> str:
    if chance.random() < UNSURE:
        return ItemAnswer.UNSURE.value
    return ItemAnswer.YES.value if chance.random() < SEEN[item.value] else ItemAnswer.NO.value
