"""The ledger on a real PostgreSQL: samples and deadlines in, flips and alerts out, also with two workers at once."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from discipline.alerts.models import Alert
from discipline.staffing import ledger
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import Flip, StaffingRule, Standing, StandingState
from offices.hours.models import Closure, HoursPlan
from offices.hours.schedule import ScheduleCache
from offices.places.models import Counter
from streams.cameras.models import OccupancySpan
from streams.pixels.occupancy import Look, Sample
from tests.support.base import one_office
from tests.support.clock import wib

OPENING = wib("07:30")
WEEK = dict.fromkeys(HoursPlan.DAYS[:5], "07:30-12:00,13:00-16:00")


@pytest.fixture
def loket(db: None) -> Counter:
    del db  # requested for its effect
    return build()


def build() -> Counter:
    ledger.schedule.forget()
    office = one_office()
    HoursPlan.objects.create(name="Jam layanan", **WEEK)
    StaffingRule.objects.create()
    return Counter.objects.create(kelurahan=office, name="Loket 1")


def looks(counter: Counter, look: Look, start: datetime, end: datetime, every_s: int = 5) -> list[Sample]:
    count = int((end - start).total_seconds() / every_s)
    people = 1 if look is Look.STAFFED else 0
    return [Sample(counter.pk, start + timedelta(seconds=every_s * n), look, people) for n in range(count + 1)]


def flips_of(counter: Counter) -> list[tuple[str, str, datetime]]:
    return [(flip.new, flip.reason, flip.at) for flip in Flip.objects.filter(counter=counter)]


def test_a_clerk_who_leaves_for_eighteen_minutes_gives_one_indication_with_its_length(loket: Counter) -> None:
    ledger.record_samples(looks(loket, Look.STAFFED, wib("07:29"), wib("09:00")), wib("09:00"))
    ledger.record_samples(looks(loket, Look.EMPTY, wib("09:00:05"), wib("09:18")), wib("09:18"))
    alert = Alert.objects.get()
    assert (alert.kind, alert.since, alert.raised_at) == (AlertKind.ABSENCE, wib("09:00:05"), wib("09:10:05"))
    assert alert.ended_at is None
    ledger.record_samples(looks(loket, Look.STAFFED, wib("09:18:05"), wib("09:19")), wib("09:19"))
    alert.refresh_from_db()
    assert (alert.ended_at, alert.ended_by) == (wib("09:18:05"), StandingState.STAFFED)
    assert [new for new, _, _ in flips_of(loket)] == ["staffed", "grace", "absent", "staffed"]


def test_a_day_costs_few_rows(loket: Counter) -> None:
    ledger.record_samples(looks(loket, Look.STAFFED, wib("07:29"), wib("12:00")), wib("12:00"))
    ledger.record_samples(looks(loket, Look.EMPTY, wib("12:00:05"), wib("12:05")), wib("12:05"))
    assert list(OccupancySpan.objects.values_list("look", "started_at", "ended_at", "looks", "people_max")) == [
        ("staffed", wib("07:29"), wib("07:29:55"), 12, 1),
        ("staffed", wib("07:30"), wib("11:59:55"), 3240, 1),
        ("staffed", wib("12:00"), wib("12:00"), 1, 1),
        ("empty", wib("12:00:05"), wib("12:05"), 60, 0),
    ]


def test_looks_too_far_apart_to_be_one_run_are_two_rows_on_duty_and_one_at_night(loket: Counter) -> None:
    ledger.record_samples(looks(loket, Look.STAFFED, wib("09:00"), wib("09:02"), every_s=60), wib("09:02"))
    assert OccupancySpan.objects.count() == 3
    ledger.record_samples(looks(loket, Look.EMPTY, wib("20:00"), wib("20:10"), every_s=60), wib("20:10"))
    assert OccupancySpan.objects.count() == 4


def test_the_same_samples_twice_change_nothing(loket: Counter) -> None:
    morning = looks(loket, Look.STAFFED, wib("07:29"), wib("08:00"))
    ledger.record_samples(morning, wib("08:00"))
    flips, spans = Flip.objects.count(), list(OccupancySpan.objects.values_list("looks", flat=True))
    ledger.record_samples(morning, wib("08:00"))
    assert Flip.objects.count() == flips
    assert list(OccupancySpan.objects.values_list("looks", flat=True)) == spans


def test_late_opening_that_lasts_becomes_not_opened_and_only_that_counts(loket: Counter) -> None:
    ledger.record_samples(looks(loket, Look.EMPTY, wib("07:29"), wib("09:45")), wib("09:45"))
    late, never = Alert.objects.order_by("pk")
    assert (late.kind, never.kind) == (AlertKind.LATE_OPENING, AlertKind.NOT_OPENED)
    assert late.superseded_by == never
    assert late.ended_at == never.raised_at == wib("09:30")
    assert never.since == OPENING


def test_leaving_early_replaces_the_absence_that_led_there(loket: Counter) -> None:
    ledger.record_samples(looks(loket, Look.STAFFED, wib("12:59"), wib("15:30")), wib("15:30"))
    ledger.record_samples(looks(loket, Look.EMPTY, wib("15:30:05"), wib("15:59:55")), wib("15:59:55"))
    ledger.sweep_deadlines(wib("16:00:04"))
    absence, early = Alert.objects.order_by("pk")
    assert (absence.kind, early.kind) == (AlertKind.ABSENCE, AlertKind.EARLY_LEAVE)
    assert absence.superseded_by == early
    assert (early.since, early.raised_at, early.ended_at) == (wib("15:30:05"), wib("16:00"), wib("16:00"))


def test_a_watch_that_died_leaves_unknown_and_a_ticket_but_no_accusation(loket: Counter) -> None:
    ledger.record_samples(looks(loket, Look.STAFFED, wib("07:29"), wib("09:00")), wib("09:00"))
    ledger.record_samples(looks(loket, Look.EMPTY, wib("09:00:05"), wib("09:05")), wib("09:05"))
    for minute in range(6, 60):
        ledger.sweep_deadlines(wib(f"09:{minute:02}"))
    assert [(new, reason) for new, reason, _ in flips_of(loket)][-1] == ("unknown", "stale")
    assert list(Alert.objects.values_list("kind", flat=True)) == [AlertKind.CAMERA_FAULT]
    ledger.record_samples(looks(loket, Look.STAFFED, wib("10:00"), wib("10:01")), wib("10:01"))
    assert Alert.objects.get().ended_at == wib("10:00")


def test_hours_that_were_edited_hold_after_a_while_or_when_the_schedule_is_forgotten(loket: Counter) -> None:
    known, now = ScheduleCache(for_s=15), wib("09:00")
    open_, second = known.get(now).duty(loket.pk, now), timedelta(seconds=1)
    Closure.objects.create(starts_at=wib("08:00"), ends_at=wib("10:00"), reason="Apel bersama")
    assert known.get(now + 15 * second).duty(loket.pk, now) == open_
    assert known.get(now + 16 * second).duty(loket.pk, now) != open_
    Closure.objects.all().delete()
    assert known.get(now + 16 * second).duty(loket.pk, now) != open_
    known.forget()
    assert known.get(now + 16 * second).duty(loket.pk, now) == open_


def test_nothing_counts_while_the_city_closes_the_office(loket: Counter) -> None:
    Closure.objects.create(starts_at=wib("09:00"), ends_at=wib("10:00"), reason="Apel bersama")
    ledger.schedule.forget()
    ledger.record_samples(looks(loket, Look.STAFFED, wib("07:29"), wib("09:00")), wib("09:00"))
    ledger.record_samples(looks(loket, Look.EMPTY, wib("09:00:05"), wib("10:05")), wib("10:05"))
    ledger.record_samples(looks(loket, Look.STAFFED, wib("10:05:05"), wib("10:06")), wib("10:06"))
    assert not Alert.objects.exists()
    assert [new for new, _, _ in flips_of(loket)] == ["staffed", "closed", "grace", "staffed"]


def test_samples_of_a_counter_that_is_gone_are_dropped(loket: Counter) -> None:
    assert ledger.record_samples([Sample(loket.pk + 99, wib("09:00"), Look.STAFFED, 1)], wib("09:00")) == []


def test_flips_left_in_the_outbox_by_a_crash_are_settled_by_the_sweep(
    loket: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Simulates kill -9 between two transactions."""

    def die() -> set[int]:
        raise Killed

    ledger.record_samples(looks(loket, Look.STAFFED, wib("07:29"), wib("09:00")), wib("09:00"))
    empty = looks(loket, Look.EMPTY, wib("09:00:05"), wib("09:18"))
    with monkeypatch.context() as patch:
        patch.setattr("discipline.alerts.from_flips.raise_alerts", die)
        with pytest.raises(Killed):
            ledger.record_samples(empty, wib("09:18"))
    assert not Alert.objects.exists()
    assert Flip.objects.filter(alerted_at=None).exists()
    ledger.sweep_deadlines(wib("09:18:01"))
    assert Alert.objects.get().kind == AlertKind.ABSENCE
    assert not Flip.objects.filter(alerted_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_no_double_and_lose_no_flip() -> None:
    """After a takeover both hold the same camera for a moment and report the same looks, with sweeps between."""
    loket = build()
    day = [
        *looks(loket, Look.STAFFED, wib("07:29"), wib("09:00")),
        *looks(loket, Look.EMPTY, wib("09:00:05"), wib("09:18")),
        *looks(loket, Look.STAFFED, wib("09:18:05"), wib("09:30")),
    ]
    errors: list[BaseException] = []

    def work(offset: int) -> None:
        try:
            for n in range(offset, len(day), 40):
                part = day[n : n + 60]
                ledger.record_samples(part, part[-1].at)
                ledger.sweep_deadlines(part[-1].at)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(offset,)) for offset in (0, 0, 10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not errors
    assert [(new, at) for new, _, at in flips_of(loket)] == [
        ("staffed", OPENING),
        ("grace", wib("09:00:05")),
        ("absent", wib("09:10:05")),
        ("staffed", wib("09:18:05")),
    ]
    assert Alert.objects.count() == 1
    assert Standing.objects.get().state == StandingState.STAFFED
