"""Reading real (simulated) cameras: each fault of the simulator gives its own reason, and never an empty counter."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import av
import numpy as np
import pytest

from discipline.staffing.rule import State, Tolerances, initial_standing, step
from offices.hours.duty import Interval
from offices.places.models import Counter, Kelurahan
from streams.cameras.models import Camera, Zone
from streams.detect.api import Detector
from streams.detect.cascade import Cascade
from streams.pixels.occupancy import Blind, Sample
from streams.pixels.quality import signature
from streams.pixels.thumbs import encode_preview
from streams.setup import references
from streams.setup.probe import CameraSnapshot
from streams.simulator.layouts import LAYOUTS
from streams.simulator.scenes import Scene, SimulatedFault
from streams.simulator.simulator import Simulator
from streams.source.client.errors import SourceError
from streams.source.client.loop import ReadingLoop
from streams.source.probing import probe
from streams.source.rtsp import Source
from streams.watch import examiner_thread
from streams.watch.camera_loop import CameraIngest
from streams.watch.examiner_thread import Lookout
from streams.watch.look_queue import LookQueue
from streams.watch.pace import LookPace
from streams.watch.retries import RefusedLogins, RetryPace
from tests.support.base import one_office
from tests.support.waiting import wait_until

LOOK_S, BLIND_AFTER_S = 2.0, 5.0
EXPECTED = {
    SimulatedFault.REFUSE: {Blind.OFFLINE},
    SimulatedFault.UNAUTHORIZED: {Blind.OFFLINE},
    SimulatedFault.STALL: {Blind.STALE, Blind.OFFLINE},
    SimulatedFault.FREEZE: {Blind.FROZEN},
    SimulatedFault.DARK: {Blind.DARK},
    SimulatedFault.COVER: {Blind.COVERED},
    SimulatedFault.FREEZE_CLOCK: {Blind.FROZEN},
    SimulatedFault.BLUR: {Blind.BLURRED},
    SimulatedFault.SHIFT: {Blind.MOVED},
    SimulatedFault.SCENE: {Blind.SCENE},
}
HARMLESS = (SimulatedFault.RESOLUTION, SimulatedFault.LONG_GOP, SimulatedFault.DROP, SimulatedFault.CORRUPT)
FAULTS = [*EXPECTED, *HARMLESS]
H264_CAMERA, H265_CAMERA = len(FAULTS) + 1, len(FAULTS) + 2  # without faults
CODECS = pytest.mark.parametrize(("number", "codec"), [(H264_CAMERA, "h264"), (H265_CAMERA, "hevc")])
PATIENCE_S = 150.0  # sixteen cameras on a machine that is busy with much else


@pytest.fixture(scope="module")
def simulator(footage: Path, footage_h265: Path) -> Iterator[Simulator]:
    with Simulator(cameras=len(FAULTS) + 2, footage=footage, footage_of={H265_CAMERA: footage_h265}) as running:
        yield running


@pytest.fixture
def office(db: None) -> Kelurahan:
    del db  # requested for its effect
    return one_office()


def install(office: Kelurahan, simulator: Simulator, number: int, seen: CameraSnapshot | None = None) -> Camera:
    camera = Camera.objects.create(kelurahan=office, name=f"Kamera {number}", url=simulator.url(number))
    if seen:
        references.keep_reference(camera, seen)
    counter = Counter.objects.create(kelurahan=office, name=f"Loket {number}")
    Zone.objects.create(camera=camera, subject=counter.subject, polygon=[list(point) for point in LAYOUTS["hall"].zone])
    return camera


class Ear:
    """Collects samples in place of the ledger."""

    def __init__(self) -> None:
        self.heard: dict[int, list[Sample]] = defaultdict(list)
        self._lock = threading.Lock()

    def __call__(self, samples: Sequence[Sample], decoded: float) -> None:
        del decoded  # unused
        with self._lock:
            for sample in samples:
                self.heard[sample.counter].append(sample)

    def wait_for(self, counters: dict[int, set[str]], seconds: float) -> None:
        """Wait until the newest sample of each counter is one of its words."""
        wait_until(
            lambda: all(words & {word(s) for s in self.heard[counter][-1:]} for counter, words in counters.items()),
            seconds,
        )

    def wait_to_hear(self, counter: int, start: int, words: set[str], seconds: float) -> None:
        """Wait until one of the words was among the counter's samples from number `start` on."""
        wait_until(lambda: words & {word(sample) for sample in self.heard[counter][start:]}, seconds)


def word(sample: Sample) -> str:
    return sample.reason or str(sample.look)


def still(simulator: Simulator, number: int) -> CameraSnapshot:
    """Return a camera's healthy picture as the operator's zone page stores it."""
    with Source(simulator.url(number)) as source:
        for packet in source:
            if (frame := source.picture(packet, wanted=True, look_s=LOOK_S)) is not None:
                return CameraSnapshot(encode_preview(frame.image), signature(frame.image).tobytes(), frame.at)
    raise AssertionError("the simulator ended the stream")


