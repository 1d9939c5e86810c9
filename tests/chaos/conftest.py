"""A running city for the trials of each process, and the table of all at the end. `make chaos` runs them."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.support.chaos import records
from tests.support.chaos.running import RunningCity
from tests.support.chaos.tables import markdown_table
from tests.support.chaos.trials import TRIALS_HEAD, Trials

TRIAL = "trial"  # a property of a test: its patience and the cells of its row
_reported: list[tuple[float, tuple[str, ...]]] = []  # of all processes, in the order in which they ended


@pytest.fixture(scope="session")
def city(django_db_blocker: DjangoDbBlocker) -> Iterator[RunningCity]:
    """The running programs, with graces of seconds; Django's models read their database."""
    with RunningCity() as running, django_db_blocker.unblock():
        records.use_database_in(running.var / "postgres")
        records.hurry()
        yield running
        connection.close()


@pytest.fixture(scope="session")
def all_trials(city: RunningCity) -> Trials:
    """The trials of this process."""
    return Trials(city)


@pytest.fixture
def trials(all_trials: Trials, request: pytest.FixtureRequest) -> Iterator[Trials]:
    """The trials of this process; the rows that a test adds become properties of it."""
    before = len(all_trials.rows)
    yield all_trials
    for row in all_trials.rows[before:]:
        request.node.user_properties.append((TRIAL, (row.patience, row.cells())))
        all_trials.city.keep = all_trials.city.keep or bool(row.wrong)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect the rows, in the process that prints them."""
    properties: list[tuple[str, Any]] = report.user_properties
    if report.when == "teardown":
        _reported.extend((value[0], tuple(value[1])) for name, value in properties if name == TRIAL)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    if _reported:
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        most = max(patience for patience, _cells in _reported)
        terminalreporter.section("chaos")
        terminalreporter.line(
            f"{os.cpu_count()} cores, load {load}: bounds up to {most:.1f} times those of an idle one"
        )
        terminalreporter.line(markdown_table(TRIALS_HEAD, [cells for _patience, cells in _reported]))
