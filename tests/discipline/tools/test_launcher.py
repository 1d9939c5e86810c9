"""A start of `make run` waits as long as its programs live, and ends at once with one that doesn't."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from discipline.ops.local.supervisor import LaunchError, Program, Supervisor, python
from discipline.tools.demo import launcher
from tests.support.processes import free_port

SITE = """
import sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")
time.sleep(float(sys.argv[2]))
HTTPServer(("127.0.0.1", int(sys.argv[1])), Site).serve_forever()
"""
SLOW_S = 2.0


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path / "run", tmp_path / "log", lambda _line: None)
    yield supervisor
    supervisor.kill()


def site(port: int, after_s: float) -> Program:
    """Return a web server that answers only after so many seconds."""
    return Program("web", python("-c", SITE, str(port), str(after_s)))


def start(monkeypatch: pytest.MonkeyPatch, supervisor: Supervisor, port: int, *programs: Program) -> float:
    """Start these instead of Sidak's programs; return the seconds until the site answered."""
    monkeypatch.setattr(launcher, "programs", lambda _port: list(programs))
    began = time.monotonic()
    launcher._start(launcher.StepPrinter(), supervisor, port)
    return time.monotonic() - began


def test_a_slow_site_is_waited_for(monkeypatch: pytest.MonkeyPatch, supervisor: Supervisor) -> None:
    port = free_port()
    assert start(monkeypatch, supervisor, port, site(port, SLOW_S)) >= SLOW_S
    assert launcher.WEB_S >= 600, "a machine that swaps needs minutes, and all of the start is lost when it is given up"


def test_a_program_that_ends_meanwhile_is_reported_at_once(
    monkeypatch: pytest.MonkeyPatch, supervisor: Supervisor
) -> None:
    port = free_port()
    broken = Program("watch", python("-c", "print('no model here'); exit(3)"))
    with pytest.raises(LaunchError, match=r"(?s)watch ended \(exit 3\).*no model here"):
        start(monkeypatch, supervisor, port, broken, site(port, 60))


def test_a_site_that_never_answers_is_given_up_with_its_log(
    monkeypatch: pytest.MonkeyPatch, supervisor: Supervisor
) -> None:
    monkeypatch.setattr(launcher, "WEB_S", 1.0)
    port = free_port()
    with pytest.raises(LaunchError, match=r"does not answer.*web\.log"):
        start(monkeypatch, supervisor, port, site(port, 60))
