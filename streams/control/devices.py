"""Read and set one camera from synchronous code, within a bounded time."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from django.conf import settings

from streams.control.device import CameraControl, DeviceError, DeviceLogin, DeviceReport, GopChange
from streams.control.networks import resolve
from streams.control.onvif import OnvifCamera
from streams.control.soap import SoapLine

LONGEST_S = 20.0
RECOGNISE_S = 3.0

Result = TypeVar("Result")


# A write that ends so may have been done.
UNCERTAIN = ("unconfirmed", "slow", "odd_answer", "no_onvif", "unavailable")
LOGIN_REFUSED = ("unauthorized", "locked")


@dataclass(slots=True)
class WriteOutcome:
    """What became of the writes.

    sent: the changes that were made, with their former values, also those that the camera did not confirm; confirmed:
    those that it keeps; problems: why the others were not made, `unconfirmed` for those of `sent`.
    """

    sent: list[tuple[GopChange, int]] = field(default_factory=list)
    confirmed: set[GopChange] = field(default_factory=set)
    problems: dict[GopChange, str] = field(default_factory=dict)
    clock_sent: bool = False
    clock_problem: str = ""

    @property
    def written(self) -> list[tuple[GopChange, int]]:
        """The changes that the camera keeps, with their former values."""
        return [(change, former) for change, former in self.sent if change in self.confirmed]


def read_device(host: str, port: int | None, login: DeviceLogin) -> DeviceReport:
    """Return what the camera at `host` says of itself; without `port` the usual ones are tried. Raises DeviceError."""

    async def read(camera: CameraControl) -> DeviceReport:
        return await camera.read()

    return _run(host, port, login, read)


def write_device(
    host: str, port: int | None, login: DeviceLogin, gops: list[GopChange], *, clock: bool
) -> WriteOutcome:
    """Write the distances of keyframes and, last, the clock, by which the other requests are signed.

    Raises DeviceError when nothing was sent at all.
    """
    outcome = WriteOutcome()

    async def write(camera: CameraControl) -> None:
        for change in gops:
            await _write_gop(camera, change, outcome)
        if clock:
            await _write_clock(camera, outcome)

    try:
        _run(host, port, login, write)
    except DeviceError as error:
        if not outcome.sent and not outcome.clock_sent:
            raise
        for change in gops:
            if change not in outcome.confirmed:
                begun = any(sent == change for sent, _former in outcome.sent)
                outcome.problems.setdefault(change, "unconfirmed" if begun else error.code)
        if clock and not outcome.clock_sent:
            outcome.clock_problem = error.code
    return outcome


async def _write_clock(camera: CameraControl, outcome: WriteOutcome) -> None:
    outcome.clock_sent, outcome.clock_problem = True, "unconfirmed"
    try:
        await camera.set_clock(datetime.now(UTC))
        outcome.clock_problem = ""
    except DeviceError as error:
        if error.code not in UNCERTAIN:
            outcome.clock_sent, outcome.clock_problem = False, error.code


async def _write_gop(camera: CameraControl, change: GopChange, outcome: WriteOutcome) -> None:
    """Write one change, entering it before it is sent: nothing is written that `outcome` doesn't know.

    Raises DeviceError where the login is refused: a second wrong one may lock the account.
    """
    try:
        former = await camera.read_gop(change)
        outcome.sent.append((change, former))
        if former != change.wanted:
            await camera.set_gop(change)
        outcome.confirmed.add(change)
    except DeviceError as error:
        begun = any(sent == change for sent, _former in outcome.sent)
        if begun and error.code not in UNCERTAIN:
            outcome.sent.pop()
        outcome.problems[change] = "unconfirmed" if begun and error.code in UNCERTAIN else error.code
        if error.code in LOGIN_REFUSED:
            raise


def _run(host: str, port: int | None, login: DeviceLogin, work: Callable[[CameraControl], Awaitable[Result]]) -> Result:
    """Do the work with a camera in an event loop of its own, within LONGEST_S. Raises DeviceError."""
    address = resolve(host)

    async def within_time() -> Result:
        try:
            async with asyncio.timeout(LONGEST_S), AsyncExitStack() as stack:
                found = port or await find_port(address)
                line = await stack.enter_async_context(SoapLine(address, found))
                return await work(OnvifCamera(line, login, host))
        except TimeoutError:
            raise DeviceError("slow") from None

    # A thread, as the caller's may have an event loop already.
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="device") as pool:
        return pool.submit(asyncio.run, within_time()).result()


async def find_port(address: str) -> int:
    """Return the first of ONVIF_PORTS at which a camera answers. Raises DeviceError."""
    problems: set[str] = set()

    async def recognises(port: int) -> bool:
        async with SoapLine(address, port) as line:
            try:
                return await asyncio.wait_for(OnvifCamera(line, DeviceLogin()).recognise(problems.add), RECOGNISE_S)
            except TimeoutError:
                problems.add("slow")
                return False

    answers = await asyncio.gather(*(recognises(port) for port in settings.ONVIF_PORTS))
    for port, good in zip(settings.ONVIF_PORTS, answers, strict=True):
        if good:
            return int(port)
    worst = next((code for code in ("no_onvif", "odd_answer", "web_login", "slow") if code in problems), "unreachable")
    raise DeviceError("no_onvif" if worst == "web_login" else worst)
