"""The wall: what it shows to which user, through which camera, and its log of views."""

from datetime import UTC, datetime, timedelta
from typing import Any

import cv2
import numpy as np
import pytest
from django.http import QueryDict
from django.test import SimpleTestCase

from discipline.board import wall
from discipline.staffing.models import StandingState
from streams.cameras.models import Camera, Zone
from streams.live import picture_gate
from streams.live.models import View
from streams.pixels import wall_tiles
from streams.pixels.thumbs import LARGEST_TILE, encode_tile
from streams.servers import valkey
from streams.source import newest_picture
from tests.support.base import MORNING, SQUARE, OfficeTestCase

NIGHT = MORNING + timedelta(hours=12)
REASON = "Laporan lampu menyala semalaman"


def chosen(query: str) -> wall.WallChoice:
    return wall.parse_choice(QueryDict(query))


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Return width and height of a JPEG."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return image.shape[1], image.shape[0]


class Choosing(SimpleTestCase):
    def test_the_address_says_what_is_shown_and_how(self) -> None:
        choice = chosen("kantor=16.71.01.1001,16.71.01.1007&kantor=16.71.02.1004&kecamatan=16.71.02&ubin=48&putar=0")
        assert choice.offices == ("16.71.01.1001", "16.71.01.1007", "16.71.02.1004")
        assert (choice.kecamatan, choice.size, choice.turn_s, choice.order) == (("16.71.02",), 48, 0, "masalah")
        assert chosen("urut=kantor").order == "kantor"

    def test_nonsense_in_the_address_shows_everything_as_usual(self) -> None:
        for query in ("", "kantor=&kecamatan=,", "ubin=13&putar=-1&urut=lain", "ubin=²"):
            assert chosen(query) == wall.WallChoice(), query


class Packing(SimpleTestCase):
    def test_a_tile_comes_back_as_it_was_stored(self) -> None:
        tile = wall_tiles.stamp_tile(MORNING, b"\xff\xd8jpeg")
        assert wall_tiles.read_tile(tile.stored()) == tile
        assert tile.at_ms == MORNING.timestamp() * 1000

    def test_a_message_is_one_record_after_another(self) -> None:
        packed = wall_tiles.pack_tiles([(7, wall_tiles.stamp_tile(MORNING, b"abc")), (9, None)])
        assert len(packed) == 2 * wall_tiles.HEAD.size + 3
        assert wall_tiles.HEAD.unpack_from(packed) == (7, MORNING.timestamp() * 1000, 3)
        assert wall_tiles.HEAD.unpack_from(packed, wall_tiles.HEAD.size + 3) == (9, 0.0, 0)

    def test_a_picture_for_the_wall_is_small_also_when_the_room_is_crowded(self) -> None:
        rng = np.random.default_rng(1)
        crowded = cv2.resize(rng.integers(0, 256, (90, 160, 3), dtype=np.uint8), (1280, 720))
        made = encode_tile(crowded)
        assert len(made) <= LARGEST_TILE
        assert size_of(made) == (320, 180)
        narrow = encode_tile(np.zeros((120, 160, 3), np.uint8))
        assert size_of(narrow) == (160, 120)


class Sharing(SimpleTestCase):
    def setUp(self) -> None:
        self.addCleanup(
            valkey.client().delete,
            *(f"{valkey.PREFIX}:{kind}:1" for kind in ("tile", "picture", "view")),
        )

    def put(self, jpeg: bytes) -> None:
        newest_picture.store_picture(1, b"large", {"at": datetime.now(UTC).isoformat()}, jpeg)

    def test_all_walls_of_a_process_share_what_is_read_once_a_second(self) -> None:
        shared = newest_picture.SharedTiles()
        self.put(b"first")
        assert shared.newest([1, 2])[1].jpeg == b"first"
        self.put(b"second")
        assert shared.newest([1])[1].jpeg == b"first"
        newest_picture.SHARED_S, usual = 0.0, newest_picture.SHARED_S
        self.addCleanup(setattr, newest_picture, "SHARED_S", usual)
        assert shared.newest([1])[1].jpeg == b"second"
        assert set(shared.newest([1, 2])) == {1}

    def test_a_writer_without_small_pictures_still_shows_on_the_wall(self) -> None:
        newest_picture.store_picture(1, b"large", {"at": datetime.now(UTC).isoformat()})
        assert newest_picture.SharedTiles().newest([1])[1].jpeg == b"large"


