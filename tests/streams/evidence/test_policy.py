"""Which of a counter's looks are kept as evidence: one morning, one look every 5 s."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from offices.hours.duty import WIB
from streams.evidence.policy import (
    MOST_DURING,
    ClipOrder,
    DiscardOrder,
    EvidenceKind,
    EvidenceOrder,
    ResumedRun,
    StillOrder,
    Witness,
    WitnessBrief,
    WitnessedLook,
    WitnessTerms,
)
from streams.pixels.occupancy import Look
from tests.support.clock import wib
from tests.support.office import DUTY

STAFFED, EMPTY, BLIND = Look.STAFFED, Look.EMPTY, Look.BLIND
TERMS = WitnessTerms(absence_grace_s=600, opening_grace_s=300, not_opened_s=7200, closing_window_s=900, stale_s=60)
BRIEF = WitnessBrief(DUTY, TERMS)


class Watched:
    """A counter with its witness and what that ordered."""

    def __init__(self, brief: WitnessBrief = BRIEF) -> None:
        self.witness, self.brief = Witness(), brief
        self.orders: list[EvidenceOrder] = []

    def sees(self, look: Look, since: str, until: str | None = None, every_s: int = 5, picture: bool = True) -> None:
        at, end = wib(since), wib(until or since)
        while at < end or (until is None and at == end):
            self.orders += self.witness.sees(WitnessedLook(at, look, picture=object() if picture else None), self.brief)
            at += timedelta(seconds=every_s)

    def waits(self, clock: str) -> None:
        self.orders += self.witness.waits(wib(clock), self.brief)

    def kept(self, *kinds: EvidenceKind) -> list[str]:
        """Return the orders as "08:00:05 first_empty", without thumbnails unless `kinds` names them."""
        return [
            f"{clock(moment(o))} {o.kind}" for o in self.orders if not isinstance(o, DiscardOrder) and wants(o, kinds)
        ]


def wants(order: StillOrder | ClipOrder, kinds: tuple[EvidenceKind, ...]) -> bool:
    return order.kind in kinds if kinds else order.kind != EvidenceKind.DURING


def moment(order: StillOrder | ClipOrder) -> datetime:
    return order.seen.at if isinstance(order, StillOrder) else order.moment


def clock(at: datetime) -> str:
    return at.astimezone(WIB).strftime("%H:%M:%S").removesuffix(":00")


def test_a_clerk_leaves_for_eighteen_minutes() -> None:
    loket = Watched()
    loket.sees(STAFFED, "07:25", "09:00")
    loket.sees(EMPTY, "09:00", "09:18")
    loket.sees(STAFFED, "09:18", "09:30")
    assert loket.kept() == [
        "08:59:55 last_staffed",
        "09:00 first_empty",
        "09:00 emptied_clip",
        "09:10 deadline",
        "09:10 deadline_clip",
        "09:18 end",
    ]
    assert {order.run for order in loket.orders} == {wib("09:00")}


def test_a_short_walk_is_forgotten() -> None:
    loket = Watched()
    loket.sees(STAFFED, "07:30", "09:00")
    loket.sees(EMPTY, "09:00", "09:02")
    loket.sees(STAFFED, "09:02")
    assert loket.orders[-1] == DiscardOrder(wib("09:00"))
    assert loket.witness.run is None


def test_nine_minutes_are_kept_until_those_decide_who_know_the_indications() -> None:
    loket = Watched()
    loket.sees(STAFFED, "07:30", "09:00")
    loket.sees(EMPTY, "09:00", "09:09")
    loket.sees(STAFFED, "09:09")
    assert loket.kept()[-1] == "09:09 end"


def test_an_office_that_opens_late_is_followed_from_its_opening() -> None:
    loket = Watched()
    loket.sees(EMPTY, "07:28:01", "07:44:30")
    assert loket.kept() == [
        "07:30:01 first_empty",
        "07:30:01 emptied_clip",
        "07:35:01 deadline",
        "07:35:01 deadline_clip",
        "07:40:01 deadline",
        "07:40:01 deadline_clip",
    ]


def test_an_office_that_never_opens_has_a_picture_of_each_of_its_deadlines_and_of_the_noon() -> None:
    loket = Watched()
    loket.sees(EMPTY, "07:29", "12:00", every_s=10)
    loket.waits("12:00:01")
    assert loket.kept(EvidenceKind.DEADLINE, EvidenceKind.END) == [
        "07:35 deadline",
        "07:40 deadline",
        "09:30 deadline",
        "11:59:50 deadline",
        "11:59:50 end",
    ]
    assert loket.kept(EvidenceKind.DEADLINE_CLIP)[-1] == "12:00 deadline_clip"


def test_a_clerk_who_leaves_before_closing_is_shown_at_closing() -> None:
    loket = Watched()
    loket.sees(STAFFED, "13:00", "15:40")
    loket.sees(EMPTY, "15:40", "16:00")
    loket.waits("16:00:01")
    loket.sees(EMPTY, "16:00:05", "16:30")
    assert loket.kept()[-3:] == ["15:59:55 deadline", "16:00 deadline_clip", "15:59:55 end"]


def test_nothing_is_kept_of_a_lunch_break() -> None:
    loket = Watched()
    loket.sees(STAFFED, "11:00", "12:00")
    loket.sees(EMPTY, "12:00", "12:59:59")
    assert loket.orders == []


def test_a_covered_camera_ends_the_run_and_shows_it() -> None:
    loket = Watched()
    loket.sees(STAFFED, "07:30", "09:00")
    loket.sees(EMPTY, "09:00", "09:15")
    loket.sees(BLIND, "09:15", "09:16")
    assert loket.kept()[-1] == "09:15 end"
    loket.sees(EMPTY, "09:16")
    assert loket.witness.run == wib("09:16")


def test_a_camera_that_shows_nothing_any_more_leaves_its_last_picture() -> None:
    for blind in (True, False):
        loket = Watched()
        loket.sees(STAFFED, "07:30", "09:00")
        loket.sees(EMPTY, "09:00", "09:15")
        if blind:
            loket.sees(BLIND, "09:15:20", picture=False)
        loket.waits("09:15:50")
        assert (loket.kept()[-1] == "09:14:55 end") is blind
        loket.waits("09:15:55")
        assert loket.kept()[-1] == "09:14:55 end"
        assert loket.witness.run is None


def test_a_watch_that_begins_in_mid_run_goes_on_with_it() -> None:
    resumed = ResumedRun(since=wib("09:00"), first=wib("09:00"), last=wib("09:04"))
    loket = Watched(WitnessBrief(DUTY, TERMS, resumed))
    loket.sees(EMPTY, "09:04:30", "09:12")
    # It can't know whether the counter was staffed today, so it keeps the end of the shorter grace, too.
    assert loket.kept(EvidenceKind.DEADLINE, EvidenceKind.FIRST_EMPTY) == ["09:05 deadline", "09:10 deadline"]
    assert {order.run for order in loket.orders} == {wib("09:00")}


def test_a_run_that_was_broken_meanwhile_is_not_gone_on_with() -> None:
    resumed = ResumedRun(since=wib("09:00"), first=wib("09:00"), last=wib("09:04"))
    loket = Watched(WitnessBrief(DUTY, TERMS, resumed))
    loket.sees(EMPTY, "09:05")
    assert loket.kept() == ["09:05 first_empty", "09:05 emptied_clip"]


def test_a_clock_that_goes_back_says_nothing() -> None:
    loket = Watched()
    loket.sees(STAFFED, "07:30", "09:00")
    loket.sees(EMPTY, "08:00", "08:59")
    assert loket.orders == []


def test_thumbnails_grow_rarer_and_last_for_hours() -> None:
    loket = Watched()
    loket.sees(STAFFED, "07:30", "08:00")
    loket.sees(EMPTY, "08:00", "12:00")
    stills = [
        moment(order) for order in loket.orders if isinstance(order, StillOrder) and order.kind is EvidenceKind.DURING
    ]
    gaps = [(after - before).total_seconds() for before, after in pairwise(stills)]
    assert len(stills) <= MOST_DURING
    assert stills[-1] >= wib("10:00")
    assert 15 <= gaps[0] <= 30
    assert gaps == sorted(gaps)
    assert len([at for at in stills if at < wib("08:10")]) >= 9


LOOKS = st.lists(
    st.tuples(st.sampled_from([STAFFED, EMPTY, EMPTY, EMPTY, BLIND]), st.integers(1, 400), st.booleans()), max_size=80
)


@given(LOOKS)
def test_whatever_is_seen_a_run_is_whole_and_bounded(looks: list[tuple[Look, int, bool]]) -> None:
    loket, at = Watched(), wib("07:20")
    followed: list[datetime] = []
    for look, after_s, ticks in looks:
        at += timedelta(seconds=after_s)
        if ticks:
            loket.orders += loket.witness.waits(at, BRIEF)
        loket.orders += loket.witness.sees(WitnessedLook(at, look, picture=object()), BRIEF)
        if loket.witness.run and loket.witness.run not in followed:
            followed.append(loket.witness.run)
    for run in followed:
        own = [order for order in loket.orders if order.run == run]
        kinds = [order.kind for order in own if not isinstance(order, DiscardOrder)]
        assert kinds.count(EvidenceKind.FIRST_EMPTY) == kinds.count(EvidenceKind.EMPTIED_CLIP) == 1
        assert kinds.count(EvidenceKind.DURING) <= MOST_DURING
        assert kinds.count(EvidenceKind.DEADLINE) == kinds.count(EvidenceKind.DEADLINE_CLIP) <= 4
        over = kinds.count(EvidenceKind.END) + sum(isinstance(order, DiscardOrder) for order in own)
        assert over == (0 if run == loket.witness.run else 1)
        stills = [order.seen for order in own if isinstance(order, StillOrder)]
        assert all(seen.look is EMPTY for seen in stills[1:-1] if seen.at >= run)
    assert {order.run for order in loket.orders} <= set(followed)
