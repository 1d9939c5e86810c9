"""A start in production is refused with the demo's data, without HTTPS or as the database's owner.

Django's own checks find nothing.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection

from discipline.ops import demo_data, production
from tests.support.application_role import as_application
from tests.support.demo_mark import mark_as_demo
from tests.support.paths import ROOT
from tests.support.processes import environment

HTTPS = {"BEHIND_TLS": "1", "ALLOWED_HOSTS": "sidak.example", "CSRF_TRUSTED_ORIGINS": "https://sidak.example"}
KEYS = {
    "SECRET_KEY": "k" * 20 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "SEALING_KEY": "s" * 20 + "0123456789abcdefghij",
}
PROGRAMS = {
    "web": ["-m", "daphne", "-p", "0", "discipline.asgi:application"],
    "watch": ["manage.py", "watch"],
    "worker": ["-m", "celery", "-A", "discipline.celery:app", "worker", "--pool", "threads", "--without-mingle"],
    "beat": ["-m", "celery", "-A", "discipline.celery:app", "beat", "--pidfile="],
}


@pytest.fixture(autouse=True)
def city(settings: Any, tmp_path: Path) -> Any:
    """A production on this machine."""
    settings.DEMO, settings.BEHIND_TLS, settings.ALLOWED_HOSTS = False, False, ["localhost"]
    settings.VAR_DIR = tmp_path
    return settings


@pytest.fixture
def application(db: None) -> Iterator[None]:  # noqa: ARG001 its transaction
    """The role that the programs have."""
    with as_application():
        yield


def found() -> list[str | None]:
    databases = ["default"]
    messages = run_checks(tags=[production.PRODUCTION], include_deployment_checks=True, databases=databases)
    return [message.id for message in messages]


@pytest.mark.usefixtures("application")
def test_an_ordinary_database_passes() -> None:
    get_user_model().objects.create_user("ani", password="her own")
    assert found() == []
    production.refuse_unfit_start()


@pytest.mark.usefixtures("application")
def test_the_demo_s_database_is_refused_unless_the_demo_starts(city: Any) -> None:
    mark_as_demo()
    assert found() == ["discipline.E002"]
    with pytest.raises(SystemExit, match=r"the demo's database.*DATABASE_URL"):
        production.refuse_unfit_start()
    city.DEMO = True
    production.refuse_unfit_start()


@pytest.mark.usefixtures("application")
def test_a_renamed_demo_account_is_found_until_its_password_is_changed_or_it_is_inactive() -> None:
    renamed = get_user_model().objects.create_user("camat.lama", password=demo_data.PASSWORD)
    with pytest.raises(SystemExit, match=r"camat\.lama"):
        production.refuse_unfit_start()
    assert found() == ["discipline.E003"]  # it is not remembered as harmless
    renamed.is_active = False
    renamed.save()
    assert found() == []
    renamed.is_active = True
    renamed.set_password("his own now")
    renamed.save()
    assert found() == []


@pytest.mark.usefixtures("application")
def test_a_password_is_compared_once_and_again_when_it_has_changed(city: Any) -> None:
    ani = get_user_model().objects.create_user("ani", password="her own")
    seen = city.VAR_DIR / "run" / "not-the-demo-password"
    assert found() == []
    before = seen.read_text()
    assert found() == []
    assert seen.read_text() == before
    assert ani.password not in before
    ani.set_password(demo_data.PASSWORD)
    ani.save()
    assert found() == ["discipline.E003"]


@pytest.mark.usefixtures("application")
def test_migrate_and_an_ordinary_check_do_not_refuse(city: Any) -> None:
    mark_as_demo()
    city.ALLOWED_HOSTS = ["sidak.example"]
    call_command("check", databases=["default"])
    with pytest.raises(CommandError, match=r"discipline\.E001"):
        call_command("check", deploy=True)


@pytest.mark.usefixtures("application")
@pytest.mark.parametrize(
    ("hosts", "behind_tls", "refused"),
    [
        (["sidak.example"], False, True),
        (["*"], False, True),
        (["sidak.example"], True, False),
        (["[::1]"], False, False),
    ],
)
def test_other_machines_are_served_over_https_only(
    city: Any, hosts: list[str], behind_tls: bool, refused: bool
) -> None:
    city.ALLOWED_HOSTS, city.BEHIND_TLS = hosts, behind_tls
    assert found() == (["discipline.E001"] if refused else [])


@pytest.mark.django_db
def test_a_role_that_can_rewrite_evidence_is_refused(city: Any) -> None:
    assert found() == ["discipline.E004"]
    with pytest.raises(SystemExit, match=r"superuser or the owner.*DATABASE_OWNER_URL"):
        production.refuse_unfit_start()
    city.DEMO = True
    production.refuse_unfit_start()


def test_a_database_that_does_not_answer_is_no_reason_to_stay_down() -> None:
    nowhere = {
        "DATABASE_URL": "postgresql://sidak@127.0.0.1:1/sidak",
        "REDIS_URL": os.environ["REDIS_URL"],
        "DEMO": "0",
    }
    script = "import django; django.setup(); from discipline.ops import production; production.refuse_unfit_start()"
    command = [sys.executable, "-c", script]
    started = {**os.environ, **nowhere}
    done = subprocess.run(command, cwd=ROOT, env=started, capture_output=True, text=True, check=True)
    assert "was not searched" in done.stderr


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", PROGRAMS)
def test_each_program_refuses(name: str, tmp_path: Path) -> None:
    mark_as_demo()
    connection.close()
    schedule = ["--schedule", str(tmp_path / "schedule")] if name == "beat" else []
    command = [sys.executable, *PROGRAMS[name], *schedule]
    started = environment(DEMO="0", ALLOWED_HOSTS="sidak.example")
    done = subprocess.run(command, cwd=ROOT, env=started, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode != 0
    assert "Not started: ALLOWED_HOSTS names sidak.example" in done.stderr
    assert "Not started: This is the demo's database" in done.stderr
    assert "Not started: The database's role" in done.stderr


def test_django_s_own_checks_for_production_find_nothing() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    production_environment = {**os.environ, **HTTPS, **KEYS, "DEMO": "0", "DEBUG": "0", "STATIC_MANIFEST": "1"}
    del production_environment["DJANGO_ALLOW_ASYNC_UNSAFE"]  # the suite's own
    done = subprocess.run(command, cwd=ROOT, env=production_environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "2 silenced" in done.stdout + done.stderr
