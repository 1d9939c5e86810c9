"""The content of the board and of the office page."""

import asyncio
import math
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import redis
from channels.layers import get_channel_layer
from django.db.models import Q
from django.urls import reverse

from discipline.board import office_today
from discipline.board import rows as board_rows
from discipline.board.kecamatan_offices import rows as kecamatan_rows
from discipline.board.payloads import OfficeRow
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import Flip, StandingState
from offices.hours.models import HoursPlan
from streams.servers import valkey
from streams.source import newest_picture
from tests.support.base import MORNING, OfficeTestCase


class BoardRows(OfficeTestCase):
    def setUp(self) -> None:
        w = self.world
        for office in w.offices.values():
            for number in (1, 2):
                w.stand(w.counter(office, number), StandingState.STAFFED)

    def row(self, code: str) -> OfficeRow:
        return next(row for row in board_rows.rows(self.world.walikota) if row["code"] == code)

    def test_the_worst_counter_speaks_for_its_office(self) -> None:
        self.world.accuse(self.world.counter(self.world.ilir35))
        row = self.row("16.71.01.1001")
        assert (row["state"], row["group"]) == ("absent", "absent")
        assert [c["state"] for c in row["counters"]] == ["absent", "staffed"]
        assert row["counters"][0]["alert"] == "absence"

    def test_emptiness_is_counted_from_the_first_empty_look_and_not_from_the_end_of_the_grace(self) -> None:
        self.world.accuse(self.world.counter(self.world.ilir35), minutes=18)
        counter = self.row("16.71.01.1001")["counters"][0]
        assert datetime.fromisoformat(counter["from"] or "") == MORNING - timedelta(minutes=18)
        assert datetime.fromisoformat(counter["since"] or "") == MORNING - timedelta(minutes=8)

    def test_a_dead_camera_is_trouble_but_not_emptiness(self) -> None:
        self.world.stand(self.world.counter(self.world.ulu5), StandingState.UNKNOWN, reason="offline")
        row = self.row("16.71.02.1005")
        assert (row["state"], row["camera_trouble"]) == ("unknown", True)
        assert (row["visibility"], row["serving"]) == ("unseen", False), "though its other counter is staffed"
        counts = board_rows.count_by_group(board_rows.rows(self.world.walikota))
        assert (counts["unknown"], counts["absent"], counts["staffed"]) == (1, 0, 3)

    def test_the_counts_name_each_office_once(self) -> None:
        w = self.world
        w.accuse(w.counter(w.ilir35))
        w.stand(w.counter(w.ilir35, 2), StandingState.UNKNOWN, reason="dark")
        w.stand(w.counter(w.kemang), StandingState.ABSENT, reason="late_opening", empty_since=MORNING)
        w.stand(w.counter(w.ulu34), StandingState.GRACE, reason="absence", empty_since=MORNING)
        counts = board_rows.count_by_group(board_rows.rows(w.walikota))
        assert sum(counts.values()) == 4
        assert (counts["absent"], counts["late"], counts["unknown"], counts["grace"]) == (1, 1, 0, 1)

    def test_the_longest_emptiness_comes_first_and_cameras_after_counters(self) -> None:
        w = self.world
        w.stand(w.counter(w.ilir35), StandingState.UNKNOWN, MORNING - timedelta(hours=9), reason="offline")
        w.accuse(w.counter(w.kemang), minutes=15)
        w.accuse(w.counter(w.ulu34), minutes=40)
        names = [row["name"] for row in board_rows.troubled_rows(board_rows.rows(w.walikota))]
        assert names == ["3-4 Ulu", "Kemang Manis", "35 Ilir"]

    def test_a_counter_nobody_has_looked_at_is_unknown(self) -> None:
        self.world.counter(self.world.ilir35).standing.delete()
        assert self.row("16.71.01.1001")["counters"][0]["state"] == "unknown"

    def test_a_counter_that_is_not_watched_is_left_out(self) -> None:
        counter = self.world.counter(self.world.ilir35, 2)
        counter.active = False
        counter.save()
        assert [c["name"] for c in self.row("16.71.01.1001")["counters"]] == ["Loket 1"]

    def test_a_camat_sees_own_kecamatan_only(self) -> None:
        self.world.accuse(self.world.counter(self.world.ulu5))
        assert [row["name"] for row in board_rows.rows(self.world.budi)] == ["35 Ilir", "Kemang Manis"]
        assert board_rows.recent_indications(self.world.budi) == []
        assert [a["kelurahan"] for a in board_rows.recent_indications(self.world.citra)] == ["5 Ulu"]

    def test_the_rows_take_a_few_queries_however_many_offices_there_are(self) -> None:
        for office in self.world.offices.values():
            self.world.accuse(self.world.counter(office))
        with self.assertNumQueries(4):  # memberships, counters with standings, open indications, offices
            board_rows.rows(self.world.walikota)
        with self.assertNumQueries(2):
            board_rows.recent_indications(self.world.walikota)

    def test_a_row_has_the_version_of_its_office_and_every_announcement_raises_it(self) -> None:
        w = self.world
        assert self.row("16.71.01.1001")["version"] == 0
        for times in (1, 2, 3):
            board_rows.announce_changes({w.counter(w.ilir35).pk, w.counter(w.ilir35, 2).pk}, set())
            assert self.row("16.71.01.1001")["version"] == times
        board_rows.announce_changes(set(), {w.accuse(w.counter(w.ilir35)).pk})
        assert self.row("16.71.01.1001")["version"] == 4
        assert self.row("16.71.02.1005")["version"] == 0

    def test_an_indication_that_gave_way_to_a_later_one_leaves_the_feed(self) -> None:
        w = self.world
        late = w.accuse(w.counter(w.ilir35), kind=AlertKind.LATE_OPENING)
        late.ended_at = MORNING
        late.superseded_by = w.accuse(w.counter(w.ilir35), kind=AlertKind.NOT_OPENED)
        late.save()
        assert [alert["kind"] for alert in board_rows.recent_indications(w.walikota)] == ["not_opened"]


