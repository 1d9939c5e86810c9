"""`make run` with a DATABASE_URL of its own seeds that database only with consent."""

import io
import os
import pty
import subprocess
import sys
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection

from discipline.ops.local.supervisor import LaunchError
from discipline.tools.demo import consent
from tests.support.demo_mark import mark_as_demo
from tests.support.paths import ROOT
from tests.support.processes import environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices() -> None:
    call_command("load_offices", verbosity=0)


@pytest.fixture
def city(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A database of one's own, named by DATABASE_URL, without DEMO=1 and without a terminal."""
    settings.DEMO = False
    monkeypatch.setattr(sys, "stdin", io.StringIO("sidak\n"))
    return settings


@pytest.mark.usefixtures("offices", "city")
def test_offices_alone_make_a_database_the_city_s_own() -> None:
    with pytest.raises(LaunchError, match=r"holds offices but no accounts.*DEMO=1 make run"):
        consent.require_consent("sidak")


@pytest.mark.usefixtures("city")
def test_even_an_empty_database_of_ones_own_needs_consent() -> None:
    with pytest.raises(LaunchError, match=r"is empty.*DEMO=1 make run"):
        consent.require_consent("sidak")


@pytest.mark.usefixtures("city")
def test_a_database_is_not_migrated_before_there_is_consent() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO pg_temp")  # as if there were no tables yet
    with pytest.raises(LaunchError, match=r"is empty.*DEMO=1 make run"):
        consent.require_consent("sidak")


@pytest.mark.usefixtures("offices")
def test_consent_is_given_once(city: Any) -> None:
    city.DEMO = True
    consent.require_consent("sidak")
    mark_as_demo()
    city.DEMO = False
    consent.require_consent("sidak")


def test_no_consent_brings_the_known_password_to_accounts_of_ones_own(city: Any) -> None:
    get_user_model().objects.create_user("ani", password="her own")
    city.DEMO = True
    with pytest.raises(LaunchError, match="of your own"):
        consent.require_consent("sidak")


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(("entered", "seeds"), [("sidak", True), ("y", False), ("", False)])
def test_at_a_terminal_the_name_of_the_database_is_consent(entered: str, seeds: bool) -> None:
    script = (
        "import django; django.setup(); from discipline.tools.demo import consent; consent.require_consent('sidak')"
    )
    terminal, program = pty.openpty()
    os.write(terminal, f"{entered}\n".encode())
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment(DEMO="0"),
        stdin=program,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(terminal)
    os.close(program)
    assert "sidak (DATABASE_URL)" in done.stdout + done.stderr
    assert (done.returncode == 0) == seeds
