"""Viewers on fast and slow connections, simulated without a network: a slow one skips and delays no other."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.live.send_window import MOST, PATIENCE_S, WINDOW, SendWindow
from streams.source.fmp4 import Fragment

KEY, PICTURE = Fragment(b"k" * 20_000, True), Fragment(b"p" * 2_000, False)


def camera(seconds: float) -> Iterator[tuple[float, Fragment]]:
    """Yield (time, fragment): a keyframe every 2 s, a fragment of three pictures every fifth of a second."""
    for tick in range(int(seconds * 5)):
        yield tick / 5, KEY if tick % 10 == 0 else PICTURE


class Phone:
    """A connection of `rate` bytes per second; a byte arrives when all before it have."""

    def __init__(self, rate: float) -> None:
        self.window, self.rate = SendWindow(), rate
        self.free_at, self.sent = 0.0, 0
        self.seen: list[tuple[float, Fragment]] = []  # (time of arrival, fragment)
        self.arriving: list[tuple[float, int]] = []

    def at(self, now: float) -> None:
        while self.arriving and self.arriving[0][0] <= now:
            self.window.arrived(self.arriving.pop(0)[1])
        while fragment := self.window.take(now):
            self.sent += len(fragment.data)
            self.free_at = max(self.free_at, now) + len(fragment.data) / self.rate
            self.arriving.append((self.free_at, self.sent))
            self.seen.append((self.free_at, fragment))


def watch(phone: Phone, seconds: float) -> None:
    for at, fragment in camera(seconds):
        phone.window.offer(fragment)
        for step in range(10):
            phone.at(at + step / 50)


def test_a_good_line_gets_everything_and_at_once() -> None:
    phone = Phone(1_000_000)
    watch(phone, 20)
    assert [fragment for _, fragment in phone.seen] == [fragment for _, fragment in camera(20)]
    assert phone.window.skips == 0
    assert all(arrived - at < 0.05 for (arrived, _), (at, _) in zip(phone.seen, camera(20), strict=True))


def test_a_thin_line_skips_to_the_newest_keyframe_and_stays_near_the_present() -> None:
    phone = Phone(8_000)  # bytes per second; the camera sends 19,000
    watch(phone, 60)
    assert phone.window.skips > 5
    assert phone.free_at < 60 + 5, "what is on its way is a few seconds, however long one watches"
    after = {id(one): two for one, two in zip(phone.seen, phone.seen[1:], strict=False)}
    assert any(two[1] is KEY for two in after.values())


def test_a_viewer_that_never_answers_gets_a_window_and_no_more() -> None:
    window, sent = SendWindow(), 0
    for at, fragment in camera(300):
        window.offer(fragment)
        while taken := window.take(at):
            sent += len(taken.data)
    assert sent <= WINDOW
    assert window.size <= 40_000, "a group of pictures waits, and never two"


def test_a_keyframe_larger_than_the_window_passes_all_the_same() -> None:
    window, huge = SendWindow(), Fragment(b"k" * 3 * WINDOW, True)
    window.offer(huge)
    assert window.take(0.0) is huge
    window.offer(PICTURE)
    assert window.take(0.1) is None
    window.arrived(3 * WINDOW)
    assert window.take(0.2) is PICTURE


def test_a_line_that_stands_still_is_not_fed() -> None:
    window = SendWindow()
    window.offer(KEY)
    window.offer(PICTURE)
    window.offer(PICTURE)
    assert window.take(0.0) is KEY
    assert window.take(0.1) is PICTURE
    assert window.take(0.2 + PATIENCE_S) is None


def test_a_new_connection_of_the_camera_waits_for_its_keyframe() -> None:
    window = SendWindow()
    window.offer(PICTURE)
    assert window.take(0.0) is None, "nothing before a keyframe"
    window.offer(KEY)
    window.begin()
    window.offer(PICTURE)
    assert window.take(0.0) is None
    window.offer(KEY)
    assert window.take(0.0) is KEY


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("kppppa"), st.integers(1, 400_000)), max_size=120))
def test_what_waits_is_bounded_and_no_picture_comes_without_those_it_builds_on(moves: list[tuple[str, int]]) -> None:
    window, sent, now, last = SendWindow(), 0, 0.0, -1
    offered: list[Fragment] = []
    for kind, amount in moves:
        now += 0.1
        if kind == "a":
            window.arrived(sent - amount % (WINDOW + 1))
        else:
            offered.append(Fragment(b"x" * amount, kind == "k"))
            window.offer(offered[-1])
        while taken := window.take(now):
            sent += len(taken.data)
            place = offered.index(taken)  # fragments are compared by identity
            assert taken.key or place == last + 1
            last = place
        assert window.size <= MOST + 400_000
