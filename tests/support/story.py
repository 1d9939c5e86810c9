"""A day at one counter, recorded look by look in the real ledger, as `watch` would record it."""

from datetime import timedelta

from discipline.alerts.models import Alert
from discipline.staffing import ledger
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import StaffingRule
from offices.places.models import Counter
from streams.pixels.occupancy import Look, Sample
from tests.support.clock import wib

QUIET_S = 40  # below the 60 s after which a look is stale; a multiple of what tests record every


class RecordedDay:
    """Records looks at the counter, one every `every_s`, on Monday 23 November 2026."""

    def __init__(self, counter: Counter, every_s: int = 5) -> None:
        ledger.schedule.forget()
        self.counter, self.every_s = counter, every_s

    def sees(self, look: Look, since: str, until: str, reason: str = "") -> None:
        """Record equal looks from `since` until just before `until` (WIB).

        Staff that stays is looked at every QUIET_S until the last minute: a morning of looks would take as long to
        record as everything else in a test.
        """
        at, end = wib(since), wib(until)
        samples = []
        while at < end:
            samples.append(Sample(self.counter.pk, at, look, int(look is Look.STAFFED), reason))
            quiet = look is Look.STAFFED and end - at > timedelta(seconds=60 + QUIET_S)
            at += timedelta(seconds=QUIET_S if quiet else self.every_s)
        ledger.record_samples(samples, end)

    def sweep(self, clock: str) -> None:
        """Record all changes that time alone brings until then."""
        ledger.sweep_deadlines(wib(clock) + ledger.IN_FLIGHT)


def absence_of_eighteen_minutes(counter: Counter) -> Alert:
    """Record an absence from 09.42.05 to 10.00.10 under the city's rule, and return its indication.

    The clerk then stays until 10.05.
    """
    StaffingRule.objects.get_or_create(kecamatan=None, kelurahan=None, counter=None)
    day = RecordedDay(counter)
    day.sees(Look.STAFFED, "07:29", "09:42:05")
    day.sees(Look.EMPTY, "09:42:05", "10:00:10")
    day.sees(Look.STAFFED, "10:00:10", "10:05")
    return Alert.objects.get(counter=counter, kind=AlertKind.ABSENCE)
