"""How long recordings are kept, what a hold keeps, and what goes first when room runs short."""

import errno
import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from offices.hours.schedule import local_day
from streams.evidence.recording import retention
from streams.evidence.recording.models import EarlyDeletion, RecordedMinute, RecordingHold, RetentionRule
from streams.evidence.recording.retention_rule import DatedDays, forecast, kept_days, lowest_first, recorded_days

NOW = timezone.now()
TODAY = date(2026, 11, 30)


def rule(days: int, since: int = 0, number: int = 1, kept_as: str = "street") -> DatedDays:
    """Return a rule that began so many days ago."""
    return DatedDays(kept_as, days, TODAY - timedelta(days=since), number)


class TestRules:
    def test_nothing_is_recorded_until_the_city_decides(self) -> None:
        assert recorded_days([], TODAY) == {}
        assert recorded_days([rule(14, since=-1)], TODAY) == {}
        assert recorded_days([rule(14)], TODAY) == {"street": 14}

    def test_the_latest_rule_that_has_come_holds_and_of_one_day_the_newer(self) -> None:
        assert recorded_days([rule(14, since=9), rule(7, since=2), rule(3, since=-1)], TODAY) == {"street": 7}
        assert recorded_days([rule(14, number=2), rule(7, number=1)], TODAY) == {"street": 14}

    def test_switching_off_does_not_delete_what_was_recorded(self) -> None:
        rules = [rule(14, since=9), rule(0)]
        assert recorded_days(rules, TODAY) == {}
        assert kept_days(rules, TODAY) == {"street": 14}

    def test_a_class_without_a_rule_goes_first_and_the_longest_kept_last(self) -> None:
        assert lowest_first({"hotspot": 30, "street": 14}, ["hotspot", "office", "street"]) == [
            "office",
            "street",
            "hotspot",
        ]

    def test_the_forecast_says_for_how_many_days_there_is_room(self) -> None:
        """248 cameras at 1 Mbit/s write 2.7 TB a day; 25 TB are room for nine days and a third."""
        made = forecast(25e12, {"street": 2.7e12}, {"street": 14})
        assert made.days == pytest.approx(9.26, abs=0.01)
        assert not made.fits
        assert [(one.kept_as, round(one.gets_days, 1), one.fits) for one in made.classes] == [("street", 9.3, False)]

    def test_the_lowest_class_gets_what_the_others_leave(self) -> None:
        made = forecast(100, {"street": 5, "hotspot": 2}, {"street": 14, "hotspot": 30})
        assert {one.kept_as: one.gets_days for one in made.classes} == {"hotspot": 30, "street": 8}

    def test_before_anything_is_recorded_nothing_is_foretold(self) -> None:
        assert forecast(100, {}, {"street": 14}).days is None

    @given(
        room=st.floats(0, 1e15),
        daily=st.dictionaries(st.sampled_from(["office", "street", "hotspot"]), st.floats(0, 1e13)),
        days=st.dictionaries(st.sampled_from(["office", "street", "hotspot"]), st.integers(1, 366)),
    )
    def test_no_forecast_promises_more_than_there_is_room(
        self, room: float, daily: Mapping[str, float], days: Mapping[str, int]
    ) -> None:
        made = forecast(room, daily, days)
        assert sum(one.gets_days * one.day_bytes for one in made.classes) <= room * (1 + 1e-9) + 1e-6
        assert all(0 <= one.gets_days <= one.wanted_days for one in made.classes)


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    settings.RECORDING_DIR, settings.RECORDING_GB = tmp_path, 0
    return tmp_path


def minute(root: Path, camera: int, age: timedelta, kept_as: str = "street", size: int = 1000) -> RecordedMinute:
    """Create a minute that began so long ago, with its file."""
    at = NOW - age
    path = Path(f"{at:%Y-%m-%d}/{at:%H}/{camera}/{at:%M%S}000.mp4")
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(bytes(size))
    ends = at + timedelta(minutes=1)
    times = {"starts_at": at, "ends_at": ends, "plays_from": at, "plays_until": ends}
    return RecordedMinute.objects.create(
        camera_id=camera,
        place_id=3,
        kept_as=kept_as,
        size=size,
        keyframes=b"",
        sha256="0" * 64,
        path=str(path),
        **times,
    )


def keep(kept_as: str, days: int, since: datetime = NOW) -> None:
    by, _ = User.objects.get_or_create(username="ani")
    RetentionRule.objects.create(
        kept_as=kept_as, days=days, since=local_day(since) - timedelta(days=40), basis="Perwali 1/2026", by=by
    )


