"""Clips of counters as the sample keeps them, without a camera."""

from datetime import date, datetime, timedelta
from functools import cache

from django.contrib.auth.models import User

from discipline.spotchecks.sample.drawing import draw_week
from discipline.spotchecks.sample.items_rule import ConductItem
from discipline.spotchecks.sample.models import ClipFilm, CounterClip, SampleRule, WeekDraw
from offices.places.models import Kelurahan
from tests.support.base import MORNING
from tests.support.visitors import HALL, film, room

BASIS = "Surat Edaran Wali Kota 12/2026"
ALL_NO = {item.value: "no" for item in ConductItem}


@cache
def seconds_at_the_counter() -> bytes:
    """Return a film of two seconds: the clerk at the desk, a visitor beside it, both facing the camera."""
    return film([room()] * 30)


def sample_rule(by: User, since: date, per_office: int = 3, **numbers: int) -> SampleRule:
    """Store a rule."""
    return SampleRule.objects.create(by=by, since=since, per_office=per_office, basis=BASIS, **numbers)


def drawn(by: User, now: datetime, per_office: int = 3, **numbers: int) -> WeekDraw:
    """Store a rule, draw the week with it and return the draw."""
    sample_rule(by, now.date() - timedelta(days=7), per_office, **numbers)
    draw = draw_week(now)
    assert draw
    return draw


def drawn_at(office: Kelurahan, by: User) -> CounterClip:
    """Draw the week of MORNING and return a moment of the office."""
    return drawn(by, MORNING).clips.filter(counter__kelurahan=office)[0]


def filmed_clip(clip: CounterClip, at: datetime, shown: bool = True) -> CounterClip:
    """Store a film for a drawn moment, whose heads are taken to be hidden if `shown`."""
    clip.outcome, clip.taken_at = CounterClip.Outcome.TAKEN, at
    clip.save()
    data, zones = seconds_at_the_counter(), [[list(point) for point in HALL.zone]]
    form = {"shown": data} if shown else {"original": data}
    ClipFilm.objects.create(clip=clip, zones=zones, again_at=at, **form)
    return clip
