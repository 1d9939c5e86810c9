"""Simulate all cameras of a city in one process with one port, one timer and one thread."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from streams.simulator.auth import RtspAuth
from streams.simulator.camera import SimulatedCamera
from streams.simulator.scenes import CameraAct, Scene, SimulatedFault

from .clips import Library
from .control import ControlError, serve_control
from .scripts import DEMO_CAMERAS, SCRIPTS, Script
from .server import RtspConnection

PHASES = 8  # cameras are spread over a picture's duration, so that they don't all write at once
WIB = timezone(timedelta(hours=7), "WIB")


class Simulator:
    """Serve cameras /cam001 … /camNNN, each with the same script; `port=0` chooses a free port.

    Cameras in `footage_of` show the same offices from another folder, which may be in another codec.
    Use it as a context manager, which serves in a thread, or `await serve(stop)` in an event loop.
    `set_scene` and `set_fault` may be called from any thread and have taken effect when they return.
    """

    def __init__(
        self,
        *,
        cameras: int = DEMO_CAMERAS,
        footage: Path,
        footage_of: Mapping[int, Path] | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
        script: str = "none",
        seed: int = 0,
        user: str = "",
        password: str = "",
        schemes: tuple[str, ...] = ("Digest", "Basic"),
        control: Path | None = None,
    ) -> None:
        folders = dict.fromkeys(range(1, cameras + 1), footage) | dict(footage_of or {})
        libraries = {folder: Library(folder) for folder in {footage, *folders.values()}}
        layouts, self._fps = libraries[footage].layouts, libraries[footage].fps
        if any(library.fps != self._fps for library in libraries.values()):
            raise ValueError("footage of several frame rates")
        self.host, self.port, self.control_path = host, port, control
        self._guard = RtspAuth(user, password, schemes) if user else None
        play = SCRIPTS[script]
        self.cameras = {
            f"cam{n:03d}": SimulatedCamera(
                n, libraries[folders[n]], layouts[(n - 1) % len(layouts)], _bind_script(play, n, seed), seed
            )
            for n in range(1, cameras + 1)
        }
        self._phases = [list(self.cameras.items())[phase::PHASES] for phase in range(PHASES)]
        self._ticked = [-1] * PHASES  # the newest picture that was sent, by phase
        self._connections: set[RtspConnection] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stop = asyncio.Event()
        self._started = 0.0
        self._second, self._clock = -1, ""

    # for tests and commands

    def url(self, camera: int, *, with_credentials: bool = True) -> str:
        """Return a camera's RTSP address."""
        who = ""
        if self._guard and with_credentials:
            who = f"{quote(self._guard.user)}:{quote(self._guard.password)}@"
        return f"rtsp://{who}{self.host}:{self.port}/cam{camera:03d}"

    def set_scene(self, path: str, scene: Scene | str | None) -> None:
        """Set what the camera (as "cam001") shows from now on; None returns to the script. Raises KeyError."""
        self._command(path, "scene", None if scene is None else Scene(scene))

    def set_fault(self, path: str, fault: SimulatedFault | str | None) -> None:
        """Set the camera's fault from now on; None returns to the script, NONE means no fault. Raises KeyError."""
        self._command(path, "fault", None if fault is None else SimulatedFault(fault))

    def _command(self, path: str, what: str, value: Scene | SimulatedFault | None) -> None:
        camera = self.cameras[path]

        def apply() -> None:
            setattr(camera, what, value)
            if self._loop:
                camera.direct(self._loop.time() - self._started, self._label(path))

        if self._loop is None or threading.current_thread() is self._thread or self._thread is None:
            apply()
        else:
            asyncio.run_coroutine_threadsafe(_call(apply), self._loop).result(5)

    def viewers(self, path: str) -> int:
        """Return the number of a camera's viewers."""
        return self.cameras[path].viewers

    # serving

    async def serve(self, stop: asyncio.Event, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until `stop` is set; `ready` is called when the port is open.

        Raises OSError when the port or the control socket is in use.
        """
        self._loop = loop = asyncio.get_running_loop()
        self._started = loop.time()
        server = await loop.create_server(
            lambda: RtspConnection(self.cameras, self._guard, self._connections),
            self.host,
            self.port,
            backlog=512,
        )
        self.port = server.sockets[0].getsockname()[1]
        control = await serve_control(self.control_path, self._obey) if self.control_path else None
        clockwork = asyncio.create_task(self._run())
        try:
            ready()
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({stopped, clockwork}, return_when=asyncio.FIRST_COMPLETED)
            if clockwork.done():
                clockwork.result()
        finally:
            clockwork.cancel()
            server.close()
            if control and self.control_path:
                control.close()
                self.control_path.unlink(missing_ok=True)
            for connection in list(self._connections):
                connection.close()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        slot = 0
        while True:
            due = self._started + slot / (self._fps * PHASES)
            late = loop.time() - due
            if late > 1:  # after a suspension pictures are skipped, not sent in a burst
                slot += int(late * self._fps) * PHASES
            elif late < 0:
                await asyncio.sleep(-late)
            self._tick(slot)
            slot += 1

    def _tick(self, slot: int) -> None:
        count, phase = divmod(slot, PHASES)
        lost = count - self._ticked[phase] - 1
        self._ticked[phase] = count
        now = datetime.now(UTC)
        if int(now.timestamp()) != self._second:
            self._second, self._clock = int(now.timestamp()), f"{now.astimezone(WIB):%d-%m-%Y %H:%M:%S}"
        for path, camera in self._phases[phase]:
            label = self._label(path)
            if (count + camera.number) % self._fps == 0 or count == 0 or lost:
                camera.direct(slot / (self._fps * PHASES), label)
            camera.tick(label, now.timestamp(), lost)

    def _label(self, path: str) -> str:
        return f" {path.upper()}  {self._clock}"

    def _obey(self, order: dict[str, Any]) -> dict[str, Any]:
        """Run a command of the control socket, {"camera": 5, "scene": …, "fault": …}, and return the new state."""
        path = f"cam{order['camera']:03d}" if isinstance(order.get("camera"), int) else str(order.get("camera"))
        if path not in self.cameras:
            raise ControlError(f"no camera {path}")
        if extra := set(order) - {"camera", "scene", "fault"}:
            raise ControlError(f"unknown: {', '.join(sorted(extra))}")
        if "scene" in order:
            self.set_scene(path, order["scene"])
        if "fault" in order:
            self.set_fault(path, order["fault"])
        act = self.cameras[path].act
        return {"camera": path, "scene": act.scene, "fault": act.fault, "viewers": self.viewers(path)}

    # in a thread

    def __enter__(self) -> Self:
        ready, failed = threading.Event(), []

        def run() -> None:
            try:
                asyncio.run(self.serve(self._stop, ready.set))
            except BaseException as error:
                failed.append(error)
            finally:
                ready.set()

        self._thread = threading.Thread(target=run, name="simulator", daemon=True)
        self._thread.start()
        ready.wait()
        if failed:
            raise failed[0]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop and self._thread:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(5)


def _bind_script(script: Script, camera: int, seed: int) -> Callable[[float], CameraAct]:
    return lambda at_s: script(camera, at_s, seed)


async def _call(function: Callable[[], None]) -> None:
    function()
