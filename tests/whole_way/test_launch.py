"""`make run` as a newcomer sees it, from a fresh clone to a live board and a clean stop. Takes minutes: only in CI."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from streams.simulator.scripts import DEMO_CAMERAS
from tests.support.paths import ROOT
from tests.support.processes import free_port

FIRST_START_S = 900  # installs everything, prepares the models, renders the footage
SECOND_START_S = 150  # 8 s on a machine that is not busy; a bound against hanging
STOP_S = 40  # 5 s on a machine that is not busy
TOKEN = "whole-way"
ROLES = ("DATABASE_URL", "DATABASE_OWNER_URL")
OURS = ("DEMO", *ROLES, "REDIS_URL", "REDIS_PREFIX", "SIDAK_VAR", "VENV", "PYTHON", "DJANGO_SETTINGS_MODULE")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(2 * FIRST_START_S),
    pytest.mark.skipif(os.environ.get("FRESH_CLONE") != "1", reason="takes minutes: FRESH_CLONE=1 asks for it"),
]
# Prints how many indications of this run there are, then a line for each whose recheck differs: what it was judged by.
RECHECK = """
from datetime import timedelta
from django.utils import timezone
from discipline.alerts.case.case_file import open_case, recheck
from streams.simulator.scripts import DEMO_CAMERAS
now = timezone.now()
mine = Alert.objects.filter(raised_at__gte=now - timedelta(minutes=30)).order_by("pk")
print(len(mine))
for alert in mine:
    case = open_case(alert, now)
    again = recheck(case)
    if not again.same:
        flips = [flip.as_rule_flip() for flip in case.flips]
        print(alert.pk, again, case.begin, case.until, case.rule, flips, case.spans, case.doubts)
"""


class Launch:
    """A `make run` in its own process group, as a terminal starts it."""

    def __init__(self, clone: Path, port: int, rtsp: int) -> None:
        inherited = {k: v for k, v in os.environ.items() if k not in OURS and not k.startswith(("MAKE", "MFLAGS"))}
        ports = {"PORT": str(port), "RTSP_PORT": str(rtsp)}
        environment = inherited | ports | {"DEMO_HISTORY": "14", "DEMO_PICTURES": "1", "HEALTH_TOKEN": TOKEN}
        self.clone, self._port = clone, port
        self.began = time.monotonic()
        self.log = clone.parent / "make-run.log"
        with self.log.open("w") as log:
            command = ["make", "run"]
            self.make = subprocess.Popen(
                command, cwd=clone, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def health(self) -> dict[str, Any]:
        try:
            address, token = f"http://127.0.0.1:{self._port}/healthz", {"Authorization": f"Bearer {TOKEN}"}
            with urllib.request.urlopen(urllib.request.Request(address, headers=token), timeout=5) as answer:
                return json.load(answer)
        except (urllib.error.URLError, OSError, ValueError):
            return {}

    def wait_for(self, seen: Callable[[dict[str, Any]], bool], within_s: float) -> dict[str, Any]:
        """Return the first /healthz that is ok and for which `seen` is true; fail `within_s` after the start."""
        while True:
            health = self.health()
            if health.get("status") == "ok" and seen(health):
                return health
            assert self.make.poll() is None, self.log.read_text()
            assert time.monotonic() - self.began < within_s, f"{health}\n{self.log.read_text()}"
            time.sleep(0.5)

    def recheck(self) -> tuple[int, list[str]]:
        """Return how many indications are newer than half an hour, and a line for each whose recheck differs."""
        command = [str(self.clone / ".venv/bin/python"), "manage.py", "shell", "--verbosity", "0", "-c", RECHECK]
        environment = {k: v for k, v in os.environ.items() if k not in OURS}
        done = subprocess.run(command, cwd=self.clone, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        count, *differing = done.stdout.splitlines()
        return int(count), differing

    def family(self) -> list[psutil.Process]:
        """Return all processes of the clone: children, servers, and what they started."""
        found = []
        for process in psutil.process_iter():
            try:
                here = any(str(self.clone) in part for part in (process.exe(), process.cwd(), *process.cmdline()))
                if here and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def stop(self) -> None:
        """Stop it by SIGINT, as Ctrl-C does; assert that no process remains."""
        began = time.monotonic()
        os.killpg(self.make.pid, signal.SIGINT)
        self.make.wait(STOP_S)
        assert time.monotonic() - began < STOP_S
        assert self.family() == []

    def kill(self) -> None:
        """Kill all processes of the clone; some may end by themselves as soon as others are gone."""
        for process in self.family():
            with suppress(psutil.NoSuchProcess):
                process.kill()


def test_from_a_fresh_clone_to_a_live_board(tmp_path: Path) -> None:
    clone = tmp_path / "a fresh clone"
    subprocess.run(["git", "clone", "-q", "--no-local", str(ROOT), str(clone)], check=True)
    ports = free_port(), free_port()
    launch = Launch(clone, *ports)
    try:
        # Verdicts are stored at once, the cameras' health with the next heartbeat.
        health = launch.wait_for(lambda h: h["counters"]["staffed"] > 50 and h["cameras"]["online"] > 90, FIRST_START_S)
        assert health["cameras"]["total"] == DEMO_CAMERAS
        output = launch.log.read_text()
        assert f"http://127.0.0.1:{ports[0]}" in output
        assert all(name in output for name in ("walikota", "operator", "camat.ib1", "camat.su1"))
        launch.wait_for(lambda h: h["counters"]["grace"] > 0, FIRST_START_S)
        launch.wait_for(lambda h: h["counters"]["absent"] > 0 and h["counters"]["unknown"] > 0, FIRST_START_S)
        launch.wait_for(lambda _: "--forget-history" in launch.log.read_text(), FIRST_START_S)  # the history is written
        launch.stop()

        launch = Launch(clone, *ports)
        launch.wait_for(lambda _: True, SECOND_START_S)
        launch.kill()  # the launcher, its children and the servers, all at once
        launch.make.wait(STOP_S)

        launch = Launch(clone, *ports)
        launch.wait_for(lambda h: h["cameras"]["online"] > 90, SECOND_START_S)
        indications, differing = launch.recheck()
        assert indications
        assert not differing, "\n".join(["rechecked after two restarts these indications differ:", *differing])
        launch.stop()
    finally:
        launch.kill()
