"""Find what a user may see of the recordings: cameras, their days, and the minutes of a span."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from offices.hours.schedule import ZONE
from streams.cameras.models import Camera
from streams.evidence.recording.day_strip_rule import RECORDED, UNKNOWN, RecordedStretch, day_strip
from streams.evidence.recording.finished import ticks_of
from streams.evidence.recording.minute_file import unpack_index
from streams.evidence.recording.models import RecordedMinute
from streams.live.recordings.vod_rule import PlayableMinute

DAY = timedelta(days=1)
LONGEST_MINUTE = timedelta(minutes=5)  # a file is shorter, so that one that covers a moment began within this time
GROWING = timedelta(seconds=100)  # a minute's row is stored at most so long after its beginning
MOST_TOGETHER = 4  # cameras in step


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A day in WIB: when it begins and ends."""

    day: date

    @property
    def begins(self) -> datetime:
        """Its midnight."""
        return datetime.combine(self.day, time(), tzinfo=ZONE)

    @property
    def ends(self) -> datetime:
        """The next midnight."""
        return self.begins + DAY


def with_recordings(cameras: QuerySet[Camera]) -> QuerySet[Camera]:
    """Return those of the cameras of which anything is recorded."""
    return cameras.filter(Exists(RecordedMinute.objects.filter(camera=OuterRef("pk"))))


def day_of(text: str) -> LocalDay | None:
    """Return the day that is named in ISO format; None for no day of this century."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return LocalDay(day) if 2000 <= day.year < 2100 else None


def was_recorded(camera: Camera, since: datetime, until: datetime) -> bool:
    """Return whether the camera was recorded at any moment of the span."""
    return minutes_between(camera, since, until).exists()


def newest_moment(camera: Camera) -> datetime | None:
    """Return until when the camera is recorded, None when it is not."""
    newest = RecordedMinute.objects.filter(camera=camera.pk).order_by("-starts_at").first()
    return newest.plays_until if newest else None


def minutes_between(camera: Camera, since: datetime, until: datetime) -> QuerySet[RecordedMinute]:
    """Return the camera's minutes that show any moment from `since` to `until`, in their order."""
    rows = RecordedMinute.objects.filter(camera=camera.pk, starts_at__gte=since - LONGEST_MINUTE)
    return rows.filter(starts_at__lt=until + LONGEST_MINUTE, plays_until__gt=since, plays_from__lt=until).order_by(
        "starts_at"
    )


def playable(row: RecordedMinute) -> PlayableMinute:
    """Return the row as the playlist needs it."""
    keyframes = unpack_index(bytes(row.keyframes), ticks_of(row.plays_from))
    return PlayableMinute(row.pk, row.size, keyframes, ticks_of(row.plays_until))


def strip_of(camera: Camera, day: LocalDay, now: datetime) -> list[RecordedStretch]:
    """Return when the camera was recorded on a day and why it was not in between, by the files' own times."""
    rows = minutes_between(camera, day.begins, day.ends).values_list("plays_from", "plays_until", "gap")
    minutes = list(rows)
    later = RecordedMinute.objects.filter(camera=camera.pk, starts_at__gte=day.ends).order_by("starts_at")
    if after := later.values_list("plays_from", "plays_until", "gap").first():
        minutes.append(after)
    strip = day_strip(minutes, day.begins, day.ends, now)
    if strip and strip[-1].what == UNKNOWN and now - strip[-1].starts_at < GROWING:
        strip.pop()  # of this minute, which is stored when it is complete
    if strip and strip[0].what != RECORDED and not _was_recorded_before(camera, day):
        return strip[1:]
    return strip


def _was_recorded_before(camera: Camera, day: LocalDay) -> bool:
    return RecordedMinute.objects.filter(camera=camera.pk, starts_at__lt=day.begins).exists()


def days_with_recordings(cameras: Sequence[Camera], since: date, until: date) -> set[date]:
    """Return the days from `since` to `until` on which any of the cameras was recorded."""
    begins, ends = LocalDay(since).begins, LocalDay(until).ends
    rows = RecordedMinute.objects.filter(_any_of(cameras), starts_at__gte=begins, starts_at__lt=ends)
    return set(
        rows.order_by().annotate(day=TruncDate("starts_at", tzinfo=ZONE)).values_list("day", flat=True).distinct()
    )


def _any_of(cameras: Iterable[Camera]) -> Q:
    return Q(camera__in=[camera.pk for camera in cameras])
