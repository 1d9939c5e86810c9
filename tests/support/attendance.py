"""Past days of counters, for the tests of reports: flips and alerts as the ledger would have stored them."""

from datetime import date, datetime, timedelta

from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import Flip, StandingState
from offices.places.models import Counter
from tests.support.clock import wib

MONDAY = date(2026, 11, 16)
CLOCKS = (("07:30", "12:00"), ("13:00", "16:00"))  # the hours plan of tests.support.base.World


def flip(
    counter: Counter,
    at: datetime,
    old: StandingState,
    new: StandingState,
    reason: str = "",
    since: datetime | None = None,
) -> None:
    """Store a flip that was noticed and alerted at `at`; `since` defaults to `at`."""
    Flip.objects.create(
        counter=counter, at=at, old=old, new=new, reason=reason, since=since or at, noticed_at=at, alerted_at=at
    )


def staffed(counter: Counter, day: date, *, away: tuple[str, str] | None = None, late_to: str = "") -> Alert | None:
    """Store a day on duty, staffed except for one absence.

    The absence lasts from `away[0]` to `away[1]`, or from the opening to `late_to` ("HH:MM" WIB). Returns its
    indication, None when the counter was staffed all day.
    """
    alert = None
    for opens, closes in CLOCKS:
        start, end = wib(opens, day), wib(closes, day)
        if late_to and opens == CLOCKS[0][0]:
            back = wib(late_to, day)
            flip(counter, start, StandingState.CLOSED, StandingState.GRACE, "opening")
            flip(
                counter, start + timedelta(minutes=5), StandingState.GRACE, StandingState.ABSENT, "late_opening", start
            )
            flip(counter, back, StandingState.ABSENT, StandingState.STAFFED)
            alert = indication(counter, AlertKind.LATE_OPENING, start, back)
        else:
            flip(counter, start, StandingState.CLOSED, StandingState.STAFFED)
        if away and opens <= away[0] < closes:
            left, back = (wib(clock, day) for clock in away)
            flip(counter, left, StandingState.STAFFED, StandingState.GRACE, "absence")
            flip(counter, left + timedelta(minutes=10), StandingState.GRACE, StandingState.ABSENT, "absence", left)
            flip(counter, back, StandingState.ABSENT, StandingState.STAFFED)
            alert = indication(counter, AlertKind.ABSENCE, left, back)
        flip(counter, end, StandingState.STAFFED, StandingState.CLOSED)
    return alert


def blind(counter: Counter, day: date) -> None:
    """Store a day on which the camera gave no look."""
    for opens, closes in CLOCKS:
        flip(counter, wib(opens, day), StandingState.CLOSED, StandingState.UNKNOWN, "no_look")
        flip(counter, wib(closes, day), StandingState.UNKNOWN, StandingState.CLOSED)


def indication(counter: Counter, kind: AlertKind, since: datetime, ended_at: datetime) -> Alert:
    """Store and return an indication that was raised 10 minutes after `since` and has ended."""
    return Alert.objects.create(
        counter=counter,
        kind=kind,
        since=since,
        raised_at=since + timedelta(minutes=10),
        ended_at=ended_at,
        ended_by=StandingState.STAFFED,
        explain_by=since + timedelta(days=5),
        notices_queued_at=since,
    )
