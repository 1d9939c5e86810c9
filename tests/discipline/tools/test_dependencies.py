"""The licences of the locked packages, and what is said about pip-audit's answer."""

import pytest

from discipline.tools.dependencies.audit import verdict
from discipline.tools.dependencies.licences import LOCK, chosen, is_allowed, licence_of, locked_names, page
from tests.support.paths import ROOT

pytestmark = pytest.mark.once
CLEAN = {"name": "six", "version": "1.17.0", "vulns": []}
UNSAFE = {"name": "old", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "attrs", "skip_reason": "Dependency not found on PyPI and could not be audited: attrs (26.1.0)"}


def test_every_locked_package_has_a_licence_that_is_allowed() -> None:
    licences = {name: licence_of(name) for name in locked_names((ROOT / LOCK).read_text())}
    assert len(licences) > 90
    assert not {name: one for name, one in licences.items() if one is None or not is_allowed(one)}


def test_the_page_of_licences_is_current() -> None:
    licences = {name: licence_of(name) for name in locked_names((ROOT / LOCK).read_text())}
    assert (ROOT / "docs/licences.md").read_text() == page(licences), "make licences"


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("BSD-3-Clause AND MIT", True),
        ("BSD-3-Clause AND GPL-2.0-only", False),
        ("GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("Proprietary", False),
        ("?", False),
    ],
)
def test_a_licence_outside_the_list_is_refused(licence: str, allowed: bool) -> None:
    assert is_allowed(licence) is allowed


def test_the_metadata_are_read_in_their_order() -> None:
    bsd = "License :: OSI Approved :: BSD License"
    assert chosen("MIT", "GPL", [bsd]) == "MIT"
    assert chosen("", "GPL-2.0-only", [bsd]) == "GPL-2.0-only"
    assert chosen("", "Copyright (c) 2014\n\nPermission is hereby", [bsd]) == "BSD"
    assert chosen("", "MIT License\n\nCopyright (c) 2022", []) == "MIT"
    assert chosen("", "", [bsd, "License :: OSI Approved :: GNU Affero GPL"]) == "BSD AND GNU Affero GPL"
    assert chosen("", "", ["Topic :: Internet"]) == "?"


def test_only_a_known_vulnerability_fails_the_audit() -> None:
    assert verdict([CLEAN]) == ("1 of 1 packages looked up, 0 with known vulnerabilities.", 0)
    words, code = verdict([CLEAN, UNSAFE, SKIPPED])
    assert code == 1
    assert "old 1.0: PYSEC-1" in words
    assert "NOT CHECKED: 1 packages" in words


@pytest.mark.parametrize("dependencies", [[SKIPPED], []])
def test_an_audit_that_looked_nothing_up_does_not_claim_safety(dependencies: list[dict[str, str]]) -> None:
    words, code = verdict(dependencies)
    assert code == 0
    assert "NOT CHECKED" in words
    assert "says nothing" in words