class Announcing(OfficeTestCase):
    def test_news_goes_to_the_city_the_kecamatan_and_the_office(self) -> None:
        w = self.world
        alert = w.accuse(w.counter(w.ilir35))
        news = board_rows.by_group(
            board_rows.kelurahan_rows(Q(pk=w.ilir35.pk), Q(kelurahan=w.ilir35.pk)),
            board_rows.indication_rows(Q(pk=alert.pk), None),
            {w.ilir35.pk: 7},
        )
        assert set(news) == {
            "board.city",
            f"board.kecamatan.{w.ilir35.kecamatan_id}",
            f"office.{w.ilir35.pk}",
        }
        for message in news.values():
            assert [row["name"] for row in message["rows"]] == ["35 Ilir"]
            assert [indication["id"] for indication in message["feed"]] == [alert.pk]
            assert message["announced"] == [[w.ilir35.pk, 7]]

    def test_without_valkey_nothing_is_raised_and_one_line_is_logged(self) -> None:
        async def away(*_: object) -> None:
            raise redis.ConnectionError("refused")

        self.announce_twice(away, longest_s=math.inf)

    def test_a_valkey_that_hangs_holds_nobody_up(self) -> None:
        async def hang(*_: object) -> None:
            await asyncio.sleep(600)

        self.announce_twice(hang, longest_s=60)

    def announce_twice(self, away: Callable[..., Coroutine[Any, Any, None]], longest_s: float) -> None:
        layer, began = get_channel_layer(), monotonic()
        counter = self.world.counter(self.world.ilir35)
        board_rows._valkey_away = False
        layer.group_send, kept = away, layer.group_send
        try:
            with self.assertLogs("discipline.board.rows", "WARNING") as logs:
                board_rows.announce_changes({counter.pk}, set())
                board_rows.announce_changes({counter.pk}, set())
        finally:
            layer.group_send = kept
        assert len(logs.records) == 1
        assert monotonic() - began < longest_s


