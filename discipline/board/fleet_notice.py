"""The notice that many cameras can't be read, for all pages of all processes.

Valkey remembers that it is shown, which lowers its bound. While Valkey is unreachable the upper bound applies.
"""

from contextlib import suppress

from django.utils import timezone
from redis.exceptions import RedisError

from discipline.board.fleet_rule import WatchedCounter, count_fleet, is_shown
from discipline.board.payloads import FleetSummary, IncidentSummary
from discipline.staffing.models import Standing, StandingState
from streams.servers.valkey import PREFIX, client

KEY = f"{PREFIX}:fleet-notice"
REMEMBERED_S = 60  # open pages renew it every few seconds


def current_notice(incident: IncidentSummary | None) -> FleetSummary | None:
    """Return the notice, None if there is none to show; an open incident replaces it. One query.

    It counts the cameras of the whole city and names no office, so any user may see it.
    """
    if incident:
        return None
    counters = (
        Standing.objects.filter(counter__active=True, counter__subject__zone__camera__enabled=True)
        .exclude(state=StandingState.CLOSED)
        .values_list("counter__subject__zone__camera", "state", "since", "saw_at")
    )
    fleet = count_fleet((WatchedCounter(*row) for row in counters), timezone.now())
    was_shown = _was_shown()
    shown = is_shown(fleet, was_shown)
    if shown or was_shown:
        _remember(shown)
    return {"blind": fleet.blind, "total": fleet.total} if shown else None


def _was_shown() -> bool:
    try:
        return bool(client().exists(KEY))
    except RedisError:
        return False


def _remember(shown: bool) -> None:
    with suppress(RedisError):
        if shown:
            client().set(KEY, "1", ex=REMEMBERED_S)
        else:
            client().delete(KEY)
