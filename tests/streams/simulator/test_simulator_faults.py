"""Scenes and faults of the demo cameras on command, as a player sees them."""

import time
from contextlib import closing, suppress
from pathlib import Path

import av
import numpy as np
import pytest

from streams.simulator.control import ControlError, command
from streams.simulator.layouts import LAYOUTS
from streams.simulator.scenes import Scene, SimulatedFault
from streams.simulator.simulator import Simulator
from tests.support.viewers import OPTIONS, Client, frames, picture


@pytest.fixture(scope="module", params=["h264", "h265"])
def codec(request: pytest.FixtureRequest) -> str:
    return request.param


def test_the_clerk_leaves_and_returns_on_command(city: Simulator) -> None:
    zone = np.array(LAYOUTS["hall"].zone) * (640, 360)
    (x0, y0), (x1, y1) = zone.min(axis=0).astype(int), zone.max(axis=0).astype(int)

    def counter() -> np.ndarray:
        return picture(frames(city.url(7), 1)[0])[y0:y1, x0:x1].astype(int)

    city.set_scene("cam007", Scene.EMPTY)
    time.sleep(2.3)  # the clerk walks out
    empty, still_empty = counter(), counter()
    assert city.control_path
    answer = command(city.control_path, {"camera": 7, "scene": "staffed"})
    assert answer == {"camera": "cam007", "scene": "staffed", "fault": "none", "viewers": answer["viewers"]}
    time.sleep(2.3)
    assert np.abs(counter() - empty).mean() > 4 * np.abs(still_empty - empty).mean()


def test_orders_that_make_no_sense_are_answered_with_the_reason(city: Simulator, tmp_path: Path) -> None:
    assert city.control_path
    for order, reason in [
        ({"camera": 99, "scene": "empty"}, "no camera cam099"),
        ({"camera": 1, "scene": "party"}, "party"),
        ({"camera": 1, "mood": "fine"}, "mood"),
    ]:
        with pytest.raises(ControlError, match=reason):
            command(city.control_path, order)
    with pytest.raises(ControlError, match="no answer"):
        command(tmp_path / "nobody.sock", {"camera": 1})
    with pytest.raises(KeyError):
        city.set_fault("cam099", SimulatedFault.DARK)


def test_refuse_closes_without_an_answer(city: Simulator) -> None:
    with closing(Client(city, 8)) as playing:
        playing.play()
        city.set_fault("cam008", SimulatedFault.REFUSE)
        with suppress(ConnectionResetError):
            while playing.file.read(4096):
                pass
    with pytest.raises((av.FFmpegError, OSError)):
        frames(city.url(8), 1)
    city.set_fault("cam008", None)
    assert frames(city.url(8), 1)


def test_unauthorized_lets_nobody_in(city: Simulator) -> None:
    city.set_fault("cam009", SimulatedFault.UNAUTHORIZED)
    with pytest.raises(av.HTTPUnauthorizedError):
        frames(city.url(9), 1)


def test_stall_keeps_the_connection_and_sends_nothing(city: Simulator) -> None:
    with closing(Client(city, 10)) as client:
        client.play()
        city.set_fault("cam010", SimulatedFault.STALL)
        client.socket.settimeout(0.5)
        with pytest.raises(TimeoutError):
            client.file.read()
        assert city.viewers("cam010") == 1
    city.set_fault("cam010", None)
    assert frames(city.url(10), 3)


def test_drop_ends_each_connection_after_a_while(city: Simulator) -> None:
    city.set_fault("cam011", SimulatedFault.DROP)
    start = time.monotonic()
    with suppress(av.FFmpegError, OSError):
        frames(city.url(11), 10_000)
    assert 3 < time.monotonic() - start < 9


def test_freeze_repeats_one_picture_with_its_clock_while_packets_go_on(city: Simulator) -> None:
    city.set_fault("cam012", SimulatedFault.FREEZE)
    time.sleep(0.2)
    seen = frames(city.url(12), 40)
    assert len({picture(f).tobytes() for f in seen}) == 1
    assert sum(f.key_frame for f in seen) >= 2