def accused(heard: list[Sample]) -> bool:
    """Return whether these samples would cause an absence under the shortest grace that their pace allows."""
    rule = Tolerances(
        absence_grace_s=9, opening_grace_s=9, closing_window_s=9, not_opened_s=30, exit_looks=2, stale_s=8
    )
    begin = heard[0].at
    duty = [Interval(begin - timedelta(hours=1), begin + timedelta(hours=1), first=True, last=True)]
    standing, flips = initial_standing(begin), []
    for sample in heard:
        standing, more = step(standing, rule, duty, sample.at, sample)
        flips += more
    return any(flip.new is State.ABSENT for flip in flips)


def test_many_cameras_are_started_in_several_calls(simulator: Simulator, office: Kelurahan) -> None:
    for number in range(1, 6):
        install(office, simulator, number)
    lookout = Lookout(Cascade(()), Ear(), lambda _: LookPace(LOOK_S, LOOK_S), BLIND_AFTER_S)
    held = Camera.objects.prefetch_related("zones__subject__counter")
    counts = []
    with patch.object(examiner_thread, "MOST_STARTS", 2):
        for _ in range(4):
            lookout.hold(held)
            counts.append(len(lookout.reports("")))
    assert counts == [2, 4, 5, 5]


@pytest.mark.slow
def test_each_fault_gives_its_reason_and_never_an_empty_counter(
    simulator: Simulator, detector: Detector, office: Kelurahan
) -> None:
    cameras = {}
    for number, fault in enumerate(FAULTS, start=1):
        simulator.set_scene(f"cam{number:03d}", Scene.STAFFED)
        cameras[fault] = install(office, simulator, number, still(simulator, number))
    counter_of = {fault: camera.zones.get().subject_id for fault, camera in cameras.items()}
    ear = Ear()
    lookout = Lookout(detector, ear, lambda _: LookPace(LOOK_S, LOOK_S), BLIND_AFTER_S)
    lookout.start()
    try:
        lookout.hold(Camera.objects.prefetch_related("zones__subject__counter"))
        ear.wait_for({counter: {"staffed"} for counter in counter_of.values()}, PATIENCE_S)
        assert {fault: word(ear.heard[counter_of[fault]][-1]) for fault in FAULTS} == dict.fromkeys(FAULTS, "staffed")
        for number, fault in enumerate(FAULTS, start=1):
            simulator.set_fault(f"cam{number:03d}", fault)
        # Each at some time: the short footage repeats itself, so that after 25 s a blurred camera is called frozen.
        before = {counter: len(heard) for counter, heard in ear.heard.items()}
        for fault, reasons in EXPECTED.items():
            ear.wait_to_hear(counter_of[fault], before[counter_of[fault]], {str(b) for b in reasons}, PATIENCE_S)
        for fault in HARMLESS:  # but for the repeated footage
            assert word(ear.heard[counter_of[fault]][-1]) in {"staffed", "stale", "offline", "frozen"}, fault
        for fault in FAULTS:
            assert not accused(ear.heard[counter_of[fault]]), fault
        for number in range(1, len(FAULTS) + 1):
            simulator.set_fault(f"cam{number:03d}", None)
        ear.wait_for({counter: {"staffed"} for counter in counter_of.values()}, PATIENCE_S)
        recovered = {fault: word(ear.heard[counter_of[fault]][-1]) for fault in FAULTS}
        assert recovered == dict.fromkeys(FAULTS, "staffed")
    finally:
        began = time.monotonic()
        lookout.stop()
    assert time.monotonic() - began < 2.5


@pytest.mark.slow
def test_cameras_whose_network_returns_are_tried_again_together(
    simulator: Simulator, detector: Detector, office: Kelurahan, monkeypatch: pytest.MonkeyPatch
) -> None:
    paces: list[RetryPace] = []

    def after(self: RetryPace, *_: object) -> float:
        """Wait two seconds for the camera that fails first, and ten minutes for the others."""
        paces.append(self)
        return 2.0 if self is paces[0] else 600.0

    monkeypatch.setattr(RetryPace, "after", after)
    numbers = range(1, 6)
    for number in numbers:
        install(office, simulator, number)
        simulator.set_fault(f"cam{number:03d}", SimulatedFault.REFUSE)
    lookout = Lookout(detector, Ear(), lambda _: LookPace(LOOK_S, LOOK_S), BLIND_AFTER_S)
    lookout.start()
    try:
        lookout.hold(Camera.objects.prefetch_related("zones__subject__counter"))
        wait_until(lambda: len({id(pace) for pace in paces}) == len(numbers))
        for number in numbers:
            simulator.set_fault(f"cam{number:03d}", None)
        wait_until(lambda: all(report["state"] == "online" for report in lookout.reports("").values()))
    finally:
        lookout.stop()
        for number in numbers:
            simulator.set_fault(f"cam{number:03d}", None)


