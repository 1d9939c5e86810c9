"""Celery's transport to Valkey, which refuses a message that it can't read instead of ending the worker's consumer."""

import logging
from typing import Any

from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import redis as kombu_redis

log = logging.getLogger(__name__)

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)  # no JSON, or not what kombu writes


class BrokerChannel(kombu_redis.Channel):  # type: ignore[misc]  # kombu has no type hints
    """kombu's channel; a message that it can't read is logged and dropped: it has left the queue already."""

    def _brpop_read(self, **options: Any) -> bool | None:
        try:
            read: bool | None = super()._brpop_read(**options)  # type: ignore[no-untyped-call]
        except UNREADABLE:
            log.exception("a message to the worker was refused, as it can't be read")
            return True
        return read


class BrokerTransport(kombu_redis.Transport):  # type: ignore[misc]  # kombu has no type hints
    """kombu's transport with BrokerChannel."""

    Channel = BrokerChannel


def use_broker_transport() -> None:
    """Make it the transport of redis:// and redis+socket:// in this process."""
    TRANSPORT_ALIASES["redis"] = f"{__name__}:{BrokerTransport.__name__}"
