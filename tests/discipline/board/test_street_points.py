"""Street points beside offices: on the board, as rows, and on the wall."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from discipline.board import wall
from discipline.board.street_points.models import WallScene
from discipline.board.street_points.on_wall import cameras_of_points, on_wall
from discipline.board.street_points.rows import point_rows
from offices.access.gate import scope_of
from offices.points.models import Point, Purpose
from streams.cameras.troubles.models import CameraTrouble
from streams.live.public import closures
from tests.support.base import OfficeTestCase
from tests.support.places import street_point
from tests.support.public_points import public_point


class Points(OfficeTestCase):
    def setUp(self) -> None:
        self.now = timezone.now()
        self.shown = public_point("T-001")  # traffic and flood
        self.bare = street_point("T-002")
        Point.objects.create(place=self.bare, purposes=[Purpose.RUBBISH])

    def states(self) -> dict[str, str]:
        return {row["code"]: row["state"] for row in point_rows(scope_of(self.world.ani), self.now)}

    def codes(self, query: str) -> tuple[int, list[str]]:
        """Return how many offices and which points a wall with this address shows."""
        offices, points = on_wall(self.world.ani, wall.parse_choice(QueryDict(query)), self.now)
        return len(offices), [row["code"] for row in points]

    def test_a_row_says_the_worst_that_is_known_of_its_point(self) -> None:
        assert self.states() == {"T-001": "point_ok", "T-002": "point_none"}
        closures.close_point(self.shown, closures.Cause.OPERATOR, "Perbaikan", self.now - timedelta(minutes=1))
        assert self.states()["T-001"] == "point_shut"
        assert self.shown.camera
        CameraTrouble.objects.create(camera=self.shown.camera, cause="refused", since=self.now)
        assert self.states()["T-001"] == "point_trouble"
        assert point_rows(scope_of(self.world.budi), self.now) == []

    def test_the_board_has_both_and_counts_each_alone(self) -> None:
        self.client.force_login(self.world.walikota)
        both = self.client.get(reverse("board"))
        assert sum(both.context["counts"].values()) == len(self.world.offices)
        assert [n for *_, n in both.context["points"]["counts"]] == [1, 1]
        assert '<details class="board-points" id="titik"' in both.content.decode()
        found = self.client.get(reverse("board"), {"q": "ampera", "lihat": "titik"}).context["points"]
        assert (found["open"], [row["shown"] for row in found["rows"]]) == (True, [True, True])
        for query in ({"lihat": "kantor"}, {"keadaan": "absent"}, {"kecamatan": "16.71.01"}):
            assert not self.client.get(reverse("board"), query).context["points"]["shown"], query
        self.client.force_login(self.world.budi)
        assert b'id="titik"' not in self.client.get(reverse("board")).content

    def test_a_wall_shows_points_by_name_purpose_and_scene(self) -> None:
        offices = len(self.world.offices)
        assert self.codes("") == (offices, [])
        assert self.codes("lihat=semua") == (offices, ["T-001", "T-002"])
        assert self.codes("lihat=titik&keperluan=rubbish") == (0, ["T-002"])
        assert self.codes("lihat=titik&titik=T-001") == (0, ["T-001"])
        WallScene.objects.update_or_create(code="banjir", defaults={"name": "Banjir", "purposes": ["flood"]})
        assert self.codes("adegan=banjir") == (0, ["T-001"])
        WallScene.objects.create(code="pawai", name="Pawai", points=["T-002"], offices=["16.71.01.1001"])
        assert self.codes("adegan=pawai") == (1, ["T-002"])
        WallScene.objects.create(code="loket", name="Loket", offices=["16.71.01.1001"])
        assert self.codes("adegan=loket") == (1, [])
        WallScene.objects.create(code="kosong", name="Kosong")
        for wrong in ("adegan=lain", "adegan=kosong", "titik=T-999", "lihat=titik&keperluan=security"):
            with pytest.raises(wall.WallNotFound):
                self.codes(wrong)
        _, points = on_wall(self.world.ani, wall.parse_choice(QueryDict("lihat=titik")), self.now)
        assert cameras_of_points(row["id"] for row in points) == {points[0]["id"]: self.shown.camera_id}
        with pytest.raises(wall.WallNotFound):
            on_wall(self.world.budi, wall.parse_choice(QueryDict("lihat=titik")), self.now)
        self.client.force_login(self.world.ani)
        page = self.client.get(reverse("wall"), {"adegan": "banjir"})
        assert page.content.decode().count("data-point") >= 1
        assert self.client.get(reverse("wall"), {"adegan": "lain"}).status_code == 404
