"""Days that counters have had, for the stories of reports: flips written as the ledger would have left them."""

from datetime import date, datetime, timedelta

from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import Flip, StandingState
from offices.places.models import Counter
from tests.support.clock import wib

MONDAY = date(2026, 11, 16)
CLOCKS = (("07:30", "12:00"), ("13:00", "16:00"))  # of tests.support.base.World


def flip(
    counter: Counter,
    at: datetime,
    old: StandingState,
    new: StandingState,
    reason: str = "",
    since: datetime | None = None,
) -> None:
    Flip.objects.create(
        counter=counter, at=at, old=old, new=new, reason=reason, since=since or at, noticed_at=at, alerted_at=at
    )


def staffed(counter: Counter, day: date, *, away: tuple[str, str] | None = None, late_to: str = "") -> Alert | None:
    """A day of duty, staffed but for one absence (from, to), or from the opening to `late_to`. Returns the indication
    of that."""
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
            gone, back = (wib(clock, day) for clock in away)
            flip(counter, gone, StandingState.STAFFED, StandingState.GRACE, "absence")
            flip(counter, gone + timedelta(minutes=10), StandingState.GRACE, StandingState.ABSENT, "absence", gone)
            flip(counter, back, StandingState.ABSENT, StandingState.STAFFED)
            alert = indication(counter, AlertKind.ABSENCE, gone, back)
        flip(counter, end, StandingState.STAFFED, StandingState.CLOSED)
    return alert


def blind(counter: Counter, day: date) -> None:
    """A day on which the camera was dead."""
    for opens, closes in CLOCKS:
        flip(counter, wib(opens, day), StandingState.CLOSED, StandingState.UNKNOWN, "no_look")
        flip(counter, wib(closes, day), StandingState.UNKNOWN, StandingState.CLOSED)


def indication(counter: Counter, kind: AlertKind, since: datetime, ended_at: datetime) -> Alert:
    return Alert.objects.create(
        counter=counter,
        kind=kind,
        since=since,
        raised_at=since + timedelta(minutes=10),
        ended_at=ended_at,
        ended_by=StandingState.STAFFED,
        explain_by=since + timedelta(days=5),
        told_at=since,
    )
