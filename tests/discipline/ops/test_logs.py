"""Log lines: bounded when a fleet flaps, and as JSON with the id of the request or of the camera."""

import io
import json
import logging
import logging.config
import uuid
from collections.abc import Iterator
from typing import cast

import pytest
from django.conf import settings
from django.test import Client
from django_guid import clear_guid, set_guid

from discipline.ops.web.log_filters import LimitedRepeats
from discipline.tasks import tidy
from streams.servers.valkey import PREFIX, client


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def record(message: str, *arguments: object, logger: str = "streams.watch") -> logging.LogRecord:
    return logging.LogRecord(logger, logging.INFO, __file__, 1, message, arguments, None)


def passed(
    limit: LimitedRepeats, times: int, message: str = "camera %s: %s", logger: str = "streams.watch"
) -> list[str]:
    records = [record(message, number, "offline", logger=logger) for number in range(times)]
    return [one.getMessage() for one in records if limit.filter(one)]


def test_a_fleet_that_flaps_writes_a_few_lines_a_minute_and_the_number_of_the_others() -> None:
    clock = Clock()
    limit = LimitedRepeats(3, clock)
    assert passed(limit, 100) == [
        "camera 0: offline",
        "camera 1: offline",
        "camera 2: offline [more such lines in this minute are left out]",
    ]
    clock.now = 59.9
    assert passed(limit, 1) == []
    clock.now = 60.0
    assert passed(limit, 2) == ["camera 0: offline [98 such lines were left out before]", "camera 1: offline"]
    clock.now = 120.0
    assert passed(limit, 1) == ["camera 0: offline"]


def test_other_messages_and_other_loggers_are_not_held_back() -> None:
    limit = LimitedRepeats(2, Clock())
    passed(limit, 10)
    assert len(passed(limit, 1, "camera %s: back after %s")) == 1
    assert len(passed(limit, 1, logger="discipline.ops")) == 1


def test_messages_without_end_take_no_memory_without_end() -> None:
    limit = LimitedRepeats(2, Clock())
    for number in range(LimitedRepeats.MOST_KINDS * 2):
        assert limit.filter(record(f"text {number}"))
    assert len(limit._kinds) <= LimitedRepeats.MOST_KINDS


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the handler of the settings writes with LOG_FORMAT=json."""
    written = io.StringIO()
    console = settings.LOGGING["handlers"]["console"] | {"formatter": "json", "stream": written}
    logging.config.dictConfig(settings.LOGGING | {"handlers": {"console": console}})
    yield written
    logging.config.dictConfig(settings.LOGGING)


def test_a_line_is_an_object_with_its_camera(lines: io.StringIO) -> None:
    logging.getLogger("streams.watch.reading").info("camera %s: %s", "7", "offline", extra={"camera": "7"})
    (line,) = map(json.loads, lines.getvalue().splitlines())
    wanted = {"level": "INFO", "name": "streams.watch.reading", "message": "camera 7: offline", "camera": "7"}
    assert wanted.items() <= line.items()
    assert line["at"].endswith("+00:00")


def test_an_exception_stays_in_its_line(lines: io.StringIO) -> None:
    try:
        raise ValueError("odd")
    except ValueError:
        logging.getLogger("discipline").exception("failed")
    (line,) = map(json.loads, lines.getvalue().splitlines())
    assert "ValueError: odd" in line["exc_info"]


@pytest.mark.django_db
def test_the_lines_and_the_answer_of_a_request_carry_the_proxy_s_id(lines: io.StringIO) -> None:
    given = uuid.uuid4().hex
    answer = Client().get("/tidak-ada/", headers={"X-Request-ID": given})
    assert (answer.status_code, answer["X-Request-ID"]) == (404, given)
    found = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [(line["name"], line["request_id"]) for line in found] == [("django.request", given)]


@pytest.mark.django_db
def test_an_id_that_is_none_is_replaced() -> None:
    answer = Client().get("/masuk/", headers={"X-Request-ID": "a forged line"})
    assert uuid.UUID(answer["X-Request-ID"])


def test_a_task_carries_the_id_of_the_request_that_queued_it() -> None:
    queue = f"logs-{uuid.uuid4().hex}"
    given = uuid.uuid4().hex
    set_guid(given)
    try:
        tidy.apply_async(queue=queue)
    finally:
        clear_guid()
    (message,) = cast(list[bytes], client().lrange(f"{PREFIX}:celery:{queue}", 0, -1))
    assert json.loads(message)["headers"]["X-Request-ID"] == given
