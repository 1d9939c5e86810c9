"""From a flip to a phone through a real Celery worker that was not running at the first flip."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from discipline.alerts.models import Alert
from discipline.notices import devices
from discipline.notices.models import NoticeRule
from discipline.staffing import ledger
from discipline.staffing.models import Flip, StandingState
from offices.places.models import Counter
from tests.support.base import World
from tests.support.processes import start_worker
from tests.support.push_service import PushService, push_service
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 60.0


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    settings.PUSH_PRIVATE_HOSTS = True
    with push_service() as running:
        yield running


def leave(counter: Counter) -> None:
    """Let the grace end now, and publish the flip."""
    now = timezone.now()
    since = now - timedelta(minutes=18)
    Flip.objects.create(
        counter=counter,
        at=now,
        old=StandingState.GRACE,
        new=StandingState.ABSENT,
        reason="absence",
        since=since,
        noticed_at=now,
    )
    ledger.sweep_deadlines(now)


def test_the_next_worker_sends_what_was_missed_and_then_each_notice_at_once(service: PushService) -> None:
    world = World()
    NoticeRule.objects.create(user=world.dewi)  # no quiet hours: the test may run at night
    phone = service.browser("dewi")
    devices.subscribe(world.dewi.pk, phone.subscription(), "", timezone.now())
    leave(world.counter(world.ilir35))
    worker = start_worker(PUSH_PRIVATE_HOSTS="1")
    try:
        wait_until(lambda: len(service.got) >= 1, PATIENCE_S)
        leave(world.counter(world.ilir35, 2))
        wait_until(lambda: len(service.got) >= 2, PATIENCE_S)
    finally:
        worker.kill()
        worker.wait()
    notices = service.messages(phone)
    assert [one["title"] for one in notices] == ["Loket kosong 18 menit"] * 2
    assert {one["tag"] for one in notices} == {f"alert:{pk}" for pk in Alert.objects.values_list("pk", flat=True)}
