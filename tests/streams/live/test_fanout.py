"""Live feeds of real (simulated) cameras: one connection per camera for all viewers, and the viewers' messages."""

import asyncio
import time
from base64 import b64decode
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from streams.live import camera_reader, fanout
from streams.live.fanout import CameraFeed, FeedHub, LiveViewer, Message
from streams.live.send_window import WINDOW
from streams.simulator.scenes import SimulatedFault
from streams.simulator.simulator import Simulator
from streams.source.fmp4 import Fragment
from streams.source.stream_clock import StreamClock
from tests.support.filming import times

PATIENCE_S = 30.0


@pytest.fixture(autouse=True)
def hurry() -> Iterator[None]:
    with patch.object(camera_reader, "RETRY_LONGEST_S", 0.4), patch.object(fanout, "LINGER_S", 0.5):
        yield


@pytest.fixture(scope="module")
def two_codecs(footage: Path, footage_h265: Path) -> Iterator[Simulator]:
    with Simulator(cameras=2, footage=footage, footage_of={2: footage_h265}) as simulator:
        yield simulator


class Guest:
    """A viewer who takes all fragments at once, as a socket on a fast connection does."""

    def __init__(self, hub: FeedHub, simulator: Simulator, camera: int = 1, **more: Any) -> None:
        self.feed, self.seat = hub.join(str(camera), simulator.url(camera), **more)
        self.messages: list[Message] = []
        self.got: list[Fragment] = []

    def look(self) -> None:
        self.messages += self.seat.news()
        while fragment := self.seat.window.take(time.monotonic()):
            self.got.append(fragment)
            self.seat.window.arrived(sum(len(one.data) for one in self.got))

    def film(self) -> bytes:
        head = next(message["head"] for message in self.messages if message["type"] == "init")
        return b64decode(head) + b"".join(one.data for one in self.got)

    def leave(self) -> None:
        self.feed.leave(self.seat)


async def until(true: Callable[[], Any], *guests: Guest) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        for guest in guests:
            guest.look()
        if true():
            return
        assert time.monotonic() < deadline, [guest.messages for guest in guests]
        await asyncio.sleep(0.02)


def run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(story)


def kinds(guest: Guest) -> list[str]:
    return [message["type"] for message in guest.messages]


def test_fifty_viewers_share_one_connection_and_all_see(city: Simulator) -> None:
    async def story() -> None:
        hub = FeedHub()
        guests = [Guest(hub, city) for _ in range(50)]
        await until(lambda: all(len(guest.got) > 5 for guest in guests), *guests)
        assert (hub.connections, city.viewers("cam001")) == (1, 1)
        for guest in guests:
            assert guest.got[0].key
        shown = times(guests[-1].film())
        assert len(shown) > 10
        assert shown == sorted(shown)
        for guest in guests:
            guest.leave()
        await until(lambda: not hub.connections and not city.viewers("cam001"))

    run(story())


def test_a_feed_that_begins_again_goes_on_behind_what_a_browser_already_has(city: Simulator) -> None:
    async def story() -> None:
        before = Guest(FeedHub(), city)
        await until(lambda: len(before.got) > 3, before)
        before.leave()
        seen = times(before.film())
        after = Guest(FeedHub(), city)  # as after a restart of the server
        await until(lambda: len(after.got) > 3 and times(after.film())[-1] > seen[-1], after)
        after.leave()
        # The camera sends its last two seconds to each new client: only those may overlap.
        assert times(after.film())[0] > seen[-1] - 2.5

    run(story())


def test_a_newcomer_has_the_present_group_at_once(city: Simulator) -> None:
    async def story() -> None:
        hub = FeedHub()
        first = Guest(hub, city)
        await until(lambda: len(first.got) > 3, first)
        second = Guest(hub, city)
        second.look()
        assert second.got[0].key
        assert second.got[-1] is first.got[-1], "up to the newest"
        assert kinds(second)[:2] == ["init", "clock"]

    run(story())


def test_the_camera_stays_open_a_while_for_those_who_come_back(city: Simulator) -> None:
    async def story() -> None:
        hub = FeedHub()
        guest = Guest(hub, city)
        await until(lambda: guest.got, guest)
        guest.leave()
        again = Guest(hub, city)
        assert again.feed is guest.feed
        await asyncio.sleep(2 * fanout.LINGER_S)
        assert hub.connections == 1, "somebody looks"
        again.leave()
        await until(lambda: not hub.connections)

    run(story())


