"""What a browser needs besides the pages: security policy, service worker, manifest, compression."""

import gzip
import json
import re
from typing import Any

import cv2
import numpy as np
from django.contrib.staticfiles import finders
from django.test import Client, SimpleTestCase
from django.urls import reverse

from discipline.core import asset_graph
from discipline.core.asset_graph import KEEP
from discipline.ops.web.headers import FOR_HEADER
from streams.pixels import thumbs
from tests.support.base import OfficeTestCase
from tests.support.paths import ROOT
from tests.support.pictures import jpeg
from tests.support.proof import Form, store_still

IMPORT = re.compile(r"""\b(?:from|import)\b\s*\(?["']([^"']+)["']""")


def picture(name: str) -> np.ndarray:
    image = cv2.imread(str(finders.find(name)), cv2.IMREAD_UNCHANGED)
    assert image is not None, name
    return image


class Installing(SimpleTestCase):
    manifest: dict[str, Any]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.manifest = json.loads((ROOT / "static/manifest.webmanifest").read_text())

    def test_icons_are_as_large_as_they_say_and_some_may_be_cut_round(self) -> None:
        drawn = [icon for icon in self.manifest["icons"] if icon["type"] == "image/png"]
        for icon in drawn:
            height, width = picture(icon["src"]).shape[:2]
            assert f"{width}x{height}" == icon["sizes"], icon
        purposes = {(icon["sizes"], icon.get("purpose", "any")) for icon in drawn}
        assert purposes == {(size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")}

    def test_what_a_phone_cuts_off_holds_nothing_of_the_mark(self) -> None:
        """Only the inner circle with a radius of 40 % of the side is safe."""
        image = picture("icons/sidak-maskable-512.png")[:, :, :3].astype(int)
        y, x = np.mgrid[:512, :512]
        outside = image[np.hypot(x - 255.5, y - 255.5) > 0.4 * 512]
        assert np.abs(outside - outside[0]).max() < 12

    def test_it_opens_at_the_board_in_indonesian_and_names_its_ways_in(self) -> None:
        manifest = self.manifest
        assert (manifest["id"], manifest["start_url"], manifest["scope"], manifest["lang"]) == ("/", "/", "/", "id")
        assert manifest["display"] == "standalone"
        assert [one["url"] for one in manifest["shortcuts"]] == [reverse("board"), "/sidak/", reverse("indications")]


class Shell(SimpleTestCase):
    def test_every_module_is_imported_in_the_one_way_that_is_rewritten(self) -> None:
        """Otherwise its import would keep an unhashed name, and phones an old file for ever."""
        files = sorted((ROOT / "static/js").rglob("*.js"))
        assert len(files) > 40
        for path in files:
            text = path.read_text()
            strict = asset_graph.IMPORTED.findall(text) + asset_graph.LOADED_LATER.findall(text)
            assert sorted(strict) == sorted(IMPORT.findall(text)), path.name

    def test_a_page_names_all_that_its_modules_import(self) -> None:
        board = asset_graph.imported_modules("js/board/board.js")
        assert {"js/core/words.js", "js/core/kept.js", "js/core/incident.js"} <= set(board)
        assert len(board) == len(set(board))

    def test_the_worker_keeps_files_of_ours_only_and_not_itself(self) -> None:
        names = asset_graph.shell_files()
        assert "css/base.css" in names
        assert asset_graph.WORKER not in names
        assert all(finders.find(name) for name in names)


class Headers(OfficeTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.world.walikota)

    def test_nothing_inline_and_nothing_from_elsewhere_runs_on_a_page(self) -> None:
        policy = self.client.get("/").headers["Content-Security-Policy"]
        directives = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
        assert directives["default-src"] == ["'none'"]
        assert directives["script-src"] == directives["style-src"] == ["'self'"]
        assert "blob:" in directives["media-src"]
        assert directives["connect-src"] == ["'self'", "ws://testserver"]

    def test_a_page_says_the_rest_too_and_lets_no_other_site_use_a_camera(self) -> None:
        headers = self.client.get("/").headers
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"

    def test_a_phone_learns_whose_a_page_is_and_only_the_board_asks_to_be_kept(self) -> None:
        mayors = self.client.get("/").headers
        office = self.client.get(reverse("office", args=["16.71.01.1001"])).headers
        assert mayors[FOR_HEADER] == office[FOR_HEADER] != ""
        assert KEEP in mayors
        assert KEEP not in office
        self.client.force_login(self.world.budi)
        assert self.client.get("/").headers[FOR_HEADER] not in ("", mayors[FOR_HEADER])
        assert Client().get("/masuk/").headers[FOR_HEADER] == ""

    def test_the_worker_is_fresh_at_the_root_and_names_its_release(self) -> None:
        answer = Client().get("/sw.js")
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert "no-cache" in answer.headers["Cache-Control"]
        assert asset_graph.shell_release() in answer.content.decode()

    def test_the_page_without_a_network_knows_nobody(self) -> None:
        page = self.client.get("/luring/").content.decode()
        assert "Tidak ada jaringan" in page
        assert "walikota" not in page


class FewBytes(OfficeTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.world.walikota)

    def get(self, address: str) -> Any:
        return self.client.get(address, headers={"Accept-Encoding": "gzip"})

    def test_pages_are_packed_and_differ_in_length_each_time(self) -> None:
        """Random bytes: an observer of lengths learns nothing about the page's token (BREACH)."""
        answers = [self.get("/") for _ in range(8)]
        assert {answer.headers["Content-Encoding"] for answer in answers} == {"gzip"}
        assert b"<h1" in gzip.decompress(answers[0].content)
        assert len({len(answer.content) for answer in answers}) > 1

    def test_pictures_and_their_parts_are_never_packed(self) -> None:
        original = store_still(self.world.counter(self.world.ilir35))
        shown = store_still(self.world.counter(self.world.ilir35), form=Form.DRAWN, of=original)
        for headers in ({}, {"Range": "bytes=0-99"}):
            answer = self.client.get(
                reverse("evidence-file", args=[shown.pk]), headers={"Accept-Encoding": "gzip"} | headers
            )
            assert "Content-Encoding" not in answer.headers

    def test_a_still_comes_smaller_for_a_phone_in_the_widths_that_there_are(self) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (360, 640, 3), np.uint8)
        whole = jpeg(cv2.GaussianBlur(noise, (9, 9), 0), 95)
        original = store_still(self.world.counter(self.world.ilir35))
        shown = store_still(self.world.counter(self.world.ilir35), form=Form.DRAWN, of=original, data=whole)
        address = reverse("evidence-file", args=[shown.pk])
        for width in thumbs.WIDTHS:
            answer = self.get(f"{address}?lebar={width}")
            image = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
            assert image is not None
            assert image.shape == (round(width * 360 / 640), width, 3)
            assert len(answer.content) < len(whole) / 2
            assert answer.headers["ETag"] != self.get(address).headers["ETag"]
        assert self.get(f"{address}?lebar=9999").content == whole
