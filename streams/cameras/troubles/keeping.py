"""Store the cameras' troubles and their daily uptime. `watch` alone writes them, with the cameras' health."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from streams.cameras.models import Camera
from streams.cameras.troubles.models import CameraDay, CameraTrouble
from streams.cameras.troubles.rule import FORGOTTEN_AFTER, WELL, Streak, next_streak

STORE_EVERY = timedelta(seconds=60)
KEPT = timedelta(days=400)

ADD = """
INSERT INTO streams_cameraday (camera_id, day, well_s, trouble_s)
SELECT * FROM unnest(%s::bigint[], %s::date[], %s::float8[], %s::float8[])
ON CONFLICT (camera_id, day) DO UPDATE SET
well_s = streams_cameraday.well_s + excluded.well_s, trouble_s = streams_cameraday.trouble_s + excluded.trouble_s
"""


class TroubleKeeper:
    """Follows the cameras that one process reads. What it adds up is stored every STORE_EVERY, troubles at once."""

    def __init__(self) -> None:
        self._streaks: dict[int, Streak] = {}
        self._seconds: dict[tuple[int, date], list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._told: dict[int, str] = {}  # the settled cause that was last stored
        self._noted_at: datetime | None = None
        self._stored_at: datetime | None = None
        self._cleared: date | None = None

    def note(self, causes: Mapping[int, str | None], now: datetime) -> None:
        """Take the present cause (rule.cause_of) of each camera that this process reads. Raises DatabaseError.

        What could not be stored is stored with the next call.
        """
        passed = now - self._noted_at if self._noted_at else timedelta()
        passed_s = passed.total_seconds() if timedelta() <= passed <= FORGOTTEN_AFTER else 0.0
        self._noted_at, day = now, timezone.localtime(now).date()
        streaks = {}
        for camera, cause in causes.items():
            if streak := next_streak(self._streaks.get(camera), cause, now):
                streaks[camera] = streak
            if cause is not None:
                self._seconds[camera, day][cause != WELL] += passed_s
        self._streaks = streaks
        settled = {camera: streak for camera, streak in streaks.items() if streak.settled}
        news = any(self._told.get(camera) != streak.cause for camera, streak in settled.items())
        if news or self._stored_at is None or abs(now - self._stored_at) >= STORE_EVERY:
            self._store(settled, now, day)

    def _store(self, settled: Mapping[int, Streak], now: datetime, day: date) -> None:
        with transaction.atomic():
            _store_troubles(settled, now)
            self._add_seconds()
            if self._cleared != day:
                CameraDay.objects.filter(day__lt=day - KEPT).delete()
                CameraTrouble.objects.filter(ended_at__lt=now - KEPT).delete()
        self._told = {camera: streak.cause for camera, streak in settled.items()}
        self._seconds.clear()
        self._stored_at, self._cleared = now, day

    def _add_seconds(self) -> None:
        alive = set(
            Camera.objects.filter(pk__in={camera for camera, _day in self._seconds}).values_list("pk", flat=True)
        )
        rows = sorted((key, spent) for key, spent in self._seconds.items() if key[0] in alive and any(spent))
        if rows:
            with connection.cursor() as cursor:
                columns = zip(*((camera, day, well, bad) for (camera, day), (well, bad) in rows), strict=True)
                cursor.execute(ADD, [list(column) for column in columns])


def _store_troubles(settled: Mapping[int, Streak], now: datetime) -> None:
    """Begin, change and end troubles by the settled streaks; end those of cameras that are not in use."""
    going_on = {one.camera_id: one for one in CameraTrouble.objects.filter(ended_at=None, camera__in=settled)}
    begun = []
    for camera, streak in settled.items():
        trouble = going_on.get(camera)
        if streak.cause and not trouble:
            begun.append(CameraTrouble(camera_id=camera, cause=streak.cause, since=streak.since))
        elif trouble and streak.cause != trouble.cause:
            end = {"ended_at": max(streak.since, trouble.since)} if streak.cause == WELL else {"cause": streak.cause}
            CameraTrouble.objects.filter(pk=trouble.pk).update(**end)
    alive = set(Camera.objects.filter(pk__in=[one.camera_id for one in begun]).values_list("pk", flat=True))
    CameraTrouble.objects.bulk_create([one for one in begun if one.camera_id in alive], ignore_conflicts=True)
    for one in CameraTrouble.objects.filter(ended_at=None, camera__enabled=False):
        CameraTrouble.objects.filter(pk=one.pk).update(ended_at=max(now, one.since))
