"""The recorder of one watch: the files that it writes of looks, and failures of disk and queue."""

import errno
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import numpy as np
import pytest
from django.conf import settings

from offices.hours.duty import Interval
from offices.places.models import Counter
from streams.cameras.models import Camera, Zone
from streams.evidence import pending, recorder
from streams.evidence.models import Evidence
from streams.evidence.pieces import THUMB_WIDTH
from streams.evidence.policy import WitnessBrief, WitnessTerms
from streams.evidence.recorder import MOST_ORDERS, CameraRecording, Recording
from streams.looks.shown_controls import unpack
from streams.looks.visits.clips import TakenClip, WantedClip
from streams.looks.visits.lookout import VisitLookout
from streams.looks.visits.people import PeopleNearby
from streams.pixels.jpeg import decode_jpeg
from streams.pixels.occupancy import ControlCount, DetectionStep, Look, Sample, ShownControl, ZoneFinding
from streams.pixels.shapes import Box, Frame
from streams.source.mp4_file import Keyframe
from tests.support.base import SQUARE, one_office
from tests.support.filming import FPS, filmed
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db
Kind = Evidence.Kind
TERMS = WitnessTerms(absence_grace_s=100, opening_grace_s=100, not_opened_s=900, closing_window_s=100, stale_s=60)
NOW = datetime.now(UTC)
DUTY = (Interval(NOW - timedelta(hours=1), NOW + timedelta(hours=1), first=True, last=True),)
MB = 1 << 20


class Loket:
    """A counter whose camera is read in this process; the test provides looks and packets."""

    def __init__(self) -> None:
        office = one_office()
        camera = Camera.objects.create(kelurahan=office, name="Ruang pelayanan", url="rtsp://127.0.0.1:1/x")
        self.counter = Counter.objects.create(kelurahan=office, name="Loket 1").pk
        zone = Zone.objects.create(camera=camera, subject_id=self.counter, polygon=SQUARE)
        self.recording = Recording(64 * MB, 16 * MB)
        self.recording.brief({self.counter: WitnessBrief(DUTY, TERMS)})
        self.tape: CameraRecording = self.recording.tape(camera)
        self.zone = zone.pk
        self.packets = filmed()
        self.keyframe: Keyframe | None = Keyframe("h264", b"", self.packets[0].data)

    def sees(self, look: Look, at: datetime, controls: ControlCount | None = None) -> None:
        people = int(look is Look.STAFFED)
        boxes = (Box(0.1, 0.2, 0.3, 0.4, 0.9),) * people
        finding = ZoneFinding(self.zone, people, boxes, DetectionStep.POSE, controls=controls)
        image = np.full((180, 320, 3), 90, np.uint8)
        self.tape.looked(Frame(image, at), self.keyframe, [finding], [Sample(self.counter, at, look, people)])

    def shows(self, since: float) -> None:
        """Feed six seconds of packets, the first at that second of the reader's clock."""
        self.tape.ring.begin("h264", b"", 1 / 90_000)
        for number, packet in enumerate(self.packets):
            self.tape.ring.add(*packet, since + number / FPS)

    def pieces(self) -> dict[str, pending.PendingFile]:
        return {
            p.kind: p for run in pending.pending_runs(self.counter) for p in pending.files_of_run(self.counter, run)
        }


@pytest.fixture
def loket() -> Iterator[Loket]:
    here = Loket()
    here.recording.start()
    yield here
    here.recording.stop()
    for run in pending.pending_runs(here.counter):
        pending.remove_run(here.counter, run)


def leave(loket: Loket) -> datetime:
    now = datetime.now(UTC)
    loket.sees(Look.STAFFED, now - timedelta(seconds=5))
    loket.sees(Look.EMPTY, now)
    return now


def test_visits_get_each_look_with_the_camera_s_packets(loket: Loket) -> None:
    taken: list[TakenClip] = []
    loket.recording.visits = VisitLookout(PeopleNearby(settings.MODELS_DIR), taken.append)
    loket.recording.visits.start()
    now = datetime.now(UTC)
    loket.recording.visits.want([WantedClip(5, loket.tape.camera, loket.counter, now, now + timedelta(60), False)])
    loket.shows(time.monotonic() - 6)
    loket.sees(Look.STAFFED, now)
    loket.recording.visits.stop()
    assert [(one.key, one.at, [zone.id for zone in one.zones]) for one in taken] == [(5, now, [loket.zone])]


def picture_of(piece: pending.PendingFile) -> np.ndarray:
    image = decode_jpeg(piece.read())
    assert image is not None
    return image


