"""Addresses are written in the URL configuration alone: scripts get them from the page, templates from {% url %}."""

import re

import pytest
from django.urls import NoReverseMatch

from discipline.core.websocket_routes import reverse_websocket
from tests.support.paths import ROOT

TYPED = {
    "js": re.compile(r"""["'`](?:/[a-z][\w.-]*[/"'`]|wss?:|https?://(?!www\.w3\.org/))"""),
    "html": re.compile(r"""(?:href|src|action|data-[\w-]+)=["']/|request\.path\b|/ws/"""),
}
ALLOWED = {"500.html": 'href="/'}  # it must work even if the URL configuration fails


@pytest.mark.parametrize("ending", TYPED)
def test_no_address_is_typed_in_a_script_or_a_template(ending: str) -> None:
    folder = {"js": "static/js", "html": "templates"}[ending]
    files = sorted((ROOT / folder).rglob(f"*.{ending}"))
    assert len(files) > 40
    found = {
        (path.name, typed)
        for path in files
        for typed in TYPED[ending].findall(path.read_text())
        if ALLOWED.get(path.name) != typed
    }
    assert not found


@pytest.mark.parametrize(
    "line",
    ['fetch("/sw.js")', "new WebSocket(`/ws/dinding/`)", 'open("wss://x")', "`/kamera/${pk}/gambar.jpg`"],
)
def test_the_check_sees_an_address_in_a_script(line: str) -> None:
    assert TYPED["js"].search(line)


def test_a_websocket_route_has_a_name() -> None:
    assert reverse_websocket("board") == "/ws/papan/"
    assert reverse_websocket("wall") == "/ws/dinding/"
    assert reverse_websocket("office", "16.71.01.1001") == "/ws/kantor/16.71.01.1001/"
    assert reverse_websocket("camera-live", 7) == "/ws/kamera/7/langsung/"


@pytest.mark.parametrize(("name", "arguments"), [("indications", ()), ("office", ()), ("camera-live", ("x",))])
def test_a_page_is_no_websocket_route(name: str, arguments: tuple[str, ...]) -> None:
    with pytest.raises(NoReverseMatch):
        reverse_websocket(name, *arguments)
