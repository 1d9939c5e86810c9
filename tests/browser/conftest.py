"""What browser tests begin with: the world, the site before it, and a page of a signed-in user.

A module changes one part by a fixture of its own with the same name.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from discipline.staffing import ledger
from tests.support.base import World
from tests.support.browsing import opened
from tests.support.processes import Daphne


@pytest.fixture
def world(transactional_db: None) -> World:
    ledger.schedule.forget()
    return World()


@pytest.fixture
def site(transactional_db: None) -> Iterator[Daphne]:
    with Daphne() as running:
        yield running


@pytest.fixture
def viewer(world: World) -> Any:
    """The user to whom `page` belongs."""
    return world.walikota


@pytest.fixture(params=[1440, 390], ids=["desk", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def page(chrome: Browser, site: Daphne, viewer: Any, width: int) -> Iterator[Page]:
    with opened(chrome, site, viewer, width) as page:
        yield page