def test_who_does_not_answer_waits_within_bounds_and_holds_up_nobody(city: Simulator) -> None:
    async def story() -> None:
        hub = FeedHub()
        good, deaf = Guest(hub, city), Guest(hub, city)
        sent = 0
        deadline = time.monotonic() + PATIENCE_S
        while deaf.seat.window.skips < 2 and time.monotonic() < deadline:
            good.look()
            while fragment := deaf.seat.window.take(time.monotonic()):
                sent += len(fragment.data)
            await asyncio.sleep(0.02)
        assert deaf.seat.window.skips >= 2
        assert sent <= WINDOW
        assert deaf.seat.window.size < 2 * sum(len(one.data) for one in good.got)
        assert good.seat.window.skips == 0
        shown = times(good.film())
        assert shown[-1] - shown[0] == pytest.approx((len(shown) - 1) / 15, abs=0.5), "not a picture is missing"

    run(story())


def test_a_camera_that_fails_is_reported_and_reopened(city: Simulator) -> None:
    async def story() -> None:
        hub = FeedHub()
        guest = Guest(hub, city, 3)
        await until(lambda: len(guest.got) > 2, guest)
        city.set_fault("cam003", SimulatedFault.UNAUTHORIZED)
        await until(lambda: {"type": "trouble", "problem": "login_needed"} in guest.messages, guest)
        late = Guest(hub, city, 3)
        late.look()
        assert kinds(late)[0] == "trouble"
        before = len(guest.got)
        city.set_fault("cam003", SimulatedFault.NONE)
        await until(lambda: len(guest.got) > before + 3 and len(late.got) > 3, guest, late)
        assert any(one.key for one in guest.got[before : before + 2]), "what was in hand, then a keyframe"
        assert times(guest.film()) == sorted(times(guest.film())), "its time goes on"

    run(story())


def test_a_picture_of_another_size_comes_with_a_head_of_its_own(city: Simulator) -> None:
    async def story() -> None:
        hub = FeedHub()
        guest = Guest(hub, city, 4)
        await until(lambda: len(guest.got) > 2, guest)
        city.set_fault("cam004", SimulatedFault.RESOLUTION)
        await until(lambda: kinds(guest).count("init") == 2, guest)
        sizes = [(message["width"], message["height"]) for message in guest.messages if message["type"] == "init"]
        assert sizes[0] != sizes[1]
        city.set_fault("cam004", SimulatedFault.NONE)

    run(story())


def test_a_camera_of_h265_shows_pictures_and_says_why(two_codecs: Simulator) -> None:
    async def story() -> None:
        guest = Guest(FeedHub(), two_codecs, 2)
        await until(lambda: len(guest.got) > 1, guest)
        assert {"type": "pictures", "why": "codec", "codec": "hevc"} in guest.messages
        assert all(one.data.startswith(b"\xff\xd8") for one in guest.got)

    run(story())


def test_a_browser_without_video_gets_one_or_two_pictures_a_second_beside_the_others(two_codecs: Simulator) -> None:
    async def story() -> None:
        hub = FeedHub()
        old, new = Guest(hub, two_codecs, pictures=True), Guest(hub, two_codecs)
        await until(lambda: len(old.got) > 2, old, new)
        began, before = time.monotonic(), len(old.got)
        await until(lambda: time.monotonic() > began + 3, old, new)
        assert 1 <= len(old.got) - before <= 7
        assert all(one.data.startswith(b"\xff\xd8") for one in old.got)
        assert {"type": "pictures", "why": "asked", "codec": ""} in old.messages
        assert len(times(new.film())) > 20
        assert hub.connections == 1

    run(story())


def test_a_loop_that_is_busy_elsewhere_gathers_no_heap() -> None:
    async def story() -> None:
        feed = CameraFeed("nowhere", "rtsp://127.0.0.1:1/none", lambda _feed: None)
        seat = LiveViewer(pictures=False)
        feed.join(seat)
        picture, key = Fragment(b"p", False), Fragment(b"k", True)
        for number in range(10_000):
            feed._on_event(camera_reader.FragmentCame(key if number % 10 == 0 else picture, 0.0))
        assert feed._handed < 100
        await asyncio.sleep(0)
        feed._on_event(camera_reader.FragmentCame(picture, 0.0))
        assert feed._handed < 100, "after a gap a keyframe comes first"
        feed.tap.stop()

    run(story())


def test_a_cameras_clock_that_jumps_or_restarts_never_turns_the_film_back() -> None:
    line = StreamClock()
    stamps = [(0.0, 0.0), (0.1, 0.1), (900.0, 0.2), (900.1, 0.3), (3.0, 0.4), (3.1, 0.5), (3.05, 0.6)]
    places = [line.place(stamp, arrived) for stamp, arrived in stamps]
    line.restart()
    places.append(line.place(77.0, 20.0))
    assert places == sorted(set(places))
    assert places[-1] >= 20.0
    assert places[4] == pytest.approx(0.4)


def test_what_comes_in_a_burst_was_taken_before() -> None:
    line = StreamClock()
    for number in range(30):
        line.place(number / 15, 0.001 * number)
    assert line.ahead_s == pytest.approx(29 / 15, abs=0.05), "the place 0 is two seconds old when it arrives"
