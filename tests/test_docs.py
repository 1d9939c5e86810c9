"""The files, functions and classes that the documentation names exist."""

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
FILE = re.compile(r"`((?:discipline|streams|offices|tests|templates|static|docs|locale)/[\w./-]+\.\w+)`")
MEMBER = re.compile(r"`((?:discipline|streams|offices)/[\w/]+\.py)`:\s+`(\w+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#]+)(#[^)]*)?\)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_and_links_are_there(page: Path) -> None:
    text = page.read_text()
    missing = [name for name in FILE.findall(text) if not (ROOT / name).exists()]
    missing += [target for target, _ in LINK.findall(text) if not (page.parent / target).exists()]
    assert not missing


def test_architecture_names_functions_and_classes_that_are_there() -> None:
    named = MEMBER.findall((ROOT / "docs/architecture.md").read_text())
    assert len(named) > 10
    for file, member in named:
        assert re.search(rf"^(?:async def|def|class) {member}\b", (ROOT / file).read_text(), re.M), f"{file}: {member}"


def test_every_way_in_of_the_threat_model_is_held_by_a_test() -> None:
    ways = (ROOT / "docs/threat-model.md").read_text().split("## Ways in", 1)[1].split("## ", 1)[0]
    rows = [line for line in ways.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 20
    for row in rows:
        assert re.search(r"`tests/[\w/]+\.py`", row), row