class BoardPage(OfficeTestCase):
    def setUp(self) -> None:
        for counters in self.world.counters.values():
            for counter in counters:
                self.world.stand(counter, StandingState.STAFFED)
        self.client.force_login(self.world.walikota)

    def shown(self, query: str = "") -> list[str]:
        response = self.client.get("/" + query)
        return [row["name"] for section in response.context["sections"] for row in section["rows"] if row["shown"]]

    def test_the_whole_board_is_there_without_javascript(self) -> None:
        self.world.accuse(self.world.counter(self.world.ilir35), minutes=18)
        page = self.client.get("/").content.decode()
        for text in (
            "35 Ilir",
            "3-4 Ulu",
            "Ilir Barat II",
            "Seberang Ulu I",
            "Kosong",
            "Loket kosong",
            "yang terpantau melayani",
        ):
            assert text in page

    def test_a_lost_camera_leaves_the_figures_of_city_and_kecamatan(self) -> None:
        w = self.world
        for number in (1, 2):
            w.stand(w.counter(w.ulu5, number), StandingState.UNKNOWN, reason="offline")
        context = self.client.get("/").context
        counts = {"serving": 3, "seen": 3, "unseen": 1, "closed": 0, "kind": "seen"}
        assert context["headline"] == counts
        assert context["sections"][1]["headline"] == counts | {"serving": 1, "seen": 1}

    def test_an_office_with_one_blind_counter_is_unknown_in_figures_and_tile(self) -> None:
        w = self.world
        w.stand(w.counter(w.ulu5, 2), StandingState.UNKNOWN, reason="offline")
        context = self.client.get("/").context
        assert context["headline"] == {"serving": 3, "seen": 3, "unseen": 1, "closed": 0, "kind": "seen"}
        assert self.shown("?keadaan=staffed&keadaan=grace") == ["35 Ilir", "Kemang Manis", "3-4 Ulu"]
        assert self.shown("?keadaan=unknown&keadaan=system") == ["5 Ulu"]
        w.stand(w.counter(w.ulu5, 1), StandingState.ABSENT)
        assert self.client.get("/").context["headline"] == {
            "serving": 3, "seen": 4, "unseen": 0, "closed": 0, "kind": "seen"
        }  # fmt: skip

    def test_a_lurah_whose_camera_is_broken_reads_a_sentence_and_no_figure(self) -> None:
        w = self.world
        for number in (1, 2):
            w.stand(w.counter(w.ulu5, number), StandingState.UNKNOWN, reason="offline")
        self.client.force_login(w.eko)
        page = self.client.get("/")
        assert page.context["headline"]["kind"] == page.context["sections"][0]["headline"]["kind"] == "unseen"
        assert (
            '<span class="serving" data-kind="unseen">Saat ini tidak ada kantor yang terpantau<'
            in page.content.decode()
        )

    def test_the_address_carries_the_filters(self) -> None:
        self.world.accuse(self.world.counter(self.world.ulu5))
        assert self.shown("?keadaan=absent") == ["5 Ulu"]
        assert self.shown("?kecamatan=16.71.01") == ["35 Ilir", "Kemang Manis"]
        assert self.shown("?q=tiga+puluh+lima+ilir") == ["35 Ilir"]
        assert self.shown("?kecamatan=16.71.01&keadaan=absent") == []
        assert self.shown("?keadaan=nonsense") == ["35 Ilir", "Kemang Manis", "3-4 Ulu", "5 Ulu"]

    def test_names_from_the_database_and_the_address_are_escaped(self) -> None:
        self.world.ilir35.name = "<script>alert(1)</script>"
        self.world.ilir35.save()
        page = self.client.get("/?q=%22%3E%3Cscript%3E").content.decode()
        assert "<script>alert" not in page
        assert '"><script>' not in page

    def test_the_pages_have_no_inline_script_or_style(self) -> None:
        for path in ("/", "/kantor/16.71.01.1001/"):
            page = self.client.get(path).content.decode()
            assert "style=" not in page
            assert " onclick" not in page
            inline = [tag for tag in page.split("<script")[1:] if not tag.startswith((" src=", ' id="'))]
            assert inline == []


