"""The order in which pictures are examined."""

import threading

from streams.watch.look_queue import LookQueue


def test_the_look_that_is_due_first_is_done_first() -> None:
    queue: LookQueue[str] = LookQueue()
    for camera, due in (("calm", 115.0), ("empty", 105.0), ("late", 104.0), ("empty too", 105.0), ("idle", 160.0)):
        queue.put(camera, due)
    assert [queue.get() for _ in range(5)] == ["late", "empty", "empty too", "calm", "idle"]


def test_those_who_wait_get_what_comes_and_are_let_go() -> None:
    queue: LookQueue[int] = LookQueue()
    got: list[int | None] = []
    threads = [threading.Thread(target=lambda: got.append(queue.get())) for _ in range(3)]
    for thread in threads:
        thread.start()
    queue.put(1, 0.0)
    queue.put(2, 0.0)
    while len(got) < 2:
        threads[0].join(0.01)
    queue.close()
    for thread in threads:
        thread.join(5)
    assert sorted(got, key=str) == [1, 2, None]
    queue.put(3, 0.0)
    assert queue.get() is None
