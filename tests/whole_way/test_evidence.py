"""Evidence from a real (simulated) camera: a clerk leaves, a real watch records, and the files show what they must."""

import io
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest
from django.utils import timezone

from discipline.alerts.models import Alert
from discipline.evidence import adoption
from discipline.staffing import ledger
from discipline.staffing.models import StaffingRule, Standing
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from streams.cameras.models import Camera, OccupancySpan, Watcher, Zone
from streams.detect.api import Detector
from streams.evidence import pending, store, verify
from streams.evidence.models import Evidence
from streams.looks.examiner import Examiner
from streams.pixels.jpeg import decode_jpeg
from streams.pixels.shapes import Frame
from streams.simulator.layouts import LAYOUTS
from streams.simulator.scenes import Scene
from streams.simulator.simulator import Simulator
from tests.support.base import one_office
from tests.support.processes import start_watch
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Kind = Evidence.Kind
STILLS = {Kind.LAST_STAFFED, Kind.FIRST_EMPTY, Kind.DEADLINE, Kind.END}
GRACE_S = 24
BEFORE_S = 20  # a clip starts so long before its moment


@pytest.fixture
def simulator(footage: Path) -> Iterator[Simulator]:
    with Simulator(cameras=1, footage=footage) as running:
        yield running


@pytest.fixture
def loket(simulator: Simulator) -> Counter:
    """A counter with the simulated camera, open around the clock, with a grace of seconds."""
    ledger.schedule.forget()
    office = one_office()
    HoursPlan.objects.create(name="Selalu", on_holidays=True, **dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"))
    StaffingRule.objects.create(
        absence_grace_s=GRACE_S,
        opening_grace_s=GRACE_S,
        closing_window_s=60,
        not_opened_s=600,
        exit_looks=2,
        stale_s=20,
    )
    camera = Camera.objects.create(kelurahan=office, name="Ruang pelayanan", url=simulator.url(1))
    counter = Counter.objects.create(kelurahan=office, name="Loket 1")
    Zone.objects.create(camera=camera, subject=counter.subject, polygon=[list(point) for point in LAYOUTS["hall"].zone])
    return counter


@contextmanager
def watching(name: str) -> Iterator[subprocess.Popen[bytes]]:
    watch = start_watch(name)
    try:
        yield watch
    finally:
        watch.terminate()
        watch.wait(20)


def stands(counter: Counter, state: str) -> Callable[[], bool]:
    return lambda: Standing.objects.filter(counter=counter, state=state).exists()


def ring_is_full(counter: Counter) -> bool:
    """Return whether the camera has been read for longer than a clip starts before its moment."""
    began = OccupancySpan.objects.filter(subject__counter=counter).earliest("started_at").started_at
    return timezone.now() - began >= timedelta(seconds=BEFORE_S + 2)


def kinds(alert: Alert) -> set[str]:
    return set(alert.evidence.values_list("kind", flat=True))


def pictures(clip: Evidence) -> list[np.ndarray]:
    with av.open(io.BytesIO(store.path_of(clip).read_bytes()), "r") as file:
        return [picture.to_ndarray(format="bgr24") for picture in file.decode(video=0)]


def people(detector: Detector, image: np.ndarray, zone: Zone) -> int:
    return Examiner(detector, [zone.as_zone()]).look(Frame(image, timezone.now()))[0].people


def test_a_clerk_leaves_and_the_files_show_her_place_before_and_after(
    loket: Counter, simulator: Simulator, detector: Detector
) -> None:
    simulator.set_scene("cam001", Scene.STAFFED)
    with watching("satu"):
        wait_until(stands(loket, "staffed"), 180)
        wait_until(lambda: ring_is_full(loket), 180)
        simulator.set_scene("cam001", Scene.EMPTY)
        left = timezone.now()
        wait_until(Alert.objects.filter(counter=loket).exists, 240)
        alert = Alert.objects.get(counter=loket)
        wait_until(lambda: Kind.DEADLINE_CLIP in kinds(alert), 180)
        simulator.set_scene("cam001", Scene.STAFFED)
        wait_until(lambda: not adoption.missing_kinds(Alert.objects.get()), 180)
        wait_until(lambda: not pending.pending_runs(loket.pk), 180)
    alert.refresh_from_db()
    assert kinds(alert) == STILLS | {Kind.DURING, Kind.EMPTIED_CLIP, Kind.DEADLINE_CLIP}
    rows = {row.kind: row for row in alert.evidence.exclude(kind=Kind.DURING)}
    assert len(rows) == alert.evidence.exclude(kind=Kind.DURING).count() == 6
    assert not verify.verify_evidence(timezone.now()).faults

    # Times
    assert rows[Kind.LAST_STAFFED].at <= left + timedelta(seconds=3)
    assert rows[Kind.FIRST_EMPTY].at == alert.since
    assert timedelta() <= rows[Kind.DEADLINE].at - alert.raised_at < timedelta(seconds=6)
    assert rows[Kind.END].at == alert.ended_at
    for kind, moment in ((Kind.EMPTIED_CLIP, alert.since), (Kind.DEADLINE_CLIP, rows[Kind.DEADLINE].at)):
        clip = rows[kind]
        before, after = moment - clip.at, clip.at + timedelta(seconds=clip.facts["duration_s"]) - moment
        assert timedelta(seconds=19) < before < timedelta(seconds=23), (kind, before)
        assert timedelta(seconds=18.5) < after < timedelta(seconds=21), (kind, after)

    # Content
    zone = loket.subject.zone
    for kind, expected in zip(
        (Kind.LAST_STAFFED, Kind.FIRST_EMPTY, Kind.DEADLINE, Kind.END), (1, 0, 0, 1), strict=True
    ):
        row = rows[kind]
        image = decode_jpeg(store.path_of(row).read_bytes())
        assert image is not None
        assert people(detector, image, zone) == expected == row.facts["people"], kind
        assert (row.facts["width"], row.facts["height"]) == (image.shape[1], image.shape[0])
        assert row.facts["polygon"] == zone.polygon
        assert len(row.facts["boxes"]) == expected
    shown = pictures(rows[Kind.EMPTIED_CLIP])
    assert people(detector, shown[0], zone) == 1
    assert people(detector, shown[-1], zone) == 0


def test_a_watch_killed_in_mid_grace_loses_nothing_that_was_on_disk(loket: Counter, simulator: Simulator) -> None:
    simulator.set_scene("cam001", Scene.STAFFED)
    watch = start_watch("satu")
    try:
        wait_until(stands(loket, "staffed"), 180)
        # Started beforehand: while its models load there are no looks, and stale_s would end the emptiness.
        with watching("dua"):
            wait_until(Watcher.objects.filter(name="dua").exists, 180)
            simulator.set_scene("cam001", Scene.EMPTY)
            wait_until(stands(loket, "grace"), 180)
            first = Standing.objects.get().empty_since
            assert isinstance(first, datetime)
            wait_until(lambda: len(pending.files_of_run(loket.pk, first)) >= 2, 10)
            watch.send_signal(signal.SIGKILL)
            watch.wait()
            Camera.objects.update(lease_holder="", lease_until=None)  # as when the lease expires, 15 s later
            wait_until(stands(loket, "absent"), 240)
            simulator.set_scene("cam001", Scene.STAFFED)
            wait_until(lambda: not pending.pending_runs(loket.pk), 240)
    finally:
        watch.kill()
        watch.wait()
    alert = Alert.objects.get(counter=loket)
    assert alert.since == first
    assert kinds(alert) >= STILLS
    assert alert.evidence.get(kind=Kind.FIRST_EMPTY).at == first
    assert adoption.missing_kinds(alert) == [Kind.EMPTIED_CLIP]  # its packets were in the killed one's memory
    assert not verify.verify_evidence(timezone.now()).faults


def test_a_short_walk_to_the_printer_leaves_nothing_behind(loket: Counter, simulator: Simulator) -> None:
    simulator.set_scene("cam001", Scene.STAFFED)
    with watching("satu"):
        wait_until(stands(loket, "staffed"), 180)
        simulator.set_scene("cam001", Scene.EMPTY)
        wait_until(lambda: pending.pending_runs(loket.pk), 180)
        wait_until(stands(loket, "grace"), 180)
        simulator.set_scene("cam001", Scene.STAFFED)
        wait_until(stands(loket, "staffed"), 180)
        wait_until(lambda: not pending.pending_runs(loket.pk), 120)
    assert not Alert.objects.exists()
    assert not Evidence.objects.exists()
