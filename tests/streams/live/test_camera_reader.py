"""Live view reads a camera through the watch that has it, and by itself when there is none."""

import queue
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.test import override_settings

from streams.live.camera_reader import (
    CameraReader,
    FragmentCame,
    PictureCame,
    StreamBegan,
    StreamEvent,
    StreamFailed,
    StreamOpened,
)
from tests.support.odd_camera import CameraOddities, OddCamera
from tests.support.relaying import relayed
from tests.support.waiting import wait_until

Kinds = list[type[StreamEvent]]


@contextmanager
def viewing(camera: OddCamera, pictures: bool = False) -> Iterator["queue.SimpleQueue[StreamEvent]"]:
    events: queue.SimpleQueue[StreamEvent] = queue.SimpleQueue()
    reader = CameraReader("1", camera.url, events.put)
    reader.pictures = pictures
    reader.start()
    yield events
    reader.stop()


def kinds(events: "queue.SimpleQueue[StreamEvent]", last: type[StreamEvent]) -> Kinds:
    """Return the kinds of events, without repetitions, up to the first of kind `last`."""
    found: Kinds = []
    while not found or found[-1] is not last:
        kind = type(events.get(timeout=10))
        if kind not in found:
            found.append(kind)
    return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    with override_settings(RELAY_DIR=tmp_path):
        yield tmp_path


def test_viewers_share_the_connection_of_a_watch_and_hear_when_it_is_lost(folder: Path) -> None:
    with OddCamera() as camera, ExitStack() as watch:
        watch.enter_context(relayed(camera, folder))
        with viewing(camera, pictures=True) as events:
            assert set(kinds(events, FragmentCame)) == {StreamOpened, StreamBegan, PictureCame, FragmentCame}
            assert camera.open == 1
            watch.close()
            assert kinds(events, StreamFailed)[-1] is StreamFailed
            assert kinds(events, FragmentCame)[-1] is FragmentCame, "by a connection of its own"
            assert camera.open == 1


def test_of_a_camera_with_b_pictures_a_viewer_has_a_connection_of_its_own(folder: Path) -> None:
    with OddCamera() as camera, relayed(camera, folder, reorders=True), viewing(camera) as events:
        assert kinds(events, FragmentCame)[0] is StreamOpened
        wait_until(lambda: camera.open == 2, 10)


def test_a_refused_password_is_tried_once_however_many_look() -> None:
    with OddCamera(CameraOddities(algorithm="MD5", password="keliru")) as camera:
        for _ in range(3):
            with viewing(camera) as events:
                failed = events.get(timeout=10)
                assert isinstance(failed, StreamFailed)
                assert failed.problem == "unauthorized"
        assert camera.refused == 1


def test_without_a_watch_a_viewer_has_a_connection_of_its_own() -> None:
    with OddCamera(CameraOddities(algorithm="MD5")) as camera, viewing(camera) as events:
        assert kinds(events, FragmentCame) == [StreamOpened, StreamBegan, FragmentCame]
        assert camera.open == 1
