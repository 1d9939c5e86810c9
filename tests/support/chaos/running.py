"""Sidak as `manage.py run` starts it, with servers, ports and a folder of its own, to be broken."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import psutil

from discipline.ops.local import postgres, valkey
from streams.simulator.control import ControlError, command
from streams.simulator.footage import ensure_footage
from streams.simulator.layouts import layout_of
from streams.simulator.scenes import Scene, SimulatedFault
from tests.support.paths import ROOT
from tests.support.processes import free_port
from tests.support.waiting import wait_until

CAMERAS = 8
START_S = 300.0
STOP_S = 60.0
TOKEN = "chaos"
VAR_MB = 1500  # its tables, logs and more WAL than PostgreSQL keeps
OWN = ("DATABASE_URL", "REDIS_URL", "REDIS_PREFIX", "DJANGO_SETTINGS_MODULE", "IDLE_IN_TRANSACTION_S", "SIDAK_PAGES")
OWN_FOLDERS = ("EVIDENCE_DIR", "ATTACHMENT_DIR", "REPORT_DIR")
SHARED = ("models", "footage", "footage-h265")  # of the project's var/: large, and only read
H265_CAMERA = 2  # of the launcher's H265_CAMERAS
PACE = {"LOOK_S": "2", "CALM_LOOK_S": "4", "BLIND_AFTER_S": "8"}  # so that a trial takes seconds

HealthJson = dict[str, Any]


class RunningCity:
    """The programs, each of which may be killed. Use as a context manager.

    The folder `var` is removed at the end unless `keep` is set.
    """

    def __init__(self, evidence_mb: int = 64) -> None:
        ensure_footage(ROOT / "var" / "footage")
        ensure_footage(ROOT / "var" / "footage-h265", [layout_of(H265_CAMERA).name], 0.5, codec="h265")
        self.var = Path(tempfile.mkdtemp(prefix="sidak-chaos-"))
        self.evidence = self.var / "evidence"
        self.port, self.rtsp_port = free_port(), free_port()
        self.keep = False
        self._launcher: subprocess.Popen[bytes] | None = None
        self._mounted: list[Path] = []
        self.has_small_disk = self._mount(self.var, VAR_MB) and self._mount(self.evidence, evidence_mb)
        for name in SHARED:
            (self.var / name).symlink_to(ROOT / "var" / name)
        self.database_url = f"postgresql://postgres@{quote(str(self.var / 'postgres'), safe='')}/{postgres.DATABASE}"
        self.redis_url = f"unix://{self.var / 'run' / 'valkey.sock'}"

    def __enter__(self) -> "RunningCity":
        try:
            self.start()
        except BaseException:
            self.keep = True
            self.stop()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of its programs, with `more`."""
        kept = {name: value for name, value in os.environ.items() if name not in (*OWN, *OWN_FOLDERS)}
        own = {"SIDAK_VAR": str(self.var), "EVIDENCE_DIR": str(self.evidence), "HEALTH_TOKEN": TOKEN}
        own |= {"PORT": str(self.port), "RTSP_PORT": str(self.rtsp_port), "DEMO_HISTORY": "0", "STATIC_MANIFEST": "0"}
        return kept | own | PACE | more

    def environment_beside(self, **more: str) -> dict[str, str]:
        """Return the environment for a program that is started beside the launcher, with `more`."""
        servers = {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url, "DEMO": "1"}
        return self.environment(**(servers | more))

    def start(self) -> None:
        """Start the launcher and wait until the site answers."""
        options = ["--cameras", str(CAMERAS), "--script", "none"]
        with (self.var / "launcher.log").open("ab") as log:
            self._launcher = subprocess.Popen(
                [sys.executable, "manage.py", "run", *options],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(lambda: self.health() or self.launcher.poll() is not None, START_S * patience(), 0.5)
        assert self.launcher.poll() is None, (self.var / "launcher.log").read_text()[-2000:]

    @property
    def launcher(self) -> subprocess.Popen[bytes]:
        """The supervisor."""
        assert self._launcher
        return self._launcher

    def stop(self) -> None:
        """Stop everything as Ctrl-C does, kill what is left, and remove the folder."""
        left = self.processes()
        if self._launcher and self._launcher.poll() is None:
            self._launcher.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._launcher.wait(STOP_S)
            self._launcher.kill()
            self._launcher.wait()
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(left, 10)
        for folder in reversed(self._mounted):
            wait_until(partial(_unmounted, folder), 20, 0.5)  # a killed process may hold it for a moment longer
        if not self.keep:
            shutil.rmtree(self.var, ignore_errors=True)

    def program(self, name: str) -> psutil.Process:
        """Return the process of one of the launcher's programs. Raises OSError, ValueError or psutil.Error."""
        return psutil.Process(json.loads((self.var / "run" / f"{name}.pid").read_text())["pid"])

    @property
    def postgres(self) -> psutil.Process:
        """The embedded PostgreSQL."""
        process = postgres.running(self.var / "postgres")
        assert process, "PostgreSQL does not run"
        return process

    @property
    def valkey(self) -> psutil.Process:
        """The embedded Valkey."""
        return psutil.Process(int((self.var / "run" / "valkey.pid").read_text()))

    def valkeys(self) -> list[psutil.Process]:
        """Return all servers that work in its folder; more than one would be a fault."""
        return list(valkey._servers(self.var / "valkey"))

    def processes(self) -> list[psutil.Process]:
        """Return the launcher, its programs, the servers and whatever they started."""
        found: dict[int, psutil.Process] = {}
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get("SIDAK_VAR") == str(self.var) or process.cwd().startswith(str(self.var)):
                    found[process.pid] = process
        return list(found.values())

    def health(self) -> HealthJson:
        """Return /healthz with its status code as `code`, or {} while nothing answers."""
        request = Request(f"http://127.0.0.1:{self.port}/healthz", headers={"Authorization": f"Bearer {TOKEN}"})
        try:
            with urlopen(request, timeout=6) as answer:
                return {**json.load(answer), "code": answer.status}
        except HTTPError as error:
            with error:
                return {**json.load(error), "code": error.code}
        except (OSError, ValueError, HTTPException):
            return {}

    def show(self, camera: int, scene: Scene | None) -> None:
        """Let a camera, counted from 1, show this scene; None: its clerk sits there. Raises ControlError."""
        self._order(camera, scene=scene)

    def break_camera(self, camera: int, fault: SimulatedFault | None) -> None:
        """Give a camera a fault, or take it away with None. Raises ControlError."""
        self._order(camera, fault=fault)

    def call_back_all(self) -> None:
        """Let every clerk sit at the counter again, as far as the simulator answers."""
        with contextlib.suppress(ControlError):
            for camera in range(1, CAMERAS + 1):
                self.show(camera, None)

    def _order(self, camera: int, **order: str | None) -> None:
        command(self.var / "run" / "simulator.sock", {"camera": camera, **order})

    def manage(self, *arguments: str) -> str:
        """Run a management command on its servers and return what it printed; it must succeed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment_beside(),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start_watch(self, name: str, **more: str) -> subprocess.Popen[bytes]:
        """Start another `watch` beside the launcher's; `more` is added to its environment."""
        with (self.var / "log" / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "watch", "--name", name],
                cwd=ROOT,
                env=self.environment_beside(**more),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _mount(self, folder: Path, megabytes: int) -> bool:
        """Give a folder a small disk of its own where that is allowed, to be filled up; return whether it was."""
        folder.mkdir(exist_ok=True)
        if os.getuid() != 0:
            return False
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=711", "none", str(folder)]
        if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
            return False
        self._mounted.append(folder)
        return True


def patience() -> float:
    """Return by how much longer than on an idle machine things may take now: its load a core, from 1 to 6."""
    return min(6.0, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))


def seconds_since(began: float) -> float:
    """Return the seconds since a monotonic time, rounded for people."""
    return round(time.monotonic() - began, 1)


def _unmounted(folder: Path) -> bool:
    return subprocess.run(["umount", str(folder)], check=False).returncode == 0
