"""Tasks while PostgreSQL is away: no traceback for each, no pile of sockets; other errors are raised as ever."""

import gc
import os
import socket
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections

from discipline import tasks
from discipline.ops import patient_tasks
from discipline.staffing.models import Standing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def silent_server() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def away(silent_server: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The database is behind a server that says nothing."""
    place = {"HOST": "127.0.0.1", "PORT": str(silent_server)}
    place |= {"OPTIONS": connection.settings_dict["OPTIONS"] | {"connect_timeout": 2}}  # the shortest that libpq knows
    connection.close()
    monkeypatch.setattr(connections["default"], "settings_dict", connection.settings_dict | place)
    monkeypatch.setattr(patient_tasks, "_logged_at", -patient_tasks.LOG_EVERY_S)
    yield
    connection.close()


def sockets() -> int:
    links = []
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            links.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        except OSError:
            continue
    return sum(link.startswith("socket:") for link in links)


@pytest.mark.usefixtures("away")
def test_a_database_that_is_away_leaves_one_line_and_no_socket(caplog: pytest.LogCaptureFixture) -> None:
    gc.disable()  # what it would collect is open until then
    try:
        before = sockets()
        for task in (tasks.sweep, tasks.notify, tasks.sweep, tasks.call_webhooks):
            assert task() is None
        assert sockets() == before
    finally:
        gc.enable()
    (record,) = [record for record in caplog.records if record.name == "discipline.ops.patient_tasks"]
    assert record.levelname == "WARNING"
    assert record.exc_info is None


def test_an_error_of_a_database_that_answers_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def cancelled(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 10; SELECT pg_sleep(600)")

    monkeypatch.setattr("discipline.ops.watch.incident_monitor.run_sweep", cancelled)
    with pytest.raises(OperationalError, match="statement timeout"):
        tasks.sweep()
    assert not Standing.objects.exists()  # the connection is still of use


def test_a_server_that_vanishes_is_noticed_by_the_kernel(silent_server: int) -> None:
    """Over TCP; the settings' options reach the socket."""
    options = settings.DATABASES["default"]["OPTIONS"] | {"host": "127.0.0.1", "port": silent_server}
    started = psycopg.pq.PGconn.connect_start(psycopg.conninfo.make_conninfo(**options).encode())
    with socket.socket(fileno=os.dup(started.socket)) as dialled:
        assert dialled.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        read = [
            dialled.getsockopt(socket.IPPROTO_TCP, option)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
        ]
    started.finish()
    assert read == [10, 5, 3, 25_000]
