"""Waits between connections grow, and a refused login is left alone."""

from streams.watch.retries import (
    LONGEST_S,
    REFUSED_S,
    SETTLED,
    SETTLED_S,
    SPREAD_S,
    STEADY_S,
    WAKE_S,
    RefusedLogins,
    RetryPace,
    WaitingCameras,
    waits_for_network,
)


def test_waits_grow_to_a_minute_and_begin_anew_after_a_steady_connection() -> None:
    pace = RetryPace()
    waits = [pace.after("timeout", 5) for _ in range(10)]
    assert 0.7 <= waits[0] <= 1.3
    assert 0.7 * LONGEST_S <= waits[-1] <= 1.3 * LONGEST_S
    assert pace.after("timeout", STEADY_S + 1) <= 1.3


def test_what_only_a_person_can_change_is_not_asked_for_every_second() -> None:
    assert RetryPace().after("unauthorized", 0) >= REFUSED_S
    assert RetryPace().after("not_found", 0) >= 0.7 * SETTLED_S


def test_a_refused_login_waits_also_in_a_reader_that_is_started_anew_but_another_address_does_not() -> None:
    refused = RefusedLogins()
    refused.remember("rtsp://a:b@c/", 100.0)
    assert refused.wait_s("rtsp://a:b@c/", 160.0) == REFUSED_S - 60
    assert refused.wait_s("rtsp://a:b@c/", 100.0 + REFUSED_S) == 0
    assert refused.wait_s("rtsp://a:new@c/", 160.0) == 0


class Waiting:
    """Cameras of one watch that wait to be tried again, and in how many seconds each was asked to be tried."""

    def __init__(self, *names: str) -> None:
        self.cameras, self.asked = WaitingCameras(), dict[str, float]()
        for name in names:
            self.wait(name)

    def wait(self, name: str) -> None:
        self.cameras.add(name, lambda seconds: self.asked.update({name: seconds}))


def test_when_one_camera_returns_the_others_are_tried_soon_and_not_all_at_once() -> None:
    waiting = Waiting(*map(str, range(50)))
    waiting.cameras.remove("7")  # the one that returned
    waiting.cameras.one_returned(100.0)
    assert waiting.asked.keys() == {str(n) for n in range(50)} - {"7"}
    assert all(0 <= wait_s <= SPREAD_S for wait_s in waiting.asked.values())
    assert max(waiting.asked.values()) - min(waiting.asked.values()) > SPREAD_S / 2


def test_a_camera_that_comes_and_goes_does_not_hurry_the_others_each_time() -> None:
    waiting = Waiting("dead")
    waiting.cameras.one_returned(100.0)
    assert waiting.asked.pop("dead") <= SPREAD_S
    waiting.wait("dead")
    waiting.cameras.one_returned(100.0 + WAKE_S - 1)
    assert waiting.asked == {}
    waiting.cameras.one_returned(100.0 + WAKE_S)
    assert "dead" in waiting.asked


def test_only_what_may_be_the_network_waits_for_it() -> None:
    assert all(waits_for_network(problem) for problem in ("timeout", "refused", "no_route", "broken", "silent"))
    assert not any(waits_for_network(problem) for problem in (*SETTLED, "unauthorized"))
