"""The packets kept in memory: bounded, in whole groups, and always the newest."""

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.source.ring import LARGE, LARGEST_GROUP, Packet, RingPool, parameter_sets

TICK_S, STEP = 1 / 90_000, 6_000
SPS, PPS, IDR, P_SLICE, SEI = b"\x67AAA", b"\x68BB", b"\x65" + b"i" * 90, b"\x41" + b"p" * 20, b"\x06s"
START = b"\0\0\0\1"


def keyframe(sps: bytes = SPS, size: int = 0) -> bytes:
    return START + sps + START + PPS + START + SEI + START + IDR + b"i" * size


class Camera:
    """Feeds a ring at 15 pictures a second."""

    def __init__(self, shelf: RingPool) -> None:
        self.ring, self.clock, self.pts = shelf.ring(), 100.0, 0
        self.ring.begin("h264", b"", TICK_S)

    def sends(self, key: bool = False, size: int = 0, sps: bytes = SPS) -> None:
        self.clock, self.pts = self.clock + 1 / 15, self.pts + STEP
        data = keyframe(sps, size) if key else START + P_SLICE + b"p" * size
        self.ring.add(data, self.pts, self.pts, key, self.clock)

    def films(self, seconds: float, gop: int = 30, **more: object) -> None:
        for index in range(round(15 * seconds)):
            self.sends(key=index % gop == 0, **more)  # type: ignore[arg-type]

    def all(self) -> list[Packet]:
        clip = self.ring.cut(0, 1e9, 1e9)
        return list(clip.packets) if clip else []


def test_a_group_that_is_complete_gives_what_came_in() -> None:
    """Larger groups lie in pages of their own, smaller ones in the heap."""
    for size in (10, LARGE // 10):
        camera = Camera(shelf(span_s=1000))
        camera.films(9, gop=30, size=size)
        packets = camera.all()
        assert [packet.data for packet in packets[:30]] == [keyframe(size=size)] + [START + P_SLICE + b"p" * size] * 29
        assert len(packets) == 135
        assert [packet.keyframe for packet in packets] == [index % 30 == 0 for index in range(135)]
        camera.ring.begin("h264", b"", TICK_S)
        camera.ring.begin("h264", b"", TICK_S)  # closes what is closed already
        assert camera.all() == packets
        assert camera.ring.size >= sum(len(packet.data) for packet in packets)


def shelf(most: int = 1 << 30, each: int = 1 << 30, span_s: float = 20) -> RingPool:
    return RingPool(most, each, span_s)


FEEDS = st.lists(
    st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 3000)),  # camera, keyframe, more bytes
    max_size=150,
)


@settings(deadline=None)
@given(FEEDS, st.integers(2000, 20_000), st.integers(2000, 8000))
def test_rings_are_bounded_whole_and_keep_the_newest(feed: list, most: int, each: int) -> None:
    here = shelf(most, each, span_s=2)
    cameras = [Camera(here) for _ in range(3)]
    for number, key, size in feed:
        camera = cameras[number]
        before = camera.all()
        camera.sends(key, size)
        assert here.size == sum(other.ring.size for other in cameras) <= most
        for other in cameras:
            alone = sum(packet.keyframe for packet in other.all()) == 1
            assert other.ring.size <= (LARGEST_GROUP if alone else 1) * each
        kept = camera.all()
        if kept:
            assert kept[0].keyframe
            assert kept[-1].pts == camera.pts
            stamps = [packet.pts for packet in kept]
            assert stamps == list(range(stamps[0], camera.pts + STEP, STEP))  # nothing lost in between
        elif key or before:
            assert camera.ring.size == 0  # the group alone exceeds the bound: the ring waits for the next keyframe


def test_a_ring_reaches_back_as_far_as_it_should_and_not_a_group_farther() -> None:
    camera = Camera(shelf(span_s=20))
    camera.films(60)
    clip = camera.ring.cut(0, 1e9, 1e9)
    assert clip is not None
    assert 20 <= camera.clock - clip.began < 22.1


def test_what_is_held_stays_until_it_is_released() -> None:
    camera = Camera(shelf(span_s=20))
    camera.films(30)
    since = camera.clock - 10
    camera.ring.hold(since)
    camera.films(40)
    clip = camera.ring.cut(since, camera.clock, camera.clock)
    assert clip is not None
    assert since - 2.1 < clip.began <= since
    camera.ring.release(since)
    camera.films(1, gop=1)
    clip = camera.ring.cut(since, camera.clock, camera.clock)
    assert clip is not None
    assert camera.clock - clip.began < 22.1


def test_a_clip_begins_on_the_keyframe_before_and_ends_in_time() -> None:
    camera = Camera(shelf())
    camera.films(20)
    clip = camera.ring.cut(105.0, 110.0, 107.0)
    assert clip is not None
    assert 103 <= clip.began <= 105
    assert clip.packets[0].keyframe
    shown_s = (clip.packets[-1].pts or 0) * TICK_S - (clip.packets[0].pts or 0) * TICK_S
    assert abs(clip.began + shown_s - 110.0) < 0.1


def test_the_fullest_ring_gives_when_all_together_are_too_many() -> None:
    here = shelf(most=40_000)
    lavish, modest = Camera(here), Camera(here)
    modest.films(8)
    before = modest.ring.size
    lavish.films(16, size=800)
    assert modest.ring.size == before
    assert here.size <= 40_000


def test_a_reconnection_never_shares_a_clip_with_what_was_before() -> None:
    camera = Camera(shelf())
    camera.films(10)
    camera.ring.begin("h264", b"", TICK_S)
    camera.pts = 5
    camera.films(4)
    assert [packet.pts for packet in camera.all()] == [5 + STEP * n for n in range(1, 61)]
    earlier = camera.ring.cut(0, 1e9, 105.0)
    assert earlier is not None
    assert len(earlier.packets) == 150


def test_another_picture_size_begins_a_new_stream() -> None:
    camera = Camera(shelf())
    camera.films(4)
    camera.films(6, sps=b"\x67CCCC")
    assert len(camera.all()) == 90
    assert all(b"AAA" not in packet.data for packet in camera.all())


def test_a_stream_whose_clock_jumps_begins_anew_on_its_next_keyframe() -> None:
    camera = Camera(shelf())
    camera.films(4)
    camera.pts += 90_000 * 3600
    camera.films(3, gop=45)
    assert len(camera.all()) == 45


def test_packets_before_the_first_stamped_keyframe_are_of_no_use() -> None:
    camera = Camera(shelf())
    camera.sends()
    camera.ring.add(keyframe(), None, None, True, camera.clock)
    camera.sends()
    assert camera.all() == []
    camera.sends(key=True)
    assert len(camera.all()) == 1


def test_a_dropped_camera_leaves_the_shelf_empty() -> None:
    here = shelf()
    camera = Camera(here)
    camera.films(5)
    camera.ring.clear()
    camera.sends(key=True)
    assert (here.size, here.rings, camera.all()) == (0, set(), [])


def test_parameter_sets_are_read_up_to_the_first_slice() -> None:
    assert parameter_sets(keyframe(), "h264") == SPS + b"\0\0\1" + PPS
    assert parameter_sets(START + IDR + START + SPS, "h264") == b""
    vps, sps, pps, idr = b"\x40\x01v", b"\x42\x01s", b"\x44\x01p", b"\x26\x01i"
    assert parameter_sets(START + START.join((vps, sps, pps, idr)), "hevc") == b"\0\0\1".join((vps, sps, pps))
