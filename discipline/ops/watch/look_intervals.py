"""How often a watch looks at each of its cameras, by the hours of their counters."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from discipline.staffing import ledger
from offices.hours.duty import Interval, interval_from
from streams.cameras.models import Camera
from streams.watch.pace import NEAR_EDGE, LookPace

WAKE_BEFORE = timedelta(seconds=90)  # look at full pace before the opening, so that it begins with a fresh look

USUAL = LookPace(settings.LOOK_S, settings.LOOK_S)
CALM = LookPace(settings.LOOK_S, settings.CALM_LOOK_S)
IDLE = LookPace(settings.IDLE_LOOK_S, settings.IDLE_LOOK_S)
STREET = LookPace(settings.CALM_LOOK_S, settings.CALM_LOOK_S)
PUBLIC_LOOK_S = 10.0  # between the stills of a public point, and between the looks at one with hints


class LookIntervals:
    """How often each camera is looked at.

    Every LOOK_S while a counter of its zones is on duty or about to be, every CALM_LOOK_S if all are staffed and none
    opens or closes within NEAR_EDGE; else every IDLE_LOOK_S. Cameras at street points, which have no hours, are looked
    at every CALM_LOOK_S, those that the public sees or that give hints every PUBLIC_LOOK_S.
    """

    def __init__(self) -> None:
        self._by_camera: dict[int, LookPace] = {}
        self.public: Collection[int] = ()  # cameras
        self.hinted: Collection[int] = ()  # cameras

    def __call__(self, camera: int) -> LookPace:
        """Return the pace of this camera."""
        pace = self._by_camera.get(camera, USUAL)
        if camera not in self.public and camera not in self.hinted:
            return pace
        return LookPace(min(pace.look_s, PUBLIC_LOOK_S), min(pace.calm_s, PUBLIC_LOOK_S))

    def on_duty(self, camera: int) -> bool:
        """Return whether a counter of the camera is on duty or about to be."""
        return self._by_camera.get(camera, USUAL) != IDLE

    def set(self, cameras: Sequence[Camera], now: datetime) -> None:
        """Recompute the intervals of these cameras, loaded with their zones, from the hours at `now`."""
        schedule = ledger.schedule.get(now)
        self._by_camera = {
            camera.pk: STREET
            if camera.at_point
            else _pace([interval_from(schedule.duty(zone.subject_id, now), now) for zone in camera.zones.all()], now)
            for camera in cameras
        }


def _pace(intervals: Sequence[Interval | None], now: datetime) -> LookPace:
    """Return the pace for counters of which these are the present or next intervals of duty."""
    near = [interval for interval in intervals if interval and interval.start <= now + WAKE_BEFORE]
    if not near:
        return IDLE
    within = all(interval.start + NEAR_EDGE <= now < interval.end - NEAR_EDGE for interval in near)
    return CALM if within else USUAL
