"""The notice rule: escalation, quiet hours over midnight, digests, minimum duration. Pure."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.notices.rule import (
    AGENCY,
    BACKOFF_S,
    CAMAT,
    INSPECTOR,
    LURAH,
    MAYOR,
    OPERATOR,
    SELECTABLE_TOPICS,
    TOPICS,
    AnyTopic,
    DueNotice,
    EscalationDelays,
    Mode,
    NoticeEvent,
    NoticePreferences,
    QuietHours,
    Topic,
    after_quiet,
    bundle_items,
    due_notice,
    mode_for,
    next_digest,
    postponed,
    retry_delay,
    usual,
)
from discipline.staffing.alert_kinds import ACCUSATIONS, AlertKind
from offices.hours.duty import WIB
from tests.support.clock import wib

ROLES = (LURAH, CAMAT, MAYOR, OPERATOR, INSPECTOR, AGENCY)


EMPTY = NoticeEvent(AlertKind.ABSENCE, since=wib("09:30"), raised_at=wib("09:40"))
LEFT_EARLY = NoticeEvent(AlertKind.EARLY_LEAVE, since=wib("15:40"), raised_at=wib("16:00"), ended_at=wib("16:00"))
INCIDENT = NoticeEvent(Topic.INCIDENT, since=wib("23:00"), raised_at=wib("23:01"))
YEAR_S = 365 * 24 * 3600
moments = st.integers(0, YEAR_S).map(lambda after: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=after))
hours = st.times().map(lambda at: at.replace(microsecond=0))
quiets = st.tuples(hours, hours).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: QuietHours(*pair))


@pytest.mark.parametrize(
    ("occasion", "role", "wish", "expected"),
    [
        (EMPTY, LURAH, NoticePreferences(), DueNotice(wib("09:40"))),
        (EMPTY, CAMAT, NoticePreferences(), DueNotice(wib("09:55"))),
        (EMPTY, MAYOR, NoticePreferences(), DueNotice(wib("10:40"))),
        (EMPTY, OPERATOR, NoticePreferences(), None),  # operators look after cameras
        (EMPTY, OPERATOR, NoticePreferences({"absence": Mode.NOW}), DueNotice(wib("09:40"))),
        (
            EMPTY,
            CAMAT,
            NoticePreferences(min_minutes=20),
            DueNotice(wib("09:50")),
        ),  # empty for 20 minutes, regardless of the escalation
        (EMPTY, MAYOR, NoticePreferences(min_minutes=0), DueNotice(wib("09:40"))),  # never before the indication
        (EMPTY, CAMAT, NoticePreferences({"absence": Mode.OFF}), None),
        (EMPTY, CAMAT, NoticePreferences({"absence": Mode.DIGEST}), DueNotice(wib("12:00"), gathered=True)),
        (LEFT_EARLY, LURAH, NoticePreferences(), DueNotice(wib("16:00"))),
        (LEFT_EARLY, CAMAT, NoticePreferences(), DueNotice(wib("16:30"), gathered=True)),
        (LEFT_EARLY, CAMAT, NoticePreferences({"early_leave": Mode.NOW}, min_minutes=30), None),  # it lasted 20 minutes
        (LEFT_EARLY, MAYOR, NoticePreferences(), None),
        (INCIDENT, OPERATOR, NoticePreferences(quiet=None), DueNotice(wib("23:01"))),
        (INCIDENT, MAYOR, NoticePreferences(), DueNotice(wib("06:00", day=24), gathered=True)),
        (INCIDENT, LURAH, NoticePreferences(), None),
    ],
)
def test_who_is_notified_when(
    occasion: NoticeEvent, role: str, wish: NoticePreferences, expected: DueNotice | None
) -> None:
    assert due_notice(occasion, frozenset({role}), wish, EscalationDelays(), WIB) == expected


def test_a_user_with_two_roles_is_notified_when_the_earlier_one_is() -> None:
    assert due_notice(EMPTY, frozenset({CAMAT, MAYOR}), NoticePreferences(), EscalationDelays(), WIB) == DueNotice(
        wib("09:55")
    )
    assert mode_for(AlertKind.EARLY_LEAVE, {CAMAT, LURAH}, NoticePreferences()) is Mode.NOW


def test_escalation_can_be_changed() -> None:
    assert due_notice(EMPTY, frozenset({MAYOR}), NoticePreferences(), EscalationDelays(mayor=90), WIB) == DueNotice(
        wib("11:10")
    )


def test_a_test_is_held_back_by_no_rule() -> None:
    assert mode_for(Topic.TEST, {LURAH}, NoticePreferences({"test": Mode.OFF})) is Mode.NOW


def test_topics_name_exactly_the_roles_that_exist() -> None:
    assert all(any(usual(kind, role) is Mode.NOW for kind in SELECTABLE_TOPICS) or role == INSPECTOR for role in ROLES)
    assert all(any(usual(kind, role) is not Mode.OFF for kind in SELECTABLE_TOPICS) for role in ROLES)
    assert {role for kind in TOPICS.values() for role in (*kind.notify_now, *kind.notify_in_digest)} == set(ROLES)
    assert not any(set(kind.notify_now) & set(kind.notify_in_digest) for kind in TOPICS.values())


@pytest.mark.parametrize(
    ("at", "quiet", "expected"),
    [
        (wib("20:59"), QuietHours(time(21), time(6)), wib("20:59")),
        (wib("21:00"), QuietHours(time(21), time(6)), wib("06:00", day=24)),
        (wib("00:00"), QuietHours(time(21), time(6)), wib("06:00")),
        (wib("05:59"), QuietHours(time(21), time(6)), wib("06:00")),
        (wib("06:00"), QuietHours(time(21), time(6)), wib("06:00")),
        (wib("12:30"), QuietHours(time(12), time(13)), wib("13:00")),
        (wib("11:00"), QuietHours(time(12), time(13)), wib("11:00")),
        (wib("23:00"), None, wib("23:00")),
    ],
)
def test_quiet_hours_reach_over_midnight(at: datetime, quiet: QuietHours | None, expected: datetime) -> None:
    assert after_quiet(at.astimezone(UTC), quiet, WIB) == expected


def test_quiet_hours_without_length_are_refused() -> None:
    with pytest.raises(ValueError, match="quiet"):
        QuietHours(time(6), time(6))


@given(at=moments, quiet=quiets)
def test_what_waits_for_quiet_hours_to_end_waits_less_than_a_day_and_only_once(at: datetime, quiet: QuietHours) -> None:
    free = after_quiet(at, quiet, WIB)
    assert timedelta() <= free - at < timedelta(days=1)
    assert not quiet.holds(free.astimezone(WIB).time())
    assert after_quiet(free, quiet, WIB) == free


@given(at=moments, chosen=st.lists(hours, min_size=1, max_size=3))
def test_a_digest_comes_within_a_day_at_an_hour_that_was_chosen(at: datetime, chosen: list[time]) -> None:
    then = next_digest(at, chosen, WIB)
    assert timedelta() <= then - at < timedelta(days=1)
    assert then.astimezone(WIB).time() in chosen
    assert next_digest(then, chosen, WIB) == then


@given(
    kind=st.sampled_from(SELECTABLE_TOPICS),
    roles=st.frozensets(st.sampled_from(ROLES), min_size=1),
    since=moments,
    grace_min=st.integers(0, 120),
    chosen=st.dictionaries(st.sampled_from(SELECTABLE_TOPICS), st.sampled_from(Mode)),
    least=st.none() | st.integers(0, 480),
    quiet=st.none() | quiets,
)
def test_notices_come_neither_too_early_nor_in_quiet_hours_except_digests(
    kind: AnyTopic,
    roles: frozenset[str],
    since: datetime,
    grace_min: int,
    chosen: dict[str, Mode],
    least: int | None,
    quiet: QuietHours | None,
) -> None:
    occasion = NoticeEvent(kind, since, since + timedelta(minutes=grace_min))
    wish = NoticePreferences(chosen, least, quiet)
    due = due_notice(occasion, roles, wish, EscalationDelays(), WIB)
    how = mode_for(kind, roles, wish)
    assert (due is None) == (how is Mode.OFF)
    if due is None:
        return
    assert due.at >= occasion.raised_at
    if least is not None and kind in ACCUSATIONS:
        assert due.at >= since + timedelta(minutes=least)
    if how is Mode.NOW and quiet:
        assert not quiet.holds(due.at.astimezone(WIB).time())
    assert due.gathered or how is Mode.NOW


@pytest.mark.parametrize(
    ("kind", "wish", "now", "expected"),
    [
        (AlertKind.ABSENCE, NoticePreferences(), wib("09:00"), None),
        (
            AlertKind.ABSENCE,
            NoticePreferences(),
            wib("22:00"),
            DueNotice(wib("06:00", day=24), gathered=True),
        ),  # tried again at night
        (
            AlertKind.ABSENCE,
            NoticePreferences({"absence": Mode.DIGEST}),
            wib("09:00"),
            DueNotice(wib("12:00"), gathered=True),
        ),
        (AlertKind.EARLY_LEAVE, NoticePreferences(), wib("16:10"), DueNotice(wib("16:30"), gathered=True)),
        (Topic.TEST, NoticePreferences(), wib("22:00"), None),
    ],
)
def test_what_should_wait_after_all_waits(
    kind: AnyTopic, wish: NoticePreferences, now: datetime, expected: DueNotice | None
) -> None:
    assert postponed(kind, {CAMAT}, wish, now, WIB) == expected


def test_patience_grows_and_ends_and_waits_as_long_as_was_asked() -> None:
    waits = [retry_delay(tries) for tries in range(1, len(BACKOFF_S) + 1)]
    assert waits == sorted(waits, key=lambda wait: wait or timedelta.max)
    assert all(waits)
    assert retry_delay(len(BACKOFF_S) + 1) is None
    assert retry_delay(1, 120) == timedelta(seconds=120)
    assert retry_delay(3, 1) == timedelta(seconds=BACKOFF_S[2])
    assert retry_delay(1, 10**9) == timedelta(hours=1)


def test_a_few_go_out_one_by_one_many_as_one_and_a_digest_always_as_one() -> None:
    few = [(n, "budi", False) for n in range(3)]
    assert bundle_items(few) == [[0], [1], [2]]
    assert bundle_items([*few, (3, "budi", False)]) == [[0, 1, 2, 3]]
    assert bundle_items([(1, "budi", True), (2, "dewi", True), (3, "budi", True), (4, "budi", False)]) == [
        [4],
        [1, 3],
        [2],
    ]
    assert bundle_items([]) == []


@given(st.lists(st.tuples(st.integers(), st.sampled_from("abc"), st.booleans())))
def test_nothing_is_lost_or_doubled_in_bundles(items: list[tuple[int, str, bool]]) -> None:
    sent = [one for many in bundle_items(items) for one in many]
    assert sorted(sent) == sorted(item for item, _, _ in items)
