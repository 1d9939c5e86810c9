"""Fixtures of the tests of a running system."""

import pytest

from tests.support.blackout import City


@pytest.fixture
def city() -> City:
    """Eight staffed counters 20 s after the first look, in place of the running simulator of that name."""
    city = City()
    city.passes(20)
    return city
