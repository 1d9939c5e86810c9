"""Moving a camera by ONVIF: the simulator's face with its faults, and another maker's."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from streams.control.device import DeviceError, DeviceLogin
from streams.control.steering.onvif_ptz import OnvifPtz, open_ptz
from streams.control.steering.ptz import Ptz, PtzAbilities, PtzPosition, PtzPreset
from streams.simulator.onvif import OnvifFace, OnvifFault
from streams.simulator.onvif_ptz import PtzFault, PtzHead
from tests.support.onvif_peers import ipycam_server, needs_ipycam
from tests.support.onvif_zeep import Said, ask_everything, needs_zeep, open_zeep

pytest_plugins = ["tests.support.onvif_peers"]
LOGIN = DeviceLogin("sidak", "rahasia")
HOST = "127.0.0.1"

Result = TypeVar("Result")


@pytest.fixture(autouse=True)
def loopback(own_machine_allowed: None) -> None:
    del own_machine_allowed  # requested for its effect


@pytest.fixture
def head() -> PtzHead:
    return PtzHead()


@pytest.fixture
def face(head: PtzHead) -> Iterator[OnvifFace]:
    with OnvifFace(ptz=head) as running:
        yield running


def steer(
    port: int, work: Callable[[OnvifPtz], Awaitable[Result]], login: DeviceLogin = LOGIN, url: str = ""
) -> Result:
    async def run() -> Result:
        async with open_ptz(HOST, port, login, url) as ptz:
            return await work(ptz)

    return asyncio.run(run())


def code_of(port: int, work: Callable[[OnvifPtz], Awaitable[object]]) -> str:
    with pytest.raises(DeviceError) as caught:
        steer(port, work)
    return caught.value.code


@pytest.mark.parametrize("version2", [False, True], ids=["media", "media2"])
def test_a_camera_moves_stops_and_goes_to_its_presets(face: OnvifFace, head: PtzHead, version2: bool) -> None:
    face.version2, face.clock_s = version2, -3000.0  # and its clock is 50 minutes late

    async def work(ptz: OnvifPtz) -> None:
        assert await ptz.abilities() == PtzAbilities(pan_tilt=True, zoom=True, presets=True)
        assert await ptz.presets() == [PtzPreset("1", "Simpang")]
        await ptz.move(0.5, 0.0, 0.0, 2.0)
        assert (await ptz.where()).moving
        await ptz.stop()
        assert not head.moving
        await ptz.move(0.0, 0.0, 9.0, 2.0)
        await asyncio.sleep(0.1)
        await ptz.stop()
        there = await ptz.where()
        assert (there.pan or 0) > 0
        assert (there.zoom or 0) > 0.04
        await ptz.go_to_preset("1")
        assert head.position == (0.0, 0.0, 0.0)

    steer(face.port, work)
    assert head.moves == [(0.5, 0.0, 0.0), (0.0, 0.0, 1.0)]
    assert "RelativeMove" not in face.requests
    assert "AbsoluteMove" not in face.requests


def test_a_camera_that_is_told_nothing_more_stops_by_itself(face: OnvifFace, head: PtzHead) -> None:
    async def work(ptz: OnvifPtz) -> None:
        await ptz.move(0.5, 0.0, 0.0, 0.2)
        assert head.moving
        await asyncio.sleep(0.25)
        assert not head.moving

    steer(face.port, work)


@pytest.mark.parametrize("fault", [PtzFault.NO_PRESETS, PtzFault.NO_RELATIVE, PtzFault.NO_TIMEOUT, PtzFault.NO_NODES])
def test_a_camera_that_can_less_is_moved_all_the_same(face: OnvifFace, head: PtzHead, fault: PtzFault) -> None:
    head.fault = fault

    async def work(ptz: OnvifPtz) -> None:
        lists = fault != PtzFault.NO_PRESETS
        assert await ptz.abilities() == PtzAbilities(pan_tilt=True, zoom=True, presets=lists)
        assert bool(await ptz.presets()) == lists
        await ptz.move(0.0, -0.5, 0.0, 2.0)
        assert head.moving
        await ptz.stop()
        assert not head.moving

    steer(face.port, work)


def test_names_of_presets_are_mended_and_zoom_alone_is_told(face: OnvifFace, head: PtzHead) -> None:
    head.pan_tilt = False
    head.presets = {"7": ("Café".encode().decode("latin-1"), (0.0, 0.0, 0.5)), "8": ("", (0.0, 0.0, 0.0))}

    async def work(ptz: OnvifPtz) -> None:
        assert await ptz.presets() == [PtzPreset("7", "Café"), PtzPreset("8", "8")]
        assert not (await ptz.abilities()).pan_tilt

    steer(face.port, work)


def test_what_goes_wrong_has_a_name(face: OnvifFace) -> None:
    async def gone(ptz: OnvifPtz) -> None:
        await ptz.go_to_preset("99")

    assert code_of(face.port, gone) == "preset_gone"
    face.fault = OnvifFault.REFUSED_DIGEST
    assert code_of(face.port, OnvifPtz.stop) == "unauthorized"
    face.fault, face.ptz = OnvifFault.NONE, None
    assert code_of(face.port, OnvifPtz.abilities) == "no_ptz"


def test_the_profile_of_the_stream_is_moved_on_a_device_with_several_lenses(face: OnvifFace) -> None:
    face.streams["small"].source = "lens2"

    async def profile(ptz: OnvifPtz) -> str:
        await ptz.abilities()
        return ptz._profile

    assert steer(face.port, profile, url="rtsp://127.0.0.1/cam001-small") == "small"
    with pytest.raises(DeviceError):
        steer(face.port, profile, url="rtsp://127.0.0.1/other")


@pytest.mark.parametrize("late_s", [0.0, -3000.0], ids=["", "late clock"])
def test_another_client_finds_and_moves_the_same(face: OnvifFace, head: PtzHead, late_s: float) -> None:
    needs_zeep()
    face.clock_s = late_s
    head.presets["2"] = ("Sungai", (-0.5, 0.25, 0.5))

    async def ours(ptz: Ptz) -> Said:
        return await ask_everything(ptz, "2")

    async def theirs() -> Said:
        async with open_zeep(HOST, face.port, LOGIN) as ptz:
            return await ask_everything(ptz, "2")

    said = steer(face.port, ours)
    moves, head.moves = head.moves, []
    assert said == asyncio.run(theirs())
    assert moves == head.moves == [(0.5, 0.0, 0.0), (0.0, 0.0, 1.0)]
    assert (said.moving, said.sides, said.gone) == ((False, True, False), (True, True, True), "preset_gone")
    assert said.at_preset == PtzPosition(-0.5, 0.25, 0.5, moving=False)


def test_another_client_finds_and_moves_the_same_at_ipycam(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    needs_ipycam()
    needs_zeep()
    from ipycam.ptz import PTZController  # noqa: PLC0415 it may be missing

    monkeypatch.chdir(tmp_path)
    motor = PTZController()
    motor.set_preset("1", "Simpang")

    async def ours(ptz: Ptz) -> Said:
        return await ask_everything(ptz, "1")

    async def theirs(port: int) -> Said:
        async with open_zeep(HOST, port, DeviceLogin()) as ptz:
            return await ask_everything(ptz, "1")

    try:
        with ipycam_server(motor=motor, mended=True) as port:
            assert steer(port, ours, DeviceLogin()) == asyncio.run(theirs(port))
    finally:
        motor.stop()


def test_ipycam_is_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its answers lack the namespace of their prefix."""
    needs_ipycam()
    from ipycam.ptz import PTZController  # noqa: PLC0415 it may be missing

    monkeypatch.chdir(tmp_path)  # where it keeps its presets
    motor = PTZController()
    motor.set_preset("1", "Simpang")

    async def work(ptz: OnvifPtz) -> None:
        assert (await ptz.abilities()).pan_tilt
        await ptz.move(0.5, 0.0, 0.0, 1.0)
        await asyncio.sleep(0.2)
        await ptz.stop()
        there = (await ptz.where()).pan
        assert there
        await asyncio.sleep(0.2)
        assert (await ptz.where()).pan == there, "it has stopped"
        assert PtzPreset("1", "Simpang") in await ptz.presets()
        await ptz.go_to_preset("1")
        assert (await ptz.where()).pan == 0

    try:
        with ipycam_server(motor=motor) as port:
            steer(port, work, DeviceLogin())
    finally:
        motor.stop()
