"""What is stored in Valkey in a thread of its own, while a real server is well and while it hangs."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import redis

from streams.servers import valkey_writer
from streams.servers.valkey_writer import ValkeyWriter
from tests.support.own_valkey import OwnValkey
from tests.support.waiting import wait_until


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnValkey]:
    with OwnValkey(tmp_path) as own:
        yield own


@pytest.fixture
def client(server: OwnValkey) -> redis.Redis:
    return redis.Redis.from_url(server.url, socket_timeout=1, retry=None, decode_responses=True)


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Iterator[ValkeyWriter]:
    monkeypatch.setattr(valkey_writer, "LONGEST_PAUSE_S", 1.0)
    writer = ValkeyWriter("pictures")
    writer.start()
    yield writer
    writer.stop()


def test_each_key_gets_what_was_put(writer: ValkeyWriter, client: redis.Redis) -> None:
    for camera in range(100):
        writer.put(camera, partial(client.set, f"picture:{camera}", camera))
    wait_until(lambda: client.dbsize() == 100)
    assert client.get("picture:42") == "42"


def test_nobody_waits_for_a_hung_server_and_it_gets_the_newest_when_it_wakes(
    writer: ValkeyWriter, server: OwnValkey, client: redis.Redis
) -> None:
    server.process.suspend()
    began = time.monotonic()
    for look in range(500):
        for camera in range(2):
            writer.put(camera, partial(client.set, f"picture:{camera}", look))
    assert time.monotonic() - began < 1.0  # less than the time-out of a single one
    assert writer.replaced > 900
    server.process.resume()
    wait_until(lambda: client.get("picture:0") == client.get("picture:1") == "499")


def test_after_a_failure_the_server_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch, writer: ValkeyWriter
) -> None:
    monkeypatch.setattr(valkey_writer, "FIRST_PAUSE_S", 600.0)
    monkeypatch.setattr(valkey_writer, "LONGEST_PAUSE_S", 600.0)
    asked = []

    def refuse() -> None:
        asked.append(1)
        raise redis.ConnectionError

    writer.put(1, refuse)
    wait_until(lambda: asked)
    for camera in range(200):
        writer.put(camera, refuse)
    began = time.monotonic()
    writer.stop()  # a pause doesn't hold it up
    assert time.monotonic() - began < valkey_writer.STOP_S
    assert len(asked) == 1


def test_one_odd_value_does_not_end_it(writer: ValkeyWriter, client: redis.Redis) -> None:
    writer.put("odd", lambda: 1 / 0)
    writer.put("fine", partial(client.set, "fine", 1))
    wait_until(lambda: client.get("fine"))
