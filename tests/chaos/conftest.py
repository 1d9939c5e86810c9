"""One running city for all trials, and their table at the end. `make chaos` runs them, `make test` doesn't."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.support.chaos import records
from tests.support.chaos.running import RunningCity
from tests.support.chaos.tables import markdown_table
from tests.support.chaos.trials import TRIALS_HEAD, TrialRow, Trials

_rows: list[TrialRow] = []


@pytest.fixture(scope="session")
def city(django_db_blocker: DjangoDbBlocker) -> Iterator[RunningCity]:
    """The running programs, with graces of seconds; Django's models read their database."""
    with RunningCity() as running, django_db_blocker.unblock():
        records.use_database_in(running.var / "postgres")
        records.hurry()
        yield running
        connection.close()
        running.keep = any(row.wrong for row in _rows)


@pytest.fixture(scope="session")
def trials(city: RunningCity) -> Trials:
    """The trials of the session."""
    made = Trials(city)
    made.rows = _rows
    return made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    if _rows:
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        most = max(row.patience for row in _rows)
        terminalreporter.section("chaos")
        terminalreporter.line(
            f"{os.cpu_count()} cores, load {load}: bounds up to {most:.1f} times those of an idle one"
        )
        terminalreporter.line(markdown_table(TRIALS_HEAD, [row.cells() for row in _rows]))