@CODECS
@pytest.mark.slow
def test_a_clerk_who_leaves_is_seen_to_leave_and_to_return(
    simulator: Simulator, detector: Detector, office: Kelurahan, number: int, codec: str
) -> None:
    camera = install(office, simulator, number, still(simulator, H264_CAMERA))
    ear = Ear()
    lookout = Lookout(detector, ear, lambda _: LookPace(LOOK_S, LOOK_S), BLIND_AFTER_S)
    counter = camera.zones.get().subject_id
    lookout.start()
    try:
        lookout.hold(Camera.objects.prefetch_related("zones__subject__counter"))
        for scene, look in ((Scene.STAFFED, "staffed"), (Scene.EMPTY, "empty"), (Scene.SERVING, "staffed")):
            simulator.set_scene(f"cam{number:03d}", scene)
            ear.wait_for({counter: {look}}, 15)
            assert word(ear.heard[counter][-1]) == look
        assert lookout.reports("")[camera.pk]["codec"] == codec
    finally:
        lookout.stop()


@CODECS
def test_opening_is_quick_and_a_picture_has_its_facts(simulator: Simulator, number: int, codec: str) -> None:
    found = probe(simulator.url(number))
    assert (found.ok, found.codec, found.width, found.height, found.gop) == (True, codec, 640, 360, 30)
    assert found.fps == pytest.approx(15, abs=0.5)
    assert found.jpeg is not None
    assert found.jpeg[:2] == b"\xff\xd8"
    assert found.seconds < 9
    began = time.monotonic()
    with Source(simulator.url(number)) as source:
        assert next(iter(source)).size > 0
    assert time.monotonic() - began < 3  # a bound against hanging; `bench` measures the time


@CODECS
def test_a_long_gop_is_reported_to_the_operator(simulator: Simulator, number: int, codec: str) -> None:
    simulator.set_fault(f"cam{number:03d}", SimulatedFault.LONG_GOP)
    try:
        found = probe(simulator.url(number), timeout_s=10)
    finally:
        simulator.set_fault(f"cam{number:03d}", None)
    assert found.ok
    assert found.warnings == {"h264": ["long_gop"], "hevc": ["h265", "long_gop"]}[codec]


def test_the_operator_sees_exactly_why_an_address_does_not_work(simulator: Simulator, footage: Path) -> None:
    assert probe("rtsp://127.0.0.1:9/cam001", 5).problem == "refused"
    assert probe("rtsp://no-such-host.invalid/cam001", 5).problem == "no_route"
    assert probe(f"rtsp://127.0.0.1:{simulator.port}/nowhere", 5).problem == "not_found"
    with Simulator(cameras=1, footage=footage, user="admin", password="rahasia") as guarded:
        assert probe(guarded.url(1, with_credentials=False), 5).problem == "login_needed"
        assert probe(guarded.url(1).replace("rahasia", "keliru"), 5).problem == "unauthorized"
        assert probe(guarded.url(1), 8).ok


def test_a_password_never_reaches_a_log(simulator: Simulator) -> None:
    with pytest.raises(SourceError) as caught:
        Source(simulator.url(1).replace("rtsp://", "rtsp://admin:rahasia@").replace("cam001", "nowhere"))
    assert "rahasia" not in str(caught.value.detail)


def test_a_camera_that_never_answers_is_blind_after_a_while_and_stops_at_once(office: Kelurahan) -> None:
    camera = Camera.objects.create(kelurahan=office, name="Mati", url="rtsp://127.0.0.1:9/x")
    counter = Counter.objects.create(kelurahan=office, name="Loket")
    Zone.objects.create(camera=camera, subject=counter.subject, polygon=[[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]])
    loop = ReadingLoop()
    loop.start()
    ingest = CameraIngest(camera, LookQueue(), lambda _: LookPace(0.1, 0.1), 0.3, loop, RefusedLogins())
    ingest.start()
    now, at = time.monotonic(), datetime.now(UTC)
    assert ingest.check(now, at) == []
    assert [s.reason for s in ingest.check(now + 1, at)] == [Blind.OFFLINE]
    ingest.stop()
    began = time.monotonic()
    loop.stop()
    assert time.monotonic() - began < 1
    assert not loop.connections


@pytest.mark.parametrize(("encoder", "codec"), [("libx265", "hevc"), ("libx264", "h264")])
def test_both_codecs_of_today_decode_keyframe_by_keyframe(tmp_path: Path, encoder: str, codec: str) -> None:
    path = str(tmp_path / "camera.mkv")
    with av.open(path, "w") as film:
        stream = film.add_stream(encoder, rate=15, options={"g": "30", "x265-params": "log-level=none:keyint=30"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for n in range(75):
            image = np.full((240, 320, 3), 40 + 2 * n, np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        film.mux(stream.encode())
    with Source(path) as source:
        frames = [frame for packet in source if (frame := source.picture(packet, wanted=True, look_s=LOOK_S + 1))]
    assert source.codec == codec
    assert len(frames) == 3
    assert frames[0].image.shape == (240, 320, 3)
    assert abs(int(frames[1].image[120, 160, 0]) - 100) < 12
