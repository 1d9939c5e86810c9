"""The whole city on one board: 107 offices, most of them staffed, some in trouble, with a morning's indications."""

from datetime import datetime, timedelta

from discipline.alerts.models import Alert
from discipline.staffing.models import Standing, StandingState
from offices.city.loading import load_offices, read_offices
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import Camera
from tests.support.base import World

TROUBLE = {7: StandingState.ABSENT, 11: StandingState.GRACE, 13: StandingState.UNKNOWN}  # every n-th counter
INDICATIONS = 60


def whole_city(world: World, now: datetime) -> None:
    """Create the offices that `world` lacks, with counters, cameras, standings and indications.

    Counters of `world` that have a standing keep it. All offices are open around the clock: the tests may run at
    any hour.
    """
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    load_offices(read_offices(), counters=True)
    counters = list(Counter.objects.filter(standing=None).order_by("pk"))
    Camera.objects.bulk_create(
        Camera(kelurahan_id=counter.kelurahan_id, name="Ruang pelayanan", url="rtsp://127.0.0.1:1/x")
        for counter in counters
        if counter.kelurahan_id not in world.cameras
    )
    standings: list[Standing] = []
    alerts: list[Alert] = []
    for number, counter in enumerate(counters, start=1):
        state = next((state for n, state in TROUBLE.items() if number % n == 0), StandingState.STAFFED)
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
