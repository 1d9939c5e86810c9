"""The search for offices by names as people type them."""

import json

import pytest

from offices.city.loading import read_offices
from offices.places.search import matches, normalise, search_text
from tests.support.paths import ROOT

NORMAL = [
    ("35 Ilir", "tigapuluhlima ilir"),
    ("tiga puluh lima ilir", "tigapuluhlima ilir"),
    ("Tiga-puluh-lima Ilir", "tigapuluhlima ilir"),
    ("Dua-belas Ulu", "duabelas ulu"),
    ("12 ULU", "duabelas ulu"),
    ("sebelas ulu", "sebelas ulu"),
    ("11 Ulu", "sebelas ulu"),
    ("Sepuluh Ilir", "sepuluh ilir"),
    ("9-10 Ulu", "sembilan sepuluh ulu"),
    ("Sembilan Sepuluh Ulu", "sembilan sepuluh ulu"),
    ("3 / 4 Ulu", "tiga empat ulu"),
    ("26 Ilir D.I", "duapuluhenam ilir d satu"),
    ("20 Ilir D IV", "duapuluh ilir d empat"),
    ("Ilir Barat II", "ilir barat dua"),
    ("Sei Buah", "sungai buah"),
    ("Kel. Alang-Alang Lebar", "alang alang lebar"),
    ("  ", ""),
    ("Pasar ke-16", "pasar ke enambelas"),
    ("2026", "2026"),
]
FINDS = [  # what is typed, an office that must be found, one that must not
    ("35 ilir", "35 Ilir", "5 Ilir"),
    ("tiga puluh lima ilir", "35 Ilir", "30 Ilir"),
    ("Tiga-puluh-lima", "35 Ilir", "36 Ilir"),
    ("5 ilir", "5 Ilir", "35 Ilir"),
    ("5 ilir", "5 Ilir", "15 Ilir"),
    ("ilir 35", "35 Ilir", "36 Ilir"),
    ("tiga pu", "35 Ilir", "3 Ilir"),
    ("kemangman", "Kemang Manis", "Kemang Agung"),
    ("tangga takat", "Tangga Takat", "Talang Putri"),
    ("suka rami", "Sukarami", "Sukamaju"),
    ("sei lais", "Sungai Lais", "Sungai Buah"),
    ("ilir barat 2", "35 Ilir", "26 Ilir D.I"),
    ("3/4 ulu", "3-4 Ulu", "5 Ulu"),
    ("20 ilir d3", "20 Ilir D.III", "20 Ilir D.IV"),
]


def palembang() -> dict[str, str]:
    return {o.name: search_text(o.name, o.official_name, o.kecamatan) for o in read_offices()}


@pytest.mark.parametrize(("typed", "normal"), NORMAL)
def test_every_spelling_of_a_name_becomes_one(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


@pytest.mark.parametrize(("typed", "found", "other"), FINDS)
def test_the_search_finds_the_office_that_was_meant(typed: str, found: str, other: str) -> None:
    texts = palembang()
    assert matches(normalise(typed), texts[found])
    assert not matches(normalise(typed), texts[other])


def test_every_office_is_found_by_each_of_its_names() -> None:
    for office in read_offices():
        text = search_text(office.name, office.official_name, office.kecamatan)
        for name in (office.name, office.official_name, office.kecamatan):
            assert matches(normalise(name), text), name


@pytest.mark.browser
def test_the_browser_normalises_and_matches_as_the_server_does(chromium_path: str) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 only where a browser is

    code = ROOT.joinpath("static/js/core/search.js").read_text()
    texts = palembang()
    queries = [typed for typed, *_ in NORMAL + FINDS]
    asked = json.dumps({"queries": queries, "texts": list(texts.values())})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto("about:blank")
        answers = page.evaluate(
            """async ([code, asked]) => {
                const { normalise, matches } = await import("data:text/javascript;base64," + btoa(code));
                const { queries, texts } = JSON.parse(asked);
                return queries.map((q) => [normalise(q), texts.map((text) => matches(normalise(q), text))]);
            }""",
            [code, asked],
        )
        browser.close()
    expected = [[normalise(q), [matches(normalise(q), text) for text in texts.values()]] for q in queries]
    assert answers == expected