class Scope(OfficeTestCase):
    def shown(self, user: Any, query: str = "") -> set[str]:
        found = wall.chosen_offices(user, chosen(query))
        return {office.name for office in self.world.offices.values() if office.pk in found}

    def test_a_wall_shows_no_more_than_its_viewer_may_see(self) -> None:
        w = self.world
        everything = {"35 Ilir", "Kemang Manis", "3-4 Ulu", "5 Ulu"}
        for user, seen in (
            (w.walikota, everything),
            (w.ani, everything),
            (w.intan, everything),
            (w.budi, {"35 Ilir", "Kemang Manis"}),
            (w.citra, {"3-4 Ulu", "5 Ulu"}),
            (w.dewi, {"35 Ilir"}),
        ):
            assert self.shown(user) == seen, user
        with pytest.raises(wall.WallNotFound):
            wall.chosen_offices(w.tamu, chosen(""))

    def test_a_kecamatan_and_single_offices_are_shown_together(self) -> None:
        assert self.shown(self.world.ani, "kecamatan=16.71.02") == {"3-4 Ulu", "5 Ulu"}
        query = "kecamatan=16.71.02&kantor=16.71.01.1001"
        assert self.shown(self.world.ani, query) == {"3-4 Ulu", "5 Ulu", "35 Ilir"}

    def test_one_office_of_others_among_ones_own_looks_like_one_that_is_not_there(self) -> None:
        self.client.force_login(self.world.budi)
        for query in (
            "kantor=16.71.01.1001,16.71.02.1004",
            "kantor=16.71.01.1001,99",
            "kecamatan=16.71.02",
            "kecamatan=16.71.01,16.71.02",
        ):
            assert self.client.get(f"/dinding/?{query}").status_code == 404, query
        page = self.client.get("/dinding/?kantor=16.71.01.1001").content.decode()
        assert "35 Ilir" in page
        assert "3-4 Ulu" not in page, "nor is it offered to choose"


class Page(OfficeTestCase):
    def test_troubled_offices_come_first_unless_the_address_says_otherwise(self) -> None:
        w = self.world
        for office in w.offices.values():
            for n in (1, 2):
                w.stand(w.counter(office, n), StandingState.STAFFED)
        w.stand(w.counter(w.ulu34), StandingState.UNKNOWN, reason="offline")
        w.stand(w.counter(w.ulu5), StandingState.ABSENT, reason="absence")
        self.client.force_login(w.ani)
        for query, order in (
            ("", ["5 Ulu", "3-4 Ulu", "35 Ilir", "Kemang Manis"]),
            ("?urut=kantor", ["35 Ilir", "Kemang Manis", "3-4 Ulu", "5 Ulu"]),
        ):
            rows = self.client.get(f"/dinding/{query}").context["rows"]
            assert [row["name"] for row in rows] == order, query

    def test_the_whole_city_takes_as_many_queries_as_one_office(self) -> None:
        self.client.force_login(self.world.ani)
        for query in ("", "?kantor=16.71.01.1001"):
            with self.assertNumQueries(20):
                self.client.get(f"/dinding/{query}")


