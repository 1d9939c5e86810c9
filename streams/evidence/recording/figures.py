"""What the page of recordings shows: how much is recorded a day, for how many days there is room, what went early."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Sum

from offices.hours.schedule import local_day
from streams.evidence.recording.classes import dated_rules
from streams.evidence.recording.models import CLASSES, RecordedMinute
from streams.evidence.recording.retention import RecordingRoom, recording_room
from streams.evidence.recording.retention_rule import RoomForecast, forecast, recorded_days

MEASURED = timedelta(hours=24)
LEAST = timedelta(minutes=10)  # of recordings, before a day's size is foretold from them


@dataclass(frozen=True, slots=True)
class RecordingFigures:
    """The room, None while the disk can't be read, and the forecast, None without room."""

    room: RecordingRoom | None
    forecast: RoomForecast | None


def day_bytes(now: datetime) -> dict[str, float]:
    """Return by class how many bytes a day takes, by what was recorded within MEASURED. One query a class."""
    found: dict[str, float] = {}
    for kept_as, _ in CLASSES:
        recent = RecordedMinute.objects.filter(kept_as=kept_as, starts_at__gt=now - MEASURED)
        sums = recent.aggregate(first=Min("starts_at"), size=Sum("size"))
        if sums["first"] and (lasted := now - sums["first"]) >= LEAST:
            found[kept_as] = sums["size"] * (timedelta(days=1) / lasted)
    return found


def recording_figures(now: datetime) -> RecordingFigures:
    """Return the figures of now."""
    try:
        room = recording_room()
    except OSError:
        return RecordingFigures(None, None)
    days = recorded_days(dated_rules(), local_day(now))
    return RecordingFigures(room, forecast(room.allowed, day_bytes(now), days))
