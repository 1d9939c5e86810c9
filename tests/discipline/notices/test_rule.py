"""When who is told: escalation, quiet hours over midnight, digests, patience. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.notices.rule import (
    ABOUT_STAFF,
    BACKOFF_S,
    CAMAT,
    CHOSEN,
    INSPECTOR,
    LURAH,
    MAYOR,
    OPERATOR,
    USUAL,
    Due,
    Kind,
    Mode,
    Occasion,
    Quiet,
    Steps,
    Wish,
    after_quiet,
    again_after,
    bundles,
    due,
    later,
    mode,
    next_digest,
)

WIB = ZoneInfo("Asia/Jakarta")
ROLES = (LURAH, CAMAT, MAYOR, OPERATOR, INSPECTOR)


def wib(clock: str, day: int = 23) -> datetime:
    hour, minute = map(int, clock.split("."))
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


EMPTY = Occasion(Kind.ABSENCE, since=wib("09.30"), raised_at=wib("09.40"))
LEFT_EARLY = Occasion(Kind.EARLY_LEAVE, since=wib("15.40"), raised_at=wib("16.00"), ended_at=wib("16.00"))
INCIDENT = Occasion(Kind.INCIDENT, since=wib("23.00"), raised_at=wib("23.01"))
YEAR_S = 365 * 24 * 3600
moments = st.integers(0, YEAR_S).map(lambda after: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=after))
hours = st.times().map(lambda at: at.replace(microsecond=0))
quiets = st.tuples(hours, hours).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Quiet(*pair))


@pytest.mark.parametrize(
    ("occasion", "role", "wish", "expected"),
    [
        (EMPTY, LURAH, Wish(), Due(wib("09.40"))),
        (EMPTY, CAMAT, Wish(), Due(wib("09.55"))),
        (EMPTY, MAYOR, Wish(), Due(wib("10.40"))),
        (EMPTY, OPERATOR, Wish(), None),  # looks after cameras
        (EMPTY, OPERATOR, Wish({"absence": Mode.NOW}), Due(wib("09.40"))),
        (EMPTY, CAMAT, Wish(min_minutes=20), Due(wib("09.50"))),  # empty for 20 minutes, whatever the escalation says
        (EMPTY, MAYOR, Wish(min_minutes=0), Due(wib("09.40"))),  # never before it is an indication
        (EMPTY, CAMAT, Wish({"absence": Mode.OFF}), None),
        (EMPTY, CAMAT, Wish({"absence": Mode.DIGEST}), Due(wib("12.00"), gathered=True)),
        (LEFT_EARLY, LURAH, Wish(), Due(wib("16.00"))),
        (LEFT_EARLY, CAMAT, Wish(), Due(wib("16.30"), gathered=True)),
        (LEFT_EARLY, CAMAT, Wish({"early_leave": Mode.NOW}, min_minutes=30), None),  # it lasted for 20
        (LEFT_EARLY, MAYOR, Wish(), None),
        (INCIDENT, OPERATOR, Wish(quiet=None), Due(wib("23.01"))),
        (INCIDENT, MAYOR, Wish(), Due(wib("06.00", day=24), gathered=True)),
        (INCIDENT, LURAH, Wish(), None),
    ],
)
def test_who_is_told_when(occasion: Occasion, role: str, wish: Wish, expected: Due | None) -> None:
    assert due(occasion, frozenset({role}), wish, Steps(), WIB) == expected


def test_who_has_two_roles_is_told_as_early_as_the_more_eager_one() -> None:
    assert due(EMPTY, frozenset({CAMAT, MAYOR}), Wish(), Steps(), WIB) == Due(wib("09.55"))
    assert mode(Kind.EARLY_LEAVE, {CAMAT, LURAH}, Wish()) is Mode.NOW


def test_escalation_can_be_changed() -> None:
    assert due(EMPTY, frozenset({MAYOR}), Wish(), Steps(mayor=90), WIB) == Due(wib("11.10"))


def test_a_test_is_held_back_by_no_rule() -> None:
    assert mode(Kind.TEST, {LURAH}, Wish({"test": Mode.OFF})) is Mode.NOW


def test_every_role_is_told_of_something_and_no_role_of_what_there_is_not() -> None:
    assert set(USUAL) == set(ROLES)
    assert all(Mode.NOW in USUAL[role].values() or role == INSPECTOR for role in ROLES)
    assert {kind for told in USUAL.values() for kind in told} <= set(CHOSEN)


@pytest.mark.parametrize(
    ("at", "quiet", "expected"),
    [
        (wib("20.59"), Quiet(time(21), time(6)), wib("20.59")),
        (wib("21.00"), Quiet(time(21), time(6)), wib("06.00", day=24)),
        (wib("00.00"), Quiet(time(21), time(6)), wib("06.00")),
        (wib("05.59"), Quiet(time(21), time(6)), wib("06.00")),
        (wib("06.00"), Quiet(time(21), time(6)), wib("06.00")),
        (wib("12.30"), Quiet(time(12), time(13)), wib("13.00")),
        (wib("11.00"), Quiet(time(12), time(13)), wib("11.00")),
        (wib("23.00"), None, wib("23.00")),
    ],
)
def test_quiet_hours_reach_over_midnight(at: datetime, quiet: Quiet | None, expected: datetime) -> None:
    assert after_quiet(at.astimezone(UTC), quiet, WIB) == expected


def test_quiet_hours_without_length_are_refused() -> None:
    with pytest.raises(ValueError, match="quiet"):
        Quiet(time(6), time(6))


@given(at=moments, quiet=quiets)
def test_what_waits_for_quiet_hours_to_end_waits_less_than_a_day_and_only_once(at: datetime, quiet: Quiet) -> None:
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
    kind=st.sampled_from(CHOSEN),
    roles=st.frozensets(st.sampled_from(ROLES), min_size=1),
    since=moments,
    grace_min=st.integers(0, 120),
    chosen=st.dictionaries(st.sampled_from(CHOSEN), st.sampled_from(Mode)),
    least=st.none() | st.integers(0, 480),
    quiet=st.none() | quiets,
)
def test_nobody_is_told_too_early_or_in_quiet_hours_unless_a_digest_was_wished_for(
    kind: Kind,
    roles: frozenset[str],
    since: datetime,
    grace_min: int,
    chosen: dict[str, Mode],
    least: int | None,
    quiet: Quiet | None,
) -> None:
    occasion = Occasion(kind, since, since + timedelta(minutes=grace_min))
    wish = Wish(chosen, least, quiet)
    told = due(occasion, roles, wish, Steps(), WIB)
    how = mode(kind, roles, wish)
    assert (told is None) == (how is Mode.OFF)
    if told is None:
        return
    assert told.at >= occasion.raised_at
    if least is not None and kind in ABOUT_STAFF:
        assert told.at >= since + timedelta(minutes=least)
    if how is Mode.NOW and quiet:
        assert not quiet.holds(told.at.astimezone(WIB).time())
    assert told.gathered or how is Mode.NOW


@pytest.mark.parametrize(
    ("kind", "wish", "now", "expected"),
    [
        (Kind.ABSENCE, Wish(), wib("09.00"), None),
        (Kind.ABSENCE, Wish(), wib("22.00"), Due(wib("06.00", day=24), gathered=True)),  # tried again at night
        (Kind.ABSENCE, Wish({"absence": Mode.DIGEST}), wib("09.00"), Due(wib("12.00"), gathered=True)),
        (Kind.EARLY_LEAVE, Wish(), wib("16.10"), Due(wib("16.30"), gathered=True)),
        (Kind.TEST, Wish(), wib("22.00"), None),
    ],
)
def test_what_should_wait_after_all_waits(kind: Kind, wish: Wish, now: datetime, expected: Due | None) -> None:
    assert later(kind, {CAMAT}, wish, now, WIB) == expected


def test_patience_grows_and_ends_and_waits_as_long_as_was_asked() -> None:
    waits = [again_after(tries) for tries in range(1, len(BACKOFF_S) + 1)]
    assert waits == sorted(waits, key=lambda wait: wait or timedelta.max)
    assert all(waits)
    assert again_after(len(BACKOFF_S) + 1) is None
    assert again_after(1, 120) == timedelta(seconds=120)
    assert again_after(3, 1) == timedelta(seconds=BACKOFF_S[2])
    assert again_after(1, 10**9) == timedelta(hours=1)


def test_a_few_go_out_one_by_one_many_as_one_and_a_digest_always_as_one() -> None:
    few = [(n, "budi", False) for n in range(3)]
    assert bundles(few) == [[0], [1], [2]]
    assert bundles([*few, (3, "budi", False)]) == [[0, 1, 2, 3]]
    assert bundles([(1, "budi", True), (2, "dewi", True), (3, "budi", True), (4, "budi", False)]) == [[4], [1, 3], [2]]
    assert bundles([]) == []


@given(st.lists(st.tuples(st.integers(), st.sampled_from("abc"), st.booleans())))
def test_nothing_is_lost_or_doubled_in_bundles(items: list[tuple[int, str, bool]]) -> None:
    sent = [one for many in bundles(items) for one in many]
    assert sorted(sent) == sorted(item for item, _, _ in items)
