"""Clips of counters are taken once somebody serves and somebody else stands there, by the real detector."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import av
import pytest
from django.conf import settings

from streams.looks.visits.clips import TakenClip, WantedClip
from streams.looks.visits.lookout import VisitLookout
from streams.looks.visits.people import PeopleNearby
from streams.pixels.occupancy import Look, Sample
from streams.pixels.shapes import Frame
from streams.source.ring import Ring, RingPool
from tests.support.filming import filmed
from tests.support.visitors import DESK, RIGHT, room


def ring_of_now() -> Ring:
    """Return a ring with six seconds of video that end now."""
    ring = RingPool(8 << 20, 8 << 20, 22.0).ring()
    ring.begin("h264", b"", 1 / 90_000)
    packets = filmed()
    began = time.monotonic() - len(packets) / 15
    for number, packet in enumerate(packets):
        ring.add(packet.data, packet.pts, packet.dts, packet.keyframe, began + number / 15)
    return ring


@contextmanager
def lookout() -> Iterator[tuple[VisitLookout, list[TakenClip]]]:
    """Yield a lookout and what it took; at the end clips under way are cut short."""
    taken: list[TakenClip] = []
    made = VisitLookout(PeopleNearby(settings.MODELS_DIR), taken.append)
    made.start()
    yield made, taken
    made.stop()


def look(made: VisitLookout, state: Look, visitor: float | None, at: datetime, ring: Ring) -> None:
    """Show the lookout a picture of the desk."""
    sample = Sample(DESK.counter, at, state, int(state is Look.STAFFED))
    made.look(7, Frame(room(visitor=visitor), at), [sample], (DESK,), ring)


def wanted(key: int = 3, **more: bool) -> WantedClip:
    """Return a clip that is wanted now."""
    now = datetime.now(UTC)
    return WantedClip(key, 7, DESK.counter, now - timedelta(seconds=2), now + timedelta(minutes=5), **more)


@pytest.mark.usefixtures("detector")  # whose models are used
def test_a_clip_is_taken_once_when_a_visitor_is_there() -> None:
    ring, now = ring_of_now(), datetime.now(UTC)
    with lookout() as (made, taken):
        made.want([wanted()])
        look(made, Look.STAFFED, None, now, ring)
        look(made, Look.EMPTY, RIGHT, now + timedelta(seconds=5), ring)
        look(made, Look.STAFFED, RIGHT, now - timedelta(hours=1), ring)
        made.want([])
        look(made, Look.STAFFED, RIGHT, now + timedelta(seconds=10), ring)
        made.want([wanted()])
        assert ring._holds == []  # nothing was taken so far
        look(made, Look.STAFFED, RIGHT, now + timedelta(seconds=15), ring)
        assert len(ring._holds) == 1
        made.want([wanted()])
        look(made, Look.STAFFED, RIGHT, now + timedelta(seconds=20), ring)
        assert len(ring._holds) == 1
    (clip,) = taken
    assert (clip.key, clip.zones) == (3, (DESK,))
    with av.open(io.BytesIO(clip.mp4), "r") as file:
        assert len(list(file.decode(video=0))) > 10
    assert ring._holds == []


@pytest.mark.usefixtures("detector")  # whose models are used
def test_a_clip_of_a_spot_check_is_taken_at_its_moment_whoever_is_there() -> None:
    ring, now = ring_of_now(), datetime.now(UTC)
    with lookout() as (made, taken):
        made.want([wanted(visitor=False)])
        look(made, Look.EMPTY, None, now, ring)
    (clip,) = taken
    assert now - clip.at > timedelta(seconds=1.5)
