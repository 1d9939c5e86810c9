"""The whole city on one board: 107 offices, most of them staffed, some in trouble, and a morning's indications."""

from datetime import datetime, timedelta

from discipline.alerts.models import Alert
from discipline.staffing.models import Standing, StandingState
from offices.city.loading import load_offices, read_offices
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import Camera
from tests.support.base import World

TROUBLE = {7: StandingState.ABSENT, 11: StandingState.GRACE, 13: StandingState.UNKNOWN}  # each so many-th office
INDICATIONS = 60


def whole_city(world: World, now: datetime) -> None:
    """Around `world`, which has four of the offices and perhaps a story at a counter already. Open around the clock:
    no test waits for the morning."""
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    load_offices(read_offices(), counters=True)
    counters = list(Counter.objects.filter(standing=None).order_by("pk"))
    Camera.objects.bulk_create(
        Camera(kelurahan_id=one.kelurahan_id, name="Ruang pelayanan", url="rtsp://127.0.0.1:1/x")
        for one in counters
        if one.kelurahan_id not in world.cameras
    )
    standings: list[Standing] = []
    alerts: list[Alert] = []
    for number, counter in enumerate(counters, start=1):
        state = next((state for each, state in TROUBLE.items() if number % each == 0), StandingState.STAFFED)
        since = now - timedelta(minutes=number % 50 + 12)
        reason = {StandingState.ABSENT: "absence", StandingState.UNKNOWN: "offline"}.get(state, "")
        empty = since if state in (StandingState.ABSENT, StandingState.GRACE) else None
        standings.append(
            Standing(counter=counter, state=state, since=since, reason=reason, empty_since=empty, last_look_at=now)
        )
        if len(alerts) < INDICATIONS:
            ended = None if state is StandingState.ABSENT else since + timedelta(minutes=11)
            by = "" if ended is None else "staffed"
            alerts.append(
                Alert(counter=counter, kind="absence", since=since, raised_at=since, ended_at=ended, ended_by=by)
            )
    Standing.objects.bulk_create(standings)
    Alert.objects.bulk_create(alerts)
