"""The locks in step with what is asked for: exact releases, with hashes, for every supported Python."""

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.paths import ROOT

PYTHONS = ("3.11.2", "3.12.0", "3.13.0", "3.14.0")
NAMES = ("requirements", "requirements-dev", "requirements-alone")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("python", PYTHONS)
def test_each_requirement_is_locked_to_a_release_that_it_allows(name: str, python: str) -> None:
    releases = locked(name, python)
    wanted = asked_for(f"{name}.txt")
    assert wanted
    for requirement in wanted:
        release = releases.get(canonicalize_name(requirement.name))
        assert release, f"{requirement} is missing: make lock"
        assert release in requirement.specifier, f"{requirement.name} {release} for {requirement}: make lock"


@pytest.mark.parametrize("python", PYTHONS)
def test_tests_run_on_the_releases_that_users_have(python: str) -> None:
    users, tests = locked("requirements", python), locked("requirements-dev", python)
    assert users.items() <= tests.items()


@pytest.mark.parametrize("name", [*NAMES, "installer"])
def test_each_release_is_exact_and_has_its_hashes(name: str) -> None:
    entries = entries_of(name)
    assert entries
    for entry in entries:
        assert "==" in entry[0]
        assert len([part for part in entry[1:] if part.startswith("--hash=sha256:")]) >= 1, entry[0]


def asked_for(name: str) -> list[Requirement]:
    """Return the requirements of a requirements file, without those of the files that it includes."""
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-r")]


def entries_of(name: str) -> list[list[str]]:
    """Return each release of a lock as its requirement and its options."""
    text = (ROOT / "locks" / f"{name}.lock").read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    return [[line.split(" --hash")[0].strip(), *line.split()[1:]] for line in lines]


def locked(name: str, python: str) -> dict[str, str]:
    """Return the releases by name that a lock gives this Python on Linux."""
    environment = {str(key): str(value) for key, value in default_environment().items()}
    environment |= {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    releases: dict[str, str] = {}
    for entry in entries_of(name):
        requirement = Requirement(entry[0])
        if requirement.marker is None or requirement.marker.evaluate(environment):
            assert requirement.name not in releases, f"two releases of {requirement.name} for Python {python}"
            releases[str(canonicalize_name(requirement.name))] = str(requirement.specifier).removeprefix("==")
    return releases
