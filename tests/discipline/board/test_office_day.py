"""The day of an office: its events, its stored pictures, and what it says without JavaScript."""

from datetime import UTC, datetime, timedelta

from django.urls import reverse

from discipline.alerts.models import Alert
from discipline.board.day import events_rule as events
from discipline.staffing.day_strip import AHEAD, BREAK, StripPiece
from discipline.staffing.incident_models import SystemIncident
from offices.access.models import FileAccess
from tests.support.base import OfficeTestCase
from tests.support.clock import wib
from tests.support.pictures import noise_jpeg
from tests.support.proof import Form, Kind, store_still
from tests.support.story import absence_of_eighteen_minutes

START = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


def turns(*kinds: str) -> list[tuple[int, str]]:
    """Return (index of the piece, change) of pieces of these kinds."""
    hour = timedelta(hours=1)
    pieces = [StripPiece("", "", kind, START + n * hour, START + (n + 1) * hour) for n, kind in enumerate(kinds)]
    return [((turn.at - START) // hour, turn.kind) for turn in events.turns_of(pieces)]


def test_a_day_without_change_has_no_events() -> None:
    assert turns("staffed", BREAK, "staffed", AHEAD) == []


def test_a_counter_that_empties_and_is_staffed_again() -> None:
    assert turns("staffed", "grace", "absent", "staffed") == [(1, events.LEFT), (3, events.RETURNED)]


def test_a_counter_that_is_empty_after_the_opening_or_a_break() -> None:
    assert turns("absent", BREAK, "excused", "staffed") == [
        (0, events.NOT_OPENED),
        (2, events.NOT_OPENED),
        (3, events.RETURNED),
    ]


def test_what_a_blind_camera_shows_before_and_after() -> None:
    assert turns("staffed", "unknown", "staffed", "unknown", "absent") == [
        (1, events.UNSEEN),
        (2, events.SEEN_STAFFED),
        (3, events.UNSEEN),
        (4, events.SEEN_EMPTY),
    ]


class OfficeDays(OfficeTestCase):
    def setUp(self) -> None:
        self.counter = self.world.counter(self.world.ilir35)
        self.alert: Alert = absence_of_eighteen_minutes(self.counter)
        self.client.force_login(self.world.budi)

    def page(self, day: str) -> str:
        answer = self.client.get(reverse("office-day", args=[self.world.ilir35.code, day]))
        assert answer.status_code == 200
        return answer.content.decode()

    def test_events_are_a_list_with_links_to_what_is_stored_and_shown(self) -> None:
        at = wib("09:52:05")
        original = store_still(self.counter, Kind.DEADLINE, Form.ORIGINAL, at, data=noise_jpeg())
        plain = store_still(self.counter, Kind.DEADLINE, Form.PLAIN, at, of=original, data=noise_jpeg())
        self.alert.evidence.add(original)
        text = self.page("2026-11-23")
        assert "Loket mulai kosong" in text
        assert reverse("indication", args=[self.alert.pk]) in text
        assert f'href="{reverse("evidence-file", args=[plain.pk])}"' in text
        assert f"[{original.pk}, " not in text
        assert not FileAccess.objects.exists()
        incident = SystemIncident.objects.create(kind="no_watch", since=at, raised_at=at, ended_at=at)
        Alert.objects.filter(pk=self.alert.pk).update(withdrawn_by=incident)
        text = self.page("2026-11-23")
        assert f'href="{reverse("evidence-file", args=[plain.pk])}"' not in text
        assert "Indikasi timbul" not in text

    def test_a_day_before_the_counter_was_watched(self) -> None:
        assert "belum dipantau pada hari itu" in self.page("2026-11-20")

    def test_no_such_day(self) -> None:
        for day in ("2026-02-30", "kemarin", "2999-01-01"):
            address = reverse("office-day", args=[self.world.ilir35.code, day])
            assert self.client.get(address).status_code == 404

    def test_an_excused_absence_is_drawn_as_such(self) -> None:
        Alert.objects.filter(pk=self.alert.pk).update(outcome="excused")
        assert '["excused", ' in self.page("2026-11-23")