def left() -> list[int]:
    return sorted(RecordedMinute.objects.values_list("camera_id", flat=True))


@pytest.mark.django_db
class TestDeletion:
    def test_each_class_is_kept_for_its_days_and_files_go_with_their_folders(self, root: Path) -> None:
        keep("street", 14)
        keep("hotspot", 30)
        old = minute(root, 1, timedelta(days=14, minutes=2))
        minute(root, 2, timedelta(days=13, hours=23))
        minute(root, 3, timedelta(days=14, minutes=2), "hotspot")
        minute(root, 4, timedelta(days=31), "hotspot")
        assert retention.apply_recording_retention(NOW) == 2
        assert left() == [2, 3]
        assert not (root / old.path).parent.exists()
        assert len(list(root.rglob("*.mp4"))) == 2
        assert not EarlyDeletion.objects.exists()

    def test_a_hold_keeps_what_it_overlaps_until_it_is_released(self, root: Path) -> None:
        keep("street", 3)
        held = minute(root, 1, timedelta(days=9))
        minute(root, 1, timedelta(days=9, minutes=2))
        minute(root, 2, timedelta(days=9))
        by = User.objects.get(username="ani")
        hold = RecordingHold.objects.create(
            camera_id=1,
            since=held.ends_at - timedelta(seconds=1),
            until=held.ends_at + timedelta(minutes=5),
            reason="Kecelakaan di perempatan",
            by=by,
        )
        assert retention.apply_recording_retention(NOW) == 2
        assert RecordedMinute.objects.get() == held
        RecordingHold.objects.filter(pk=hold.pk).update(released_at=NOW, released_by=by)
        assert retention.apply_recording_retention(NOW) == 1

    def test_beyond_the_quota_the_oldest_of_the_lowest_class_goes_and_it_is_said(
        self, root: Path, settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(retention, "GB", 1000)
        settings.RECORDING_GB = 4
        keep("street", 14)
        keep("hotspot", 30)
        for camera, hours in ((1, 9), (2, 8), (3, 7)):
            minute(root, camera, timedelta(hours=hours))
        for camera, hours in ((4, 99), (5, 98), (6, 97)):
            minute(root, camera, timedelta(hours=hours), "hotspot")
        with caplog.at_level(logging.WARNING):
            assert retention.apply_recording_retention(NOW) == 3
        assert left() == [4, 5, 6]  # 98 % of the quota, so that not each run deletes
        told = EarlyDeletion.objects.get()
        assert (told.why, told.kept_as, told.minutes, told.size) == ("quota", "street", 3, 3000)
        assert "before their time" in caplog.text
        assert retention.apply_recording_retention(NOW) == 0

    def test_what_is_held_stays_even_when_nothing_else_can_go(
        self, root: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(retention, "GB", 1000)
        settings.RECORDING_GB = 1
        keep("street", 14)
        held = minute(root, 1, timedelta(hours=9), size=5000)
        RecordingHold.objects.create(
            camera_id=1,
            since=held.starts_at,
            until=held.ends_at,
            reason="Kecelakaan di perempatan",
            by=User.objects.get(),
        )
        minute(root, 2, timedelta(hours=1), "hotspot")
        assert retention.apply_recording_retention(NOW) == 1
        assert RecordedMinute.objects.get() == held

    def test_a_file_that_cannot_be_deleted_keeps_its_row(self, root: Path) -> None:
        stuck = minute(root, 2, timedelta(days=20))
        gone = minute(root, 1, timedelta(days=21))

        def unlink(path: Path) -> None:
            if path.parent.name == "2":
                raise OSError(errno.EACCES, "Permission denied")
            path.unlink()

        with pytest.raises(OSError, match="denied"):
            retention._delete([gone, stuck], unlink)
        assert RecordedMinute.objects.get() == stuck

    def test_a_file_that_is_gone_is_no_trouble(self, root: Path) -> None:
        keep("street", 3)
        (root / minute(root, 1, timedelta(days=9)).path).unlink()
        assert retention.apply_recording_retention(NOW) == 1

    @pytest.mark.parametrize("change", [{"days": 90}, {"basis": "lain"}])
    def test_a_rule_is_added_and_never_changed(self, change: dict[str, Any]) -> None:
        keep("street", 14)
        with pytest.raises(IntegrityError), transaction.atomic():
            RetentionRule.objects.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            RetentionRule.objects.all().delete()
