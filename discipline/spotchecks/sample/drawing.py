"""Make the week's draw from the hours of the counters, and repeat it. The only writer of WeekDraw."""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TypedDict

from django.db import transaction

from discipline.spotchecks.sample import moments_rule
from discipline.spotchecks.sample.models import CounterClip, SampleRule, WeekDraw
from discipline.spotchecks.sample.moments_rule import DrawnMoment
from offices.hours.schedule import DAY, Schedule, local_day
from streams.cameras.models import Zone
from streams.servers.locks import Lock, lock_until_commit


class StoredWeek(TypedDict):
    """WeekDraw.drawn. offices: by code, each counter's id with its spans of service in Unix seconds."""

    rule: int
    seed: str
    count: int
    wait_s: int
    offices: dict[str, list[tuple[int, list[tuple[int, int]]]]]


def rule_on(day: date) -> SampleRule | None:
    """Return the rule that holds on a local day (WIB)."""
    return SampleRule.objects.filter(since__lte=day).first()


def monday_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def draw_week(now: datetime) -> WeekDraw | None:
    """Draw the moments of this week, from now on, unless that was done; None when it was or nothing is to be drawn."""
    week = monday_of(local_day(now))
    rule = rule_on(local_day(now))
    if rule is None or not rule.per_office or WeekDraw.objects.filter(week=week).exists():
        return None
    with transaction.atomic():
        lock_until_commit(Lock.CONDUCT_DRAW)
        if WeekDraw.objects.filter(week=week).exists():
            return None
        cameras, offices = _candidates(week, now)
        stored: StoredWeek = {
            "rule": moments_rule.RULE,
            "seed": secrets.token_hex(16),
            "count": rule.per_office,
            "wait_s": rule.wait_minutes * 60,
            "offices": offices,
        }
        made = WeekDraw.objects.create(week=week, rule=rule, drawn=stored, made_at=now)
        CounterClip.objects.bulk_create(
            CounterClip(
                draw=made,
                number=number,
                counter_id=one.counter,
                camera_id=cameras[one.counter],
                wanted_from=datetime.fromtimestamp(one.at, UTC),
                wanted_until=datetime.fromtimestamp(one.until, UTC),
            )
            for number, one in enumerate(moments_of(stored), start=1)
        )
    return made


def moments_of(stored: StoredWeek) -> list[DrawnMoment]:
    """Return the moments that a stored seed and list give, in the order of time."""
    found: list[DrawnMoment] = []
    for code, counters in stored["offices"].items():
        spans = [(counter, [(begin, end) for begin, end in own]) for counter, own in counters]
        found += moments_rule.office_moments(stored["seed"], code, spans, stored["count"], stored["wait_s"])
    return sorted(found, key=lambda one: (one.at, one.office, one.counter))


def repeats(draw: WeekDraw) -> bool:
    """Return whether the stored moments are those that the stored seed and list give; if not, one was altered."""
    clips = draw.clips.order_by("number").values_list("counter", "wanted_from", "wanted_until")
    stored = [(counter, int(since.timestamp()), int(until.timestamp())) for counter, since, until in clips]
    return stored == [(one.counter, one.at, one.until) for one in moments_of(draw.drawn)]


def _candidates(week: date, now: datetime) -> tuple[dict[int, int], dict[str, list[tuple[int, list[tuple[int, int]]]]]]:
    """Return the camera of each watched counter, and StoredWeek.offices from `now` to the end of the week."""
    zones = Zone.objects.filter(camera__enabled=True, subject__counter__active=True)
    zones = zones.select_related(
        "subject__counter__kelurahan__kecamatan", "subject__counter__place__kecamatan", "camera"
    )
    cameras, offices = {}, defaultdict(list)
    known = {zone.counter.pk: zone for zone in zones.order_by("subject")}
    schedule = Schedule(known)
    days = [week + n * DAY for n in range(7)]
    for counter, zone in known.items():
        spans = list(_spans(schedule, counter, days, now))
        if spans:
            cameras[counter] = zone.camera_id
            offices[zone.counter.office.code].append((counter, spans))
    return cameras, dict(sorted(offices.items()))


def _spans(schedule: Schedule, counter: int, days: Iterable[date], now: datetime) -> Iterable[tuple[int, int]]:
    for day in days:
        for span in schedule.day(counter, day).intervals:
            begin, end = int(max(span.start, now).timestamp()), int(span.end.timestamp())
            if begin < end:
                yield begin, end
