"""Fixtures of the browser tests: the world, the site on its database, and a page of a signed-in user.

A module changes one part by defining a fixture of the same name.
"""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page

from discipline.staffing import ledger
from tests.support.base import World
from tests.support.browsing import opened
from tests.support.processes import Daphne


@pytest.fixture
def world(transactional_db: None) -> World:
    """The users and offices, visible to other processes."""
    del transactional_db  # requested for its effect
    ledger.schedule.forget()
    return World()


@pytest.fixture
def site(transactional_db: None) -> Iterator[Daphne]:
    """The running site."""
    del transactional_db  # requested for its effect
    with Daphne() as running:
        yield running


@pytest.fixture
def viewer(world: World) -> User:
    """The user who is signed in on `page`."""
    return world.walikota


@pytest.fixture(params=[1440, 390], ids=["desk", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    """The width of `page` in pixels."""
    return int(request.param)


@pytest.fixture
def page(chrome: Browser, site: Daphne, viewer: User, width: int) -> Iterator[Page]:
    """A page of `viewer`."""
    with opened(chrome, site, viewer, width) as page:
        yield page