def test_a_still_is_the_camera_s_own_picture_with_what_was_seen_in_it(loket: Loket) -> None:
    left = leave(loket)
    wait_until(lambda: len(loket.pieces()) == 2)
    piece = loket.pieces()[Kind.LAST_STAFFED]
    assert (piece.run, piece.moment) == (left, left - timedelta(seconds=5))
    image = picture_of(piece)
    assert image.shape == (180, 320, 3)
    assert image.std() > 10  # the packet's picture, not the grey one of the look
    facts = piece.facts()
    assert facts["boxes"] == [[0.1, 0.2, 0.3, 0.4, 0.9]]
    assert facts["polygon"] == SQUARE
    assert [facts[name] for name in ("look", "people", "step", "width", "height")] == ["staffed", 1, "pose", 320, 180]
    assert (facts["camera"], facts["camera_name"]) == (loket.tape.camera, "Ruang pelayanan")


def test_a_camera_with_rare_keyframes_keeps_the_look_s_own_picture(loket: Loket) -> None:
    loket.keyframe = None
    leave(loket)
    wait_until(lambda: len(loket.pieces()) == 2)
    assert abs(picture_of(loket.pieces()[Kind.FIRST_EMPTY]).mean() - 90) < 2


def test_thumbnails_are_small(loket: Loket) -> None:
    left = leave(loket)
    loket.sees(Look.EMPTY, left + timedelta(seconds=6))
    wait_until(lambda: Kind.DURING in loket.pieces())
    assert picture_of(loket.pieces()[Kind.DURING]).shape[1] == THUMB_WIDTH


def test_at_the_deadline_the_controls_are_kept_as_they_were_shown(loket: Loket) -> None:
    left = leave(loket)
    shown = (ShownControl(b"one", seen=True), ShownControl(b"two", seen=False))
    controls = ControlCount(1, 2, clear=False, pictures=shown)
    loket.sees(Look.EMPTY, left + timedelta(seconds=50), controls)
    loket.sees(Look.EMPTY, left + timedelta(seconds=100), controls)
    wait_until(lambda: Kind.CONTROLS in loket.pieces())
    pieces = loket.pieces()
    assert pieces[Kind.CONTROLS].moment == pieces[Kind.DEADLINE].moment == left + timedelta(seconds=100)
    assert unpack(pieces[Kind.CONTROLS].read()) == list(shown)
    facts = pieces[Kind.CONTROLS].facts()
    assert [facts[name] for name in ("seen", "shown", "clear", "quorum", "polygon")] == [1, 2, False, 1, SQUARE]
    assert pieces[Kind.DEADLINE].facts()["controls"] == {"seen": 1, "shown": 2}


def test_in_fair_light_no_controls_are_kept(loket: Loket) -> None:
    left = leave(loket)
    for seconds in (50, 100):
        loket.sees(Look.EMPTY, left + timedelta(seconds=seconds), ControlCount(0, 0, clear=True))
    loket.recording.stop()  # after what was ordered
    assert Kind.DEADLINE in loket.pieces()
    assert Kind.CONTROLS not in loket.pieces()


def test_a_clip_covers_what_the_ring_has_round_its_moment(loket: Loket) -> None:
    with patch("streams.evidence.recorder.AFTER_S", 1.0):
        loket.shows(since=time.monotonic() - 5)
        left = leave(loket)
        wait_until(lambda: Kind.EMPTIED_CLIP in loket.pieces())
    piece = loket.pieces()[Kind.EMPTIED_CLIP]
    assert abs((left - piece.at).total_seconds() - 5) < 0.5
    assert piece.facts()["duration_s"] == pytest.approx(6, abs=0.1)
    assert loket.recording.lost == 0


def test_a_clip_without_any_packet_is_counted_as_lost(loket: Loket) -> None:
    with patch("streams.evidence.recorder.AFTER_S", 0.1):
        leave(loket)
        wait_until(lambda: loket.recording.lost == 1)
    assert set(loket.pieces()) == {Kind.LAST_STAFFED, Kind.FIRST_EMPTY}


def test_a_camera_that_is_given_away_leaves_its_clip_as_far_as_it_came(loket: Loket) -> None:
    loket.shows(since=time.monotonic() - 5)
    leave(loket)
    loket.recording.drop(loket.tape)
    wait_until(lambda: Kind.EMPTIED_CLIP in loket.pieces())
    wait_until(lambda: loket.recording.shelf.size == 0)
    assert loket.recording.busy() == set()
    loket.sees(Look.EMPTY, datetime.now(UTC))  # a look that was in progress
    assert loket.recording.busy() == set()


