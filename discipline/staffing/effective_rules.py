"""Which StaffingRule applies to a counter on a day."""

from collections.abc import Iterable
from datetime import date, timedelta

from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import StaffingRule
from discipline.staffing.rule import Tolerances
from offices.places.models import Counter

DEFAULTS = StaffingRule()


class EffectiveRules:
    """The closest rule valid on `day` for each counter, loaded in two queries; the defaults where there is none.

    `counters` are ids, None for all.
    """

    def __init__(self, day: date, counters: Iterable[int] | None = None) -> None:
        rows = Counter.objects.select_related("kelurahan", "place")
        if counters is not None:
            rows = rows.filter(pk__in=counters)
        valid = [rule for rule in StaffingRule.objects.all() if _holds(rule, day)]
        valid.sort(key=lambda rule: rule.closeness)
        self._closest = {c.pk: rule for c in rows for rule in valid if rule.covers(c)}  # the closest comes last
        self._pure = {rule.pk: rule.as_rule() for rule in valid}

    def of(self, counter: int) -> Tolerances:
        """Return the counter's rule as the staffing rule takes it."""
        rule = self._closest.get(counter)
        return self._pure[rule.pk] if rule else Tolerances()

    def row_of(self, counter: int) -> StaffingRule | None:
        """Return the counter's StaffingRule, None where the defaults apply."""
        return self._closest.get(counter)

    def tolerances(self, counter: int) -> StaffingRule:
        """Return the counter's StaffingRule, or an unsaved one with the defaults."""
        return self._closest.get(counter, DEFAULTS)

    def control_shares(self) -> dict[int, float]:
        """Return by counter which share of its controls must be seen; the defaults' counters are left out."""
        return {counter: rule.control_share for counter, rule in self._closest.items()}

    def tolerance(self, counter: int, kind: AlertKind) -> timedelta:
        """Return how long a condition must last to become an alert of this kind."""
        return timedelta(seconds=self.tolerances(counter).tolerance_s(kind))


def _holds(rule: StaffingRule, day: date) -> bool:
    return (rule.valid_from or date.min) <= day <= (rule.valid_to or date.max)
