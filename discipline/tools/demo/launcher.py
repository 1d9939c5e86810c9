"""Start servers, data, demo cameras and every process of Sidak, and keep them running (`make run`).

Runs in one thread; SIGINT, SIGTERM or SIGHUP stops everything in reverse order. In production start the programs of
the Procfile under the system's own supervisor instead.
"""

import fcntl
import math
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError, connection, connections
from django.utils import timezone

from discipline.core.environment import env
from discipline.ops.local import embedded
from discipline.ops.local.supervisor import LaunchError, Program, Supervisor, end_leftovers, python
from discipline.ops.web.daphne_options import daphne_options
from discipline.tools.demo import consent, history_pictures, make_history, seeding, surroundings
from discipline.tools.demo.city import live, points, recordings
from streams.simulator.scripts import DEMO_CAMERAS, OFFICE_CAMERAS

CAMERAS = DEMO_CAMERAS
H265_CAMERAS = "2,80"  # both show one rendered office, the only one in both codecs; at 80 the clerk soon leaves
HISTORY_DAYS = 90  # written once, for the demo's reports; DEMO_HISTORY=0 for none
ONVIF_PORT = 8600  # and those that follow, for the cameras that turn
SETTLE_S = 25.0  # all of the demo's counters open together so long after its data is ready
FOOTAGE_S = 900.0  # limit for rendering it, once, on a slow machine
WEB_S = 900.0  # a bound against hanging; a machine that swaps may need minutes while all processes live
HEALTH_EVERY_S = 5.0
ACT_EVERY_S = 10.0
TEND_EVERY_S = 1.0
RETRY_S = 10.0
# What may wait a moment goes behind pages, which people wait for, where the processors are busy.
BEHIND = ("nice", "-n", "5")
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def programs(port: int) -> list[Program]:
    """Return everything but the simulator, in starting order. The Procfile lists the same."""
    celery = [*BEHIND, *python("-m", "celery", "-A", "discipline.celery:app")]
    schedule = settings.VAR_DIR / "run" / "celerybeat-schedule"
    return [
        Program("watch", [*BEHIND, *python("manage.py", "watch")]),
        Program(
            "worker",
            [*celery, "worker", "--pool", "threads", "--concurrency", "4", "--loglevel", "INFO", "--without-mingle"],
        ),
        Program("beat", [*celery, "beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "WARNING"]),
        Program("web", python("-m", "daphne", "-v", "0", *daphne_options(port))),
    ]


def simulator_program(port: int, cameras: int, script: str, turning: str = "") -> Program:
    """Return so many simulated cameras, of offices and then of streets, serving RTSP on this port of 127.0.0.1.

    `turning`: those that turn, with their ONVIF ports, as "110:8600,112:8601".
    """
    footage = settings.VAR_DIR / "footage"
    control = embedded.socket_path("simulator.sock")
    options = [
        "--port",
        str(port),
        "--cameras",
        str(min(cameras, OFFICE_CAMERAS)),
        "--footage",
        str(footage),
        "--script",
        script,
    ]
    options += ["--h265", H265_CAMERAS, "--streets", ",".join(points.streets(cameras))]
    options += ["--turning", turning]
    command = python("-m", "streams.simulator", *options, "--control", str(control))
    return Program("simulator", [*BEHIND, *command], ready=r"^simulator ready", wait_s=FOOTAGE_S)


def history_program(days: int) -> Program:
    """Return the program that writes the history and its pictures once, at low priority."""
    pictures = env.int("DEMO_PICTURES", history_pictures.MOST)
    command = python("manage.py", "demo", "--history", str(days), "--pictures", str(pictures))
    return Program("history", ["nice", "-n", "10", *command], once=True)


def run_all(cameras: int = CAMERAS, script: str = "demo") -> None:
    """Run until a signal arrives. Raises LaunchError when something does not start, after stopping the rest.

    `cameras`: how many are simulated; they play the `script`, a key of the simulator's SCRIPTS.
    """
    for number in STOPPING:  # SIGINT too: background jobs of a shell script start with it ignored
        signal.signal(number, _interrupt)
    # The demo's cameras are on this machine.
    os.environ.setdefault("CAMERA_NETWORKS", ",".join([*map(str, settings.CAMERA_NETWORKS), "127.0.0.0/8"]))
    steps = StepPrinter()
    port = env.int("PORT", 8000)
    folder = settings.VAR_DIR / "run"
    with _single_instance() as note:
        if names := end_leftovers(folder):
            steps.show(f"Ended what an earlier run left behind: {', '.join(names)}")
        surroundings.require_free(port)
        supervisor = Supervisor(folder, settings.VAR_DIR / "log", steps.show)
        try:
            _prepare(steps, supervisor, cameras, script)
            _start(steps, supervisor, port)
            note.write(f"{os.getpid()} http://127.0.0.1:{port}\n")
            note.flush()
            _welcome(steps, port)
            _supervise(steps, supervisor, port)
        except KeyboardInterrupt:
            steps.show("Stopping; Ctrl-C again kills at once")
        finally:
            _stop(supervisor)
            connections.close_all()
    steps.show("Stopped")


class StepPrinter:
    """Prints each finished step with its seconds; on a terminal they tick while it runs."""

    def __init__(self, out: IO[str] = sys.stdout) -> None:
        self._out = out
        self._live = out.isatty()
        self._title = ""
        self._since = 0.0

    def show(self, line: str) -> None:
        """Print a line."""
        self._out.write(f"{self._clear()}  {line}\n")
        self._out.flush()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Time a step. Print nothing when it fails: the caller reports the error."""
        self._title, self._since = title, time.monotonic()
        self.tick()
        yield
        self.show(f"{title}: {time.monotonic() - self._since:.1f} s")

    def tick(self, detail: str = "") -> None:
        """Show the running step, its seconds and a detail, on a terminal only."""
        if self._live:
            line = f"{self._title} … {time.monotonic() - self._since:.0f} s  {detail}"
            self._out.write(f"{self._clear()}  {line[:110]}")
            self._out.flush()

    def _clear(self) -> str:
        return "\r\x1b[K" if self._live else ""


def _prepare(steps: StepPrinter, supervisor: Supervisor, cameras: int, script: str) -> None:
    """Set up database, offices, demo cameras and their rows. The rows come last: they fix when all counters open."""
    if embedded.is_mine("DATABASE_URL"):
        steps.show("PostgreSQL: embedded, in var/postgres")
    else:
        database = settings.DATABASES["default"]
        steps.show(f"PostgreSQL: {database['NAME']} at {database['HOST'] or 'a local socket'} (DATABASE_URL)")
        consent.require_consent(database["NAME"])
    os.environ.setdefault("RECORDING_GB", recordings.MOST_GB)
    os.environ["DEMO"] = "1"  # for the programs, which otherwise refuse the demo's data
    if embedded.is_mine("REDIS_URL"):
        steps.show("Valkey: embedded, in var/valkey")
    else:
        surroundings.require_answer(settings.REDIS_URL)
        steps.show(f"Valkey: {surroundings.without_password(settings.REDIS_URL)} (REDIS_URL)")
    with steps.step("Tables up to date"):
        _run_command("migrate", interactive=False)
    with steps.step("Offices of Palembang"):
        _run_command("load_offices")
    rtsp = surroundings.free_port(env.int("RTSP_PORT", 8554))
    ports = surroundings.free_ports(ONVIF_PORT, len(points.turning(cameras)))
    turning = ",".join(f"{number}:{port}" for number, port in zip(points.turning(cameras), ports, strict=True))
    with steps.step(f"{cameras} simulated cameras at rtsp://127.0.0.1:{rtsp}/cam001 …"):
        supervisor.start(simulator_program(rtsp, cameras, script, turning), steps.tick)
    with steps.step("Demo data"):
        address = f"rtsp://127.0.0.1:{rtsp}/cam%03d"
        _run_command("demo", rtsp=address, cameras=cameras, settle=SETTLE_S, turning=turning)
    connection.close()


def _start(steps: StepPrinter, supervisor: Supervisor, port: int) -> None:
    with steps.step("watch, worker, beat and web"):
        for program in programs(port):
            supervisor.start(program)
        deadline = time.monotonic() + WEB_S
        while surroundings.site_health(port) is None:
            supervisor.require_running()
            steps.tick()
            if time.monotonic() > deadline:
                raise LaunchError(f"The web server does not answer; see {settings.VAR_DIR / 'log' / 'web.log'}")
            time.sleep(0.2)


def _welcome(steps: StepPrinter, port: int) -> None:
    steps.show("")
    steps.show(f"Sidak: http://127.0.0.1:{port}   (Ctrl-C stops everything)")
    for line in seeding.credentials():
        steps.show(f"    {line}")
    steps.show("")
    connection.close()


def _supervise(steps: StepPrinter, supervisor: Supervisor, port: int) -> None:
    announced, ask_at, act_at = False, 0.0, 0.0
    while True:
        time.sleep(TEND_EVERY_S)
        supervisor.tend()
        if not embedded.servers_alive():
            _restart_servers(steps)
        if time.monotonic() > act_at:
            act_at = time.monotonic() + ACT_EVERY_S if _act(steps) else math.inf
        if not announced and time.monotonic() > ask_at:
            ask_at = time.monotonic() + HEALTH_EVERY_S
            announced = _announce_when_open(steps, surroundings.site_health(port) or {})
            if announced:
                _start_history(steps, supervisor)


def _act(steps: StepPrinter) -> bool:
    """Let the demo's people act on what its cameras see; False when they can't any more."""
    try:
        for line in live.act(timezone.now()):
            steps.show(line)
    except OperationalError:
        connection.close()  # PostgreSQL is starting again
    except (DatabaseError, ObjectDoesNotExist, ValueError) as error:
        steps.show(f"The demo's people act no more: {error}".strip())
        return False
    return True


def _start_history(steps: StepPrinter, supervisor: Supervisor) -> None:
    """Write the history beside the open board: newcomers look at the board first, and at reports later."""
    days = env.int("DEMO_HISTORY", HISTORY_DAYS)
    try:
        if days and make_history.never_had_history():
            steps.show(f"Writing {days} made-up days for the reports")
            supervisor.start(history_program(days))
    except OperationalError as error:
        steps.show(f"No made-up days for the reports: {error}".strip())
    connection.close()


def _restart_servers(steps: StepPrinter) -> None:
    steps.show("PostgreSQL or Valkey has stopped; starting it again")
    try:
        embedded.ensure_servers()
    except embedded.ServicesError as error:
        steps.show(f"{error}; trying again in {RETRY_S:.0f} s")
        time.sleep(RETRY_S)


def _announce_when_open(steps: StepPrinter, health: dict[str, Any]) -> bool:
    """Print the counts of cameras and counters once the demo's counters are open; return whether they are."""
    cameras, counters = health.get("cameras", {}), health.get("counters", {})
    if health.get("status") != "ok" or not counters.get("staffed"):
        return False
    if counters["closed"]:
        return False
    shown = ", ".join(f"{count} {state}" for state, count in counters.items() if count)
    steps.show(f"{cameras.get('online')} of {cameras.get('total')} cameras online; counters: {shown}")
    return True


def _stop(supervisor: Supervisor) -> None:
    def at_once(*_: Any) -> None:
        supervisor.kill()

    for number in STOPPING:
        signal.signal(number, at_once)
    supervisor.stop()


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


@contextmanager
def _single_instance() -> Iterator[IO[str]]:
    """Hold the launcher's lock and yield its file, in which a second launcher reads where the first one runs.

    Raises LaunchError when another holds it. The kernel releases the lock even after kill -9.
    """
    with (settings.VAR_DIR / "run" / "launcher.lock").open("a+") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note.seek(0)
            pid, _, address = note.read().strip().partition(" ")
            where = f"at {address} (process {pid})" if address else "(it is just starting)"
            raise LaunchError(f"Sidak is already running {where}; stop it with Ctrl-C there first.") from None
        note.truncate(0)
        yield note


def _run_command(name: str, **options: Any) -> None:
    """Run a management command in this process and discard its output. Raises LaunchError when it fails."""
    try:
        call_command(name, verbosity=0, stdout=StringIO(), **options)
    except CommandError as error:
        raise LaunchError(str(error)) from error
    except OperationalError as error:
        raise LaunchError(f"PostgreSQL does not answer: {error}".strip()) from error
