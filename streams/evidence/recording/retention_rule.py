"""For how long recordings are kept, which go first when room runs short, and for how many days there is room. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DatedDays:
    """From `since` on, a class is kept for `days`; 0: not recorded. number: of two of one day the higher one counts."""

    kept_as: str
    days: int
    since: date
    number: int


def recorded_days(rules: Iterable[DatedDays], today: date) -> dict[str, int]:
    """Return by class for how many days what is recorded today will be kept; classes that are not recorded lack."""
    newest = _newest(rules, today)
    return {kept_as: rule.days for kept_as, rule in newest.items() if rule.days}


def kept_days(rules: Iterable[DatedDays], today: date) -> dict[str, int]:
    """Return by class for how many days its minutes are kept. Switching a class off does not shorten that."""
    newest = _newest((rule for rule in rules if rule.days), today)
    return {kept_as: rule.days for kept_as, rule in newest.items()}


def _newest(rules: Iterable[DatedDays], today: date) -> dict[str, DatedDays]:
    newest: dict[str, DatedDays] = {}
    for rule in rules:
        if rule.since <= today:
            before = newest.get(rule.kept_as)
            if before is None or (rule.since, rule.number) > (before.since, before.number):
                newest[rule.kept_as] = rule
    return newest


def lowest_first(days: Mapping[str, int], classes: Iterable[str]) -> list[str]:
    """Return the classes in the order in which they lose minutes when room runs short: first those kept the shortest.

    A class without a rule goes before all others.
    """
    return sorted(classes, key=lambda kept_as: (days.get(kept_as, 0), kept_as))


@dataclass(frozen=True, slots=True)
class ClassForecast:
    """What one class needs. wanted_days: its rule; day_bytes: what a day of it takes; fits: whether that has room."""

    kept_as: str
    wanted_days: int
    day_bytes: float
    gets_days: float

    @property
    def needed_bytes(self) -> float:
        """Bytes of all days that are to be kept."""
        return self.wanted_days * self.day_bytes

    @property
    def fits(self) -> bool:
        """Whether there is room for all days that are to be kept."""
        return self.gets_days >= self.wanted_days


@dataclass(frozen=True, slots=True)
class RoomForecast:
    """days: for how many days of all classes there is room, None while nothing is recorded; one row a class."""

    room_bytes: float
    day_bytes: float
    classes: tuple[ClassForecast, ...]

    @property
    def days(self) -> float | None:
        """For how many days of everything there is room, however long it is to be kept."""
        return self.room_bytes / self.day_bytes if self.day_bytes else None

    @property
    def needed_bytes(self) -> float:
        """Bytes that all rules together need."""
        return sum(one.needed_bytes for one in self.classes)

    @property
    def fits(self) -> bool:
        """Whether there is room for what all rules want."""
        return self.needed_bytes <= self.room_bytes


def forecast(room_bytes: float, day_bytes: Mapping[str, float], days: Mapping[str, int]) -> RoomForecast:
    """Return what there is room for. room_bytes: for recordings in all, those that are there included.

    Room goes to the classes in the opposite order of lowest_first, as the lowest class is deleted first.
    """
    left = room_bytes
    rows: list[ClassForecast] = []
    for kept_as in reversed(lowest_first(days, days)):
        daily = day_bytes.get(kept_as, 0.0)
        gets = min(days[kept_as], left / daily) if daily else float(days[kept_as])
        left = max(0.0, left - gets * daily)
        rows.append(ClassForecast(kept_as, days[kept_as], daily, gets))
    return RoomForecast(room_bytes, sum(day_bytes.get(kept_as, 0.0) for kept_as in days), tuple(rows))
