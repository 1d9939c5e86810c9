"""A phone that sends the same event over two connections at once is recorded once; a finish opens its findings once."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks.conduct import PhoneEntry, SpotCheckRefused
from discipline.spotchecks.models import Finding, SpotEntry
from tests.support.base import World

AT_ONCE = 6


@pytest.mark.django_db(transaction=True)
def test_of_six_lines_at_once_one_is_new_and_the_others_hear_the_same() -> None:
    world = World()
    check = spotchecks.start_with(world.walikota, "list", [world.ilir35], "", timezone.now())
    marked, ended = uuid4(), uuid4()
    now = timezone.now()
    first = together(
        lambda: spotchecks.accept_entry(check, PhoneEntry(marked, "mark", now, 1, "conduct"), timezone.now())
    )
    last = together(lambda: spotchecks.accept_entry(check, PhoneEntry(ended, "finish", now), timezone.now()))
    for answers in (first, last):
        assert sorted(new for _, new in answers) == [False] * (AT_ONCE - 1) + [True]
        assert len({entry.pk for entry, _ in answers}) == 1
    assert (SpotEntry.objects.count(), Finding.objects.count()) == (2, 1)
    refused = together(lambda: spotchecks.accept_entry(check, PhoneEntry(uuid4(), "finish", now), timezone.now()))
    assert [str(one) for one in refused] == [SpotCheckRefused.FINISHED] * AT_ONCE


def together(say: Callable[[], Any]) -> list[Any]:
    """Return what each call returned or raised."""
    gate = threading.Barrier(AT_ONCE)
    heard: list[Any] = []

    def one() -> None:
        try:
            gate.wait(30)
            heard.append(say())
        except SpotCheckRefused as refusal:
            heard.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard
