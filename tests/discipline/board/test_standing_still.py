"""What stands still of Sidak itself, as pages say it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from discipline.board.standing_still import parts_standing_still, watch_parts
from discipline.core.heartbeats import LIMITS_S, Part, beat
from discipline.core.models import Heartbeat
from streams.cameras.models import Watcher
from tests.support.base import OfficeTestCase


def watching(name: str, ago_s: float, **told: Any) -> None:
    now = timezone.now()
    Watcher.objects.create(name=name, started_at=now, seen_at=now - timedelta(seconds=ago_s), **told)


@pytest.mark.django_db
def test_before_anything_ran_only_monitoring_misses_it() -> None:
    assert parts_standing_still() == []
    assert parts_standing_still(never=True) == list(LIMITS_S)


@pytest.mark.django_db
def test_only_what_works_is_left_out() -> None:
    beat(Part.WORKER)
    Heartbeat.objects.create(part=Part.BEAT, at=timezone.now() - timedelta(minutes=1))
    watching("satu", 1, standing_still="recorder", evidence_problem="No space left on device")
    watching("mati", 60, standing_still="evidence")  # another process reads its cameras by now
    assert parts_standing_still() == [Part.BEAT, Part.RECORDER, Part.DISK]


def test_what_several_watches_tell_is_said_once() -> None:
    assert watch_parts([("", "")]) == []
    told = [("evidence,recorder", ""), ("recorder", "Permission denied"), ("of another release", "")]
    assert watch_parts(told) == [Part.RECORDER, Part.EVIDENCE, Part.DISK]


class Pages(OfficeTestCase):
    def test_every_page_of_the_board_says_it_to_everybody(self) -> None:
        Heartbeat.objects.create(part=Part.NOTICES, at=timezone.now() - timedelta(minutes=1))
        for user in (self.world.ani, self.world.walikota, self.world.dewi):
            self.client.force_login(user)
            for path in ("/", "/dinding/", "/kantor/16.71.01.1001/", "/kantor/16.71.01.1001/langsung/"):
                assert "<span data-parts>pengirim pemberitahuan</span>" in self.client.get(path).content.decode()