def test_a_short_walk_leaves_no_file(loket: Loket) -> None:
    left = leave(loket)
    wait_until(lambda: len(loket.pieces()) == 2)
    loket.sees(Look.STAFFED, left + timedelta(seconds=10))
    wait_until(lambda: not list(pending.pending_counters()))
    assert loket.recording.busy() == set()
    assert loket.recording.lost == 0


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "RETRY_S", 0.05)
    monkeypatch.setattr(recorder, "TICK_S", 0.05)


@pytest.mark.usefixtures("impatient")
def test_what_a_full_disk_refused_is_written_when_there_is_room_again(
    loket: Loket, caplog: pytest.LogCaptureFixture
) -> None:
    with patch("streams.evidence.recorder.AFTER_S", 0.1):
        with patch("os.replace", side_effect=FULL):
            loket.shows(since=time.monotonic() - 5)
            left = leave(loket)
            wait_until(lambda: len(loket.recording._refused) == 3)
            assert loket.recording.problem == "No space left on device"
            assert loket.recording.busy() == {(loket.counter, left)}, "so that nobody deletes the run"
            assert loket.pieces() == {}
        wait_until(lambda: len(loket.pieces()) == 3 and not loket.recording._refused)
    assert set(loket.pieces()) == {Kind.LAST_STAFFED, Kind.FIRST_EMPTY, Kind.EMPTIED_CLIP}
    assert (loket.recording.lost, loket.recording.problem) == (0, "")
    assert len([line for line in caplog.messages if "No space" in line]) == 1


@pytest.mark.usefixtures("impatient")
def test_what_is_refused_for_too_long_is_given_up_and_counted_and_the_problem_ends_with_it(loket: Loket) -> None:
    with patch.object(recorder, "STILL_KEPT_S", 0.5), patch("os.replace", side_effect=FULL):
        leave(loket)
        wait_until(lambda: loket.recording.lost == 2)
        assert loket.pieces() == {}
        wait_until(lambda: loket.recording.problem == "")  # the disk takes the file that asks it


@pytest.mark.usefixtures("impatient")
def test_a_short_walk_leaves_nothing_to_be_tried_again(loket: Loket) -> None:
    with patch("os.replace", side_effect=FULL):
        left = leave(loket)
        wait_until(lambda: len(loket.recording._refused) == 2)
        loket.sees(Look.STAFFED, left + timedelta(seconds=10))
        wait_until(lambda: not loket.recording.busy())
    assert (loket.recording.lost, loket.pieces()) == (0, {})


def test_what_waits_for_the_disk_is_bounded(loket: Loket) -> None:
    with patch.object(recorder, "MOST_REFUSED", 1), patch("os.replace", side_effect=FULL):
        leave(loket)  # orders two stills
        wait_until(lambda: loket.recording.lost == 1)
        loket.recording.stop()
    assert loket.recording.lost == 3  # and the clip, of which there are no packets
    assert not loket.recording._refused


def test_a_picture_that_does_not_decode_is_counted_and_the_next_one_is_kept(loket: Loket) -> None:
    whole, loket.keyframe = loket.keyframe, Keyframe("h264", b"", b"\0\0\1\x65rubbish")
    left = leave(loket)
    wait_until(lambda: loket.recording.lost == 2)
    loket.keyframe = whole
    loket.sees(Look.EMPTY, left + timedelta(seconds=6))
    wait_until(lambda: Kind.DURING in loket.pieces())


def test_orders_that_nobody_writes_are_bounded_and_counted() -> None:
    loket = Loket()  # its writer is never started, as if the disk hung
    at = datetime.now(UTC)
    for _ in range(MOST_ORDERS):
        at += timedelta(seconds=1)
        loket.sees(Look.STAFFED, at)
        at += timedelta(seconds=1)
        loket.sees(Look.EMPTY, at)
    assert loket.recording.lost >= MOST_ORDERS
    assert loket.recording._orders.qsize() == MOST_ORDERS
    assert len(loket.tape.ring._holds) <= MOST_ORDERS


def test_pictures_are_copied_out_of_the_reader_s_memory(loket: Loket) -> None:
    loket.tape.begin("h264", b"", 1 / 90_000)
    data = loket.packets[0].data
    lent = bytearray(data)
    loket.tape.add(lent, 6000, 6000, True, False, 1.0)  # type: ignore[arg-type]
    lent[:] = b"\0" * len(lent)
    clip = loket.tape.ring.cut(0, 1e12, 1e12)
    assert clip is not None
    assert clip.packets[0].data == data