class Looking(OfficeTestCase):
    def setUp(self) -> None:
        self.office = self.world.ilir35
        self.everywhere = [office.pk for office in self.world.offices.values()]

    def test_an_office_is_seen_through_the_camera_of_its_worst_counter(self) -> None:
        first = self.world.cameras[self.office.pk]
        second = Camera.objects.create(kelurahan=self.office, name="Aula", url="rtsp://127.0.0.1:1/y")
        Zone.objects.create(camera=second, subject=self.world.counter(self.office, 2).subject, polygon=SQUARE)
        for number, state in ((1, StandingState.STAFFED), (2, StandingState.ABSENT)):
            self.world.stand(self.world.counter(self.office, number), state)
        seen = wall.cameras_of(self.everywhere, MORNING, closed_too=False)
        assert (len(seen), seen[self.office.pk]) == (4, second.pk)
        self.world.stand(self.world.counter(self.office, 1), StandingState.ABSENT)
        self.world.stand(self.world.counter(self.office, 2), StandingState.STAFFED)
        assert wall.cameras_of(self.everywhere, MORNING, closed_too=False)[self.office.pk] == first.pk
        first.enabled = False
        first.save()
        assert wall.cameras_of([self.office.pk], MORNING, closed_too=False) == {self.office.pk: second.pk}

    def test_closed_offices_have_no_picture_on_the_wall(self) -> None:
        assert wall.cameras_of(self.everywhere, NIGHT, closed_too=False) == {}
        assert len(wall.cameras_of(self.everywhere, NIGHT, closed_too=True)) == 4

    def test_the_whole_city_is_looked_up_in_as_many_queries_as_one_office(self) -> None:
        for offices in (self.everywhere, [self.office.pk]):
            with self.assertNumQueries(7):
                wall.cameras_of(offices, MORNING, closed_too=False)


class Logged(OfficeTestCase):
    def setUp(self) -> None:
        self.sitting = wall.WallViewLog(self.world.ani, [office.pk for office in self.world.offices.values()])

    def lines(self) -> list[tuple[int, bool, bool]]:
        """Return minutes, whether closed offices were shown, and whether it has ended, of each logged view."""
        return [
            (int(view.lasted.total_seconds() // 60), view.closed, view.ended_at is not None)
            for view in View.objects.order_by("pk")
        ]

    def ask(self, minutes: int, since: datetime = MORNING) -> None:
        for minute in range(minutes + 1):
            self.sitting.asks(since + timedelta(minutes=minute))

    def test_a_wall_is_one_line_however_long_it_is_looked_at_in_a_day(self) -> None:
        self.ask(300)
        assert self.lines() == [(300, False, False)]
        self.sitting.end(MORNING + timedelta(minutes=301))
        self.sitting.end(MORNING + timedelta(minutes=400))
        assert self.lines() == [(301, False, True)]

    def test_a_wall_that_hangs_for_a_week_is_a_line_a_day(self) -> None:
        for hour in range(24 * 7):
            self.sitting.asks(MORNING + timedelta(hours=hour))
        assert len(self.lines()) == 8
        assert sum(minutes for minutes, _, _ in self.lines()) == (24 * 7 - 1) * 60

    def test_who_comes_back_to_a_wall_begins_a_new_line(self) -> None:
        self.ask(5)
        self.sitting.end(MORNING + timedelta(minutes=6))
        self.ask(2, MORNING + timedelta(hours=1))
        assert self.lines() == [(6, False, True), (2, False, False)]

    def test_closed_offices_ask_for_a_reason_that_holds_half_an_hour(self) -> None:
        self.ask(5, NIGHT)
        with pytest.raises(picture_gate.ReasonNeeded):
            self.sitting.explains("cek", NIGHT + timedelta(minutes=6))
        assert (self.sitting.explained_until, self.lines()) == (None, [(5, False, False)])
        self.sitting.explains(REASON, NIGHT + timedelta(minutes=6))
        assert self.sitting.explained_until == NIGHT + timedelta(minutes=36)
        self.ask(29, NIGHT + timedelta(minutes=6))
        assert self.lines() == [(6, False, True), (29, True, False)]
        self.ask(4, NIGHT + timedelta(minutes=36))
        assert self.sitting.explained_until is None
        assert self.lines() == [(6, False, True), (30, True, True), (4, False, False)]
        assert View.objects.get(closed=True).reason == REASON

    def test_a_reason_given_before_midnight_still_stands_after_it(self) -> None:
        late = NIGHT + timedelta(hours=2, minutes=50)
        self.sitting.explains(REASON, late)
        self.ask(20, late)
        assert [closed for _, closed, _ in self.lines()] == [True, True]
        assert set(View.objects.values_list("reason", flat=True)) == {REASON}
