"""Which pictures are decoded: keyframes where they come often enough, else every picture, and never a damaged one."""

from hypothesis import given
from hypothesis import strategies as st

from streams.source.gop import MOST_PENDING, PictureBacklog

LOOK_S, FPS = 5.0, 10


class Stream:
    """Sends pictures named by their number and looks every LOOK_S."""

    def __init__(self) -> None:
        self.backlog = PictureBacklog()
        self.backlog.begin("h264", b"")
        self.number, self.looked_at = 0, -LOOK_S
        self.runs: list[list[int]] = []

    def send(self, count: int, gop: int, damaged: tuple[int, ...] = ()) -> None:
        for index in range(count):
            clock = self.number / FPS
            wanted = clock - self.looked_at >= LOOK_S
            data = self.number.to_bytes(4, "big")
            if self.backlog.take(data, clock, index % gop == 0, index in damaged, clock, LOOK_S, wanted):
                run = self.backlog.collect()
                assert run is not None
                assert run.clock == clock
                self.looked_at = clock
                self.runs.append([int.from_bytes(one, "big") for one in run.pictures])
            self.number += 1


def test_of_short_groups_only_the_wanted_keyframes_are_decoded() -> None:
    stream = Stream()
    stream.send(200, gop=20)
    assert [len(run) for run in stream.runs] == [1] * len(stream.runs)
    assert [run[0] % 20 for run in stream.runs] == [0] * len(stream.runs)
    assert len(stream.runs) == 4  # every 6 s: the first keyframe after each 5
    assert stream.backlog.gop.fps == FPS
    assert stream.backlog.waiting == 0


def test_of_long_groups_every_picture_is_decoded_from_the_first_keyframe_on() -> None:
    stream = Stream()
    stream.send(400, gop=10**6)
    assert stream.runs[0] == [0], "by itself, as the groups may be short"
    assert [number for run in stream.runs[1:] for number in run] == list(range(351))
    assert len(stream.runs) == 8
    assert not stream.backlog.overdue(LOOK_S)


def test_the_first_keyframe_is_decoded_by_itself_however_late() -> None:
    for collected_after in (1, 15, 25):  # pictures; the next keyframe is the 21st
        backlog = PictureBacklog()
        backlog.begin("h264", b"")
        for number in range(collected_after):
            backlog.take(
                number.to_bytes(4, "big"), number / FPS, number % 20 == 0, False, number / FPS, LOOK_S, number == 0
            )
        run = backlog.collect()
        assert run is not None
        assert (run.pictures, run.alone, run.restarts, run.clock) == ((bytes(4),), True, True, 0.0)
        assert backlog.collect() is None


def test_keyframes_that_stop_coming_are_noticed_and_the_next_connection_needs_none() -> None:
    stream = Stream()
    stream.send(80, gop=20)
    assert not stream.backlog.overdue(LOOK_S)
    stream.send(100, gop=10**6)
    assert stream.backlog.overdue(LOOK_S)
    stream.backlog.expect_rare_keyframes()
    stream.backlog.begin("h264", b"")
    before = len(stream.runs)
    stream.send(60, gop=20)
    stream.send(140, gop=10**6)
    assert len(stream.runs) - before == 4
    assert not stream.backlog.overdue(LOOK_S)


def test_damaged_pictures_and_those_that_follow_are_not_looked_at() -> None:
    stream = Stream()
    stream.send(60, gop=20, damaged=(0,))
    assert stream.runs == [[20]] or stream.runs[0][0] == 20
    long = Stream()
    long.send(300, gop=10**6, damaged=(120,))
    assert max(number for run in long.runs for number in run) < 120
    assert long.backlog.overdue(LOOK_S)


def test_pictures_that_nobody_collects_are_bounded() -> None:
    backlog = PictureBacklog()
    backlog.begin("h264", b"")
    for number in range(40):
        backlog.take(bytes(1 << 20), number / FPS, number == 0, False, number / FPS, LOOK_S, True)
        assert backlog.waiting <= MOST_PENDING


PICTURE = st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans())


@given(st.lists(PICTURE, max_size=40))
def test_a_run_begins_with_a_keyframe_or_goes_on_where_the_last_one_ended(pictures: list[tuple[bool, ...]]) -> None:
    backlog = PictureBacklog()
    backlog.begin("h264", b"")
    chain = -2  # the number of the picture that the decoder has seen last
    for number, (keyframe, damaged, wanted, collect) in enumerate(pictures):
        backlog.take(number.to_bytes(4, "big"), number, keyframe, damaged, float(number), 2.5, wanted)
        run = backlog.collect() if collect else None
        if run is not None:
            numbers = [int.from_bytes(one, "big") for one in run.pictures]
            assert not any(pictures[one][1] for one in numbers)
            assert numbers == list(range(numbers[0], numbers[-1] + 1))
            assert len(numbers) == 1 or not run.alone
            assert pictures[numbers[0]][0] if run.restarts else numbers[0] == chain + 1
            chain = numbers[-1]


def test_groups_as_long_as_the_pace_are_short_enough_though_arrival_trembles() -> None:
    backlog = PictureBacklog()
    backlog.begin("h264", b"")
    for number in range(200):
        clock = number / FPS + 0.05 * (number % 3)
        backlog.take(b"x", clock, number % 50 == 0, False, clock, LOOK_S, False)
    assert not backlog.rare(LOOK_S)
    assert backlog.waiting == 0
