"""Unit tests of the pure modules of static/js/: js/*.test.js in one Chromium."""

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, WebSocketRoute

from discipline.board.words import words_for_browser
from tests.support.paths import ROOT

pytestmark = pytest.mark.browser

FOLDER = ROOT / "tests/browser/js"
NAME = re.compile(r'^test\("([^"]+)"', re.MULTILINE)
CASES = [(path.name, name) for path in sorted(FOLDER.glob("*.test.js")) for name in NAME.findall(path.read_text())]


class Page(SimpleHTTPRequestHandler):
    """Serves the repository's files, and a page with the texts that modules read when they are loaded."""

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        body = f'<!doctype html><html lang="id"><script type="application/json" id="words">{self.words()}</script>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def words(self) -> str:
        return json.dumps(words_for_browser()).replace("<", "\\u003c")

    def log_message(self, *args: object) -> None:
        pass


def answer_sockets(route: WebSocketRoute, connections: Counter[str]) -> None:
    """Greet with the number of the connection; close the first with the code that its address asks for."""
    asked = parse_qs(urlsplit(route.url).query)
    number = connections[asked["of"][0]] = connections[asked["of"][0]] + 1
    route.send(json.dumps({"number": number}))
    if number == 1 and asked["code"][0] != "0":
        route.close(code=int(asked["code"][0]))


@pytest.fixture(scope="module")
def results(chrome: Browser) -> Iterator[dict[str, dict[str, str]]]:
    """Return the failure of each (file, case), "" for a pass."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Page, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = {}
    connections: Counter[str] = Counter()
    for name in dict.fromkeys(file for file, _ in CASES):
        page = chrome.new_page()
        page.route_web_socket("**/ws/count*", lambda route: answer_sockets(route, connections))
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        found[name] = page.evaluate(
            """async (name) => {
                await import(`/tests/browser/js/${name}`);
                return (await import("/tests/browser/js/cases.js")).run();
            }""",
            name,
        )
        page.close()
    yield found
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("file", "name"), CASES)
def test_in_the_browser(results: dict[str, dict[str, str]], file: str, name: str) -> None:
    assert results[file][name] == ""


def test_no_case_is_left_out(results: dict[str, dict[str, str]]) -> None:
    assert [(file, name) for file, cases in results.items() for name in cases] == CASES
