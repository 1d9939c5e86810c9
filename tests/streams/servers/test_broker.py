"""A worker refuses a message that it can't read, and goes on at once."""

import json
import subprocess

import pytest
import redis
from django.conf import settings

from discipline.celery import app
from discipline.core.models import Heartbeat
from tests.support.own_valkey import OwnValkey
from tests.support.waiting import wait_until

pytest_plugins = ["tests.support.own_valkey"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
POISON = (
    b"this is no json",
    b"\xff\xfe\x00",
    b"[]",
    b"null",
    b'"text"',
    b"{}",
    json.dumps({"body": "!!!", "headers": {}, "properties": {}}).encode(),
    json.dumps({"body": "e30=", "headers": {}, "properties": {"delivery_info": {}, "delivery_tag": "x"}}).encode(),
)


def swept(broker: OwnValkey) -> bool:
    """Have the worker sweep, and return whether it has."""
    Heartbeat.objects.filter(part="sweep").delete()
    options = app.conf.broker_transport_options
    with app.connection_for_write(broker.url.replace("unix://", "redis+socket://"), transport_options=options) as to:
        app.send_task("discipline.tasks.sweep", connection=to)
    wait_until(Heartbeat.objects.filter(part="sweep").exists, 60)
    return True


def test_messages_that_are_no_task_cost_the_worker_nothing(broker: OwnValkey, worker: subprocess.Popen[bytes]) -> None:
    assert swept(broker)
    client = redis.Redis.from_url(broker.url)
    queue = f"{settings.REDIS_PREFIX}:celery:celery"
    for poison in POISON:
        client.lpush(queue, poison)
        wait_until(lambda: client.llen(queue) == 0)
        assert swept(broker), poison
    for name, arguments in (("no.such.task", ()), ("discipline.tasks.sweep", (1, 2, 3))):
        with app.connection_for_write(broker.url.replace("unix://", "redis+socket://")) as to:
            app.send_task(name, arguments, connection=to)
        assert swept(broker), name
    assert worker.poll() is None
    assert client.llen(queue) == 0
