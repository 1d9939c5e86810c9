"""One counter with its camera, stepped through the staffing rule without a database."""

from datetime import datetime, timedelta

from discipline.staffing.rule import CounterStanding, State, StateChange, Tolerances, initial_standing, step
from offices.hours.duty import WIB, Interval
from streams.pixels.occupancy import Look, Sample
from tests.support.clock import wib

STAFFED, EMPTY, BLIND = Look.STAFFED, Look.EMPTY, Look.BLIND
RULE = Tolerances()


def office_day(day: int = 23) -> tuple[Interval, ...]:
    """Return the duty of that day of November 2026: 07.30-12.00 and 13.00-16.00 WIB."""
    return (
        Interval(wib("07:30", day), wib("12:00", day), first=True, last=False),
        Interval(wib("13:00", day), wib("16:00", day), first=False, last=True),
    )


DUTY = (*office_day(22), *office_day(23), *office_day(24))


class Office:
    """A counter whose camera looks every 5 s; keeps the flips as the ledger would."""

    def __init__(self, since: str = "07:00", rule: Tolerances = RULE, duty: tuple[Interval, ...] = DUTY) -> None:
        self.rule, self.duty = rule, duty
        self.standing: CounterStanding = initial_standing(wib(since))
        self.flips: list[StateChange] = []

    def sees(self, look: Look, since: str, until: str | None = None, every_s: int = 5, reason: str = "") -> None:
        """Step through equal looks from `since` until just before `until`; one look when `until` is None."""
        at, end = wib(since), wib(until or since)
        while at < end or (until is None and at == end):
            blind = reason or ("offline" if look is BLIND else "")
            self.hears(Sample(1, at, look, people=int(look is STAFFED), reason=blind))
            at += timedelta(seconds=every_s)

    def hears(self, sample: Sample) -> None:
        """Step with one sample."""
        self._step(sample.at, sample)

    def clock(self, clock: str, day: int = 23) -> None:
        """Step without a sample, at that time of day."""
        self._step(wib(clock, day), None)

    def _step(self, now: datetime, sample: Sample | None) -> None:
        self.standing, flips = step(self.standing, self.rule, self.duty, now, sample)
        self.flips += flips

    @property
    def story(self) -> list[str]:
        """Return each flip as "HH:MM STATE reason"."""
        return [flip_text(flip) for flip in self.flips]


def flip_text(flip: StateChange) -> str:
    """Return a flip as "HH:MM STATE reason", with seconds unless they are 00, in WIB."""
    clock = flip.at.astimezone(WIB).strftime("%H:%M:%S").removesuffix(":00")
    return " ".join(filter(None, (clock, flip.new, flip.reason)))


def states(flips: list[StateChange]) -> list[State]:
    """Return the new state of each flip."""
    return [flip.new for flip in flips]
