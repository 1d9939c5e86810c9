"""Simulate all cameras of a city in one process with one port, one timer and one thread."""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from streams.simulator.auth import RtspAuth
from streams.simulator.camera import SimulatedCamera
from streams.simulator.onvif_ptz import PtzHead
from streams.simulator.scenes import CameraAct, Scene, SimulatedFault
from streams.simulator.street.camera import SimulatedStreetCamera
from streams.simulator.street.scenes import StreetLight, StreetScene
from streams.simulator.street.script import street_scripts

from .clips import Library
from .control import ControlError, serve_control
from .scripts import OFFICE_CAMERAS, SCRIPTS, Script
from .server import RtspConnection

PHASES = 8  # cameras are spread over a picture's duration, so that they don't all write at once
WIB = timezone(timedelta(hours=7), "WIB")


class Simulator:
    """Serve cameras /cam001 … /camNNN, each with the same script; `port=0` chooses a free port.

    Cameras in `footage_of` show the same offices from another folder, which may be in another codec. After
    OFFICE_CAMERAS follow cameras over `streets`, keys of STREETS, of which `street_footage` is the folder. `turning`:
    the motors of those that turn, by number; their ONVIF is served by whoever made them (onvif.OnvifFace).
    Use it as a context manager, which serves in a thread, or `await serve(stop)` in an event loop.
    `set_scene` and `set_fault` may be called from any thread and have taken effect when they return.
    """

    def __init__(
        self,
        *,
        cameras: int = OFFICE_CAMERAS,
        footage: Path,
        footage_of: Mapping[int, Path] | None = None,
        streets: Sequence[str] = (),
        street_footage: Path | None = None,
        turning: Mapping[int, PtzHead] | None = None,
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
        used = {footage, *folders.values(), *([street_footage] if street_footage else [])}
        libraries = {folder: Library(folder) for folder in used}
        layouts, self._fps = libraries[footage].layouts, libraries[footage].fps
        if any(library.fps != self._fps for library in libraries.values()):
            raise ValueError("footage of several frame rates")
        self.host, self.port, self.control_path = host, port, control
        self._guard = RtspAuth(user, password, schemes) if user else None
        play = SCRIPTS[script]
        self.cameras: dict[str, SimulatedCamera] = {
            f"cam{n:03d}": SimulatedCamera(
                n, libraries[folders[n]], layouts[(n - 1) % len(layouts)], _bind_script(play, n, seed), seed
            )
            for n in range(1, cameras + 1)
        }
        if streets:
            assert street_footage  # without which there are none
            self.cameras |= _street_cameras(streets, libraries[street_footage], script, seed)
        for number, head in (turning or {}).items():
            camera = self.cameras.get(f"cam{number:03d}")
            if not isinstance(camera, SimulatedStreetCamera):
                raise ValueError(f"camera {number} is over no street")
            camera.head = head
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

    def set_scene(self, path: str, scene: Scene | StreetScene | str | None) -> None:
        """Set what the camera (as "cam001") shows from now on; None returns to the script.

        Raises KeyError, or ValueError for a scene of which there is no footage.
        """
        camera = self.cameras[path]
        if scene is not None:
            scene = StreetScene(scene) if isinstance(camera, SimulatedStreetCamera) else Scene(scene)
        if isinstance(camera, SimulatedStreetCamera) and isinstance(scene, StreetScene) and not camera.shows(scene):
            raise ValueError(f"there is no footage of {scene} in the street {camera.layout}")
        self._command(path, "scene", scene)

    def set_light(self, path: str, light: StreetLight | str | None) -> None:
        """Set how a street is lit from now on; None returns to the script.

        Where there is no footage of it, the next best is shown. Raises KeyError, or ValueError for an office.
        """
        if light is not None and not isinstance(self.cameras[path], SimulatedStreetCamera):
            raise ValueError("only streets have a light")
        self._command(path, "light", None if light is None else StreetLight(light))

    def set_fault(self, path: str, fault: SimulatedFault | str | None) -> None:
        """Set the camera's fault from now on; None returns to the script, NONE means no fault.

        Raises KeyError, or ValueError for a fault of which there is no footage.
        """
        camera, fault = self.cameras[path], None if fault is None else SimulatedFault(fault)
        if fault and isinstance(camera, SimulatedStreetCamera) and not camera.can(fault):
            raise ValueError(f"there is no footage of {fault} in streets")
        self._command(path, "fault", fault)

    def _command(self, path: str, what: str, value: Scene | StreetScene | StreetLight | SimulatedFault | None) -> None:
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
        """Run a command of the control socket, {"camera": 5, "scene": …, "fault": …}, and return the new state.

        {"light": …} is for cameras over streets.
        """
        path = f"cam{order['camera']:03d}" if isinstance(order.get("camera"), int) else str(order.get("camera"))
        if path not in self.cameras:
            raise ControlError(f"no camera {path}")
        if extra := set(order) - {"camera", "scene", "light", "fault"}:
            raise ControlError(f"unknown: {', '.join(sorted(extra))}")
        if "scene" in order:
            self.set_scene(path, order["scene"])
        if "light" in order:
            self.set_light(path, order["light"])
        if "fault" in order:
            self.set_fault(path, order["fault"])
        act = self.cameras[path].act
        lit = {"light": act.light} if act.light else {}
        return {"camera": path, "scene": act.scene, "fault": act.fault, "viewers": self.viewers(path), **lit}

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


def _street_cameras(streets: Sequence[str], library: Library, script: str, seed: int) -> dict[str, SimulatedCamera]:
    scripts = street_scripts(streets, script, seed, lambda: datetime.now(WIB))
    return {
        f"cam{n:03d}": SimulatedStreetCamera(n, library, street, play, seed)
        for n, (street, play) in enumerate(zip(streets, scripts, strict=True), OFFICE_CAMERAS + 1)
    }


def _bind_script(script: Script, camera: int, seed: int) -> Callable[[float], CameraAct]:
    return lambda at_s: script(camera, at_s, seed)


async def _call(function: Callable[[], None]) -> None:
    function()