class OfficePage(OfficeTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.world.budi)

    def test_the_day_is_drawn_from_the_flips(self) -> None:
        w = self.world
        counter = w.counter(w.ilir35)
        opening = MORNING - timedelta(minutes=90)
        steps = [(0, "closed", "staffed"), (30, "staffed", "grace"), (40, "grace", "absent"), (60, "absent", "staffed")]
        for minutes, old, new in steps:
            at = opening + timedelta(minutes=minutes)
            since = opening + timedelta(minutes=30) if new == "absent" else at
            reason = "absence" if new in ("grace", "absent") else ""
            Flip.objects.create(counter=counter, at=at, old=old, new=new, reason=reason, since=since, noticed_at=at)
        row = kecamatan_rows.office_row(w.ilir35)
        with self.assertNumQueries(8):
            today = office_today.counters_today(row["counters"], MORNING)
        strip = today[0].strip
        assert strip is not None
        lengths = [(piece.kind, (piece.end - piece.start).total_seconds() / 60) for piece in strip.pieces]
        assert lengths == [
            ("staffed", 30), ("absent", 30), ("staffed", 30), ("ahead", 180), ("break", 60), ("ahead", 180),
        ]  # fmt: skip

    def test_a_camera_without_a_picture_says_that_nobody_is_accused(self) -> None:
        page = self.client.get("/kantor/16.71.01.1001/").content.decode()
        assert "Gangguan kamera tidak dihitung sebagai loket kosong." in page

    def test_an_office_without_a_camera_says_what_comes_next(self) -> None:
        self.world.cameras[self.world.ilir35.pk].delete()
        assert "Belum ada kamera" in self.client.get("/kantor/16.71.01.1001/").content.decode()

    def test_english_comes_second(self) -> None:
        self.client.post(reverse("set_language"), {"language": "en"})
        assert "observed offices serve" in self.client.get("/").content.decode()


class Pictures(OfficeTestCase):
    def setUp(self) -> None:
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
        self.camera = self.world.cameras[self.world.ilir35.pk]
        self.at = datetime.now(UTC).isoformat()
        newest_picture.store_picture(
            self.camera.pk, b"jpeg", {"at": self.at, "width": 640, "height": 360, "boxes": [], "zones": []}
        )
        self.addCleanup(
            valkey.client().delete,
            *(f"{valkey.PREFIX}:{k}:{self.camera.pk}" for k in ("picture", "view")),
        )
        self.client.force_login(self.world.dewi)

    def test_the_newest_picture_is_never_kept_by_anybody_on_the_way(self) -> None:
        response = self.client.get(reverse("camera-picture", args=[self.camera.pk]))
        assert (response.content, response["Content-Type"]) == (b"jpeg", "image/jpeg")
        assert response["Cache-Control"] == "private, no-store"
        again = self.client.get(
            reverse("camera-picture", args=[self.camera.pk]), headers={"If-None-Match": response["ETag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"] == "private, no-store"

    def test_the_view_holds_age_and_trouble_in_words(self) -> None:
        view = self.client.get(reverse("camera-view", args=[self.camera.pk])).json()
        assert (view["at"], view["trouble"]) == (self.at, "")
        assert 0 <= view["age_s"] < 60, "a CI machine may be slow"

    def test_a_missing_picture_is_reported_as_missing(self) -> None:
        other = self.world.cameras[self.world.kemang.pk]
        self.client.force_login(self.world.budi)
        assert self.client.get(reverse("camera-picture", args=[other.pk])).status_code == 404
        view = self.client.get(reverse("camera-view", args=[other.pk])).json()
        assert (view["at"], view["trouble"]) == (None, "Kamera terputus")