def test_freeze_clock_repeats_the_picture_under_a_running_clock(city: Simulator) -> None:
    city.set_fault("cam019", SimulatedFault.FREEZE_CLOCK)
    time.sleep(0.2)
    seen = [picture(frame) for frame in frames(city.url(19), 70)]
    assert len({view[16:].tobytes() for view in seen}) == 1
    assert len({view[:16].tobytes() for view in seen}) > 3
    city.set_fault("cam019", None)


def test_blur_keeps_the_room_and_takes_its_edges(city: Simulator) -> None:
    sharp = picture(frames(city.url(20), 1)[0])[20:].astype(float)
    city.set_fault("cam020", SimulatedFault.BLUR)
    time.sleep(0.2)
    soft = picture(frames(city.url(20), 1)[0])[20:].astype(float)
    assert np.corrcoef(sharp.ravel(), soft.ravel())[0, 1] > 0.9
    assert np.abs(np.diff(soft, axis=1)).max() < 0.4 * np.abs(np.diff(sharp, axis=1)).max()
    city.set_fault("cam020", None)


def test_scene_shows_another_office(city: Simulator) -> None:
    before = picture(frames(city.url(20), 1)[0])[20:].astype(float)
    city.set_fault("cam020", SimulatedFault.SCENE)
    time.sleep(0.2)
    after = picture(frames(city.url(20), 1)[0])[20:].astype(float)
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] < 0.6
    city.set_fault("cam020", None)


def test_dark_and_cover_show_next_to_nothing(city: Simulator) -> None:
    city.set_fault("cam013", SimulatedFault.DARK)
    city.set_fault("cam014", SimulatedFault.COVER)
    time.sleep(0.2)
    dark, covered = (picture(frames(city.url(n), 1)[0])[20:].astype(float) for n in (13, 14))
    assert dark.mean() < 30
    assert covered.std() < 15
    assert covered.mean() > 35


def test_shift_shows_another_view(city: Simulator) -> None:
    before = picture(frames(city.url(15), 1)[0])[20:].astype(float)
    city.set_fault("cam015", SimulatedFault.SHIFT)
    time.sleep(0.2)
    after = picture(frames(city.url(15), 1)[0])[20:].astype(float)
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] < 0.6


def test_resolution_changes_in_mid_stream(city: Simulator) -> None:
    sizes = set()
    with av.open(city.url(16), timeout=5, options=OPTIONS) as source:
        for number, frame in enumerate(source.decode(video=0)):
            sizes.add((frame.width, frame.height))
            if number == 20:
                city.set_fault("cam016", SimulatedFault.RESOLUTION)
            if len(sizes) == 2 or number > 120:
                break
    assert sizes == {(640, 360), (320, 180)}


def test_corrupt_packets_spoil_the_pictures(city: Simulator) -> None:
    city.set_fault("cam017", SimulatedFault.CORRUPT)
    with av.open(city.url(18), timeout=5, options=OPTIONS) as whole:
        sound = whole.streams.video[0].codec_context
        damaged, decoder = 0, av.VideoCodecContext.create(sound.name, "r")
        assert isinstance(decoder, av.VideoCodecContext)
        decoder.extradata = sound.extradata
    decoder.options = {"err_detect": "explode"}
    with av.open(city.url(17), timeout=5, options=OPTIONS | {"analyzeduration": "0"}) as source:
        for number, packet in enumerate(source.demux(video=0)):
            try:
                damaged += any(frame.is_corrupt for frame in decoder.decode(packet))
            except av.FFmpegError:
                damaged += 1
            if number > 40:
                break
    assert damaged > 5


def test_long_gop_waits_ten_seconds_for_a_keyframe(city: Simulator) -> None:
    city.set_fault("cam018", SimulatedFault.LONG_GOP)
    clip = city.cameras["cam018"].clip
    assert [i for i, p in enumerate(clip.pictures) if p.key] == list(range(0, len(clip.pictures), 150))
    assert sum(f.key_frame for f in frames(city.url(18), 40)) == 1
