"""A drawn moment becomes a clip: a real watch waits for a visitor before a simulated camera."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from discipline.spotchecks.sample import hiding
from discipline.spotchecks.sample.models import ClipFilm, CounterClip
from discipline.staffing import ledger
from offices.access.models import Membership
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import Camera, OccupancySpan, Zone
from streams.simulator.layouts import LAYOUTS
from streams.simulator.scenes import Scene
from streams.simulator.simulator import Simulator
from tests.support.base import member, one_office
from tests.support.conduct import drawn
from tests.support.filming import times
from tests.support.processes import start_watch
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def simulator(footage: Path) -> Iterator[Simulator]:
    with Simulator(cameras=1, footage=footage) as running:
        yield running


def taken() -> bool:
    return CounterClip.objects.filter(outcome=CounterClip.Outcome.TAKEN).exists()


def test_a_clip_is_kept_once_a_visitor_came_and_only_its_hidden_form(simulator: Simulator) -> None:
    ledger.schedule.forget()
    office = one_office()
    HoursPlan.objects.create(name="Selalu", on_holidays=True, **dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"))
    camera = Camera.objects.create(kelurahan=office, name="Ruang pelayanan", url=simulator.url(1))
    counter = Counter.objects.create(kelurahan=office, name="Loket 1")
    Zone.objects.create(camera=camera, subject=counter.subject, polygon=[list(point) for point in LAYOUTS["hall"].zone])
    now = timezone.now()
    clip = drawn(member("intan", Membership.Role.INSPECTOR), now, per_office=1).clips.get()
    CounterClip.objects.update(wanted_from=now, wanted_until=now + timedelta(minutes=10))
    simulator.set_scene("cam001", Scene.STAFFED)
    watch = start_watch("watch-conduct")
    try:
        wait_until(OccupancySpan.objects.filter(look="staffed").exists, 60)
        alone_until = timezone.now()
        assert not taken()
        simulator.set_scene("cam001", Scene.SERVING)
        wait_until(taken, 90)
    finally:
        watch.terminate()
        watch.wait(20)
    clip.refresh_from_db()
    assert clip.taken_at
    assert clip.taken_at > alone_until
    assert hiding.hide_in_clips(timezone.now()) == 1
    film = ClipFilm.objects.get()
    assert film.original is None
    assert times(bytes(film.shown or b""))[-1] > 12
