"""Send Celery tasks for immediate execution.

An unreachable broker costs two seconds and is not an error: periodic tasks of Celery beat pick up whatever was missed.
"""

import logging

import redis
from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

# Not a pooled connection: those retry forever, which would block watch and page requests.
SINGLE_TRY = {"max_retries": 0, "socket_connect_timeout": 2, "socket_timeout": 2, "retry_on_timeout": False}
EXPIRES_S = 60

_away = False


def send_task(task: str, *arguments: str) -> bool:
    """Send a task by name; it expires after EXPIRES_S. Call this after the commit, from any thread.

    Returns False when the broker is unreachable.
    """
    global _away
    try:
        with current_app.connection_for_write(transport_options=SINGLE_TRY) as broker:
            current_app.send_task(task, arguments, expires=EXPIRES_S, retry=False, connection=broker)
    except (OperationalError, redis.RedisError, OSError) as error:
        if not _away:
            log.warning("%s was not sent, the broker is unreachable; left to Celery beat: %s", task, error)
        _away = True
    else:
        _away = False
    return not _away
