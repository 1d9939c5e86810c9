"""The life of a search: requested, run, watched, cancelled."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from streams.control import discovery, searches
from streams.control.networks import NetworkError
from streams.control.searches import SearchBusyError, SearchState, SearchUnavailableError
from streams.servers import task_queue, valkey
from streams.simulator.onvif import OnvifFace
from tests.support.stores import empty_stores

pytest_plugins = ["tests.support.onvif_peers"]
ANI, BUDI = 1, 2


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(autouse=True)
def sent(own_machine_allowed: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, ...]]]:
    """The tasks that were sent instead of being queued: no worker runs here."""
    del own_machine_allowed
    calls: list[tuple[str, ...]] = []

    def send(*task: str) -> bool:
        calls.append(task)
        return True

    monkeypatch.setattr(task_queue, "send_task", send)
    monkeypatch.setattr(discovery, "ANSWERS_S", 0.1)
    empty_stores()
    yield calls
    empty_stores()


def latest(user: int = ANI) -> SearchState:
    found = searches.latest_search(user, now())
    assert found
    return found


def test_a_search_finds_a_camera_and_is_kept(settings: Any, sent: list[tuple[str, ...]]) -> None:
    with OnvifFace() as face:
        settings.ONVIF_PORTS = [face.port]
        asked = searches.request_search(ANI, "127.0.0.1", now())
        assert sent == [(searches.TASK, str(ANI), asked.id)]
        assert (latest().state, latest().is_under_way) == ("waiting", True)
        searches.run_search(ANI, asked.id)
    done = latest()
    assert (done.state, done.network, done.percent) == ("done", "127.0.0.1/32", 100)
    assert [(one.address, one.port) for one in done.found] == [("127.0.0.1", face.port)]
    searches.request_search(BUDI, "127.0.0.1", now())  # the turn is free again


def test_one_search_runs_at_a_time() -> None:
    searches.request_search(ANI, "127.0.0.1", now())
    for user in (ANI, BUDI):
        with pytest.raises(SearchBusyError):
            searches.request_search(user, "127.0.0.1", now())


@pytest.mark.parametrize(
    ("network", "code"),
    [("127.0.0.0/21", "large"), ("10.0.0.0/24", "foreign"), ("loket", "malformed"), ("0.0.0.0/0", "foreign")],
)
def test_other_networks_are_not_searched(network: str, code: str) -> None:
    with pytest.raises(NetworkError, match=code):
        searches.request_search(ANI, network, now())
    assert searches.latest_search(ANI, now()) is None


def test_a_waiting_search_that_is_cancelled_never_runs() -> None:
    asked = searches.request_search(ANI, "127.0.0.1", now())
    searches.cancel_search(ANI, now())
    searches.run_search(ANI, asked.id)
    assert (latest().state, latest().total) == ("cancelled", 0)


def test_a_running_search_stops_when_it_is_cancelled(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    started, go_on = threading.Event(), threading.Event()
    monkeypatch.setattr(searches, "REPORT_S", 0.05)
    original = searches._report

    def report(*arguments: Any) -> None:
        original(*arguments)
        started.set()
        go_on.wait(10)

    monkeypatch.setattr(searches, "_report", report)
    monkeypatch.setattr(discovery, "ANSWERS_S", 60)
    settings.ONVIF_PORTS = [1]
    asked = searches.request_search(ANI, "127.0.0.1", now())
    runner = threading.Thread(target=searches.run_search, args=(ANI, asked.id))
    runner.start()
    assert started.wait(10)
    assert latest().state == "searching"
    searches.cancel_search(ANI, now())
    go_on.set()
    runner.join(10)
    assert latest().state == "cancelled"


def test_a_search_takes_a_limited_time(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "LONGEST_S", 0.2)
    monkeypatch.setattr(searches, "REPORT_S", 0.05)
    monkeypatch.setattr(discovery, "ANSWERS_S", 60)
    settings.ONVIF_PORTS = [1]
    asked = searches.request_search(ANI, "127.0.0.1", now())
    searches.run_search(ANI, asked.id)
    assert latest().state == "late"


def test_a_search_whose_worker_is_gone_is_reported_and_may_be_repeated() -> None:
    searches.request_search(ANI, "127.0.0.1", now())
    later = now() + timedelta(seconds=searches.SILENT_AFTER_S + 1)
    found = searches.latest_search(ANI, later)
    assert found
    assert (found.state, found.is_under_way) == ("silent", False)


def test_without_a_broker_the_turn_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_queue, "send_task", lambda *_task: False)
    with pytest.raises(SearchUnavailableError):
        searches.request_search(ANI, "127.0.0.1", now())
    assert not valkey.client().exists(searches.RUNNING)
