"""The city of the bench of boards: offices with their standings and indications, and users who look at them."""

from collections import Counter as Tally
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Any

from django.contrib.auth.models import User

from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import Standing, StandingState
from discipline.tools.bench.web_server import create_sessions
from offices.access.models import Membership
from offices.city.loading import load_offices, read_offices
from offices.places.models import Counter, Kecamatan, Kelurahan

BOARDS_OF_A_USER = 4
STATES = (StandingState.STAFFED,) * 7 + (StandingState.ABSENT, StandingState.UNKNOWN, StandingState.GRACE)
INDICATIONS = 60  # more than a board shows


def create_city(offices: int, now: datetime) -> None:
    """Create the offices with a counter each, their standings and indications."""
    load_offices(read_offices()[:offices], counters=True)
    counters = list(Counter.objects.order_by("pk"))
    Standing.objects.bulk_create(
        Standing(counter=counter, state=state, since=now - timedelta(minutes=20), last_look_at=now, saw_at=now)
        for counter, state in zip(counters, cycle(STATES), strict=False)
    )
    ended, minute = now - timedelta(hours=1), timedelta(minutes=1)
    Alert.objects.bulk_create(
        Alert(
            counter=counter,
            kind=AlertKind.ABSENCE,
            since=ended - (20 + number) * minute,
            raised_at=ended - (10 + number) * minute,
            ended_at=ended,
            notices_queued_at=ended,
        )
        for number, counter in enumerate(islice(cycle(counters), INDICATIONS))
    )


def create_users(boards: int) -> list[tuple[str, int]]:
    """Return the session key of each board's user, and how many offices that user sees.

    Half of the users see the city, a quarter one kecamatan and a quarter one office.
    """
    areas, offices = cycle(Kecamatan.objects.order_by("pk")), cycle(Kelurahan.objects.order_by("pk"))
    in_area = Tally(Kelurahan.objects.values_list("kecamatan", flat=True))
    names = [f"board{number}" for number in range(-(-boards // BOARDS_OF_A_USER))]
    users = [User(username=name, password=f"!{name}") for name in names]
    memberships, sizes = [], []
    city = Kelurahan.objects.count()
    for number, user in enumerate(User.objects.bulk_create(users)):
        area, office = next(areas), next(offices)
        whole_city: tuple[dict[str, Any], int] = {"role": Membership.Role.OPERATOR}, city
        scope, size = (
            whole_city,
            ({"role": Membership.Role.CAMAT, "kecamatan": area}, in_area[area.pk]),
            whole_city,
            ({"role": Membership.Role.LURAH, "kelurahan": office}, 1),
        )[number % 4]
        memberships.append(Membership(user=user, **scope))
        sizes.append(size)
    Membership.objects.bulk_create(memberships)
    places = list(islice(cycle(range(len(users))), boards))
    keys = create_sessions(users[place] for place in places)
    return [(key, sizes[place]) for key, place in zip(keys, places, strict=True)]
