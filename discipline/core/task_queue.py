"""Has Celery do something at once. A broker that is away costs two seconds and is no error: the beat looks for whatever
is left."""

import logging

import redis
from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

# A connection of its own: the pooled ones try for ever, and neither watch nor a page may stand still for that.
SINGLE_TRY = {"max_retries": 0, "socket_connect_timeout": 2, "socket_timeout": 2, "retry_on_timeout": False}
EXPIRES_S = 60

_away = False


def send_task(task: str) -> None:
    """Call after the commit, from any thread."""
    global _away
    try:
        with current_app.connection_for_write(transport_options=SINGLE_TRY) as broker:
            current_app.send_task(task, expires=EXPIRES_S, retry=False, connection=broker)
    except (OperationalError, redis.RedisError, OSError) as error:
        if not _away:
            log.warning("%s waits for the beat, the broker is away: %s", task, error)
        _away = True
    else:
        _away = False
